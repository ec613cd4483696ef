// What there is one of in a call: its people, its chat and its name.

import { Chat } from "./chat.js";
import { People } from "./people.js";
import { ask, pass, send } from "./server.js";
import { entitled } from "./sounds.js";
import { title } from "./state.js";

export const people = new People(ask, (id) => pass(id, () => ({ lower: true })), entitle);
export const chat = new Chat(people, ask, send, entitle);

let titled = title;

/**
 * Only who is inside is told what the room is called.
 * @param {string} name
 */
export function named(name) {
  titled = name;
  entitle();
}

// How many messages were missed and how many people wait stands before it.
function entitle() {
  const count = chat.missed + people.knocking;
  entitled((count ? `(${count}) ` : "") + titled);
  for (const heading of document.querySelectorAll(".room-title")) heading.textContent = titled;
}
