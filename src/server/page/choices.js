// Devices that people choose for themselves, and the link that they pass on.

import { $, icon, recall, remember, tell } from "./elements.js";
import { devices } from "./state.js";
import { words } from "./texts.js";

const SPEAKER = "tok:speaker";
// Kinds of devices, and the element where one is chosen.
const KINDS = /** @type {const} */ ({ microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" });

// Whether sound can go to another loudspeaker than the usual one.
const choosesSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/**
 * Lets a picture be heard through the loudspeaker that was chosen, if it is there.
 * @param {HTMLVideoElement} video
 */
export function hearThrough(video) {
  const speaker = recall("localStorage", SPEAKER) ?? "";
  if (!choosesSpeaker || video.sinkId === speaker) return;
  video.setSinkId(speaker).catch((/** @type {unknown} */ error) => console.warn("the usual loudspeaker is used", error));
}

/** @param {string} id */
async function chooseSpeaker(id) {
  remember("localStorage", SPEAKER, id);
  for (const video of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll("#grid video"))) hearThrough(video);
}

// Fills the choices with what there is now.
async function fillChoices() {
  for (const line of /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS))) {
    const select = $(`choose-${line}`);
    const found = line === "speaker" && !choosesSpeaker ? [] : await devices.all(KINDS[line]);
    const options = found.map(({ deviceId, label }, at) => new Option(label || words(`${line}Number`, { number: at + 1 }), deviceId));
    select.replaceChildren(...(options.length ? options : [new Option(words("usual"), "")]));
    select.disabled = found.length < 2;
    const used = line === "speaker" ? recall("localStorage", SPEAKER) : devices.used(line);
    if (used && found.some(({ deviceId }) => deviceId === used)) select.value = used;
  }
}

// A short sound through the chosen loudspeaker.
async function testSpeaker() {
  const audio = new AudioContext();
  const speaker = recall("localStorage", SPEAKER);
  // Not in every browser.
  const { setSinkId } = /** @type {{setSinkId?: (id: string) => Promise<void>}} */ (/** @type {unknown} */ (audio));
  if (speaker) await setSinkId?.call(audio, speaker).catch(() => {});
  const [tone, loud] = [audio.createOscillator(), audio.createGain()];
  loud.gain.value = 0.2;
  tone.connect(loud).connect(audio.destination);
  tone.onended = () => audio.close();
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

function openChoices() {
  fillChoices();
  $("choice-problem").textContent = "";
  $("choices").showModal();
}

for (const line of /** @type {const} */ (["microphone", "camera"])) {
  const select = $(`choose-${line}`);
  select.onchange = async () => {
    const why = await devices.choose(line, select.value);
    const text = why && words("beforeAgain", { why });
    $("choice-problem").textContent = text;
    if (!why) return;
    tell(text);
    await fillChoices();
  };
}
// The camera on the other side of a phone.
export async function turnCamera() {
  const why = await devices.turnAround();
  if (why) tell(words("beforeAgain", { why }));
}
$("lobby-turn").onclick = turnCamera;
$("choose-speaker").onchange = () => chooseSpeaker($("choose-speaker").value);
$("test-speaker").onclick = testSpeaker;
for (const id of ["choose", "lobby-choose"]) $(id).onclick = openChoices;
for (const dialog of document.querySelectorAll("dialog")) dialog.querySelector(".close")?.addEventListener("click", () => dialog.close());
$("show-help").onclick = () => $("help").showModal();
navigator.mediaDevices?.addEventListener?.("devicechange", () => $("choices").open && fillChoices());

// The address of the room, without anybody's right.
$("copy-link").onclick = async () => {
  const link = location.origin + location.pathname;
  try {
    await navigator.clipboard.writeText(link);
    tell(words("linkCopied"));
  } catch {
    // Not on pages without https: then it is shown, to be copied by hand.
    tell(words("linkShown", { link }));
  }
};

for (const control of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-icon]"))) {
  control.prepend(icon(control.dataset.icon ?? ""));
}
