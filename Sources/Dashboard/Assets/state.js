// All that a reader has chosen is in the address: #/page?parameter=value&ui.choice=value. Choices
// of the reader's eyes (zone, theme) follow to the next page and are remembered.

const kept = ["ui.zone", "ui.theme"];

export function read() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const values = new URLSearchParams(query ?? "");
  const [parameters, ui] = [{}, {}];
  for (const [key, value] of values) {
    if (key.startsWith("ui."))
      ui[key.slice(3)] = value;
    else
      parameters[key] = value;
  }
  return { page: decodeURIComponent(path || "overview"), parameters, ui };
}

export function address({page, parameters, ui}) {
  const values = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") values.set(key, value);
  }
  for (const [key, value] of Object.entries(ui)) {
    if (value !== undefined && value !== null && value !== "") values.set(`ui.${key}`, value);
  }
  const query = values.toString();
  return `#/${encodeURIComponent(page)}${query ? `?${query}` : ""}`;
}

/** Changes parameters of the page; a new entry of the history. */
export function setParameters(changes) {
  const state = read();
  Object.assign(state.parameters, changes);
  location.hash = address(state);
}

/** Changes what the reader sees; no new entry of the history. */
export function setUI(changes) {
  const state = read();
  Object.assign(state.ui, changes);
  history.replaceState(null, "", address(state));
  for (const key of kept) {
    const value = state.ui[key.slice(3)];
    if (key.slice(3) in changes) remember(key, value ?? "");
  }
}

/** A list of names in one choice. */
export const list = value => new Set((value ?? "").split(",").filter(Boolean));

export function toggled(choice, name) {
  const names = list(read().ui[choice]);
  if (!names.delete(name)) names.add(name);
  setUI({ [choice] : [...names].join(",") });
}

export function remember(key, value) {
  try {
    localStorage.setItem(`payops.${key}`, value);
  } catch { /* a browser without storage */
  }
}

export function remembered(key) {
  try {
    return localStorage.getItem(`payops.${key}`) ?? "";
  } catch {
    return "";
  }
}

/** A choice of the eyes: from the address, else as remembered. */
export const choice = name => read().ui[name] ?? remembered(`ui.${name}`);

/** A link with {column} filled in from a row; {column?} may be without a value. */
export function filled(template, lookup) {
  let isWhole = true;
  const text = template.replace(/\{([a-z0-9_]+)(\??)\}/gi, (_, name, optional) => {
    const value = lookup(name);
    if (!optional && (value === null || value === undefined)) isWhole = false;
    return encodeURIComponent(value ?? "");
  });
  return isWhole ? text : null;
}
