// Into the room, and back into it after a break.

import { offerClosed } from "./closed.js";
import { gesture, greetAll, tellBarred } from "./gestures.js";
import { $, press, rest, say, show, tell, tellRisen } from "./elements.js";
import { stayAwake } from "./keys.js";
import { atLeaving, notice } from "./leaving.js";
import { people } from "./parts.js";
import { sendMedia, sendState, showWaiting, stands, unseen } from "./sending.js";
import { PASSING, ask, pass } from "./server.js";
import { call, credential, devices, embedder, keep, room, title, token } from "./state.js";
import { words } from "./texts.js";
import { Ways } from "./ways.js";

/** @import { Me } from "./state.js" */

/** @import { Key } from "./texts.js" */

/** @type {Record<number, Key>} */
const REASONS = {
  404: "noRoom",
  403: "cannotComeIn",
  409: "notNow",
  429: "tooMany",
  503: "busy",
};

// From so many on everybody's picture is made small where each sends to each.
const CROWD = 9;

// Signals that came before the call began here.
/** @type {[string, unknown][]} */
const early = [];
atLeaving(() => (early.length = 0));

/** @param {string} name @param {{id?: string, key?: string}} keys */
export async function join(name, keys = credential()) {
  let answer;
  // What came over an earlier connection is of calls that may be over.
  early.length = 0;
  // Both come anew: what was said before of the room, and of how media goes in it, may be over.
  answered = false;
  summed = undefined;
  hostless = false;
  try {
    answer = await call.socket?.ask("join-room", room, name, { ...keys, token, resumes: true });
  } catch {
    return; // It comes again with the next connection.
  }
  if (!answer) return;
  if (answer.success) return joined(answer.data);
  const { status, error, reason } = answer;
  // Who was sent out, but not for good, comes in as somebody new.
  if (status === 403 && keys.key) {
    keep(null);
    return join(name, {});
  }
  // What is said of it in their language: also to who was gone for too long.
  if (reason === "room_locked") return notice(words("isLocked"), words("lockedOut"), true);
  // Nobody is thrown out of a call because the server was busy as they came back.
  if (call.inside && PASSING.includes(status)) {
    tell(words("again", { why: error }), true);
    setTimeout(() => call.socket?.connected && join(name), 2000 + 2000 * Math.random());
    return;
  }
  const heading = reason === "room_full" ? "isFull" : REASONS[status] ?? "cannotJoin";
  notice(words(heading), error, status !== 404);
}

/** @param {Me & {waiting: boolean, resumed: boolean}} answer */
function joined({ id, key, role, waiting, resumed, iceServers, media }) {
  reloaded = resumed && !call.inside;
  // The others closed their ends of calls with somebody who was gone.
  if (!resumed) call.peers?.anew(id);
  // Where they still are muted, the server says so again.
  if (!resumed) bar(false);
  if (!resumed) people.hands.keep(id);
  call.mine = { id, key, role, iceServers, media };
  answered = true;
  keep({ id, key });
  people.stands(id, "");
  offer();
  if (waiting) {
    show("call");
    tell(words("waiting"), true);
    wait(true);
    call.mine.iceServers = null;
    $("leave").focus();
  } else {
    started();
  }
}

// Whether nobody is there who could let in who waits.
let hostless = false;

/**
 * Somebody is there who can let in who waits here, or nobody is.
 * @param {"there" | "away"} how
 */
export function hosted(how) {
  hostless = how === "away";
  if ($("waiting").hidden) return;
  tellWaiting();
  say($("waiting-text").textContent ?? "");
}

function tellWaiting() {
  $("waiting-text").textContent = words(hostless ? "waitingHostless" : "waitingFor", { room: title });
}

/**
 * Shows that this person waits, and what the others will see and hear of them.
 * @param {boolean} waits
 */
function wait(waits) {
  $("waiting").hidden = !waits;
  $("grid").hidden = waits;
  tellWaiting();
  showWaiting();
  for (const line of LINES) press(line, devices.isOn(line));
}

// Viewers are offered nothing by which they would be seen, heard or read.
export function offer() {
  const viewer = call.mine?.role === "viewer";
  if (viewer) devices.stop();
  for (const control of [...LINES, "write", "receiver", "choose", "react"]) $(control).hidden = viewer;
  if (!devices.showsScreens) $("screen").hidden = true;
}

// Answers and summaries come in any order; the call begins with the later of them.
/** @type {string | undefined} */
let summed;
let answered = false;
let risen = false;
// Whether this page takes the place of one that knew more: nobody hears that it came.
let reloaded = false;
/** @param {import("./state.js").Person | undefined} me who this page is, as a summary says */
export function summary(me) {
  summed = me?.id;
  // Who waited longest runs the room when its last host goes, and is told of it by what they find.
  risen = me?.role === "host" && call.mine?.id === me.id && call.mine.role === "participant";
  if (risen && call.mine) call.mine.role = "host";
  started();
}

function started() {
  const { mine } = call;
  if (!mine || !answered || summed !== mine.id) return;
  if (!mine.iceServers) return reach(mine);
  tell("");
  if (call.inside) sendMedia();
  const peers = call.inside && call.peers ? call.peers : begin(mine, mine.iceServers);
  peers.servers = mine.iceServers;
  const others = people.present.filter(({ id, isWaiting }) => id !== mine.id && !isWaiting);
  peers.meet(others.map(({ id }) => id), mine.media ?? "mesh");
  greetAll(reloaded);
  reloaded = false;
  count();
  if (risen) tellRisen();
  risen = false;
}

let crowded = false;
// Tells it when so many are there that everybody's picture is made small.
export function count() {
  const inside = people.present.filter(({ isWaiting }) => !isWaiting);
  const isCrowd = call.mine?.media === "mesh" && inside.length >= CROWD;
  if (isCrowd && !crowded) tell(words("crowded"));
  crowded = isCrowd;
}

/**
 * From here on whoever calls is heard: nothing may be waited for, or their calls are lost.
 * @param {Me} mine
 * @param {RTCIceServer[]} servers
 */
function begin(mine, servers) {
  call.inside = true;
  wait(false);
  show("call");
  offerClosed(token);
  const peers = new Ways(mine.id, servers, {
    send: pass,
    show: (...streams) => people.stream(...streams),
    stands,
    offer: offerMedia,
    told: bar,
    unseen,
  });
  call.peers = peers;
  people.arranged = (seen) => call.peers?.wish(seen);
  for (const line of LINES) sendState(line);
  for (const [from, data] of early.splice(0)) peers.signal(from, data);
  stayAwake();
  if (call.unasked && mine.role !== "viewer") devices.open();
  embedder.joined({ ...mine, name: people.name(mine.id) ?? "" }, people.present);
  $("microphone").focus();
  return peers;
}

/**
 * A host muted this microphone, and the server passes nothing on of it; or lets this person speak again.
 * @param {boolean} barred
 */
export function bar(barred) {
  if (barred === devices.barred) return;
  devices.bar(barred);
  tellBarred();
  if (barred) devices.refused();
  else tell("");
}
devices.refused = () => tell(words("mutedByHost"), true);

/**
 * The server's answer to an offer of this browser; nothing if there is none now.
 * @param {string} sdp
 * @returns {Promise<string | null>}
 */
async function offerMedia(sdp) {
  try {
    const answer = await call.socket?.ask("media-offer", sdp);
    return answer?.success ? answer.data.sdp : null;
  } catch {
    return null;
  }
}

/** @param {string} from @param {any} data */
export function signal(from, data) {
  if (data?.going) return people.goes(from);
  people.comes(from);
  if (gesture(from, data)) return;
  if (call.peers) call.peers.signal(from, data);
  else early.push([from, data]);
}

/**
 * Who waited is told how to reach the others with the word that they are in; who missed it asks.
 * @param {Me} me
 */
async function reach(me) {
  await rest(1000);
  if (me !== call.mine || me.iceServers || !call.socket) return;
  const servers = (await ask("ice-servers")) ?? [];
  me.iceServers ??= servers;
  if (me === call.mine && call.socket) started();
}

/** @param {RTCIceServer[] | undefined} servers */
export function admitted(servers) {
  if (call.mine) call.mine.iceServers ??= servers;
  started();
}

/**
 * The credentials of the servers are short-lived; fresh ones come before they end.
 * @param {RTCIceServer[]} servers
 */
export function renew(servers) {
  if (!call.mine?.iceServers) return;
  call.mine.iceServers = servers;
  call.peers?.renew(servers);
}
