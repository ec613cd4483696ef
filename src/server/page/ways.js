// Which way media goes between this browser and each of the others: straight from one to the other, or by
// the server. With the third person a room goes over to the server: the old way to somebody is left only
// when both see and hear each other by the new one, and who cannot reach the server keeps the old.

import { Relay } from "./relay.js";
import { words } from "./texts.js";

/** @import { Report } from "./quality.js" */
/** @import { Source, Unseen, Wish } from "./relay.js" */

// From so many people on the server's way is taken.
const MANY = 3;
// How long the server's way to somebody may take before the straight one is tried, in milliseconds.
const GRACE = 8_000;
// How long somebody may be away from the server until it is said: who leaves the room is away as well.
const AWAY = 1_000;

export class Ways {
  #send;
  #show;
  #stands;
  #offer;
  #told;
  #unseen;
  #peers;
  /** @type {Relay | null} */
  #relay = null;
  #servers;
  /** @type {Map<Source, MediaStreamTrack | null>} */
  #tracks = new Map();
  /** @type {Set<string>} */
  #present = new Set();
  // The streams that come straight.
  /** @type {Map<string, {person: MediaStream, screen: MediaStream}>} */
  #straight = new Map();
  // Who was told that they are seen and heard by the server, and who said so of us.
  /** @type {Set<string>} */
  #informed = new Set();
  /** @type {Set<string>} */
  #confirmed = new Set();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #timers = new Map();
  /** @type {Wish[]} */
  #wishes = [];
  #way = "mesh";

  /**
   * @param {string} me
   * @param {RTCIceServer[]} servers
   * @param {{
   *   send: (id: string, make: () => object | null) => Promise<void>,
   *   show: (id: string, person: MediaStream, screen: MediaStream) => void,
   *   stands: (id: string, how: string) => void,
   *   offer: (sdp: string) => Promise<string | null>,
   *   told: (muted: boolean) => void,
   *   unseen: (pictures: Unseen[]) => void,
   * }} deeds as those of `Peers`; `offer` gives the server's answer to an offer, `told` says that a host
   *   muted this microphone, or does not any more, `unseen` what is sent that this browser cannot decode
   */
  constructor(me, servers, { send, show, stands, offer, told, unseen }) {
    this.#servers = servers;
    this.#send = send;
    this.#show = show;
    this.#stands = stands;
    this.#offer = offer;
    this.#told = told;
    this.#unseen = unseen;
    /** @type {(id: string, person: MediaStream, screen: MediaStream) => void} */
    const straight = (id, person, screen) => {
      this.#straight.set(id, { person, screen });
      this.#display(id);
    };
    const says = { connecting: words("connecting"), reconnecting: words("reconnecting") };
    this.#peers = new Peers(me, servers, send, straight, (id, how) => this.#isRelayed(id) || stands(id, how), says);
  }

  /** All with whom there is a way. */
  get ids() {
    return [...new Set([...this.#peers.ids, ...this.#present])];
  }

  /**
   * What is counted of the ways to the others.
   * @returns {Promise<Map<string, Report>>}
   */
  async reports() {
    /** @type {Map<string, Report>} */
    const reports = (await this.#relay?.reports()) ?? new Map();
    for (const [id, connection] of this.#peers.connections) {
      if (reports.has(id) || connection.connectionState !== "connected") continue;
      reports.set(id, { counts: [...(await connection.getStats()).values()], due: true });
    }
    return reports;
  }

  /** @param {RTCIceServer[]} servers */
  set servers(servers) {
    this.#servers = servers;
    this.#peers.servers = servers;
  }

  /** @param {RTCIceServer[]} servers */
  renew(servers) {
    this.#servers = servers;
    this.#peers.renew(servers);
    this.#relay?.renew(servers);
  }

  /** @param {Source} line @param {MediaStreamTrack | null} track */
  async set(line, track) {
    this.#tracks.set(line, track);
    await Promise.all([this.#peers.set(line, track), this.#relay?.set(line, track)]);
  }

  /**
   * These are in the room, and media goes in it this way.
   * @param {string[]} ids
   * @param {string} way `mesh`, `auto` or `relayed`
   */
  meet(ids, way) {
    for (const id of this.#present) if (!ids.includes(id)) this.remove(id);
    for (const id of this.#peers.ids) if (!ids.includes(id)) this.#peers.remove(id);
    this.#present = new Set(ids);
    // A server that began anew knows nothing of the connection that there was.
    if (this.#relay && (way === "auto" || !this.#relay.isConnected)) this.#relay.open();
    this.#choose(way);
    this.#way = way;
    for (const id of ids) this.#reach(id);
  }

  /** Somebody came in; whoever comes calls. @param {string} id */
  came(id) {
    this.#present.add(id);
    this.#choose(this.#way);
  }

  /** @param {string} way */
  #choose(way) {
    if (this.#relay || way === "mesh" || (way === "auto" && this.#present.size + 1 < MANY)) return;
    this.#relay = new Relay(this.#servers, this.#offer, (id) => this.#look(id), (how) => this.#turn(how), this.#told, this.#unseen);
    for (const [line, track] of this.#tracks) this.#relay.set(line, track);
    this.#relay.wish(this.#wishes);
    this.#relay.open();
  }

  /** Calls somebody, unless they are to be had by the server. @param {string} id */
  #reach(id) {
    clearTimeout(this.#timers.get(id));
    if (!this.#relay) return this.#call(id);
    const straight = () => this.#present.has(id) && !this.#isRelayed(id) && this.#call(id);
    this.#timers.set(id, setTimeout(straight, GRACE));
  }

  /** @param {string} id */
  #call(id) {
    this.#peers.call(id).catch((error) => console.warn("no call", error));
  }

  /** The server's way is there, or is not any more. @param {"there" | "lost" | "gone"} how */
  #turn(how) {
    if (how === "there") return;
    if (how === "gone") this.#informed.clear();
    for (const id of this.#present) if (this.#miss(id) && how === "gone") this.#reach(id);
  }

  /** Tells it if nothing comes from somebody by any way. Says whether that is so. @param {string} id */
  #miss(id) {
    // A call that was begun once and never came about carries nothing.
    const isStraight = this.#peers.connections.get(id)?.connectionState === "connected";
    if (!this.#present.has(id) || this.#isRelayed(id) || isStraight) return false;
    this.#stands(id, words("reconnecting"));
    return true;
  }

  /** @param {string} id */
  #isRelayed(id) {
    return Boolean(this.#relay?.has(id));
  }

  /** Something about somebody's way by the server is otherwise. @param {string} id */
  #look(id) {
    if (!this.#isRelayed(id)) {
      // What they said before we knew of their way counts all the same.
      if (this.#informed.delete(id)) {
        this.#confirmed.delete(id);
        setTimeout(() => this.#miss(id), AWAY);
      }
    } else if (this.#relay?.flows(id) && !this.#informed.has(id)) {
      this.#informed.add(id);
      this.#send(id, () => (this.#isRelayed(id) ? { relayed: true } : null));
    }
    this.#leaveOld(id);
    this.#display(id);
  }

  /** Leaves the old way once both have the new one. @param {string} id */
  #leaveOld(id) {
    if (!this.#informed.has(id) || !this.#confirmed.has(id)) return;
    this.#peers.remove(id);
    this.#straight.delete(id);
  }

  /** @param {string} id */
  #display(id) {
    const straight = this.#straight.get(id);
    const relayed = this.#isRelayed(id) && (this.#relay?.flows(id) || !straight);
    const streams = relayed ? this.#relay?.streams(id) : straight;
    if (relayed) this.#stands(id, "");
    if (streams) this.#show(id, streams.person, streams.screen);
  }

  /** @param {string} from @param {any} data */
  signal(from, data) {
    if (!data?.relayed) return this.#peers.signal(from, data);
    this.#confirmed.add(from);
    this.#look(from);
  }

  /** What is seen here, most wanted first. @param {Wish[]} videos */
  wish(videos) {
    this.#wishes = videos;
    this.#relay?.wish(videos);
  }

  levels() {
    return new Map([...this.#peers.levels(), ...(this.#relay?.levels() ?? [])]);
  }

  /** @param {string} id */
  remove(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#present.delete(id);
    this.#informed.delete(id);
    this.#confirmed.delete(id);
    this.#straight.delete(id);
    this.#peers.remove(id);
  }

  // All ways end.
  close() {
    for (const id of [...this.#present, ...this.#peers.ids]) this.remove(id);
    this.#peers.clear();
    this.#relay?.close();
    this.#relay = null;
  }

  /**
   * This browser has another place in the room than before: with the old one all ways ended.
   * @param {string} me
   */
  anew(me) {
    this.close();
    this.#peers.me = me;
  }
}
