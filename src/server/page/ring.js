// Calls that ring while the page is open, and the call that it was opened for.

import { $, say, tell } from "./elements.js";
import { atLeaving, leave, notice } from "./leaving.js";
import { ask } from "./server.js";
import { startRinging, stopRinging } from "./sounds.js";
import { call, token } from "./state.js";
import { words } from "./texts.js";

/** @typedef {{call?: string, event?: string, title?: string, body?: string, url?: string}} News */

// Somebody calls, or something is to be told, while this page is open.
/** @type {string | undefined} */
let ringing;
// When it began to ring.
let rang = 0;
// Calls that ring no more.
/** @type {Set<string>} */
const over = new Set();
// What says only that a call rings no more.
const SILENT = ["call.cancelled", "call.answered_elsewhere", "call.declined_elsewhere"];
// Where the keyboard was before it came to the ring.
/** @type {EventTarget | null} */
let place = null;

/** @param {{kind?: string, data?: News}} notification @param {(answer: boolean) => void} [taken] */
export function ring({ kind, data = {} }, taken) {
  taken?.(true);
  if (kind !== "call") return news(data);
  // That it is over may be told before it rings.
  if (data.call && over.has(data.call)) return;
  ringing = data.call;
  rang = performance.now();
  $("ring-title").textContent = data.title ?? words("calls");
  $("ring-text").textContent = data.body ?? "";
  $("answer").onclick = meant(() => (call.inside ? sure(true) : answer(data)));
  $("answer-surely").onclick = meant(() => answer(data));
  $("stay").onclick = meant(() => sure(false));
  $("decline").onclick = meant(() => {
    quiet();
    if (!data.call) return;
    over.add(data.call);
    ask("decline-call", data.call);
  });
  sure(false);
  $("ring").hidden = false;
  startRinging($("ring-title").textContent ?? "", $("ring-text").textContent ?? "");
}

/** @param {News} data */
function news({ call: id, event, title = "", body = "" }) {
  const here = id && id === ringing;
  if (id) over.add(id);
  if (here) quiet();
  // Whoever did it themselves, or did not hear it ring, need not know.
  else if (event && SILENT.includes(event)) return;
  say(`${title} ${body}`);
  tell([title, body].filter(Boolean).join(": "));
}

/**
 * Acts on a press, but not on a key that was meant for something else as it began to ring, nor on
 * the second half of a double click.
 * @param {() => unknown} act
 */
function meant(act) {
  return (/** @type {MouseEvent} */ { detail }) => {
    const key = detail === 0;
    if (detail > 1 || (key && performance.now() - rang < 1000)) return;
    act();
  };
}

/**
 * Answering leaves the call that one is in: that is asked first.
 * @param {boolean} asked
 */
function sure(asked) {
  const here = $("ring").contains(document.activeElement);
  $("ring-choice").hidden = asked;
  $("ring-sure").hidden = !asked;
  if (here) $(asked ? "stay" : "answer").focus();
}

// It rings no more; the keyboard goes back to where it was, if it was at the ring.
function quiet() {
  const here = $("ring").contains(document.activeElement);
  ringing = undefined;
  stopRinging();
  $("ring").hidden = true;
  if (here && place instanceof HTMLElement) place.focus();
}
atLeaving(quiet);
$("ring").addEventListener("focusin", ({ relatedTarget }) => {
  if (!(relatedTarget instanceof Node && $("ring").contains(relatedTarget))) place = relatedTarget;
});

/** @param {News} data */
async function answer({ call: id, url }) {
  quiet();
  // The link carries what opens the room.
  if (url) return depart(url);
  const accepted = await ask("accept-call", id);
  if (!accepted?.url) return accepted && tell(words("elsewhere"));
  depart(accepted.url);
}

/** @param {string} url */
function depart(url) {
  // The others need not wait for who went to another call, nor is it asked once more.
  leave();
  travel(url);
}

/** @param {string} url */
function travel(url) {
  location.assign(url);
  // The same room by another token is another call.
  if (new URL(url, location.href).pathname === location.pathname) location.reload();
}

/**
 * Answers the call that this page was opened for.
 * @param {string | undefined} id
 */
export function pickUp(id) {
  const failed = (/** @type {string} */ why) => notice(words("notAnswered"), why ?? words("maybeOver"), true);
  notice(words("answering"), words("moment"));
  const socket = new Socket(location.href, { token });
  call.socket = socket;
  socket.on("connect", async () => {
    const { success, data, error } = await socket.ask("accept-call", id).catch(() => ({}));
    if (!success || !data?.url) return failed(error);
    depart(data.url);
  });
  socket.on("connect_error", () => failed(words("invitationEnded")));
}

// Whoever may keep nothing has no worker either, and browsers say so by an error.
function workers() {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

// A notification was pressed while this page is open.
workers()?.addEventListener("message", ({ data: { pressed, data } }) => {
  if (!call.socket) return pickUp(data.call);
  ring({ kind: "call", data });
  if (pressed === "accept" && !call.inside) answer(data);
});
