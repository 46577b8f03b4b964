// The place of a series on a page: its values are read apart from the page, and newer ones go into
// the chart that is there.

import { Away, get } from "./api.js";
import { h, shape } from "./dom.js";
import { unitOfMetric, words } from "./format.js";
import { read, setParameters } from "./state.js";
import { table } from "./table.js";

let library = null; // ./series.js, which is read when the first series is shown
const places = new Map(); // block key → {what, chart, place}

/** Charts read their colours again. */
export const recolour = () => library?.then(module => module.recolour());

/** Forgets the charts of the page before. */
export const forget = () => places.clear();

/** The place of a block; the one that is there when it shows the same series. */
export function seriesPlace(block, context, base) {
  const what = `${block.options?.metric}/${block.options?.member}`;
  let made = places.get(block.key);
  if (made?.what !== what) {
    const waiting = h("p", { class: "muted loading" }, "Reading the series …");
    made = { what, chart: null, place: h("div", { class: "series-place" }, waiting) };
    places.set(block.key, made);
  }
  fill(block, made, context, base);
  return made.place;
}

/** The values as a table, which is drawn again by itself when a reader sorts it. */
function seriesTable(block, context, isOpen) {
  const element = h(
    "details",
    { class: "series-table", open: isOpen },
    h("summary", {}, "Table and CSV"),
    h("button", { type: "button", class: "tool", on: { click: () => context.csv(block) } }, "CSV"),
    table(block, {
      ...context,
      redraw: () => element.replaceWith(seriesTable(block, context, true)),
    })
  );
  return element;
}

/** Reads the values and gives them to the chart of a place. */
async function fill(block, made, context, base) {
  const { place } = made;
  const mine = (made.turn = (made.turn ?? 0) + 1);
  try {
    library ??= import("./series.js");
    library.then(module => module.warm()).catch(() => {});
    let data = block;
    const hasOwn = block.columns?.some(({ name }) => name === "at");
    if (!hasOwn && block.options?.metric) {
      const values = new URLSearchParams();
      for (const name of ["metric", "member", "from", "to"]) {
        const value = read().parameters[name] ?? block.options[name];
        if (value) values.set(name, value);
      }
      values.set("points", "600");
      data = await get(`/api/v1/series?${values}`, true);
    }
    const { series } = await library;
    if (mine !== made.turn) return; // a later answer is under way
    if (!data?.rows?.length) {
      made.chart = null;
      place.replaceChildren(
        h("p",
          { class: "state state-empty" },
          shape("empty"),
          block.empty || "No values in this period.")
      );
      return;
    }
    const unit = (data.unit === "number" ? null : data.unit) ?? block.options?.unit ??
      unitOfMetric(block.options?.metric) ??
      block.columns?.find(column => ["mean", "value"].includes(column.name))?.unit;
    const currency = data.currency ?? block.columns?.find(column => column.currency)?.currency ??
      base;
    const facts = {
      ...data,
      unit,
      currency,
      key: block.key,
      title: words(block.options?.metric ?? block.title ?? block.name),
      note: data.note ?? block.options?.note ?? noteOf(data)
    };
    const isOpen = place.querySelector(".series-table")?.open ?? false;
    if (made.chart)
      made.chart.update(facts);
    else {
      made.chart = series(facts, {
        zoom: (from, to) => setParameters({ from, to }),
        reset: () => setParameters({ from: "", to: "" }),
      });
      place.replaceChildren(made.chart.place);
    }
    place.querySelector(".series-table")?.remove();
    if (!hasOwn) {
      const whole = {
        ...block,
        columns: data.columns.map(
          column =>
            (typeof column === "string" ? {
              name: column,
              type: column === "at"   ? "time"
                : column === "verdict" ? "text"
                                       : "number",
              unit: column === "at" || column === "verdict" ? null : unit,
              currency
            }
                                        : column)
        ),
        rows: data.rows
      };
      block.fetched = whole;
      place.append(seriesTable(whole, context, isOpen));
    }
  } catch (error) {
    if (mine !== made.turn) return;
    const name = error.status === 403 ? "denied" : "failed";
    const again = () => fill(block, made, context, base);
    if (made.chart && error instanceof Away) return;  // the page says so, and the values stay
    made.chart = null;
    place.replaceChildren(
      h("div",
        { class: `state state-${name}` },
        shape(name),
        h("div",
          {},
          h("p", { class: "state-title" }, error.message),
          error.detail ? h("p", { class: "muted" }, error.detail) : null,
          name === "failed"
            ? h("button", { type: "button", class: "tool", on: { click: again } }, "Try again")
            : null))
    );
  }
}

/** What a point of a series stands for, and where its band begins. */
function noteOf(data) {
  const minutes = Number(data.bucket_minutes);
  const parts = [];
  if (minutes > 1)
    parts.push(`A point stands for ${
      minutes % 60 === 0
        ? `${minutes / 60} h`
        : `${minutes} min`}; the shade around the line goes from its least to its most.`);
  if (data.band_from && data.rows?.length && data.rows[0][0] < data.band_from)
    parts.push(`No band before ${data.band_from}: steps before are kept by the hour only.`);
  return parts.join(" ");
}
