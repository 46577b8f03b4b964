// The dashboard: reads a page, draws it, keeps it current. The server decides what is on a page;
// this decides only how each form looks.

import { Away, get } from "./api.js";
import { block as drawBlock } from "./blocks.js";
import { byId, h, say, shape } from "./dom.js";
import {
  ago,
  duration,
  grouped,
  heading,
  isNotable,
  localised,
  setZone,
  time,
  tone,
  words,
  zoneName
} from "./format.js";
import * as keys from "./keys.js";
import * as sheet from "./sheet.js";
import { address, choice, list, read, setParameters, setUI, toggled } from "./state.js";
import { forget, recolour, seriesPlace } from "./seriesplace.js";
import { chip, rowKey, saveCSV } from "./table.js";
import { signIn as showSignIn, whole } from "./whole.js";

sheet.useChips(chip);

const every = 5000;
let session = { scopes: [] };
let pages = [];
let shownPage = null;  // the page as the server gave it
let shownAddress = "";
let revision = null;
let lostSince = null;
let readAt = 0;
let turn = 0;
let ready = null;         // session and list of pages
const boxes = new Map();  // block key → {json, element, chart}

// ---- appearance

function applyChoices() {
  const theme = choice("theme");
  if (theme === "dark" || theme === "light")
    document.documentElement.dataset.theme = theme;
  else
    delete document.documentElement.dataset.theme;
  setZone(choice("zone"));
  byId("theme").textContent = theme === "dark" ? "Dark" : theme === "light" ? "Light" : "Auto";
  byId("theme").setAttribute(
    "aria-label",
    `Colours: ${
      theme === "dark"      ? "dark"
        : theme === "light" ? "light"
                            : "as the system"}. Change`
  );
  byId("zone").textContent = zoneName();
  byId("zone").setAttribute("aria-label", `Times in ${zoneName()}. Change`);
}

function nextTheme() {
  const now = choice("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  setUI({
    theme: now === ""                    ? (dark ? "light" : "dark")
      : now === (dark ? "light" : "dark") ? (dark ? "dark" : "light")
                                          : ""
  });
  applyChoices();
  recolour();
  say(byId("theme").getAttribute("aria-label"));
}

function nextZone() {
  setUI({ zone: choice("zone") === "utc" ? "" : "utc" });
  applyChoices();
  redrawAll();
  say(`Times in ${zoneName()}`);
}

// ---- reading

const pagePath = state => {
  const values = new URLSearchParams(state.parameters).toString();
  return `/api/v1/pages/${encodeURIComponent(state.page)}${values ? `?${values}` : ""}`;
};

async function show(isFresh) {
  const state = read();
  const path = pagePath(state);
  const mine = (turn += 1);
  const isSame = path === shownAddress;
  markPage(state.page);
  document.body.classList.toggle("busy", !isSame);
  try {
    const asked = get(path, isFresh || !isSame);
    asked.catch(() => {});
    await (ready ??= opened()).catch(error => {
      ready = null;
      throw error;
    });
    const page = await asked;
    if (mine !== turn) return;
    found();
    readAt = Date.now();
    if (page) {
      revision = page.revision ?? revision;
      if (!isSame) {
        boxes.clear();
        forget();
      }
      shownAddress = path;
      const before = shownPage?.summary?.text;
      draw(page, isSame);
      if (isSame && before !== undefined && before !== page.summary?.text)
        say(page.summary?.text ?? "");
      if (!isSame) {
        scrollTo(0, 0);
        say(`${page.title}. ${page.summary?.text ?? ""}`);
        openAsked();
      }
    }
    foot();
  } catch (error) {
    if (mine !== turn) return;
    failed(error, isSame);
  } finally {
    if (mine === turn) document.body.classList.remove("busy");
  }
}

function failed(error, isSame) {
  if (error instanceof Away) {
    lost(error);
    if (!shownPage)
      whole(
        "failed",
        "The server does not answer",
        "It may be restarting. This page tries again by itself.",
        again
      );
    return;
  }
  if (error.status === 401) {
    signIn();
    return;
  }
  if (isSame && shownPage) {
    lost(error);
    return;
  }
  shownPage = null;
  shownAddress = "";
  boxes.clear();
  whole(
    error.status === 403 ? "denied" : "failed",
    error.status === 404 ? "There is no such page" : error.message,
    [error.detail, error.hint].filter(Boolean).join(" "),
    error.status === 403 ? null : again
  );
}

function signIn() {
  shownPage = null;
  shownAddress = "";
  document.body.classList.add("signed-out");
  showSignIn();
}

function lost(error) {
  lostSince ??= new Date(readAt || Date.now());
  const box = byId("contact");
  box.hidden = false;
  document.body.classList.add("away");
  box.replaceChildren(
    shape("stale"),
    h("span",
      {},
      `No contact since ${time(lostSince.toISOString())}: ${error.message}. The figures are as of ${
        shownPage ? time(shownPage.as_of) : "never"}.`)
  );
}

function found() {
  document.body.classList.remove("signed-out", "away");
  if (!lostSince) return;
  lostSince = null;
  byId("contact").hidden = true;
  say("The server answers again.");
}

async function poll() {
  if (document.visibilityState !== "visible" || document.body.classList.contains("signed-out"))
    return;
  try {
    const answer = await get("/api/v1/revision");
    const wasLost = lostSince !== null;
    found();
    // Ages move with the clock: the server says from when on a page counts as made now.
    const isLater =
      answer && shownPage && Date.parse(shownPage.as_of) < Date.parse(answer.pages_as_of);
    // A page without jobs does not change when one begins.
    const isOther = answer && ![answer.revision, answer.without_jobs].includes(revision);
    if (isOther || isLater || wasLost || !shownPage)
      await show();
    else
      readAt = Date.now();
    foot();
  } catch (error) {
    if (error.status === 401)
      signIn();
    else
      lost(error);
  }
}

const again = () => show(true);

// ---- drawing

function markPage(name) {
  for (const anchor of byId("pages").querySelectorAll("a")) {
    const isHere = anchor.dataset.page === name;
    if (isHere) {
      anchor.setAttribute("aria-current", "page");
      const strip = byId("pages");
      strip.scrollLeft = anchor.offsetLeft - (strip.clientWidth - anchor.offsetWidth) / 2;
    } else
      anchor.removeAttribute("aria-current");
  }
}

function draw(page, isUpdate) {
  shownPage = page;
  document.title = `${
    page.summary && isNotable(tone(page.summary.severity))
      ? `${page.summary.severity.toUpperCase()} · `
      : ""}${page.title} · payops`;
  drawHead(page);
  const focus = document.activeElement?.dataset?.f;
  const body = byId("body");
  const before = new Map([...body.children].filter(
                                              element => element.dataset.section
  ).map(element => [element.dataset.section, element]));
  const keep = [];
  page.sections.forEach((section, order) => {
    let element = before.get(section.name);
    const sectionShape = section.blocks.map(block => block.name).join(" ");
    if (!element || element.dataset.blocks !== sectionShape) element = newSection(section, order);
    element.querySelector(".section-title").textContent = localised(section.title);
    fold(element, section, order);
    const grid = element.querySelector(".grid");
    queueMicrotask(() => arrange(grid));
    const places = section.blocks.map(block => {
      block.key = `${section.name}.${block.name}`;
      return boxFor(block, isUpdate);
    });
    places.forEach((place, index) => {
      if (grid.children[index] !== place) grid.insertBefore(place, grid.children[index] ?? null);
    });
    while (grid.children.length > places.length) grid.lastChild.remove();
    keep.push(element);
  });
  keep.forEach((element, index) => {
    if (body.children[index] !== element) body.insertBefore(element, body.children[index] ?? null);
  });
  while (body.children.length > keep.length) body.lastChild.remove();
  if (focus && document.activeElement?.dataset?.f !== focus)
    document.querySelector(`[data-f="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

const columns = { "span-full": 12, "span-wide": 8, "span-half": 6, "span-third": 4 };

/** A block that is alone in its row takes what a reader can use of it. */
function arrange(grid) {
  const blocks = [...grid.children].map(
    element => ({ element, span: columns[[...element.classList].find(one => columns[one])] ?? 6 })
  );
  grid.dataset.small = blocks.filter(({ span }) => span < 12).length;
  let row = [];
  const close = () => {
    row.forEach(({ element, span }) => {
      element.classList.toggle("lone", row.length === 1 && span < 8);
    });
    row = [];
  };
  for (const one of blocks) {
    if (row.reduce((sum, { span }) => sum + span, one.span) > 12) close();
    row.push(one);
  }
  close();
}

function newSection(section, order) {
  const id = `section-${section.name}`;
  return h(
    "section",
    {
      class: "section",
      data: { section: section.name, blocks: section.blocks.map(block => block.name).join(" ") },
      "aria-labelledby": `${id}-title`
    },
    h("h2",
      { class: "section-head" },
      h("button",
        {
          type: "button",
          class: "fold",
          id: `${id}-title`,
          "aria-controls": id,
          data: { f: `fold-${section.name}` },
          on: {
            click: () => {
              toggled("fold", section.name);
              fold(
                document.querySelector(`[data-section="${CSS.escape(section.name)}"]`),
                section,
                order
              );
            }
          },
        },
        h("span", { class: "section-title" }),
        h("span", { class: "fold-mark", "aria-hidden": "true" }))),
    h("div", { class: "grid", id })
  );
}

/** On a phone the first two sections are open, elsewhere all; a reader may turn each over. */
function fold(element, section, order) {
  const isOpen = (innerWidth >= 600 || order < 2) !== list(read().ui.fold).has(section.name);
  element.querySelector(".fold").setAttribute("aria-expanded", String(isOpen));
  element.querySelector(".grid").hidden = !isOpen;
}

function boxFor(block, isUpdate) {
  const json =
    JSON.stringify({...block, age_seconds: undefined, age: (block.age_seconds ?? 0) >= 120 });
  const old = boxes.get(block.key);
  if (old && old.json === json) return old.element;
  const box = { json, block };
  boxes.set(block.key, box);
  box.element = drawBlock(block, context);
  if (old && isUpdate) markChanges(old.element, box.element);
  if (old?.element.isConnected) old.element.replaceWith(box.element);
  return box.element;
}

/** A figure that is another than before fades in once. */
function markChanges(old, fresh) {
  const values = new Map(
    [...old.querySelectorAll("[data-k]")].map(element => [element.dataset.k, element.textContent])
  );
  for (const element of fresh.querySelectorAll("[data-k]")) {
    const before = values.get(element.dataset.k);
    if (before !== undefined && before !== element.textContent) element.classList.add("changed");
  }
}

function redraw(block) {
  const old = boxes.get(block.key);
  if (!old) return;
  const focus = document.activeElement?.dataset?.f;
  const fresh = drawBlock(block, context);
  old.element.replaceWith(fresh);
  boxes.set(block.key, {...old, element: fresh });
  if (fresh.parentElement) arrange(fresh.parentElement);
  if (focus)
    (document.querySelector(`[data-f="${CSS.escape(focus)}"]`) ?? fresh).focus({
      preventScroll: true
    });
}

function redrawAll() {
  if (!shownPage) return;
  boxes.clear();
  forget();
  byId("body").replaceChildren();
  draw(shownPage, false);
  foot();
}

function drawHead(page) {
  const severity = tone(page.summary?.severity) || "unknown";
  const definition = pages.find(({ name }) => name === page.page);
  byId("head").replaceChildren(
    h("div",
      { class: `sentence severity-${severity}` },
      page.summary ? shape(severity === "normal" ? "good" : severity) : null,
      h("div",
        { class: "sentence-words" },
        h("h1",
          {},
          h("span", { class: "said" }, `${page.title}. `),
          isNotable(severity) ? h("span", { class: "severity-word" }, `${severity.toUpperCase()} `)
                              : null,
          h("span", { data: { k: "summary" } }, localised(page.summary?.text ?? page.title))))),
    parameters(page, definition)
  );
}

function parameters(page, definition) {
  const known = definition?.parameters ?? [];
  const values = {...page.parameters, ...read().parameters };
  const controls = known.filter(
                          ({ values: choices }) => choices?.length
  ).map(({ name, label, values: choices, default: first }) => {
    const now = values[name] ?? first;
    if (choices.length > 6) {
      return h(
        "label",
        { class: "pick" },
        h("span", {}, label ?? words(name)),
        h("select",
          {
            data: { f: `parameter-${name}` },
            on: {
              change: event =>
                setParameters({ [name]: event.target.value === first ? "" : event.target.value })
            }
          },
          choices.map(value => h("option", { value, selected: value === now }, words(value))))
      );
    }
    return h(
      "div",
      {
        class: "segments",
        role: "group",
        "aria-label": label ?? words(name),
        data: { parameter: name }
      },
      choices.map(
        value =>
          h("button",
            {
              type: "button",
              "aria-pressed": String(value === now),
              data: { f: `parameter-${name}-${value}` },
              on: {
                click: () =>
                  setParameters({ [name]: value === first ? "" : value, from: "", to: "" })
              },
            },
            words(value))
      )
    );
  });
  const free = Object.entries(
                       read().parameters
  ).filter(([name, value]) => value && !known.find(one => one.name === name)?.values?.length);
  const filters = free.map(
    ([name, value]) =>
      h("button",
        {
          type: "button",
          class: "filter",
          "aria-label": `${words(name)} ${localised(value)}: remove this filter`,
          on: { click: () => setParameters({ [name]: "" }) },
        },
        h("span", { class: "muted" }, words(name)),
        " ",
        localised(words(value)),
        h("span", { class: "cross", "aria-hidden": "true" }, "×"))
  );
  return h("div", { class: "parameters" }, controls, filters);
}

/** How old the figures are that follow the payments; says so when they are behind. */
function staleness(page) {
  const waited = Math.max(0, (Date.now() - readAt) / 1000);
  const box = byId("stale");
  const isStale = Boolean(page?.is_stale);
  if (isStale) {
    const age = duration(Math.round(Number(page.age_seconds) + waited));
    const count = Number(page.waiting_count);
    const text = `The figures are ${age} behind: ${
      count === 1 ? "a change has" : `${grouped(count, 0)} changes have`} waited since ${
      time(page.data_as_of)} for the job refresh_kpis. Alerts and jobs are current.`;
    if (box.textContent !== text) box.replaceChildren(shape("stale"), h("span", {}, text));
  }
  box.hidden = !isStale;
}

function foot() {
  const page = shownPage;
  staleness(page);
  if (!page) {
    byId("foot").replaceChildren();
    return;
  }
  const asOf = page.data_as_of ?? page.as_of;
  const age = Math.max(0, (Date.now() - Date.parse(asOf)) / 1000);
  byId("foot").replaceChildren(
    h("span",
      {},
      "Data as of ",
      h("time", { datetime: asOf, title: time(asOf, "full") }, time(asOf)),
      `, ${ago(age)}`),
    h("span", {}, `Times in ${zoneName()}`),
    page.base_currency ? h("span", {}, `Amounts in ${page.base_currency} unless another is named`)
                       : null,
    session.person ? h("span", {}, `Signed in as ${session.person}`) : null,
    h("span",
      {},
      h("button",
        { type: "button", class: "link", on: { click: openHelp } },
        "Keys and severities"))
  );
}

// ---- what blocks may ask for

const watched = new WeakMap();
const sizes = new ResizeObserver(entries => {
  for (const { target } of entries) watched.get(target)?.();
});

const context = {
  may: scope => !scope || session.scopes.includes(scope) || session.scopes.includes("admin"),
  why(block, column, row, name) {
    const label = name ?? heading(column);
    const key = row ? rowKey(block, row, block.rows.indexOf(row)) : block.key;
    return h(
      "button",
      {
        type: "button",
        class: "why",
        "aria-label": `Where ${label} comes from`,
        "aria-haspopup": "dialog",
        data: { f: `why-${key}-${column.name}`, why: `${key}~${column.name}` },
        on: {
          click: () => {
            setUI({ ask: `${key}~${column.name}` });
            sheet.explain(shownPage, block, column, row);
          }
        },
      },
      "?"
    );
  },
  act: (block, row, action) =>
    h("button",
      {
        type: "button",
        class: "action",
        on: { click: () => sheet.act(block, row, action, again) }
      },
      action.label),
  toggleTable(block) {
    toggled("table", block.key);
    redraw(block);
  },
  csv(block) {
    saveCSV(block, shownPage.page);
    say("Saved as CSV");
  },
  redraw,
  again,
  observe(element, changed) {
    watched.set(element, changed);
    sizes.observe(element);
  },
  series: block => seriesPlace(block, context, shownPage?.base_currency),
};

/** The sheet that the address names. */
function openAsked() {
  const asked = read().ui.ask;
  if (asked) document.querySelector(`[data-why="${CSS.escape(asked)}"]`)?.click();
}

const openHelp = () => sheet.help(keys.keysAreOn(), keys.setKeys);

// ---- start

function moved() {
  // The choices of the eyes go along to the next page.
  const state = read();
  const [zone, theme] = [choice("zone"), choice("theme")];
  if ((zone && state.ui.zone === undefined) || (theme && state.ui.theme === undefined)) {
    history.replaceState(
      null, "", address({
        ...state,
        ui: {...state.ui, zone: state.ui.zone ?? zone, theme: state.ui.theme ?? theme }
      })
    );
  }
  applyChoices();
  if (sheet.isOpen()) sheet.close();
  show();
}

function turnWindow(by) {
  const definition = pages.find(
                            ({ name }) => name === shownPage?.page
  )?.parameters?.find(({ values }) => values?.length);
  if (!definition) return;
  const now = definition.values.indexOf(read().parameters[definition.name] ?? definition.default);
  const next = definition.values[Math.min(Math.max(now + by, 0), definition.values.length - 1)];
  setParameters(
    { [definition.name] : next === definition.default ? "" : next, from: "", to: "" }
  );
}

const blockOf = element => (element ? boxes.get(element.dataset.key)?.block : null);

async function start() {
  applyChoices();
  sheet.start();
  byId("theme").addEventListener("click", nextTheme);
  byId("zone").addEventListener("click", nextZone);
  byId("help").addEventListener("click", openHelp);
  byId("skip").addEventListener("click", event => {
    event.preventDefault();
    byId("main").focus();
  });
  keys.start({
    help: openHelp,
    theme: nextTheme,
    zone: nextZone,
    again,
    window: turnWindow,
    page: number => {
      const page = pages.filter(isListed)[number - 1];
      if (page) location.hash = `#/${page.name}`;
    },
    table: element => {
      const block = blockOf(element);
      if (element?.querySelector("[data-f^='table-']")) context.toggleTable(block);
    },
    csv: element => {
      const block = blockOf(element);
      const rows = block?.fetched ?? block;
      if (rows?.rows?.length) context.csv(rows);
    },
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  matchMedia(
    "(min-width: 600px)"
  ).addEventListener("change", () => shownPage && draw(shownPage, false));
  addEventListener("hashchange", moved);
  document.addEventListener("visibilitychange", poll);
  addEventListener("beforeprint", () => document.body.classList.add("printing"));
  setInterval(poll, every);

  ready = opened();
  show();
}

/** Who is here and which pages there are; pages are drawn when both are known. */
async function opened() {
  const [who, all] =
    await Promise.all([get("/api/v1/session", true), get("/api/v1/pages", true)]);
  session = who;
  pages = all.pages;
  byId("pages").replaceChildren(...pages.filter(isListed).map(
    ({ name, title, question }) =>
      h("li", {}, h("a", { href: `#/${name}`, title: question, data: { page: name } }, title))
  ));
  markPage(read().page);
}

const isListed = page => page.is_listed !== false;

start();
