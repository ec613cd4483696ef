// The lobby: what the others will see and hear.

import { claimsOf, isNamed, saysWho } from "./closed.js";
import { $, press, recall, remember, show, tell } from "./elements.js";
import { connect, enter } from "./events.js";
import { sendState } from "./sending.js";
import { call, credential, devices, greeting, told, token } from "./state.js";
import { words } from "./texts.js";

// What shows how somebody will be seen and heard.
const LOOKS = ["preview", "level", "lobby-microphone", "lobby-camera", "lobby-turn", "lobby-choose"];

export async function lobby() {
  show("lobby");
  // Who can show nothing to a room that is closed, or is not there, is asked for nothing: it says so at once.
  if (!told && !token && !credential().key && window.parent === window) {
    for (const id of [...LOOKS, "join"]) $(id).hidden = true;
    call.unasked = true;
    tell(words("joining"), true);
    return enter(recall("localStorage", "tok:name") ?? "");
  }
  // Whom their invitation names need not say it again, and cannot where it also says who they are.
  $("name").value = claimsOf(token).name ?? recall("localStorage", "tok:name") ?? "";
  $("name").readOnly = isNamed(token);
  if (isNamed(token)) $("name").title = words("nameGiven");
  let stop = () => {};
  let asking = true;
  const check = () => {
    stop();
    press("lobby-microphone", devices.isOn("microphone"));
    press("lobby-camera", devices.isOn("camera"));
    $("preview").srcObject = devices.camera ? new MediaStream([devices.camera]) : null;
    const wrong = devices.wrong();
    const fine = asking ? words("askingForDevices") : words("devicesWork");
    $("devices").textContent = wrong.join(" ") || fine;
    stop = devices.meter((loud) => ($("level").value = loud));
  };
  devices.changed = check;
  for (const line of /** @type {const} */ (["microphone", "camera"])) {
    $(`lobby-${line}`).onclick = async () => {
      await devices.turn(line, !devices.isOn(line));
      check();
    };
  }
  // Whom the server knows it rings already here.
  const socket = token && saysWho(token) ? connect() : null;
  const watches = claimsOf(token).role === "viewer";
  let entered = false;
  $("join").onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (entered) return;
    entered = true;
    stop();
    devices.changed = sendState;
    if (!isNamed(token)) remember("localStorage", "tok:name", $("name").value);
    tell(words("joining"), true);
    enter($("name").value);
  };
  // Who only looks and listens is asked for nothing, nor is who may well not come in.
  call.unasked = !watches && !told && !token;
  if (watches || call.unasked) {
    for (const id of LOOKS) $(id).hidden = true;
    $("devices").textContent = words(watches ? "listenOnly" : "askedLater");
    return;
  }
  check();
  await devices.open(offAtFirst(greeting));
  asking = false;
  if (!entered && call.socket === socket) check();
}
