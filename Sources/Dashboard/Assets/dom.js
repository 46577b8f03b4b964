// Elements without a framework: text is always text, never markup.

/** An element: h("a", {href, class, data: {key: 1}, on: {click}}, child, …). */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") {
      for (const [event, handler] of Object.entries(value))
        element.addEventListener(event, handler);
    } else if (key === "data") {
      for (const [part, text] of Object.entries(value)) {
        if (text !== undefined && text !== null) element.dataset[part] = text;
      }
    } else {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of [children].flat(3)) {
    if (child !== undefined && child !== null && child !== false) element.append(child);
  }
}

export const byId = id => document.getElementById(id);

const svgNames =
  new Set("svg g path rect circle ellipse line polyline polygon text tspan title desc".split(" "));

/** A drawing from the server as an element. Only marks and their plain attributes pass. */
export function drawing(source) {
  const parsed = new DOMParser().parseFromString(source, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.localName !== "svg") return null;
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (!svgNames.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const { name } of [...element.attributes]) {
      if (/^on|style$|href$/i.test(name)) element.removeAttribute(name);
    }
  }
  return document.importNode(root, true);
}

const paths = {
  info: "M6 1.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 1 0 0-8.4Z",
  warning: "M6 1.4L11 10.4H1Z",
  critical: "M6 .4L11.6 6L6 11.6L.4 6Z",
  severe: "M1 1H11V11H1Z",
  good: "M1.6 6.4L4.8 9.6L10.6 2.6",
  unknown: "M1.5 6H10.5",
  stale: "M6 1.4a4.6 4.6 0 1 0 0 9.2a4.6 4.6 0 1 0 0-9.2M6 3.6V6.2L7.8 7.4",
  denied: "M2 5.4H10V11H2ZM3.8 5.4V3.4a2.2 2.2 0 0 1 4.4 0V5.4",
  failed: "M2 2L10 10M10 2L2 10",
  empty: "M6 1.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 1 0 0-8.4Z",
};
const filled = new Set(["critical", "severe"]);

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The shape of a severity or of a state of a block. */
export function shape(name) {
  if (!paths[name]) return null;
  const element =
    svg("svg", { viewBox: "0 0 12 12", class: `shape shape-${name}`, "aria-hidden": "true" });
  element.append(svg("path", { d: paths[name], class: filled.has(name) ? "filled" : "open" }));
  return element;
}

/** The course of a figure beside it. */
export function spark(values, words) {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return null;
  const [low, high, width, height] = [Math.min(...known), Math.max(...known), 120, 26];
  const x = index => 3 + (index * (width - 6)) / (values.length - 1);
  const y = value =>
    (high > low ? height - 4 - ((value - low) / (high - low)) * (height - 8) : height / 2);
  let way = "";
  let isDown = false;
  values.forEach((value, index) => {
    if (!Number.isFinite(value))
      isDown = false;
    else {
      way += `${isDown ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
    }
  });
  const element = svg("svg", {
    viewBox: `0 0 ${width} ${height}`,
    class: "spark",
    role: "img",
    "aria-label": words,
    preserveAspectRatio: "none"
  });
  element.append(
    svg("path", { d: way, class: "spark-line", "vector-effect": "non-scaling-stroke" })
  );
  const last = values.length - 1;
  if (Number.isFinite(values[last])) {
    element.append(svg("path", {
      d: `M${x(last).toFixed(1)} ${y(values[last]).toFixed(1)}h.01`,
      class: "spark-end",
      "vector-effect": "non-scaling-stroke"
    }));
  }
  return element;
}

/** Says something to readers who hear the page. */
export function say(text) {
  const place = byId("said");
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}
