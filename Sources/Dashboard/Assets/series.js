// A series over time: line, expected band, the range of each bucket, and the alarms, drawn by
// uPlot. The cursor of one chart is the cursor of all.

import { h, shape } from "./dom.js";
import {
  grouped,
  isNotable,
  isUTC,
  localised,
  measured,
  shown,
  time,
  verdictTone
} from "./format.js";

let library = null;
/** uPlot is read when the first series is shown. */
function uplot() {
  library ??= new Promise((resolve, reject) => {
    document.head.append(h("link", { rel: "stylesheet", href: "/assets/uplot.css" }));
    document.head.append(h("script", {
      src: "/assets/uplot.js",
      on: {
        load: () => resolve(window.uPlot),
        error: () => {
          library = null;
          reject(new Error("uPlot did not load"));
        }
      }
    }));
  });
  return library;
}

/** Reads uPlot while the values are still under way. */
export const warm = () => uplot().catch(() => {});

const charts = new Set();
const colour = name =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Charts read their colours and zone again. */
export function recolour() {
  for (const chart of charts) chart.rebuild();
}

const number = value =>
  (value === null || value === undefined || value === "" ? null : Number(value));

function columnsOf(data) {
  const index = name => data.columns.findIndex(column => (column.name ?? column) === name);
  const at = index("at");
  const take = name =>
    (index(name) < 0 ? data.rows.map(() => null) : data.rows.map(row => number(row[index(name)])));
  const mean = index("mean") >= 0 ? take("mean") : take("value");
  return {
    at: data.rows.map(row => Date.parse(row[at]) / 1000),
    mean,
    min: index("min") < 0 ? mean : take("min"),
    max: index("max") < 0 ? mean : take("max"),
    lower: take("lower"),
    upper: take("upper"),
    verdict :
      data.rows.map(row => (index("verdict") < 0 ? "" : verdictTone(row[index("verdict")]))),
  };
}

/**
 * @param data {metric, member, unit, currency, columns, rows, has_band, note, title}
 * @param actions {zoom(from, to), reset()}
 */
export function series(data, actions) {
  const readout = h("p", { class: "readout", role: "status", "aria-live": "polite" });
  const plot = h("div", {
    class: "plot",
    tabindex: "0",
    role: "group",
    "aria-roledescription": "chart",
    data: { f: `plot-${data.key}` }
  });
  const place =
    h("div",
      { class: "series" },
      readout,
      plot,
      data.note ? h("p", { class: "muted note" }, localised(data.note)) : null);
  const chart = { place, chart: null, columns: null };
  const write = value =>
    shown(value, { type: "number", unit: data.unit, currency: data.currency });

  function summary() {
    const c = chart.columns;
    const last = c.mean.findLastIndex(value => value !== null);
    const departures = c.verdict.filter(isNotable).length;
    readout.replaceChildren(
      last < 0 ? "No values in this period." : line(last),
      departures ? h("span",
                     { class: "muted" },
                     ` · ${departures} of ${c.at.length} steps depart from normal`)
                 : ""
    );
    plot.setAttribute(
      "aria-label",
      `${data.title}: ${last < 0 ? "no values" : `last ${write(c.mean[last])}`}, ${departures} of ${
        c.at.length} steps depart from normal. Arrow keys move the cursor.`
    );
  }

  function line(index) {
    const c = chart.columns;
    const verdict = c.verdict[index];
    const iso = new Date(c.at[index] * 1000).toISOString();
    return h(
      "span",
      {},
      h("time", { datetime: iso }, time(iso)),
      " ",
      h("strong", {}, c.mean[index] === null ? "no value" : write(c.mean[index])),
      c.min[index] !== null && c.max[index] !== c.min[index]
        ? h("span", { class: "muted" }, ` from ${write(c.min[index])} to ${write(c.max[index])}`)
        : "",
      c.lower[index] !== null && c.upper[index] !== null
        ? h("span",
            { class: "muted" },
            ` expected ${write(c.lower[index])} to ${write(c.upper[index])}`)
        : "",
      isNotable(verdict)
        ? h("span", { class: `chip severity-${verdict}` }, shape(verdict), verdict.toUpperCase())
        : ""
    );
  }

  function options(width) {
    const css = {
      text: colour("muted"),
      line: colour("line"),
      data: colour("data"),
      band: colour("band"),
      range: colour("range")
    };
    const c = chart.columns;
    const isZero = ["count", "amount"].includes(data.unit);
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const step = c.at.length > 1 ? c.at[1] - c.at[0] : 60;
    const hidden = { stroke: "transparent", width: 0, points: { show: false } };
    return {
      width,
      height: width < 480 ? 200 : 260,
      padding: [10, 12, 0, 0],
      tzDate: seconds =>
        (isUTC() ? window.uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC")
                 : new Date(seconds * 1000)),
      legend: { show: false },
      focus: { alpha: 1 },
      cursor: {
        y: false,
        sync: { key: "payops", setSeries: false },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7, fill: css.data, stroke: "transparent" },
      },
      scales: {
        x: { time: true },
        y: {
          range: (_, low, high) => {
            if (low === null || high === null) return [0, 1];
            const room = (high - low || Math.abs(high) || 1) * 0.08;
            const from = isZero ? Math.min(0, low) : low - room;
            return [
              data.unit === "ratio" ? Math.max(from, Math.min(low, 0)) : from,
              data.unit === "ratio" ? Math.min(high + room, Math.max(1, high)) : high + room
            ];
          },
        },
      },
      axes: [
        {
          stroke: css.text,
          font,
          size: 42,
          gap: 4,
          space: 70,
          grid: { show: false },
          ticks: { stroke: css.line, size: 4 },
          values: (_, splits, __, ___, increment) => splits.map((at, index) => {
            const iso = new Date(at * 1000).toISOString();
            if (increment >= 86400) return time(iso, "dm");
            const day = time(iso, "dm");
            const before =
              index > 0 ? time(new Date(splits[index - 1] * 1000).toISOString(), "dm") : day;
            return day === before ? time(iso, "hm") : `${time(iso, "hm")}\n${day}`;
          }),
        },
        {
          stroke: css.text,
          font,
          size: (u, values) => 14 + Math.max(0, ...(values ?? []).map(text => text.length)) * 6.2,
          gap: 6,
          grid: { stroke: css.line, width: 1 },
          ticks: { show: false },
          space: 46,
          values: (_, splits) => {
            // As many decimals as tell the steps apart, and no rounding of them.
            const steps = splits.length > 1
              ? Math.abs(splits[1] - splits[0]) * (data.unit === "ratio" ? 100 : 1)
              : 1;
            const decimals =
              [0, 1, 2, 3].find(
                count => Math.abs(steps * 10 ** count - Math.round(steps * 10 ** count)) < 1e-6
              ) ??
              4;
            return splits.map(value => {
              const [figure, unit] = measured(value, data.unit, null, true);
              if (data.unit === "ratio") return `${grouped(value * 100, decimals)}\u202f%`;
              return unit ? `${figure}\u202f${unit}` : figure;
            });
          },
        },
      ],
      series: [
        {},
        {...hidden, label: "lower" },
        {...hidden, label: "upper" },
        {...hidden, label: "min" },
        {...hidden, label: "max" },
        {
          label: "mean",
          stroke: css.data,
          width: 1.5,
          points: {
            show: u => step > 0 && u.bbox.width / devicePixelRatio / Math.max(1, c.at.length) > 14,
            size: 4,
            fill: css.data
          },
          gaps: (u, sid, from, to, nulls) => nulls,
        },
      ],
      bands: [{ series: [2, 1], fill: css.band }, { series: [4, 3], fill: css.range }],
      hooks: {
        draw: [u => alarms(u, chart.columns)],
        setCursor: [u => {
          const index = u.cursor.idx;
          if (index === null || index === undefined)
            summary();
          else
            readout.replaceChildren(line(index));
        }],
        setSelect: [u => {
          if (u.select.width < 6) return;
          const iso = x =>
            new Date(Math.round(u.posToVal(x, "x")) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
          actions.zoom(iso(u.select.left), iso(u.select.left + u.select.width));
        }],
      },
    };
  }

  /** Runs of departures: a strip along the foot, its height and shape saying how severe. */
  function alarms(u, c) {
    const { ctx } = u;
    const ratio = devicePixelRatio || 1;
    const bottom = u.bbox.top + u.bbox.height;
    ctx.save();
    for (let start = 0; start < c.at.length; start += 1) {
      const verdict = c.verdict[start];
      if (!isNotable(verdict)) continue;
      let end = start;
      while (end + 1 < c.at.length && c.verdict[end + 1] === verdict) end += 1;
      const left = u.valToPos(c.at[start], "x", true);
      const right =
        Math.max(u.valToPos(c.at[Math.min(end + 1, c.at.length - 1)], "x", true), left + 2 * ratio);
      const height = { info: 3, warning: 5, critical: 7, severe: 9 }[verdict] * ratio;
      ctx.fillStyle = colour(verdict);
      ctx.globalAlpha = 0.09;
      ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillRect(left, bottom - height, right - left, height);
      start = end;
    }
    ctx.restore();
  }

  async function build() {
    const uPlot = await uplot();
    const c = chart.columns;
    chart.chart?.destroy();
    if (!plot.isConnected && !place.clientWidth) await new Promise(requestAnimationFrame);
    const width = place.clientWidth || 600;
    chart.chart = new uPlot(options(width), [c.at, c.lower, c.upper, c.min, c.max, c.mean], plot);
    summary();
  }

  chart.rebuild = () => {
    if (place.isConnected)
      build();
    else
      charts.delete(chart);
  };
  /** Newer values in place: the cursor stays where it is in time. */
  chart.update = next => {
    const u = chart.chart;
    const at =
      u?.cursor.idx === null || u?.cursor.idx === undefined ? null : chart.columns.at[u.cursor.idx];
    data = {...data, ...next };
    const c = (chart.columns = columnsOf(data));
    if (!u) return;
    u.setData([c.at, c.lower, c.upper, c.min, c.max, c.mean]);
    const index = at === null ? -1 : c.at.findIndex(one => one >= at);
    if (index >= 0)
      move(index);
    else
      summary();
  };

  function move(to) {
    const u = chart.chart;
    const c = chart.columns;
    if (!u || !c.at.length) return;
    const index = Math.min(Math.max(to, 0), c.at.length - 1);
    u.setCursor({ left: u.valToPos(c.at[index], "x"), top: 10 });
    chart.index = index;
  }

  plot.addEventListener("keydown", event => {
    const c = chart.columns;
    if (event.ctrlKey || event.metaKey || event.altKey || !c) return;
    const at = chart.chart?.cursor.idx ?? chart.index ?? c.at.length - 1;
    const step = event.shiftKey ? 10 : 1;
    const departure = way => {
      let index = at + way;
      const isStart = i => isNotable(c.verdict[i]) && c.verdict[i] !== c.verdict[i - 1];
      while (index >= 0 && index < c.at.length && !isStart(index)) index += way;
      return index < 0 || index >= c.at.length ? at : index;
    };
    const zoom = share => {
      const [from, to] = [c.at[0], c.at[c.at.length - 1]];
      const half = ((to - from) * share) / 2;
      const middle = share > 1 ? (from + to) / 2 : c.at[at];
      const iso = seconds =>
        new Date(Math.round(seconds) * 1000).toISOString().replace(/\.\d+Z$/, "Z");
      actions.zoom(iso(middle - half), iso(Math.min(middle + half, Date.now() / 1000)));
    };
    const act = {
      ArrowLeft: () => move(at - step),
      ArrowRight: () => move(at + step),
      Home: () => move(0),
      End: () => move(c.at.length - 1),
      PageUp: () => move(at - 60),
      PageDown: () => move(at + 60),
      n: () => move(departure(1)),
      p: () => move(departure(-1)),
      "+" : () => zoom(0.5),
      "-": () => zoom(2),
      0: () => actions.reset(),
    }[event.key];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  });
  plot.addEventListener("dblclick", () => actions.reset());

  chart.columns = columnsOf(data);
  for (const old of charts) {
    if (old.place.isConnected) continue;
    old.chart?.destroy();
    charts.delete(old);
  }
  charts.add(chart);
  build().catch(error => {
    readout.textContent = `The chart cannot be drawn: ${error.message}. The table has its figures.`;
  });
  let width = 0;
  new ResizeObserver(() => {
    if (!chart.chart || Math.abs(place.clientWidth - width) < 2 || !place.clientWidth) return;
    width = place.clientWidth;
    chart.chart.setSize({ width, height: width < 480 ? 200 : 260 });
  }).observe(place);
  return chart;
}
