// What this page sends of its person, and how loud everybody is.

import { $, press, say } from "./elements.js";
import { atLeaving } from "./leaving.js";
import { people } from "./parts.js";
import { call, devices, embedder } from "./state.js";
import { words } from "./texts.js";

/** @import { Line } from "./devices.js" */
/** @import { Unseen } from "./relay.js" */

export function sendMedia() {
  if (!call.mine) return;
  people.put({ id: call.mine.id, mediaState: devices.state });
  embedder.tell("media", devices.state);
  if (call.mine.role !== "viewer") call.socket?.emit("update-mediaState", devices.state);
}

/** @param {MediaStreamTrack | null} track */
const streamOf = (track) => (track ? new MediaStream([track]) : null);

// What the others will see of who waits.
export function showWaiting() {
  $("waiting-preview").srcObject = $("waiting").hidden ? null : streamOf(devices.camera);
}

/**
 * Shows how a line is, and sends it to the others.
 * @param {Line} line
 */
export async function sendState(line) {
  press(line, devices.isOn(line));
  if (!$("waiting").hidden) showWaiting();
  const { inside, peers, mine } = call;
  if (!inside || !peers || !mine) return;
  const sent = (/** @type {Line | "sound"} */ part) => (mine.role === "viewer" ? null : devices[part]);
  if (line === "microphone") measure();
  await peers.set(line, sent(line));
  if (line === "screen") await peers.set("sound", sent("sound"));
  people.stream(mine.id, streamOf(devices.camera), streamOf(devices.screen));
  sendMedia();
}

/**
 * Tells how the call with somebody is, also to people who do not see it.
 * @param {string} id
 * @param {string} how
 */
export function stands(id, how) {
  if (people.stands(id, how) && how) say(words("standing", { name: people.name(id) ?? words("somebody"), how }));
}

/**
 * These pictures are sent, and do not come.
 * @param {Unseen[]} pictures
 */
export function unseen(pictures) {
  for (const { participant, why } of people.unseen(pictures)) {
    say(words("standing", { name: people.name(participant) ?? words("somebody"), how: words(why) }));
  }
}

// How loud this microphone is, and who speaks.
const speakers = new Speakers();
let loudness = 0;
let unmeasured = () => {};
function measure() {
  unmeasured();
  loudness = 0;
  unmeasured = devices.meter((loud) => (loudness = loud));
}
atLeaving(() => unmeasured());
setInterval(() => {
  if (!call.peers || !call.mine) return;
  const levels = call.peers.levels();
  levels.set(call.mine.id, loudness);
  const speaking = speakers.hear(levels, performance.now());
  people.speak(speaking);
  embedder.speaks(speaking, people);
}, 100);
