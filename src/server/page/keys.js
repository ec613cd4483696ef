// Keys of the call, and a screen that stays awake.

import { $ } from "./elements.js";
import { call, devices } from "./state.js";

// What keys do while nobody writes, as the buttons say it.
/** @type {Record<string, string>} */
const KEYS = { m: "microphone", v: "camera", s: "screen", h: "hand", r: "react", p: "show-people", c: "show-chat", l: "copy-link", "?": "show-help" };

/** @param {KeyboardEvent} event @param {string} places */
const isAt = ({ target }, places) => target instanceof Element && target.closest(places) !== null;

addEventListener("keydown", (event) => {
  const id = KEYS[event.key];
  const control = id ? $(id) : null;
  if ($("call").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isAt(event, "input, textarea, select, dialog")) return;
  // Held down it lets one speak for so long.
  if (event.key === " " && !isAt(event, "button, a, [tabindex]") && !devices.isOn("microphone")) {
    event.preventDefault();
    speaksWhile();
  } else if (control && !control.hidden) {
    event.preventDefault();
    control.click();
  }
});

async function speaksWhile() {
  const released = new Promise((resolve) => {
    addEventListener("keyup", ({ key }) => key === " " && resolve(null));
    addEventListener("blur", resolve, { once: true });
  });
  await devices.turn("microphone", true);
  await released;
  await devices.turn("microphone", false);
}

// The screen stays on for as long as the call is shown.
export async function stayAwake() {
  if (!call.inside || document.visibilityState !== "visible") return;
  // A page around this one may not let it.
  const { featurePolicy } = /** @type {{featurePolicy?: {allowsFeature(name: string): boolean}}} */ (document);
  if (featurePolicy?.allowsFeature("screen-wake-lock") === false) return;
  // A low battery may refuse it; the call goes on.
  await navigator.wakeLock?.request("screen").catch(() => {});
}
document.addEventListener("visibilitychange", stayAwake);
