// Numbers, times and severities in words. One place, so that a figure reads the same everywhere.

const thin = "\u202f";
let zone = "local";

export function setZone(name) {
  zone = name === "utc" ? "utc" : "local";
  formats.clear();
}
export const isUTC = () => zone === "utc";
export const zoneName = () => (zone === "utc" ? "UTC" : localZone());

function localZone() {
  const part = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" })
                 .formatToParts(new Date())
                 .find(({ type }) => type === "timeZoneName");
  return part ? part.value : "local";
}

const formats = new Map();
function parts(date, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", {
      ...options,
      hourCycle: "h23",
      timeZone: zone === "utc" ? "UTC" : undefined,
    }));
  }
  return Object.fromEntries(formats.get(key).formatToParts(date).map(({ type,
                                                                        value }) => [type, value]));
}

const all = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit"
};
const named = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit"
};

/** A time, as short as it is unmistakable: 15:18 today, otherwise 29 Nov 15:18. */
export function time(iso, form) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return String(iso);
  const p = parts(date, named);
  const clock = `${p.hour}:${p.minute}`;
  if (form === "hm") return clock;
  if (form === "dm") return `${p.day} ${p.month}`;
  if (form === "dhm") return `${p.day} ${p.month} ${clock}`;
  if (form === "full") {
    const f = parts(date, all);
    return `${f.year}-${f.month}-${f.day} ${f.hour}:${f.minute}:${f.second} ${zoneName()}`;
  }
  const now = parts(new Date(), named);
  const day = `${p.day} ${p.month}${p.year === now.year ? "" : ` ${p.year}`}`;
  return day === `${now.day} ${now.month}` ? clock : `${day} ${clock}`;
}

/** A date without a time; it has no zone. */
export function day(text) {
  const date = new Date(`${String(text).slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return String(text);
  const p =
    Object.fromEntries(new Intl
                         .DateTimeFormat(
                           "en-GB",
                           { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }
                         )
                         .formatToParts(date)
                         .map(({ type, value }) => [type, value]));
  return `${p.day} ${p.month} ${p.year}`;
}

/** Words of the server with the instants in them in the zone of the viewer. */
export function localised(text) {
  return String(text ?? "")
    .replace(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) UTC\b/g, "$1T$2Z")
    .replace(/\b\d{1,3}(?:,\d{3})+\b/g, number => number.replaceAll(",", thin))
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g, iso => time(iso));
}

/** A drawing with its times in the zone of the viewer. */
export function localiseDrawing(root) {
  for (const text of root.querySelectorAll("text[data-time]")) {
    text.textContent = time(text.dataset.time, text.dataset.form);
  }
  for (const title of root.querySelectorAll("title, desc")) {
    if (!title.dataset.words) title.dataset.words = title.textContent;
    title.textContent = localised(title.dataset.words);
  }
  if (!root.dataset.words) root.dataset.words = root.getAttribute("aria-label") ?? "";
  root.setAttribute("aria-label", localised(root.dataset.words));
}

/** A number with thin spaces between thousands; digits of a text are kept as they are. */
export function grouped(value, decimals) {
  if (
    typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) &&
    value.replace(/\D/g, "").length > 15
  ) {
    const [whole, rest] = value.split(".");
    return groups(whole.replace("-", "−")) +
      (rest && decimals ? `.${rest.slice(0, decimals)}` : "");
  }
  const number = Number(value);
  if (!Number.isFinite(number)) return String(value);
  const text = Math.abs(number).toFixed(decimals ?? (Number.isInteger(number) ? 0 : 2));
  const [whole, rest] = text.split(".");
  const sign = number < 0 && /[1-9]/.test(text) ? "−" : "";
  return sign + groups(whole) + (rest ? `.${rest}` : "");
}
const groups = whole => whole.replace(/\B(?=(\d{3})+(?!\d))/g, thin);

/** At most three significant parts: 84.3k, 1.24M. Below 10 000 every digit. */
export function short(value) {
  const number = Number(value);
  const size = Math.abs(number);
  for (const [unit, letter, from] of
         [[1e12, "T", 1e12], [1e9, "G", 1e9], [1e6, "M", 1e6], [1e3, "k", 1e4]]) {
    if (size >= from * 0.99995) {
      const scaled = number / unit;
      if (Math.abs(scaled) >= 1e6) return number.toExponential(2).replace("+", "");
      return grouped(scaled, Math.abs(scaled) < 10 ? 2 : Math.abs(scaled) < 100 ? 1 : 0) + letter;
    }
  }
  return grouped(number, Number.isInteger(number) || size >= 100 ? 0 : size < 10 ? 2 : 1);
}

/** A length of time in its two largest units. */
export function duration(seconds) {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "−" : "";
  const pair = (unit, name, part, partName) => {
    const count = Math.round(size / part);
    const [whole, rest] = [Math.floor(count / (unit / part)), count % (unit / part)];
    return `${sign}${whole}${thin}${name}${rest ? ` ${rest}${thin}${partName}` : ""}`;
  };
  if (size < 9.95 && !Number.isInteger(size)) return `${grouped(seconds, 1)}${thin}s`;
  if (size < 89.5) return `${grouped(seconds, 0)}${thin}s`;
  if (size < 3570) return `${grouped(seconds / 60, 0)}${thin}min`;
  if (size < 86370) return pair(3600, "h", 60, "min");
  return pair(86400, "d", 3600, "h");
}

const bytes = value => {
  let [number, unit] = [Number(value), 0];
  while (Math.abs(number) >= 999.5 && unit < 5) {
    number /= 1000;
    unit += 1;
  }
  return [
    grouped(number, number < 10 && unit ? 1 : 0),
    ["B", "kB", "MB", "GB", "TB", "PB"][unit]
  ];
};

/**
 * A value for people as [figure, unit]: the unit is set apart, so that a column of figures reads.
 * `isShort` is for tiles; tables have every digit.
 */
export function measured(value, unit, currency, isShort) {
  if (value === null || value === undefined || value === "") return ["–", ""];
  const number = Number(value);
  // The server writes a bound that is none so.
  if (Math.abs(number) >= 1e290) return [number < 0 ? "−∞" : "∞", ""];
  switch (unit) {
    case "count":
    case "rows":
      return [isShort ? short(value) : grouped(value, 0), ""];
    case "amount":
      return [isShort ? short(value) : grouped(value, 2), currency ?? ""];
    case "flag":
      return [number ? "yes" : "no", ""];
    case "year":
    case "hour":
    case "rank":
    case "position":
    case "code":
    case "sign":
      return [String(value), ""];
    case "days":
      return [grouped(number, Number.isInteger(number) ? 0 : 1), "d"];
    case "degrees":
      return [grouped(number, 2), "°"];
    case "ratio":
    case "probability":
      return [grouped(number * 100, isShort ? 1 : 2), "%"];
    case "pct":
    case "percent":
      return [grouped(number, isShort ? 1 : 2), "%"];
    case "points":
    case "score":
      return [grouped(number, Number.isInteger(number) ? 0 : 2), ""];
    case "percentage points":
      return [(number > 0 ? "+" : "") + grouped(number, isShort ? 1 : 2), "pt"];
    case "s":
    case "seconds": {
      const text = duration(number).split(thin);
      return isShort && text.length === 2 ? text : [duration(number), ""];
    }
    case "minutes":
      if (Number.isInteger(number) && Math.abs(number) < 90)
        return isShort ? [grouped(number, 0), "min"] : [`${grouped(number, 0)}${thin}min`, ""];
      {
        const text = duration(number * 60).split(thin);
        return isShort && text.length === 2 ? text : [duration(number * 60), ""];
      }
    case "hours":
      return [duration(number * 3600), ""];
    case "ms":
      return Math.abs(number) < 1000 || !isShort ? [grouped(number, 0), "ms"]
                                                 : [grouped(number / 1000, 2), "s"];
    case "bytes":
      return bytes(number);
    case "id":
    case "text":
      return [String(value), ""];
    default: {
      const text = typeof value === "number" || /^-?\d+(\.\d+)?$/.test(value)
        ? (isShort ? short(value) : grouped(value))
        : String(value);
      return [text, ""];
    }
  }
}

/** A value of a column as one text. */
export function shown(value, column, currency, isShort) {
  if (value === null || value === undefined || value === "") return "–";
  if (column.type === "time") return time(value);
  if (column.type === "date") return day(value);
  if (column.type === "boolean")
    return value === true || value === 1 || value === "1" ? "yes" : "no";
  if (column.type !== "number") return localised(value);
  const [figure, unit] = measured(value, column.unit, currency ?? column.currency, isShort);
  return unit ? (column.unit === "amount" ? `${unit}${thin}${figure}` : `${figure}${thin}${unit}`)
              : figure;
}

const known = {
  total_count: "Payments",
  total_amount: "Amount",
  open_count: "Open",
  open_amount: "Open amount",
  backlog_count: "Backlog"
};

/** success_rate → Success rate; a text that people have written stays. */
export function words(name) {
  const text = String(name ?? "");
  if (Object.hasOwn(known, text)) return known[text];
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(text)) return text;
  const spaced = text.replaceAll("_", " ").replace(
    /\b(sla|p\d\d|kyc|iban|rpo|rto|mttd|mtta|mttr|id)\b/g,
    part => (/^p\d/.test(part) ? part : part.toUpperCase())
  );
  return spaced[0].toUpperCase() + spaced.slice(1);
}

/** The name of a column for people: without what its unit says anyway. */
export function heading(column) {
  if (column.label) return column.label;
  let name = column.name;
  if (["seconds", "bytes", "ms", "minutes", "days"].includes(column.unit))
    name = name.replace(/_(seconds|bytes|ms|minutes|days)$/, "");
  name = name.replace(/^is_(?=.)/, "")
           .replace(/^metric_(?=name$|minute$|hour$|date$)/, "")
           .replace(/^name$/, "metric");
  return words(name);
}

const tones = ["normal", "good", "unknown", "info", "warning", "critical", "severe"];
/** A tone from a word of the server; "" for what is none. */
export const tone = word => {
  const name = String(word ?? "").toLowerCase();
  return tones.includes(name) ? name : "";
};
/** The tone of a word of a detector or a severity. */
export const verdictTone = word =>
  ({anomalous: "warning", no_verdict: "unknown"})[word] ?? tone(word);
export const isNotable = name => ["info", "warning", "critical", "severe"].includes(name);

export const ago = seconds => (seconds < 5 ? "just now" : `${duration(Math.round(seconds))} ago`);

/** What a metric measures, by its name, where the server does not say. */
export function unitOfMetric(metric) {
  const ending =
    String(metric ?? "").match(/_(rate|ratio|share|compliance|ms|amount|seconds|count)(_|$)/)?.[1];
  return { rate: "ratio", share: "ratio", compliance: "ratio" }[ending] ?? ending;
}
