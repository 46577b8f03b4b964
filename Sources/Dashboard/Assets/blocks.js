// A block: its title, its figures in the form that the server names, and what to do about it.

import { append, drawing, h, shape, spark } from "./dom.js";
import {
  duration,
  grouped,
  heading,
  isNotable,
  localised,
  localiseDrawing,
  measured,
  shown,
  time,
  tone,
  words
} from "./format.js";
import { list, read, toggled } from "./state.js";
import { cell, cellOf, chip, isSeverity, link, rowKey, table, unitOf } from "./table.js";

const drawn = new Set([
  "bars",
  "stack",
  "bullets",
  "heatmap",
  "ribbon",
  "histogram",
  "map",
  "network",
  "calendar",
  "lifeline",
  "columns",
  "timeline",
  "ladder"
]);
const spans = {
  tiles: "full",
  cards: "full",
  ribbon: "full",
  series: "full",
  lifeline: "full",
  network: "wide",
  table: "full",
  facts: "half",
  bars: "half",
  stack: "half",
  bullets: "half",
  heatmap: "half",
  histogram: "half",
  map: "half",
  calendar: "half",
  columns: "half",
  timeline: "full",
  ladder: "full",
};

/** The role of a column in the form, by the block's options or by its name. */
const roleOf = block => name =>
  block.options?.[name] ?? (block.columns.some(column => column.name === name) ? name : undefined);

export function block(data, context) {
  const body = content(data, context);
  const isTableOn = list(read().ui.table).has(data.key);
  const hasTable =
    (drawn.has(data.form) || data.form === "tiles") && data.rows?.length > 0 && !data.error;
  const span = data.span ??
    (data.form === "table" && data.columns?.filter(column => !column.hidden).length <= 5 ? "half"
       : data.form === "facts" &&
         Math.max(data.rows?.length === 1 ? data.columns.length : 0, data.rows?.length ?? 0) > 7
       ? "full"
       : spans[data.form] ?? "half");
  // A series is named by what it shows.
  const { metric, member } = data.form === "series" ? data.options ?? {} : {};
  const title =
    metric ? words(metric) + (member && member !== "all" ? `, ${member}` : "") : data.title || "";
  return h(
    "article",
    {
      class: `block form-${data.form} span-${span}`,
      id: `block-${data.key}`,
      tabindex: "-1",
      data: { key: data.key, f: `block-${data.key}` },
      "aria-label": title || words(data.name)
    },
    h("div",
      { class: title ? "block-head" : "block-head bare" },
      title ? h("h3",
                {},
                localised(title),
                metric && data.title && data.title.toLowerCase() !== title.toLowerCase()
                  ? h("span", { class: "muted subtitle" }, localised(data.title))
                  : null)
            : h("span", {}),
      h("div",
        { class: "block-tools" },
        h("span",
          { class: "age" },
          data.age_seconds >= 120 ? `${duration(data.age_seconds)} old` : null),
        hasTable ? h("button",
                     {
                       type: "button",
                       class: "tool quiet",
                       "aria-pressed": String(isTableOn),
                       data: { f: `table-${data.key}` },
                       on: { click: () => context.toggleTable(data) }
                     },
                     "Table")
                 : null,
        data.rows?.length && data.form !== "series"
          ? h("button",
              {
                type: "button",
                class: "tool quiet",
                data: { f: `csv-${data.key}` },
                on: { click: () => context.csv(data) },
                "aria-label": `${title || words(data.name)} as CSV`
              },
              "CSV")
          : null,
        data.sql && data.rows?.length && !["table", "tiles", "cards", "facts"].includes(data.form)
          ? context.why(data, valueColumn(data), null, title || words(data.name))
          : null)),
    body,
    hasTable && isTableOn ? table(data, context) : null
  );
}

function valueColumn(data) {
  return data.columns.find(column => column.name === data.options?.value) ??
    data.columns.find(column => column.type === "number") ?? data.columns[0];
}

const states = {
  denied: ["denied", "You may not see this"],
  failed: ["failed", "This could not be read"],
  stale: ["stale", "These figures are old"],
  timeout: ["failed", "This took too long"],
};

function content(data, context) {
  if (data.error) {
    const [name, words_] = states[data.error.kind] ?? states.failed;
    return h(
      "div",
      { class: `state state-${name}` },
      shape(name),
      h("div",
        {},
        h("p", { class: "state-title" }, localised(data.error.title || words_)),
        data.error.detail ? h("p", { class: "muted" }, localised(data.error.detail)) : null,
        name === "failed" ? h("button",
                              { type: "button", class: "tool", on: { click: context.again } },
                              "Try again")
                          : null,
        name === "stale" && data.rows?.length ? form(data, context) : null)
    );
  }
  if (!data.rows?.length && !data.svg && data.form !== "series") {
    return h(
      "p", { class: "state state-empty" }, shape("empty"), localised(data.empty || "nothing here")
    );
  }
  return form(data, context);
}

function form(data, context) {
  if (data.form === "tiles") return tiles(data, context);
  if (data.form === "cards") return cards(data, context);
  if (data.form === "facts") return facts(data, context);
  if (data.form === "series") return context.series(data);
  if (data.svg) return figure(data, context);
  return table(data, context);
}

/** The drawing whose width is next to that of its place: texts in it keep their size. */
function figure(data, context) {
  const place = h("div", { class: "figure-place" });
  const sources = typeof data.svg === "string" ? {
    640: data.svg,
    ...(data.svg_narrow ? { 340: data.svg_narrow } : {}),
    ...(data.svg_wide ? { 1240: data.svg_wide } : {})
  }
                                               : data.svg;
  const widths = Object.keys(sources).map(Number);
  const draw = () => {
    const room = place.clientWidth || Math.min(innerWidth - 32, 640);
    const width = widths.reduce(
      (best, one) => (Math.abs(Math.log(one / room)) < Math.abs(Math.log(best / room)) ? one : best)
    );
    let element = place.firstElementChild;
    if (place.dataset.width !== String(width)) {
      place.dataset.width = width;
      element = drawing(sources[width]);
      if (element) {
        localiseDrawing(element);
        linkLabels(element, data);
      } else
        element =
          h("p", { class: "state state-failed" }, shape("failed"), "This drawing cannot be read.");
      place.replaceChildren(element);
    }
    // A little larger fills the place, much larger shouts.
    const limit = Math.round(width * (width > 1000 ? 1.5 : 1.25));
    if (element.localName === "svg") element.setAttribute("width", room > limit ? limit : "100%");
  };
  draw();
  context.observe(place, draw);
  return place;
}

/** What a drawing may call a row: a text of it, two that stand together, or a customer. */
function names(data, row) {
  const texts = row.map(
    (value, index) => (typeof value === "string" ? [value.toLowerCase(), words(value).toLowerCase()]
                         : data.columns[index].unit === "id" && value !== null
                         ? [`${words(data.columns[index].name).replace(/ ID$/, "").split(" ").pop()} ${value}`.toLowerCase()]
                         : [])
  );
  const pairs = texts.flatMap((first, index) => first.flatMap(
    a => (texts[index + 1] ?? []).map(b => `${a} ${b}`)
  ));
  return [...texts.flat(), ...pairs];
}

/** Labels of rows lead where their rows do; for the keyboard the table has the same links. */
function linkLabels(element, data) {
  if (!data.links) return;
  for (const text of element.querySelectorAll("text[data-label]")) {
    const label = text.dataset.label.toLowerCase();
    const row = data.rows.find(one => names(data, one).includes(label));
    const address = row && Object.keys(data.links).map(name => link(data, row, name)).find(Boolean);
    if (!address) continue;
    text.classList.add("linked");
    text.addEventListener("click", () => {
      location.hash = address;
    });
  }
}

function changeOf(data, row, role) {
  const [points, change] = [role("change_points"), role("change")];
  const name = [points, change].find(
    one => one && cellOf(data, row, one) !== null && cellOf(data, row, one) !== undefined
  );
  if (!name) return null;
  const value = Number(cellOf(data, row, name));
  const column = data.columns.find(one => one.name === name);
  const unit = column?.unit ?? (name.endsWith("points") ? "points" : "pct");
  const [figure, sign] = measured(
    Math.abs(value),
    unit.endsWith("points") ? "percentage points"
      : unit === "ratio"    ? "ratio"
                            : "pct",
    null,
    true
  );
  const way = Math.abs(value) < 0.05 ? "same" : value > 0 ? "up" : "down";
  const better = cellOf(data, row, role("better") ?? "") ?? column?.better;
  const isWorse = (better === "higher" && way === "down") || (better === "lower" && way === "up");
  return {
    text: way === "same"
      ? "unchanged"
      : `${way === "up" ? "▲" : "▼"}\u202f${figure.replace("+", "")}\u202f${sign}`,
    way,
    isWorse,
    spoken: way === "same"
      ? "unchanged"
      : `${way} ${figure.replace("+", "")} ${sign === "pt" ? "points" : "percent"}${
          better && better !== "neither" ? (isWorse ? ", worse" : ", better") : ""}`
  };
}

function sparkValues(value) {
  if (Array.isArray(value)) return value.map(one => (one === null ? NaN : Number(one)));
  if (typeof value === "string" && /^[[\d-]/.test(value))
    return value.replace(/[[\]\s]/g, "")
      .split(",")
      .map(one => (one === "" || one === "null" ? NaN : Number(one)));
  return [];
}

function tiles(data, context) {
  const role = roleOf(data);
  const value = data.columns.find(column => column.name === role("value")) ?? valueColumn(data);
  // The first figures are seen at once; the others are one step away.
  const first = (data.options?.first ?? "").split(",").filter(Boolean);
  const rank = row => {
    const place = first.indexOf(String(cellOf(data, row, role("label"))));
    return place < 0 ? first.length : place;
  };
  const ordered = first.length ? [...data.rows].sort((a, b) => rank(a) - rank(b)) : data.rows;
  const isOpen = list(read().ui.all).has(data.key);
  const seen = isOpen || ordered.length <= 10 ? ordered : ordered.slice(0, 8);
  const items = seen.map((row, number) => {
    const { unit, currency } = unitOf(data, row, value);
    const name = heading({ name: String(cellOf(data, row, role("label")) ?? ""), unit });
    const [figure, sign] = measured(cellOf(data, row, value.name), unit, currency, true);
    const severity = tone(cellOf(data, row, role("severity") ?? ""));
    const change = changeOf(data, row, role);
    const was = cellOf(data, row, role("comparison") ?? "");
    const address = link(data, row, value.name);
    const key = rowKey(data, row, number);
    const unitPart = sign ? h("span", { class: "unit" }, sign) : null;
    const numeral = h("span", { data: { k: `${key}/value` } }, figure);
    const gap = unitPart ? "\u202f" : null;
    const figures = unit === "amount" ? [unitPart, gap, numeral] : [numeral, gap, unitPart];
    const source = cellOf(data, row, role("spark") ?? "");
    const line = typeof source === "string" && source.startsWith("<svg")
      ? drawing(source)
      : spark(sparkValues(source), `${name}, the last ${sparkValues(source).length} days`);
    return h(
      "li",
      { class: `tile${isNotable(severity) ? ` severity-${severity}` : ""}` },
      h("div",
        { class: "tile-head" },
        h("span", { class: "tile-label" }, name),
        context.why(data, value, row, name)),
      h("div", { class: "tile-figure" }, address ? h("a", { href: address }, figures) : figures),
      h("div",
        { class: "tile-change" },
        change ? h("span",
                   {
                     class: change.isWorse ? "worse" : null,
                     "aria-label": change.spoken,
                     role: "img"
                   },
                   change.text)
               : null,
        was === null || was === undefined
          ? (change ? null : h("span", { class: "muted" }, "no comparison"))
          : h("span",
              { class: "muted", title: words(role("comparison")) },
              `was ${
                unit === "amount" ? measured(was, unit, currency, true)[0]
                                  : shown(was, { type: "number", unit }, currency, true)}`)),
      h("div", { class: "tile-severity" }, isNotable(severity) ? chip(severity) : null),
      line ?? h("div", { class: "spark" })
    );
  });
  const left = ordered.length - seen.length;
  return h(
    "div",
    {},
    h("ul", { class: "tiles" }, items),
    left > 0 || isOpen ? h("button",
                           {
                             type: "button",
                             class: "more",
                             data: { f: `all-${data.key}` },
                             "aria-expanded": String(isOpen),
                             on: {
                               click: () => {
                                 toggled("all", data.key);
                                 context.redraw(data);
                               }
                             }
                           },
                           isOpen ? "Fewer figures" : `${left} more figures`)
                       : null
  );
}

function facts(data, context) {
  const role = roleOf(data);
  const label = role("label");
  const pairs = label && data.rows.length >= 1 && role("value")
    ? data.rows.map((row, number) => ({
                      row,
                      number,
                      name: cellOf(data, row, label),
                      column: data.columns.find(column => column.name === role("value"))
                    }))
    : data.columns.map(
        column => ({ row: data.rows[0], number: 0, name: heading(column), column })
      );
  const isByRow = pairs.length > 0 && pairs[0].column.name === role("value");
  const severity = isByRow ? role("severity") : null;
  const note = isByRow ? role("note") : null;
  return h(
    "dl",
    { class: pairs.length > 7 ? "facts many" : "facts" },
    pairs.map(({ row, number, name, column }) => {
      const word = severity ? cellOf(data, row, severity) : null;
      const index = data.columns.indexOf(column);
      const { unit, currency } = unitOf(data, row, column);
      const isNumber = column.type === "number" ||
        (unit !== "number" && unit !== "text" && column.unit === "named");
      const value = isNumber && unit === "amount"
        ? shown(row[index], { type: "number", unit }, currency)
        : cell(data, row, index, context);
      return h(
        "div",
        {
          class: typeof row[index] === "string" && row[index].length > 44 ? "fact wide-fact"
                                                                           : "fact"
        },
        h("dt", {}, words(name)),
        h("dd",
          {},
          h("span",
            { class: "fact-value", data: { k: `${rowKey(data, row, number)}/${name}` } },
            value),
          word && tone(word) !== "normal" ? chip(word) : null,
          note && cellOf(data, row, note)
            ? h("span", { class: "muted fact-note" }, localised(cellOf(data, row, note)))
            : null,
          context.why(data, column, row, words(name)))
      );
    })
  );
}

/** What a card is about, where the block names the columns that say so. */
function about(data, row) {
  const parts = (data.options?.about ?? "").split(",").filter(Boolean).map(
    name => cellOf(data, row, name)
  ).filter(value => value && value !== "all");
  if (!parts.length) return "";
  return `${words(String(parts[0]).replace(/^monitor_/, ""))} ${parts.slice(1).join(" ")}`.trim() +
    ": ";
}

function cards(data, context) {
  const role = roleOf(data);
  const [label, severity, text] = [role("label"), role("severity"), role("text")];
  const special =
    new Set([label, severity, text, "unit", "currency", ...(data.options?.hidden ?? [])]);
  const actions = data.actions?.filter(action => context.may(action.scope)) ?? [];
  // The worst first, then as they came.
  const order = ["severe", "critical", "warning", "info"];
  const rank = row => {
    const place = order.indexOf(tone(severity ? cellOf(data, row, severity) : ""));
    return place < 0 ? order.length : place;
  };
  const rows = [...data.rows].sort((a, b) => rank(a) - rank(b));
  return h("ul", { class: "cards" }, rows.map((row, number) => {
    const name = tone(severity ? cellOf(data, row, severity) : "");
    const address = label ? link(data, row, label) : null;
    // What it is about and what was seen; the rest of a message follows in grey.
    const whole = localised(words(label ? cellOf(data, row, label) : row[0]));
    const cut = whole.indexOf("; ");
    const title = about(data, row) + (cut < 0 ? whole : whole.slice(0, cut));
    const rest = cut < 0 ? null : whole.slice(cut + 2);
    return h(
      "li",
      { class: `card${name ? ` severity-${name}` : ""}` },
      h("div",
        { class: "card-head" },
        name ? chip(name) : null,
        h(data.title ? "h4" : "h3",
          { class: "card-title", data: { k: `${rowKey(data, row, number)}/label` } },
          address ? h("a", { href: address }, title) : title)),
      h("p", { class: "card-text" }, text ? localised(cellOf(data, row, text)) : rest),
      h("dl", { class: "card-facts" }, data.columns.map((column, index) => {
        if (
          special.has(column.name) || isSeverity(column) || column.hidden || row[index] === null ||
          row[index] === undefined
        )
          return null;
        const value = column.unit === "amount" && column.type === "number"
          ? h("span", {}, shown(row[index], column, unitOf(data, row, column).currency, true))
          : cell(data, row, index, context);
        return h(
          "div",
          { class: "fact" },
          h("dt", {}, heading(column)),
          h("dd",
            { data: { k: `${rowKey(data, row, number)}/${column.name}` } },
            value,
            column.type === "number" ? context.why(data, column, row) : null)
        );
      })),
      h("div", { class: "acts" }, actions.map(action => context.act(data, row, action)))
    );
  }));
}

export {append, grouped, time};
