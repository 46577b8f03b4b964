// States that fill the page: what went wrong with all of it, and how to sign in.

import { send } from "./api.js";
import { byId, h, shape } from "./dom.js";

/** One state that fills the page. */
export function whole(name, title, detail, action) {
  document.title = `${title} · payops`;
  byId("head").replaceChildren();
  byId("body").replaceChildren(h(
    "div",
    { class: `whole state-${name}` },
    shape(name),
    h("div",
      {},
      h("h1", {}, title),
      detail ? h("p", {}, detail) : null,
      action
        ? h("button", { type: "button", class: "primary", on: { click: action } }, "Try again")
        : null)
  ));
}

/** Says how to sign in, and takes a token. */
export function signIn() {
  document.title = "Sign in · payops";
  byId("head").replaceChildren();
  const problem = h("p", { class: "form-error", role: "alert" });
  const token = h(
    "input",
    { id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true }
  );
  const form =
    h("form",
      {
        class: "signin-form",
        on: {
          submit: async event => {
            event.preventDefault();
            problem.textContent = "";
            try {
              await send(
                "POST", "/api/v1/session", {}, { Authorization: `Bearer ${token.value.trim()}` }
              );
              location.reload();
            } catch (error) {
              problem.textContent = error.status === 401
                ? "This token is unknown, has ended or was revoked."
                : [error.message, error.detail, error.hint].filter(Boolean).join(". ");
            }
          },
        },
      },
      h("label",
        { for: "token"
        },
        "Token"),
      h("div",
        { class: "signin-row" },
        token,
        h("button", { type: "submit", class: "primary" }, "Sign in")),
      problem);
  byId("body").replaceChildren(
    h("div",
      { class: "whole state-denied" },
      shape("denied"),
      h("div",
        {},
        h("h1", {}, "Sign in"),
        h("p", {}, "This browser has no session, or it has ended."),
        h("dl",
          { class: "signin" },
          h("dt", {}, h("code", {}, "payops serve")),
          h("dd", {}, "prints a link that signs a browser in, once"),
          h("dt", {}, h("code", {}, "payops token create")),
          h("dd", {}, "makes a token for a person, to be given here")),
        form))
  );
}
