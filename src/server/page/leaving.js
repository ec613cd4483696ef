// Out of the call: by oneself, or because it ended.

import { $, show } from "./elements.js";
import { call, devices, embedder, keep } from "./state.js";
import { words } from "./texts.js";

/** @type {(() => void)[]} */
const endings = [];

/**
 * Something to be done whenever this page goes out of the call.
 * @param {() => void} act
 */
export function atLeaving(act) {
  endings.push(act);
}

export function leave() {
  call.inside = false;
  for (const end of endings) end();
  call.peers?.close();
  call.peers = null;
  call.socket?.close();
  call.socket = null;
  devices.close();
}

/** @param {string} heading @param {string} text @param {boolean} again whether one may come in again */
export function notice(heading, text, again = false) {
  embedder.ended(heading, text);
  leave();
  show("notice");
  $("notice-title").textContent = heading;
  $("notice-text").textContent = text;
  $("again").hidden = !again;
  $("notice-title").focus();
}

/**
 * Sent out: the key of this place opens nothing any more.
 * @param {string} heading
 * @param {string} text
 */
export function out(heading, text) {
  keep(null);
  notice(heading, text);
}

// Whoever leaves is gone for themselves at once, whatever the line does: the goodbye of the socket says
// the rest, and nobody waits for its answer.
$("leave").onclick = () => {
  keep(null);
  embedder.leaves();
  notice(words("youLeft"), words("nobodySees"), true);
};
$("again").onclick = () => location.reload();
