// Another name for this person, while they are in the call.

import { $, remember } from "./elements.js";
import { people } from "./parts.js";
import { ask } from "./server.js";
import { call } from "./state.js";

function closeRename() {
  $("rename").hidden = true;
  $("people").querySelector("button")?.focus();
}

$("rename").onsubmit = async (/** @type {Event} */ event) => {
  event.preventDefault();
  const name = $("new-name").value.trim();
  if (!name || !(await ask("update-name", name)) || !call.mine) return;
  // Also for when the line breaks, and for the next call.
  call.name = name;
  remember("localStorage", "tok:name", name);
  people.put({ id: call.mine.id, name });
  closeRename();
};
$("rename").onkeydown = (/** @type {KeyboardEvent} */ event) => {
  if (event.key === "Escape") closeRename();
};
$("keep-name").onclick = closeRename;
