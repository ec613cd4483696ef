// The lobby: what the others will see and hear.

import { claimsOf } from "./closed.js";
import { $, press, recall, remember, show, tell } from "./elements.js";
import { enter } from "./events.js";
import { sendState } from "./sending.js";
import { call, devices, greeting, token } from "./state.js";
import { words } from "./texts.js";

export async function lobby() {
  show("lobby");
  // Whom their invitation names need not say it again.
  $("name").value = claimsOf(token).name ?? recall("localStorage", "tok:name") ?? "";
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
  $("join").onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (call.socket) return;
    stop();
    devices.changed = sendState;
    remember("localStorage", "tok:name", $("name").value);
    tell(words("joining"));
    enter($("name").value);
  };
  check();
  await devices.open(offAtFirst(greeting));
  asking = false;
  if (!call.socket) check();
}
