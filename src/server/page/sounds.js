// What is heard of who comes and goes, and what is shown elsewhere while nobody looks at this page.

import { $, recall, remember } from "./elements.js";
import { atLeaving } from "./leaving.js";
import { words } from "./texts.js";

const SOUNDS = "tok:sounds";
const NOTIFICATIONS = "tok:notifications";

// What is heard: tones one after the other, as their pitches in Hertz, and how loud they are, of 1.
const TUNES = {
  come: { pitches: [523, 659], loud: 0.08 },
  go: { pitches: [440, 349], loud: 0.03 },
  message: { pitches: [784], loud: 0.08 },
  knock: { pitches: [392, 392, 392], loud: 0.1 },
  ring: { pitches: [659, 523, 659, 523], loud: 0.15 },
};
// How long a tone is, in seconds.
const TONE = 0.14;
// A tune is heard once in so many milliseconds, however many come.
const BREATH = 800;
// How often a call rings, in milliseconds, and how a phone shakes with it.
const RINGS = 3000;
const SHAKES = [300, 150, 300];

/** @typedef {keyof typeof TUNES} Tune */

/** @type {AudioContext | null} */
let audio = null;
// Tones that are not over.
let tones = 0;
/** @type {Map<Tune, number>} */
const heard = new Map();

const isOn = () => recall("localStorage", SOUNDS) !== "off";
const mayNotify = () => "Notification" in window && Notification.permission === "granted";
const notifies = () => mayNotify() && recall("localStorage", NOTIFICATIONS) !== "off";
// Both had one switch before.
if (!isOn() && recall("localStorage", NOTIFICATIONS) === null) remember("localStorage", NOTIFICATIONS, "off");

/**
 * Lets a tune be heard, unless that is not wanted. Browsers allow no sound before somebody did something.
 * @param {Tune} tune
 */
export function sound(tune) {
  const now = performance.now();
  if (!isOn() || navigator.userActivation?.hasBeenActive === false) return;
  if (now - (heard.get(tune) ?? -BREATH) < BREATH) return;
  heard.set(tune, now);
  const context = (audio ??= new AudioContext());
  context.resume().catch((error) => console.warn("nothing is heard", error));
  const { pitches, loud } = TUNES[tune];
  for (const [at, pitch] of pitches.entries()) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const from = context.currentTime + at * TONE;
    tone.frequency.value = pitch;
    // Without a click at either end.
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(loud, from + 0.02);
    volume.gain.linearRampToValueAtTime(0, from + TONE);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + TONE);
    tones += 1;
    tone.onended = () => {
      tones -= 1;
      // Silence is computed and played like sound.
      if (!tones) context.suspend().catch(() => {});
    };
  }
}

/**
 * Shows something outside of the page, if nobody looks at it and the browser may.
 * @param {string} title
 * @param {string} body
 */
export function notify(title, body = "") {
  if (!document.hidden || !notifies()) return;
  try {
    const shown = new Notification(title, { body, tag: "tok-page", silent: true });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch (error) {
    // Phones allow it to workers only.
    console.warn("nothing is shown outside of the page", error);
  }
}

/** @type {ReturnType<typeof setInterval> | undefined} */
let bell;

/**
 * Rings until it is told not to.
 * @param {string} title
 * @param {string} body
 */
export function startRinging(title, body) {
  stopRinging();
  const again = () => {
    sound("ring");
    if (isOn()) navigator.vibrate?.(SHAKES);
  };
  again();
  bell = setInterval(again, RINGS);
  notify(title, body);
  mark(true);
}

export function stopRinging() {
  if (bell === undefined) return;
  clearInterval(bell);
  bell = undefined;
  navigator.vibrate?.(0);
  mark(false);
}

// A mark in the title while it rings.
const MARK = "☎ ";
/** @param {boolean} rings */
function mark(rings) {
  const bare = document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title;
  document.title = rings ? MARK + bare : bare;
}

/** @param {string} title */
export function entitled(title) {
  document.title = title;
  if (bell !== undefined) mark(true);
}

atLeaving(stopRinging);
$("sounds").checked = isOn();
$("sounds").onchange = () => {
  if (recall("localStorage", NOTIFICATIONS) === null) remember("localStorage", NOTIFICATIONS, "on");
  remember("localStorage", SOUNDS, $("sounds").checked ? null : "off");
  if ($("sounds").checked) sound("message");
};
// Browsers allow it in the meantime, or not any more.
const showNotifies = () => ($("notifications").checked = notifies());
for (const id of ["choose", "lobby-choose"]) $(id).addEventListener("click", showNotifies);
$("notifications").onchange = async () => {
  const wanted = $("notifications").checked;
  remember("localStorage", NOTIFICATIONS, wanted ? "on" : "off");
  // Asked at a press only, and once: browsers remember it.
  if (wanted && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  showNotifies();
  const isRefused = wanted && !notifies();
  $("choice-problem").textContent = isRefused ? words("mayNotNotify") : "";
};
