// Media between this browser and each of the others: one RTCPeerConnection for each. Whoever comes
// in calls those who are there. A call has four lines for ever, microphone, camera, screen and what is
// heard of the screen, so that turning something on or off only swaps a track and never asks the other side. A call that
// breaks is mended for as long as both are there: whoever called offers a new path, whoever was
// called asks for one, and if that does not help either calls anew.

// What people turn on and off,
/** @type {("microphone" | "camera" | "screen")[]} */
const LINES = ["microphone", "camera", "screen"];
// and what goes with it.
const SENT = [...LINES, "sound"];
const AUDIBLE = ["microphone", "sound"];
// What a camera may send to each of the others, by how many there are: bits a second, and by how much
// its picture is made smaller. Everybody sends to everybody: what is sent grows with each.
const SHARES = [
  { others: 1, rate: 1_200_000, smaller: 1 },
  { others: 3, rate: 600_000, smaller: 1 },
  { others: 7, rate: 300_000, smaller: 2 },
  { others: Infinity, rate: 120_000, smaller: 4 },
];
// What a screen may send to each, in bits a second.
const SCREEN_BITS = 1_500_000;
// How long a path may be gone before anything is done, in milliseconds: most come back at once.
const BLINK = 4000;
// How long an offer waits for its answer until it is sent again.
const UNANSWERED = 5000;
// How long a broken call may take to be well before it is mended once more.
const MENDING = 8000;
// How long a new one may: slow machines on slow lines need their time.
const CONNECTING = 20000;
// How often a call is mended until it is begun anew.
const REPAIRS = 2;
// Candidates of one person that are kept until the offer comes to which they belong.
const STRAYS = 100;
// Says that there are no more candidates.
const LAST = { candidate: "" };

/** @typedef {{call: string, description?: RTCSessionDescription | null, candidate?: RTCIceCandidateInit, restart?: boolean, again?: boolean}} Letter */
/** @typedef {(id: string, person: MediaStream, screen: MediaStream) => void} Show */

/**
 * A call with one of the others.
 * @typedef {object} Peer
 * @property {string} id
 * @property {string} call the name of this call, between the two
 * @property {boolean} calling whether it was begun here
 * @property {RTCPeerConnection} connection
 * @property {RTCIceCandidateInit[]} early candidates that came before their offer
 * @property {boolean} was whether a call with them was ever well
 * @property {boolean} broken
 * @property {boolean} answered
 * @property {number} repairs how often it was mended since it was last well
 * @property {number} unsent what is still to be said to them
 * @property {Promise<void>} work what is taken of their signals, one after the other
 * @property {{person: MediaStream, screen: MediaStream}} streams
 * @property {ReturnType<typeof setTimeout>} [timer]
 * @property {number} [heardAt]
 */

// What it says of a call where it is given no other words.
const SAYS = { connecting: "Connecting…", reconnecting: "Reconnecting…" };

// A name that nothing else has. `randomUUID` is not there on pages without https.
function newId() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}

class Peers {
  // What helps to reach the others, for calls that begin from now on.
  servers;
  // Who this browser is in the room.
  me;
  #send;
  #show;
  #stands;
  #says;
  /** @type {Map<string, Peer>} */
  #peers = new Map();
  /** @type {Map<string, MediaStreamTrack | null>} */
  #tracks = new Map();
  /** @type {Map<string, {call: string, candidate: RTCIceCandidateInit}[]>} */
  #strays = new Map();

  /**
   * @param {string} me
   * @param {RTCIceServer[]} servers
   * @param {(to: string, make: () => Letter | null) => Promise<void>} send passes on what `make` gives,
   *   again and again until it is passed on or `make` gives nothing any more
   * @param {Show} show shows two streams of somebody
   * @param {(id: string, how: string) => void} stands tells how the call with somebody is, nothing if it is well
   * @param {typeof SAYS} says
   */
  constructor(me, servers, send, show, stands, says = SAYS) {
    this.me = me;
    this.servers = servers;
    this.#send = send;
    this.#show = show;
    this.#stands = stands;
    this.#says = says;
  }

  get ids() {
    return [...this.#peers.keys()];
  }

  // The connections that there are, by whom they are with.
  get connections() {
    return new Map([...this.#peers].map(([id, { connection }]) => [id, connection]));
  }

  /**
   * Fresh credentials for the same servers: a path that is looked for from now on is found with them.
   * @param {RTCIceServer[]} servers
   */
  renew(servers) {
    this.servers = servers;
    for (const { connection } of this.#peers.values()) {
      if (connection.connectionState !== "closed") connection.setConfiguration({ iceServers: servers });
    }
  }

  /**
   * Sends `track` to everybody on `line`; null sends nothing.
   * @param {string} line
   * @param {MediaStreamTrack | null} track
   */
  async set(line, track) {
    this.#tracks.set(line, track);
    const at = SENT.indexOf(line);
    const swap = async (/** @type {Peer} */ { connection }) => connection.getTransceivers()[at]?.sender.replaceTrack(track);
    // A call that ends meanwhile takes nothing any more; the next one takes what there is then.
    await Promise.allSettled([...this.#peers.values()].map(swap));
  }

  /**
   * Calls somebody who is in the room, unless the call that there is still holds.
   * @param {string} id
   */
  async call(id) {
    const before = this.#peers.get(id);
    if (before && !["failed", "closed"].includes(before.connection.connectionState)) return;
    await this.#anew(id);
  }

  /** @param {string} id */
  async #anew(id) {
    const peer = this.#begin(id, newId(), true);
    for (const line of SENT) {
      const kind = AUDIBLE.includes(line) ? "audio" : "video";
      const { sender } = peer.connection.addTransceiver(kind, { direction: "sendrecv" });
      await sender.replaceTrack(this.#tracks.get(line) ?? null);
    }
    await this.#offer(peer);
  }

  /**
   * A call in place of the one before: if that was broken, it is broken until this one is well.
   * @param {string} id
   * @param {string} call
   * @param {boolean} calling
   */
  #begin(id, call, calling) {
    const { was = false, broken = false } = this.#peers.get(id) ?? {};
    const early = this.#kept(id, call);
    this.remove(id);
    const connection = new RTCPeerConnection({ iceServers: this.servers });
    const streams = { person: new MediaStream(), screen: new MediaStream() };
    /** @type {Peer} */
    const peer = { id, call, calling, connection, streams, early, was, broken, answered: false, repairs: 0, unsent: 0, work: Promise.resolve() };
    this.#peers.set(id, peer);
    connection.onicecandidate = ({ candidate }) => this.#pass(peer, () => ({ call, candidate: candidate ?? LAST }));
    connection.ontrack = ({ track, transceiver }) => {
      const at = connection.getTransceivers().indexOf(transceiver);
      const stream = ["screen", "sound"].includes(SENT[at]) ? peer.streams.screen : peer.streams.person;
      stream.addTrack(track);
      this.#show(id, peer.streams.person, peer.streams.screen);
    };
    // Browsers do not agree on which of the two says that a path is lost.
    connection.onconnectionstatechange = connection.oniceconnectionstatechange = () => this.#look(peer);
    this.#wait(peer, calling ? UNANSWERED : this.#patience(peer));
    return peer;
  }

  /** @param {Peer} peer */
  #patience({ broken }) {
    return broken ? MENDING : CONNECTING;
  }

  /**
   * Looks after the call in a while, unless it is well by then.
   * @param {Peer} peer
   * @param {number} time
   */
  #wait(peer, time) {
    clearTimeout(peer.timer);
    peer.timer = setTimeout(() => this.#mend(peer), time);
  }

  /** @param {Peer} peer */
  #look(peer) {
    const { connectionState, iceConnectionState } = peer.connection;
    const states = [connectionState, iceConnectionState];
    if (connectionState === "connected") this.#well(peer);
    else if (states.includes("failed")) this.#breaks(peer, 0);
    else if (states.includes("disconnected")) this.#breaks(peer, BLINK);
  }

  /** @param {Peer} peer */
  #well(peer) {
    clearTimeout(peer.timer);
    Object.assign(peer, { was: true, broken: false, repairs: 0 });
    this.#stands(peer.id, "");
    this.#share();
  }

  // Shares the line of this browser among all calls.
  #share() {
    const share = SHARES.find(({ others }) => this.#peers.size <= others) ?? SHARES[SHARES.length - 1];
    const { rate, smaller } = share;
    for (const { connection } of this.#peers.values()) {
      const [, camera, screen] = connection.getTransceivers().map(({ sender }) => sender);
      this.#bound(camera, { maxBitrate: rate, scaleResolutionDownBy: smaller });
      this.#bound(screen, { maxBitrate: SCREEN_BITS });
    }
  }

  /** @param {RTCRtpSender} sender @param {RTCRtpEncodingParameters} wanted */
  #bound(sender, wanted) {
    const parameters = sender?.getParameters?.();
    const [encoding] = parameters?.encodings ?? [];
    if (!parameters || !encoding) return;
    const now = new Map(Object.entries(encoding));
    if (Object.entries(wanted).every(([key, value]) => now.get(key) === value)) return;
    Object.assign(encoding, wanted);
    // A call that ends just now takes nothing any more.
    sender.setParameters(parameters).catch((/** @type {unknown} */ error) => console.warn("the line is not shared", error));
  }

  // How loud each of the others is just now, 0 to 1 by id. What was not heard again since it was asked
  // last is silent.
  levels() {
    /** @type {Map<string, number>} */
    const levels = new Map();
    for (const peer of this.#peers.values()) {
      const [source] = peer.connection.getReceivers()[0]?.getSynchronizationSources?.() ?? [];
      levels.set(peer.id, source && source.timestamp !== peer.heardAt ? source.audioLevel ?? 0 : 0);
      peer.heardAt = source?.timestamp;
    }
    return levels;
  }

  /** @param {Peer} peer @param {number} time */
  #breaks(peer, time) {
    // What is being mended already keeps its own time.
    if (!peer.broken) this.#wait(peer, time);
    peer.broken = true;
    this.#tell(peer);
  }

  /** @param {Peer} peer */
  #tell(peer) {
    this.#stands(peer.id, peer.was ? this.#says.reconnecting : this.#says.connecting);
  }

  /** @param {Peer} peer */
  #mend(peer) {
    if (!this.#holds(peer)) return;
    if (peer.connection.connectionState === "connected") return this.#well(peer);
    const unanswered = peer.calling && !peer.answered;
    peer.broken ||= !unanswered;
    this.#tell(peer);
    this.#wait(peer, unanswered ? UNANSWERED : MENDING);
    // As long as nothing can be said to them, nothing more is to be said.
    if (!peer.unsent) this.#repair(peer).catch((error) => console.warn("a call was not mended", error));
  }

  /**
   * Whether this is the call that there is.
   * @param {Peer} peer
   */
  #holds(peer) {
    return this.#peers.get(peer.id) === peer;
  }

  /** @param {Peer} peer */
  async #repair(peer) {
    const { call, calling, connection } = peer;
    peer.repairs += 1;
    // Whoever was called leaves it to the caller, but not for ever.
    if (peer.repairs > (calling ? REPAIRS : REPAIRS + 1)) return this.#anew(peer.id);
    if (!calling) return this.#pass(peer, () => ({ call, restart: true }));
    if (connection.signalingState === "have-local-offer") return this.#describe(peer);
    connection.restartIce();
    await this.#offer(peer);
  }

  /** @param {Peer} peer */
  async #offer(peer) {
    await peer.connection.setLocalDescription();
    this.#describe(peer);
  }

  /**
   * `again` says that it is about a call that both know.
   * @param {Peer} peer
   */
  #describe(peer) {
    const { call, connection, answered } = peer;
    this.#pass(peer, () => ({ call, description: connection.localDescription, again: answered || undefined }));
  }

  /**
   * Says something of a call, for as long as it is the one that there is.
   * @param {Peer} peer
   * @param {() => Letter | null} make
   */
  async #pass(peer, make) {
    peer.unsent += 1;
    await this.#send(peer.id, () => (this.#holds(peer) ? make() : null));
    peer.unsent -= 1;
  }

  /**
   * A signal of somebody. What comes from one person is taken in the order it comes.
   * @param {string} from
   * @param {any} data
   */
  signal(from, data) {
    if (!data?.call) return;
    let peer = this.#peers.get(from);
    if (!peer || peer.call !== data.call) {
      if (data.description?.type !== "offer" || data.again) return this.#keep(from, data);
      // Both called at once: the call of who has the smaller id holds.
      if (peer?.calling && !peer.answered && this.me < from) return;
      peer = this.#begin(from, data.call, false);
    }
    const taking = peer;
    const take = () => this.#take(taking, data);
    peer.work = peer.work.then(take).catch((error) => console.warn("a signal was not taken", error));
  }

  /** @param {string} from @param {Letter} letter */
  #keep(from, { call, candidate }) {
    if (!candidate) return;
    const kept = [...(this.#strays.get(from) ?? []), { call, candidate }];
    this.#strays.set(from, kept.slice(-STRAYS));
  }

  /** @param {string} from @param {string} call */
  #kept(from, call) {
    const kept = this.#strays.get(from) ?? [];
    return kept.filter((stray) => stray.call === call).map((stray) => stray.candidate);
  }

  /** @param {Peer} peer @param {Letter} letter */
  async #take(peer, { description, candidate, restart }) {
    const { connection } = peer;
    if (!this.#holds(peer)) return;
    if (candidate && !connection.remoteDescription) {
      peer.early.push(candidate);
    } else if (candidate) {
      await connection.addIceCandidate(candidate);
    } else if (description) {
      await this.#hear(peer, description);
    } else if (restart && peer.calling && peer.answered && !peer.broken) {
      // What is lost over there may look well from here.
      await this.#repair(peer);
    }
  }

  /** @param {Peer} peer @param {RTCSessionDescription} description */
  async #hear(peer, description) {
    const { connection } = peer;
    await connection.setRemoteDescription(description);
    for (const early of peer.early.splice(0)) await connection.addIceCandidate(early).catch(() => {});
    if (description.type === "offer") {
      peer.repairs = 0;
      await this.#answer(peer);
    }
    peer.answered = true;
    if (connection.connectionState !== "connected") this.#wait(peer, this.#patience(peer));
  }

  /** @param {Peer} peer */
  async #answer(peer) {
    for (const [at, transceiver] of peer.connection.getTransceivers().entries()) {
      transceiver.direction = "sendrecv";
      await transceiver.sender.replaceTrack(this.#tracks.get(SENT[at]) ?? null);
    }
    await peer.connection.setLocalDescription();
    this.#describe(peer);
  }

  /** @param {string} id */
  remove(id) {
    this.#strays.delete(id);
    const peer = this.#peers.get(id);
    if (!peer) return;
    clearTimeout(peer.timer);
    const { connection } = peer;
    connection.onicecandidate = connection.ontrack = null;
    connection.onconnectionstatechange = connection.oniceconnectionstatechange = null;
    connection.close();
    this.#peers.delete(id);
    this.#share();
  }

  clear() {
    for (const id of this.ids) this.remove(id);
    this.#strays.clear();
  }
}
