// The lock of the room: a mark that all see, and the button by which hosts lock and unlock it.

import { $, tell } from "./elements.js";
import { people } from "./parts.js";
import { ask } from "./server.js";
import { words } from "./texts.js";

let isLocked = false;

/**
 * Shows whether nobody new comes in.
 * @param {boolean} locked
 */
export function showLock(locked) {
  isLocked = locked;
  $("locked").hidden = !locked;
  $("lock-text").textContent = words(locked ? "unlockRoom" : "lockRoom");
}

/**
 * Somebody locked the room, or unlocked it.
 * @param {boolean} locked
 * @param {string} by
 */
export function tellLock(locked, by) {
  showLock(locked);
  tell(words(locked ? "lockedBy" : "unlockedBy", { name: people.name(by) ?? words("aHost") }));
}

$("lock").onclick = () => ask("lock-room", { lift: isLocked });
