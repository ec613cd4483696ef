// What the site asks for that shows this page.

import { $ } from "./elements.js";
import { claimsOf } from "./closed.js";
import { chat, people } from "./parts.js";
import { send } from "./server.js";
import { call, devices, embedder, greeting, token } from "./state.js";
import { words } from "./texts.js";

/** @import { Line } from "./devices.js" */

const acts = {
  leave: () => $("leave").click(),
  mute: async (on = true) => !(await turn("microphone", !on)),
  camera: (on = true) => turn("camera", on),
  async share(on = true) {
    const shown = await turn("screen", on);
    if (on && !shown) throw new Error(words("screenNotShown"));
    return shown;
  },
  /** @param {string} text */
  async send(text) {
    const answer = await send("send-message", "everyone", text, { clientId: newId() });
    if (!answer?.success) throw new Error(answer?.error ?? words("notSent"));
    chat.put(answer.data, false);
    return answer.data.id;
  },
};

/** @param {Line} line @param {boolean} on */
async function turn(line, on) {
  if (!call.inside && $("lobby").hidden) throw new Error(words("notHere"));
  if ($(line).hidden) throw new Error(words("onlyViews"));
  await devices.turn(line, on);
  if (on && line === "microphone" && devices.barred) throw new Error(words("mutedByHost"));
  const [why] = devices.wrong([line]);
  if (on && why) throw new Error(why);
  return devices.isOn(line);
}

/** @param {Greeting} said */
function wear({ look, layout }) {
  if (look) dress(document, look);
  if (layout === undefined) return;
  embedder.layout = layout;
  if (embedder.layout === "grid") people.feature(null);
}

/** @param {Greeting} said */
function come({ name, join, start = [] }) {
  if (name && !claimsOf(token).name) $("name").value = name;
  if (join || start.includes("joined")) $("join").requestSubmit();
}

/** @param {Greeting} said */
function greeted(said) {
  if (call.inside) return;
  const isAnother = Boolean(said.token) && said.token !== token;
  // With another invitation, or out of the room, the page begins anew and is greeted again.
  if (!$("notice").hidden ? said.join : isAnother && !call.socket) location.reload();
  else if (!$("lobby").hidden) come(said);
}

export function attend() {
  embedder.serve(acts);
  embedder.told = (type, said) => {
    wear(said);
    if (type === "hello") greeted(said);
  };
  wear(greeting);
  if (!$("lobby").hidden) come(greeting);
}
