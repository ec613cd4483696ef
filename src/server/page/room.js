// The room page: what its buttons do, and where it begins.

import { attend } from "./attending.js";
import { $, say, tell } from "./elements.js";
import "./ending.js";
import { notice } from "./leaving.js";
import { lobby } from "./lobby.js";
import { chat, people } from "./parts.js";
import "./renaming.js";
import { pickUp } from "./ring.js";
import "./watching.js";
import { call, devices, problem, title, token, wanted } from "./state.js";
import { words } from "./texts.js";

for (const line of LINES) {
  $(line).onclick = async () => {
    await devices.turn(line, !devices.isOn(line));
    const [why] = devices.wrong([line]);
    if (why) tell(why);
  };
}
devices.ended = (line) => {
  const isReplaced = line === "microphone" && devices.microphone;
  const text = words(isReplaced ? "microphoneOther" : `${line}Gone`);
  tell(text);
  say(text);
};
for (const panel of ["people", "chat"]) {
  $(`show-${panel}`).onclick = () => {
    const open = $(`${panel}-panel`).hidden;
    for (const other of ["people", "chat"]) {
      const on = other === panel && open;
      $(`${other}-panel`).hidden = !on;
      $(`show-${other}`).setAttribute("aria-expanded", String(on));
    }
    if (open && panel === "people") people.showBanned();
    if (open && panel === "chat") {
      chat.read();
      $("text").focus();
    }
  };
}

addEventListener("online", () => call.socket?.hurry());
// Another invitation to the same room, typed or pasted into this tab.
addEventListener("hashchange", () => {
  if (new URLSearchParams(location.hash.slice(1)).has("token")) location.reload();
});
// Leaving by mistake is asked about.
addEventListener("beforeunload", (event) => {
  if (call.inside) event.preventDefault();
});
// What came while nobody looked is seen now.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !$("chat-panel").hidden) chat.read();
});
// A reload is no leaving: the seat is kept for a moment. The others need not look at a picture that
// stands still meanwhile.
addEventListener("pagehide", () => {
  for (const id of call.peers?.ids ?? []) call.socket?.emit("signal", id, { going: true });
  call.socket?.abandon();
});
// A page that is shown again out of the browser's memory is out of the call.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (wanted && token) {
  pickUp(wanted);
} else if (problem) {
  notice(title, words(problem));
} else {
  lobby();
}
attend();
