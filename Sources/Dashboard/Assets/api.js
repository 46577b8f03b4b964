// What the server says. Each answer is {status, body, etag, isUnchanged}; a server that does not
// answer throws Away.

export class Away extends Error {}
export class Problem extends Error {
  constructor(status, body) {
    super(body?.title || `the server answers ${status}`);
    this.status = status;
    this.detail = body?.detail ?? "";
    this.hint = body?.hint ?? "";
  }
}

const tags = new Map();

async function ask(path, options, deadline = 15000) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), deadline);
  try {
    const answer = await fetch(
      path, { cache: "no-store", credentials: "same-origin", signal: stop.signal, ...options }
    );
    if (answer.status === 304) return { status: 304, answer };
    const text = await answer.text();
    let body = null;
    try {
      body = text ? JSON.parse(text) : null;
    } catch { /* not JSON: the status says what is wrong */
    }
    return { status: answer.status, body, answer };
  } catch (error) {
    throw new Away(error.name === "AbortError" ? "no answer within 15 s" : "no answer");
  } finally {
    clearTimeout(timer);
  }
}

/** A document; null when it is unchanged since it was last read. */
export async function get(path, isFresh = false) {
  const tag = isFresh ? null : tags.get(path);
  const { status, body, answer } = await ask(
    path, { headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) } }
  );
  if (status === 304) return null;
  if (status !== 200) throw new Problem(status, body);
  if (answer.headers.get("ETag")) {
    if (tags.size > 100) tags.clear();
    tags.set(path, answer.headers.get("ETag"));
  }
  return body;
}

export async function send(method, path, body, more = {}) {
  const { status, body: said } = await ask(path, {
    method,
    headers: { Accept: "application/json", "Content-Type": "application/json", ...more },
    body: JSON.stringify(body ?? {}),
  });
  if (status >= 300) throw new Problem(status, said);
  return said;
}
