// What people choose for themselves in the call: devices, keys, the link, a screen that stays awake.

const SPEAKER = "tok:speaker";
// Kinds of devices, and the element where one is chosen.
const KINDS = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };
// What keys do while nobody writes, as the buttons say it.
const KEYS = { m: "microphone", v: "camera", s: "screen", p: "show-people", c: "show-chat", l: "copy-link", "?": "show-help" };

// Whether sound can go to another loudspeaker than the usual one.
const choosesSpeaker = "setSinkId" in HTMLMediaElement.prototype;

// Lets a picture be heard through the loudspeaker that was chosen, if it is there.
function hearThrough(video) {
  const speaker = recall("localStorage", SPEAKER) ?? "";
  if (!choosesSpeaker || video.sinkId === speaker) return;
  video.setSinkId(speaker).catch((error) => console.warn("the usual loudspeaker is used", error));
}

async function chooseSpeaker(id) {
  remember("localStorage", SPEAKER, id);
  for (const video of document.querySelectorAll("#grid video")) hearThrough(video);
}

// Fills the choices with what there is now.
async function fillChoices() {
  for (const [line, kind] of Object.entries(KINDS)) {
    const select = $(`choose-${line}`);
    const found = line === "speaker" && !choosesSpeaker ? [] : await devices.all(kind);
    const options = found.map(({ deviceId, label }, at) => new Option(label || `${line} ${at + 1}`, deviceId));
    select.replaceChildren(...(options.length ? options : [new Option("The usual one", "")]));
    select.disabled = found.length < 2;
    const used = line === "speaker" ? recall("localStorage", SPEAKER) : devices.used(line);
    if (found.some(({ deviceId }) => deviceId === used)) select.value = used;
  }
}

// A short sound through the chosen loudspeaker.
async function testSpeaker() {
  const audio = new AudioContext();
  const speaker = recall("localStorage", SPEAKER);
  if (speaker && audio.setSinkId) await audio.setSinkId(speaker).catch(() => {});
  const [tone, loud] = [audio.createOscillator(), audio.createGain()];
  loud.gain.value = 0.2;
  tone.connect(loud).connect(audio.destination);
  tone.onended = () => audio.close();
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

function openChoices() {
  fillChoices();
  $("choices").showModal();
}

for (const line of ["microphone", "camera"]) $(`choose-${line}`).onchange = ({ target }) => devices.choose(line, target.value);
$("choose-speaker").onchange = ({ target }) => chooseSpeaker(target.value);
$("test-speaker").onclick = testSpeaker;
for (const id of ["choose", "lobby-choose"]) $(id).onclick = openChoices;
for (const dialog of document.querySelectorAll("dialog")) dialog.querySelector(".close").onclick = () => dialog.close();
$("show-help").onclick = () => $("help").showModal();
navigator.mediaDevices?.addEventListener?.("devicechange", () => $("choices").open && fillChoices());

// The address of the room, without anybody's right.
$("copy-link").onclick = async () => {
  const link = location.origin + location.pathname;
  try {
    await navigator.clipboard.writeText(link);
    tell("The link is copied.");
  } catch {
    // Not on pages without https: then it is shown, to be copied by hand.
    tell(`The link: ${link}`);
  }
};

const writes = ({ target }) => target.closest("input, textarea, select, dialog");

addEventListener("keydown", (event) => {
  const control = KEYS[event.key] && $(KEYS[event.key]);
  if ($("call").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat || writes(event)) return;
  // Held down it lets one speak for so long.
  if (event.key === " " && !event.target.closest("button, a, [tabindex]") && !devices.isOn("microphone")) {
    event.preventDefault();
    speaksWhile();
  } else if (control && !control.hidden) {
    event.preventDefault();
    control.click();
  }
});

async function speaksWhile() {
  const released = new Promise((resolve) => {
    addEventListener("keyup", ({ key }) => key === " " && resolve());
    addEventListener("blur", resolve, { once: true });
  });
  await devices.turn("microphone", true);
  await released;
  await devices.turn("microphone", false);
}

// The screen stays on for as long as the call is shown.
async function stayAwake() {
  if (!inside || document.visibilityState !== "visible") return;
  // A low battery may refuse it; the call goes on.
  await navigator.wakeLock?.request("screen").catch(() => {});
}
document.addEventListener("visibilitychange", stayAwake);

for (const control of document.querySelectorAll("[data-icon]")) control.prepend(icon(control.dataset.icon));
