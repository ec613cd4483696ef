// Keys of the call, and a screen that stays awake.

import { $ } from "./elements.js";
import { atLeaving } from "./leaving.js";
import { call, devices } from "./state.js";

// What keys do while nobody writes, as the buttons say it.
/** @type {Record<string, string>} */
const KEYS = { m: "microphone", v: "camera", s: "screen", h: "hand", r: "react", p: "show-people", c: "show-chat", l: "copy-link", "?": "show-help" };

/** @param {KeyboardEvent} event @param {string} places */
const isAt = ({ target }, places) => target instanceof Element && target.closest(places) !== null;

/**
 * What a key is called in `KEYS`: by what it writes, in capitals too, or by its place on the keyboard where
 * that is a letter of another script.
 * @param {KeyboardEvent} event
 */
function nameOf({ key, code }) {
  const isForeign = /^\p{L}$/u.test(key) && !/\p{Script=Latin}/u.test(key);
  const [, place = key] = (isForeign && /^Key(.)$/.exec(code)) || [];
  return place.toLowerCase();
}

// Whether somebody speaks for as long as a key is held.
let speaking = false;

/**
 * Whether a key lets one speak while it is held: not where it presses a button or scrolls, but at the
 * microphone's own button, which would leave it on.
 * @param {KeyboardEvent} event
 */
function letsSpeak(event) {
  if (event.key !== " " || $("microphone").hidden) return false;
  return isAt(event, "#microphone") || !isAt(event, "button, a, summary, [tabindex]");
}

addEventListener("keydown", (event) => {
  const id = KEYS[nameOf(event)];
  const control = id ? $(id) : null;
  // Held on, it presses no button either.
  if (speaking && event.key === " ") return event.preventDefault();
  if ($("call").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isAt(event, "input, textarea, select, dialog")) return;
  if (letsSpeak(event) && !devices.isOn("microphone")) {
    event.preventDefault();
    speaksWhile();
  } else if (control && !control.hidden) {
    event.preventDefault();
    control.click();
  }
});

async function speaksWhile() {
  speaking = true;
  const heard = new AbortController();
  const released = new Promise((resolve) => {
    const release = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      resolve(null);
    };
    addEventListener("keyup", release, { signal: heard.signal });
    addEventListener("blur", resolve, { signal: heard.signal });
  });
  await devices.turn("microphone", true);
  await released;
  heard.abort();
  await devices.turn("microphone", false);
  speaking = false;
}

/** @type {WakeLockSentinel | null} */
let lock = null;

// The screen stays on for as long as the call is shown.
export async function stayAwake() {
  if (!call.inside || document.visibilityState !== "visible" || lock?.released === false) return;
  // A page around this one may not let it.
  const { featurePolicy } = /** @type {{featurePolicy?: {allowsFeature(name: string): boolean}}} */ (document);
  if (featurePolicy?.allowsFeature("screen-wake-lock") === false) return;
  // A low battery may refuse it; the call goes on.
  lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  // They left while it was given.
  if (!call.inside) sleep();
}

function sleep() {
  lock?.release();
  lock = null;
}
document.addEventListener("visibilitychange", stayAwake);
atLeaving(sleep);
