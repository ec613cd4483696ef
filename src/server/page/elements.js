// Elements of the page.

import { language, words } from "./texts.js";

/** @import { Key } from "./texts.js" */

/**
 * What stands in the page and is more than just an element.
 * @typedef {object} Known
 * @property {HTMLVideoElement} preview
 * @property {HTMLMeterElement} level
 * @property {HTMLFormElement} join
 * @property {HTMLFormElement} write
 * @property {HTMLInputElement} name
 * @property {HTMLTextAreaElement} text
 * @property {HTMLSelectElement} to
 * @property {HTMLDialogElement} choices
 * @property {HTMLDialogElement} help
 * @property {HTMLInputElement} sounds
 * @property {HTMLInputElement} notifications
 * @property {HTMLFormElement} rename
 * @property {HTMLInputElement} new-name
 * @property {HTMLVideoElement} waiting-preview
 * @property {HTMLSelectElement} choose-microphone
 * @property {HTMLSelectElement} choose-camera
 * @property {HTMLSelectElement} choose-speaker
 */

/**
 * What stands in the page under an id.
 * @template {string} Id
 * @param {Id} id
 * @returns {Id extends keyof Known ? Known[Id] : HTMLElement}
 */
export const $ = (id) => /** @type {any} */ (document.getElementById(id));

/** @param {number} time in milliseconds */
export const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));

/**
 * An element with properties and children; texts are never markup.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** @param {string} text @param {() => unknown} act @param {string} label */
export function button(text, act, label = text) {
  const made = element("button", { type: "button", onclick: act }, text);
  if (label !== text) made.setAttribute("aria-label", label);
  return made;
}

/** @typedef {"localStorage" | "sessionStorage"} Kept */

/**
 * What this browser remembers, where it may.
 * @param {Kept} storage
 * @param {string} name
 */
export function recall(storage, name) {
  try {
    return window[storage].getItem(name);
  } catch {
    return null;
  }
}

/** @param {Kept} storage @param {string} name @param {string | null} value */
export function remember(storage, name, value) {
  try {
    if (value === null) window[storage].removeItem(name);
    else window[storage].setItem(name, value);
  } catch {
    // It remembers nothing then.
  }
}

/**
 * Puts children in place of those that there are. What is the same already stays, with whatever somebody
 * does there just now.
 * @param {Element} container
 * @param {Element[]} children
 */
export function fill(container, children) {
  for (const [at, child] of children.entries()) {
    const old = container.children[at];
    if (!old) container.append(child);
    else if (!old.isEqualNode(child)) old.replaceWith(child);
  }
  while (container.children.length > children.length) container.lastElementChild?.remove();
}

/** @param {Element} control */
const labelOf = (control) => control.getAttribute("aria-label") ?? control.textContent;

/**
 * Draws something anew; whoever was at one of its buttons is at the same one afterwards.
 * @param {Element} container
 * @param {() => void} draw
 */
export function redrawn(container, draw) {
  const at = document.activeElement;
  const label = at && container.contains(at) && at !== container ? labelOf(at) : null;
  draw();
  if (label === null || container.contains(document.activeElement)) return;
  const buttons = /** @type {HTMLElement[]} */ ([...container.querySelectorAll("button, summary")]);
  const same = buttons.find((button) => labelOf(button) === label) ?? buttons.find((button) => labelOf(button)?.startsWith(label));
  (same ?? buttons[0])?.focus();
}

/**
 * Says something to people who do not see it.
 * @param {string} text
 */
export function say(text) {
  $("said").textContent = text;
}

// How long a line stands that says what has happened, in milliseconds.
const LIFE = 7000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let life;

/**
 * Tells something to everybody at this page: for a while, or until something else is told if it lasts.
 * @param {string} text
 * @param {boolean} lasts
 */
export function tell(text, lasts = false) {
  clearTimeout(life);
  toldLines += 1;
  if (text && !lasts) life = setTimeout(() => tell(""), LIFE);
  const inCall = $("lobby").hidden;
  $("status").textContent = inCall ? text : "";
  $("joining").textContent = inCall ? "" : text;
}

// How many lines were told, and which of them said that this page runs the room now.
let toldLines = 0;
let risenLine = -1;

/**
 * Tells that this page runs the room now, and what comes in the same moment.
 * @param {string} more
 */
export function tellRisen(more = "") {
  tell(more ? `${words("nowHost")} ${more}` : words("nowHost"));
  risenLine = toldLines;
}

// Whether that can still be read.
export const saysRisen = () => risenLine === toldLines;

/**
 * Shows one part of the page and hides the others.
 * @param {"lobby" | "notice" | "call"} part
 */
export function show(part) {
  for (const id of ["lobby", "notice", "call"]) $(id).hidden = id !== part;
}

/** @type {Record<string, [Key, Key]>} */
const TURNS = {
  microphone: ["microphoneOn", "microphoneOff"],
  camera: ["cameraOn", "cameraOff"],
  screen: ["screenOn", "screenOff"],
  hand: ["raiseHand", "lowerHand"],
};

/**
 * Shows whether a button's thing is on, and says what pressing it does.
 * @param {string} id
 * @param {boolean} on
 */
export function press(id, on) {
  $(id).setAttribute("aria-pressed", String(on));
  const key = TURNS[id.replace("lobby-", "")]?.[on ? 1 : 0];
  if (key) $(id).title = words(key);
}

// What the page says in its language.
document.documentElement.lang = language;
for (const of of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-text], [data-label]"))) {
  const { text, label } = /** @type {{text?: Key, label?: Key}} */ (of.dataset);
  if (text) of.textContent = words(text);
  if (label) of.setAttribute("aria-label", words(label));
}

// Drawings of controls, each on a square of 24; what is off is crossed out.
/** @type {Record<string, string>} */
const ICONS = {
  microphone: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0M12 18v3",
  camera: "M3 7h12v10H3ZM15 11l6-4v10l-6-4",
  screen: "M3 5h18v12H3ZM8 21h8M12 17v4M12 14V8M9 11l3-3 3 3",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6 6 0 0 1 3.5 6",
  chat: "M4 4h16v12H9l-5 4Z",
  leave: "M3 15c0-7 18-7 18 0v2h-5v-3.5c-2-1-6-1-8 0V17H3Z",
  lock: "M5 11h14v10H5ZM8 11V7a4 4 0 0 1 8 0v4",
  turn: "M4 9a8 8 0 0 1 14-3l2 2M20 3v5h-5M20 15a8 8 0 0 1-14 3l-2-2M4 21v-5h5",
  link: "M10 14a4 4 0 0 0 6 0l3.5-3.5a4 4 0 0 0-6-6L12 6M14 10a4 4 0 0 0-6 0l-3.5 3.5a4 4 0 0 0 6 6L12 18",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  react: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM8.5 9.5v.01M15.5 9.5v.01M7.5 14a5 5 0 0 0 9 0",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19Z",
  pin: "M9 3h6l-1 7 4 4H6l4-4ZM12 14v7",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  float: "M3 5h18v14H3ZM12 12h7v5h-7Z",
};

/** @param {string} name */
export function icon(name) {
  /** @param {string} tag @param {Record<string, string>} attributes */
  const svg = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const drawn = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  drawn.append(svg("path", { d: ICONS[name] ?? "" }), svg("path", { d: "M4 4l16 16", class: "cross" }));
  return drawn;
}

/**
 * A button that is only a drawing; its words are for who cannot see it, or rests on it.
 * @param {string} name
 * @param {string} words
 * @param {() => unknown} act
 */
export function iconButton(name, words, act) {
  const made = element("button", { type: "button", title: words, ariaLabel: words }, icon(name));
  made.onclick = act;
  return made;
}
