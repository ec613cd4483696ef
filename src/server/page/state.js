// What all parts of the page share: whose call this is, and how it stands.

import { Devices } from "./devices.js";
import { recall, remember } from "./elements.js";

/** @import { Key } from "./texts.js" */
/** @import { Ways } from "./ways.js" */

/**
 * Who this page is in the room.
 * @typedef {object} Me
 * @property {string} id
 * @property {string} key what gives the place back after a break
 * @property {string} role
 * @property {RTCIceServer[] | null} [iceServers]
 * @property {string} [media] how media goes in the room: `mesh`, `auto` or `relayed`
 */
/** @typedef {{cameraEnabled: boolean, microphoneEnabled: boolean, screenEnabled: boolean}} MediaState */
/**
 * Somebody in the room.
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} role
 * @property {boolean} isMe
 * @property {boolean} isHost
 * @property {boolean} isAlive
 * @property {boolean} isWaiting
 * @property {MediaState} [mediaState]
 * @property {string} [userId] who they are, as their token says
 * @property {boolean} [nameGiven] whether their token says what they are called
 */
/** @typedef {{type: number, participantId: string}} Reaction */
/**
 * @typedef {object} Message
 * @property {string} id
 * @property {string} from
 * @property {string} name
 * @property {string} to
 * @property {string} content
 * @property {string} created
 * @property {boolean} [edited]
 * @property {Reaction[]} reactions
 */

const page = /** @type {{room: string, title: string, problem: Key | "untold" | "", embedders: string}} */ ({ ...document.body.dataset });
export const { room, title } = page;
// Whether the server tells strangers that there is this room.
export const told = page.problem !== "untold";
export const problem = page.problem === "untold" ? "" : page.problem;

const REMEMBERED = `tok:${room}`;

// The call that a notification was pressed for, which opened this page.
export const wanted = new URLSearchParams(location.hash.slice(1)).get("answer");

// The site that shows this page, if one does, and what it wants.
export const embedder = new Embedder(window, page.embedders.split(" ").filter(Boolean));
export const greeting = await embedder.greeting;

export const token = greeting.token ?? invitation();

export const devices = new Devices();

export const call = {
  // What this person is called.
  name: "",
  /** @type {Socket | null} */
  socket: null,
  /** @type {Ways | null} */
  peers: null,
  /** @type {Me | null} */
  mine: null,
  // Whether this page takes part: not in the lobby, nor waiting to be let in.
  inside: false,
  // Whether devices are to be asked for only once it is sure that this person may come in.
  unasked: false,
};

// The token of the link. It goes out of the address bar at once: whoever copies the link copies
// nobody's right. A reload finds it again, another page or tab does not.
function invitation() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  const kept = `${REMEMBERED}:token`;
  const [came] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (given !== null) history.replaceState(history.state, "", location.pathname + location.search);
  if (given === null && came?.type === "reload") return recall("sessionStorage", kept) ?? undefined;
  remember("sessionStorage", kept, given);
  return given ?? undefined;
}

/**
 * Who this tab was in the room before.
 * @returns {{id?: string, key?: string}}
 */
export function credential() {
  try {
    return JSON.parse(recall("sessionStorage", REMEMBERED) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * Keeps who this tab is in the room; null forgets it.
 * @param {{id: string, key: string} | null} keys
 */
export function keep(keys) {
  remember("sessionStorage", REMEMBERED, keys && JSON.stringify(keys));
}
