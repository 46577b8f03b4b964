// The sheet at the side: where a number comes from, help, and the questions before an action.

import { get, send } from "./api.js";
import { append, byId, h, say } from "./dom.js";
import { ago, heading, localised, measured, shown, time, words } from "./format.js";
import { filled, read, setUI } from "./state.js";
import { cellOf, link, unitOf } from "./table.js";

let before = null;

function open(title, ...content) {
  const dialog = byId("sheet");
  before ??= document.activeElement?.dataset?.f ?? null;
  dialog.replaceChildren(
    h("div",
      { class: "sheet-head" },
      h("h2", { id: "sheet-title" }, title),
      h("button", { type: "button", class: "tool", on: { click: close } }, "Close")),
    h("div", { class: "sheet-body" }, content)
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

export function close() { byId("sheet").close(); }
export const isOpen = () => byId("sheet").open;

export function start() {
  const dialog = byId("sheet");
  dialog.addEventListener("close", () => {
    if (read().ui.ask) setUI({ ask: "" });
    const place = before && document.querySelector(`[data-f="${CSS.escape(before)}"]`);
    before = null;
    (place ?? byId("main")).focus({ preventScroll: true });
  });
  dialog.addEventListener("click", event => {
    if (event.target === dialog) close();
  });
}

const fact = (name, ...value) => [h("dt", {}, name), h("dd", {}, value)];

/** The sheet of one number: formula, numerator, denominator, SQL, rows, age. */
export function explain(page, block, column, row) {
  const role = name => block.options?.[name] ?? name;
  const of = name => (row ? cellOf(block, row, role(name)) : undefined);
  const label = row && column.name === block.options?.value
    ? words(cellOf(block, row, block.options.label))
    : heading(column);
  const facts = [];
  if (row) {
    const value = cellOf(block, row, column.name);
    const { unit, currency } = unitOf(block, row, column);
    const text = column.type === "number" ? shown(value, { type: "number", unit, currency })
                                          : shown(value, column);
    facts.push(fact(
      "Value",
      h("span", { class: "strong" }, text),
      column.type === "number" && value !== null && unit !== "count"
        ? h("span", { class: "muted" }, ` exactly ${value}`)
        : null
    ));
  }
  const kpi = row && block.options?.label && column.name === block.options.value
    ? cellOf(block, row, block.options.label)
    : null;
  const meaning = of("formula") ?? of("meaning") ?? column.meaning;
  const formula = h("dd", {}, localised(meaning ?? ""));
  if (meaning || kpi)
    facts.push([h("dt", {}, kpi || of("formula") ? "Formula" : "Meaning"), formula]);
  for (const name of ["numerator", "denominator"]) {
    const source = column[name];
    const value = source && row ? cellOf(block, row, source) : of(name);
    // A figure that is no share has itself as its numerator, which says nothing.
    const isShare = source || of("denominator") !== null;
    if (isShare && (source || (value !== undefined && value !== null))) {
      const column_ = block.columns.find(one => one.name === (source ?? role(name)));
      facts.push(fact(
        words(name),
        value === undefined || value === null
          ? words(source)
          : `${
              measured(
                value, column_?.unit === "amount" ? "amount" : "count", column_?.currency
              ).join(" ")}${source ? ` (${words(source).toLowerCase()})` : ""}`
      ));
    }
  }
  const better = of("better") ?? column.better;
  if (better && better !== "neither") facts.push(fact("Better", `${better} is better`));
  if (block.grain) facts.push(fact("Grain", block.grain));
  facts.push(fact(
    "Data as of",
    h("time", { datetime: page.as_of }, time(page.as_of, "full")),
    block.age_seconds === undefined || block.age_seconds === null
      ? null
      : h("span", { class: "muted" }, `, ${ago(block.age_seconds)} when it was read`)
  ));
  const rows = row ? link(block, row, column.name) ??
      (block.options?.rows ? filled(block.options.rows, key => cellOf(block, row, key)) : null)
                   : null;
  const definition = of("definition") ?? column.definition;
  if (kpi && !of("formula")) define(kpi, formula);
  open(
    label,
    h("dl", { class: "facts-list" }, facts),
    block.sql ? h("div",
                  { class: "sql" },
                  h("div",
                    { class: "sql-head" },
                    h("h3", {}, "The exact SQL"),
                    h("button",
                      {
                        type: "button",
                        class: "tool",
                        on: { click: event => copy(block.sql, event.target) }
                      },
                      "Copy")),
                  h("pre", { tabindex: "0" }, h("code", {}, block.sql)))
              : null,
    h("p",
      { class: "sheet-links" },
      rows ? h("a", { href: rows, on: { click: close } }, "The rows that were counted") : null,
      definition ? h("a", { href: definition, on: { click: close } }, "Definition") : null),
    kpi && /^[a-z0-9_]+$/.test(kpi) ? h("p",
                                        { class: "muted" },
                                        "The same on the command line: ",
                                        h("code", {}, `payops kpi --explain ${kpi}`))
      : block.view ? h("p", { class: "muted" }, "View: ", h("code", {}, block.view))
                   : null
  );
}

/** The formula of a KPI from the catalogue, where the page does not give it. */
async function define(kpi, place) {
  try {
    const found = await get(`/api/v1/kpis/kpi_catalog?kpi_name=${encodeURIComponent(kpi)}`, true);
    const row = found?.rows?.[0];
    if (!row) return;
    const shares =
      [row.numerator, row.denominator].filter(Boolean).map(words).join(" / ").toLowerCase();
    place.textContent = row.formula + (shares ? ` (${shares})` : "") +
      (row.better && row.better !== "neither" ? `; ${row.better} is better` : "");
  } catch { /* the meaning of the column stays */
  }
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Without a secure context there is no clipboard: select it, so that one key copies.
    const range = document.createRange();
    range.selectNodeContents(byId("sheet").querySelector("pre"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = "Selected; press Ctrl+C";
  }
  say(button.textContent);
}

/** Asks for the fields of an action, sends it and says how it went. */
export function act(block, row, action, done) {
  const path = filled(action.path, name => cellOf(block, row, name));
  if (!path) return;
  const errors = h("p", { class: "form-error", role: "alert" });
  const fields = (action.fields ?? []).map(field => {
    const { name, values, label } = typeof field === "string" ? { name: field } : field;
    const input = values
      ? h("select",
          { id: `field-${name}`, name },
          values.map(value => h("option", { value }, words(value))))
      : h(name === "note" || name === "reason" || name === "comment" ? "textarea" : "input",
          { id: `field-${name}`, name, rows: "3", required: name === "reason" });
    return h("div", { class: "field" }, h("label", { for: `field-${name}`
             }, label ?? words(name)), input);
  });
  const button = h("button", { type: "submit", class: "primary" }, action.label);
  const form =
    h("form",
      {
        on: {
          submit: async event => {
            event.preventDefault();
            button.disabled = true;
            errors.textContent = "";
            try {
              await send(action.method ?? "POST", path, Object.fromEntries(new FormData(form)));
              close();
              say(`${action.label}: done`);
              done();
            } catch (problem) {
              errors.textContent =
                [problem.message, problem.detail, problem.hint].filter(Boolean).join(". ");
              button.disabled = false;
            }
          },
        },
      },
      fields,
      errors,
      button);
  const name = block.options?.label ? cellOf(block, row, block.options.label) : row[0];
  open(action.label, h("p", {}, localised(words(name))), form);
  form.querySelector("input, select, textarea, button")?.focus();
}

export function help(areKeysOn, toggleKeys) {
  const keys = [
    ["1 … 9", "page 1 … 9"],
    ["[  ]", "shorter, longer window"],
    ["j  k", "next, previous block"],
    ["?", "where the number in focus comes from"],
    ["t", "the block's table"],
    ["c", "the block as CSV"],
    ["← →", "cursor of a chart; Shift: ten steps; Home, End"],
    ["n  p", "next, previous departure in a chart"],
    ["+  −  0", "zoom a chart in, out, back"],
    ["u", "times in UTC or in your zone"],
    ["d", "dark, light, as the system"],
    ["r", "read again"],
    ["h", "this help"],
    ["Esc", "close"],
  ];
  const shapes = [
    ["INFO", "worth knowing"],
    ["WARNING", "watch it"],
    ["CRITICAL", "act today"],
    ["SEVERE", "act now"]
  ];
  open(
    "Help",
    h("h3", {}, "Keys"),
    h("dl",
      { class: "keys" },
      keys.map(
        (
          [key, meaning]
        ) => [h("dt", {}, key.split("  ").map(part => h("kbd", {}, part))), h("dd", {}, meaning)]
      )),
    h("label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        checked: areKeysOn,
        on: { change: event => toggleKeys(event.target.checked) }
      }),
      "Keys without Ctrl or Alt work"),
    h("h3", {}, "Severities"),
    h("dl",
      { class: "keys" },
      shapes.map(([word, meaning]) => [h("dt", {}, chipOf(word)), h("dd", {}, meaning)])),
    h("h3", {}, "Figures"),
    h(
      "p",
      {},
      "Each figure has a ? beside it: its formula, the exact SQL, and the rows that were counted. "
        + "All that you choose is in the address, so a link shows the same to others."
    ),
    h("p", { class: "muted" }, h("a", { href: "/assets/licences.txt" }, "Licences"))
  );
}

let chipOf = word => word;
export function useChips(chip) { chipOf = chip; }

export {append};
