// Tables, and the same rows as CSV.

import { h, shape, spark } from "./dom.js";
import {
  grouped,
  heading,
  isNotable,
  localised,
  measured,
  shown,
  time,
  tone,
  unitOfMetric,
  verdictTone,
  words
} from "./format.js";
import { filled, list, read, setUI } from "./state.js";

const firstRows = 12;

export const cellOf = (block, row, name) => {
  const index = block.columns.findIndex(column => column.name === name);
  return index < 0 ? undefined : row[index];
};

/** The unit and currency of a value: of its column, or as its row says. */
export function unitOf(block, row, column) {
  const own = column.unit;
  if (own && own !== "named")
    return { unit: own, currency: column.currency ?? cellOf(block, row, "currency") };
  return {
    unit :
      cellOf(block, row, "unit") ?? unitOfMetric(cellOf(block, row, "metric_name")) ?? "number",
    currency: cellOf(block, row, "currency") ?? column.currency
  };
}

export const isSeverity = column =>
  column.unit === "severity" || /(^|_)(severity|verdict|worst)$/.test(column.name);
const statusTones = {
  ok: "good",
  good: "good",
  succeeded: "good",
  verified: "good",
  proven: "good",
  met: "good",
  fresh: "good",
  healthy: "good",
  delivered: "good",
  complete: "good",
  completed_run: "good",
  done: "good",
  sent: "good",
  closed: "",
  resolved: "good",
  late: "warning",
  stale: "warning",
  missed: "warning",
  timed_out: "critical",
  abandoned: "critical",
  failed: "critical",
  error: "critical",
  lost: "severe",
  broken: "severe",
  unknown: "unknown",
};

/** A name with underscores may break at them, a word nowhere. */
const breakable = text =>
  (text.length > 28 && /_/.test(text)
     ? text.split(/(?<=_)/).flatMap(
         (part, index) => (index ? [document.createElement("wbr"), part] : [part])
       )
     : text);
const isFigure = column => column.type === "number" && column.unit !== "id";

export function chip(word) {
  const name = verdictTone(word) || statusTones[String(word).toLowerCase()] || "";
  if (!name || name === "normal") return h("span", { class: "calm" }, words(word));
  return h(
    "span",
    { class: `chip severity-${name}` },
    shape(name),
    isNotable(name) && tone(word) ? name.toUpperCase() : words(word)
  );
}

/** A value as an element, with its link. */
export function cell(block, row, index, context) {
  const column = block.columns[index];
  const value = row[index];
  let content;
  if (value === null || value === undefined || value === "")
    content = h("span", { class: "none", "aria-label": "no value" }, "–");
  else if (
    isSeverity(column) || block.options?.status === column.name ||
    (/(^|_)(status|outcome|state)$/.test(column.name) && !/^(status|state)$/.test(column.name) &&
     statusTones[String(value).toLowerCase()])
  )
    content = chip(value);
  else if (column.unit === "spark")
    content = spark(
                Array.isArray(value) ? value.map(one => (one === null ? NaN : Number(one))) : [],
                heading(column)
              ) ??
      "–";
  else if (column.type === "time")
    content = h("time", { datetime: value, title: time(value, "full") }, time(value));
  else if (column.type === "number") {
    const { unit, currency } = unitOf(block, row, column);
    const [figure, sign] = measured(value, unit, currency);
    const isInHead = unit === "amount" && column.currency;
    if (unit === "flag" && !Number(value)) return h("span", { class: "muted" }, "no");
    content = h(
      "span", {}, figure, sign && !isInHead ? h("span", { class: "unit" }, `\u202f${sign}`) : null
    );
  } else if (/^[0-9a-f]{64}$/.test(value))
    content = h("code", {}, value);
  else
    content = h("span", {}, column.unit === "id" ? String(value) : breakable(shown(value, column)));
  const address = link(block, row, column.name);
  return address ? h("a", { href: address }, content) : content;
}

export function link(block, row, name) {
  const label = cellOf(block, row, block.options?.label ?? "label");
  const template = block.links?.[`${name}@${label}`] ?? block.links?.[name];
  return template ? filled(template, key => cellOf(block, row, key)) : null;
}

function sortedRows(block) {
  const [name, way] = (sorts()[block.key] ?? "").split("~");
  const index = block.columns.findIndex(column => column.name === name);
  if (index < 0) return block.rows;
  const isNumber = block.columns[index].type === "number";
  const isTone = isSeverity(block.columns[index]);
  const order = ["", "normal", "good", "unknown", "info", "warning", "critical", "severe"];
  const value = row =>
    (isTone       ? order.indexOf(tone(row[index]))
       : isNumber ? Number(row[index])
                  : String(row[index]));
  const sign = way === "down" ? -1 : 1;
  const isEmpty = row => row[index] === null || row[index] === undefined;
  return [...block.rows].sort((a, b) => {
    if (isEmpty(a) || isEmpty(b)) return isEmpty(a) - isEmpty(b);
    const [x, y] = [value(a), value(b)];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}

const sorts = () => Object.fromEntries([...list(read().ui.sort)].map(
  part => [part.slice(0, part.indexOf("~")), part.slice(part.indexOf("~") + 1)]
));

function sortBy(block, name) {
  const all = sorts();
  const [was, way] = (all[block.key] ?? "").split("~");
  all[block.key] = `${name}~${was === name && way === "down" ? "up" : "down"}`;
  setUI({ sort: Object.entries(all).map(([key, value]) => `${key}~${value}`).join(",") });
}

/** The rows as they stand on the page, for the table and for CSV. */
export function rowsShown(block) {
  const rows = sortedRows(block);
  return list(read().ui.all).has(block.key) || rows.length <= firstRows + 3
    ? rows
    : rows.slice(0, firstRows);
}

export function table(block, context) {
  const columns = block.columns.map(
                                 (column, index) => ({ column, index })
  ).filter(({ column }) => !column.hidden && !(block.options?.hidden ?? []).includes(column.name));
  const [sorted, way] = (sorts()[block.key] ?? "").split("~");
  const rows = rowsShown(block);
  const redraw = focus => context.redraw(block, focus);
  const head = columns.map(({ column }) => {
    const unit = column.unit === "amount" && column.currency ? `, ${column.currency}` : "";
    return h(
      "th",
      {
        scope: "col",
        class: isFigure(column) ? "figure" : null,
        "aria-sort": sorted === column.name ? (way === "down" ? "descending" : "ascending") : null,
      },
      h("span",
        { class: "th" },
        h("button",
          {
            type: "button",
            class: "sort",
            data: { f: `sort-${block.key}-${column.name}` },
            on: {
              click: () => {
                sortBy(block, column.name);
                redraw();
              }
            }
          },
          (heading(column)) + unit,
          sorted === column.name ? (way === "down" ? " ↓" : " ↑") : null),
        context.why(block, column))
    );
  });
  const actions = block.actions?.filter(action => context.may(action.scope)) ?? [];
  if (actions.length)
    head.push(h("th", { scope: "col" }, h("span", { class: "said" }, "Actions")));
  const tone_ = row => {
    const name = block.options?.severity;
    const found = name ? tone(cellOf(block, row, name)) : "";
    return isNotable(found) ? `row-${found}` : null;
  };
  const body = rows.map(
    (row, number) =>
      h("tr",
        { role: "row", class: tone_(row) },
        columns.map(({ column, index }, place) => {
          const attributes = {
            class: [
              isFigure(column) ? "figure" : "",
              typeof row[index] === "string" && row[index].length > 44 ? "long" : "",
              place >= 3 ? "later" : "",
              column.type === "date" ? "when" : "",
              column.unit === "id" ? "id" : ""
            ].join(" ")
                      .trim() ||
              null,
            data: { label: heading(column), k: `${rowKey(block, row, number)}/${column.name}` }
          };
          const name = place === 0 ? "th" : "td";
          if (place === 0) attributes.scope = "row";
          attributes.role = place === 0 ? "rowheader" : "cell";
          return h(name, attributes, cell(block, row, index, context));
        }),
        actions.length ? h("td",
                           { role: "cell", class: "acts" },
                           actions.map(action => context.act(block, row, action)))
                       : null)
  );
  const left = block.rows.length - rows.length;
  return h(
    "div",
    { class: "table-place" },
    h("table",
      {
        class: `table columns-${Math.min(columns.length, 9)}`,
        role: "table",
        "aria-label": block.title || words(block.name)
      },
      h("thead", {}, h("tr", {}, head)),
      h("tbody", {}, body)),
    left > 0 ? h("button",
                 {
                   type: "button",
                   class: "more",
                   data: { f: `all-${block.key}` },
                   on: {
                     click: () => {
                       const all = list(read().ui.all);
                       all.add(block.key);
                       setUI({ all: [...all].join(",") });
                       redraw();
                     }
                   }
                 },
                 `${grouped(left, 0)} more rows`)
             : null,
    block.is_cut ? h("p",
                     { class: "muted note" },
                     `These are the first ${
                       grouped(block.rows.length, 0)} rows; a narrower filter shows the others.`)
                 : null
  );
}

export function rowKey(block, row, number) {
  const id = block.columns.findIndex(column => column.unit === "id");
  return `${block.key}/${row[id >= 0 ? id : 0] ?? number}`;
}

/** A cell of CSV; a text that a spreadsheet would take for a formula begins with an apostrophe. */
function quoted(value, column) {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (column.type !== "number" && /^\s*[=+\-@\t\r]/m.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Exactly the rows and columns that are shown, values with all their digits, times in UTC. */
export function csv(block) {
  const columns = block.columns.map(
                                 (column, index) => ({ column, index })
  ).filter(({ column }) => !column.hidden && !(block.options?.hidden ?? []).includes(column.name));
  const lines = [columns.map(({ column }) => quoted(column.name, { type: "number" })).join(",")];
  for (const row of rowsShown(block))
    lines.push(columns.map(({ column, index }) => quoted(row[index], column)).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

export function saveCSV(block, page) {
  const address =
    URL.createObjectURL(new Blob([csv(block)], { type: "text/csv;charset=utf-8" }));
  const anchor = h("a", { href: address, download: `${page}-${block.name}.csv` });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

export const describe = text => localised(text);
