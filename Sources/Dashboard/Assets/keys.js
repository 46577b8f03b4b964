// The keyboard. Keys act on the block that has the focus, else on the first one in sight.

import { byId } from "./dom.js";
import { isOpen } from "./sheet.js";
import { remember, remembered } from "./state.js";

let areOn = remembered("keys") !== "off";
export const keysAreOn = () => areOn;
export function setKeys(on) {
  areOn = on;
  remember("keys", on ? "" : "off");
}

const blocks =
  () => [...document.querySelectorAll("#body .block")].filter(block => block.offsetParent !== null);

export function currentBlock() {
  const own = document.activeElement?.closest?.(".block");
  if (own) return own;
  return blocks().find(block => block.getBoundingClientRect().bottom > 80) ?? null;
}

function step(by) {
  const all = blocks();
  const at = all.indexOf(document.activeElement?.closest?.(".block"));
  const next =
    all[Math.min(Math.max(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/**
 * @param actions {help, zone, theme, again, page(n), window(by), table(block), csv(block),
 *   why(element)}
 */
export function start(actions) {
  addEventListener("keydown", event => {
    if (
      !areOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOpen()
    )
      return;
    const target = event.target;
    if (target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const act = {
      h: actions.help,
      u: actions.zone,
      d: actions.theme,
      r: actions.again,
      j: () => step(1),
      k: () => step(-1),
      "[" : () => actions.window(-1),
      "]" : () => actions.window(1),
      t: () => actions.table(currentBlock()),
      c: () => actions.csv(currentBlock()),
      "?" : () => {
        const place = target.closest("[data-why]") ??
          target.closest("td, th, li, .fact")?.querySelector(".why");
        const inBlock = target.closest(".block");
        if (place)
          place.click();
        else if (inBlock)
          (inBlock.querySelector(".why") ?? byId("help")).click();
        else
          actions.help();
      },
    }[event.key] ??
      (/^[1-9]$/.test(event.key) ? () => actions.page(Number(event.key)) : null);
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
