// Media by way of the server: one RTCPeerConnection for everybody. What this browser sends goes up once;
// what the others send comes down in sections, and the server says over a data channel who is seen or
// heard in which. A connection that breaks is made anew.

/** @typedef {"microphone" | "camera" | "screen" | "sound"} Source */
/** @typedef {{participant: string, source: string, width: number}} Wish what is to be seen, and how wide in pixels of the display */
/** @import { Report } from "./quality.js" */
/** @typedef {{participant: string, source: string}} Content */
/** @typedef {"undecodable" | "heldBack"} Why */
/** @typedef {Content & {why: Why}} Unseen a picture that is sent and does not come */
/** @typedef {{audio: number, video: number}} Counts */
/** @typedef {{person: MediaStream, screen: MediaStream}} Both */

// What goes up, and as what.
/** @type {[Source, "audio" | "video"][]} */
const UP = [["microphone", "audio"], ["camera", "video"], ["screen", "video"], ["sound", "audio"]];
/** @param {Source} source */
const placeOf = (source) => UP.findIndex(([of]) => of === source);
// The sizes in which a camera's picture goes up, smallest first: whoever shows it small gets a small one.
const RENDITIONS = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];
// What a screen may take, in bits a second.
const SHOWN_BITS = 1_500_000;
// Sections come by so many at a time: each time costs an offer and an answer.
const STEP = 4;
/** @type {("audio" | "video")[]} */
const SORTS = ["audio", "video"];
// How long a connection may take to come about, or to come back, in milliseconds.
const COMING = 10_000;
const BROKEN = 4_000;
// The rests between attempts.
const RESTS = [500, 1_000, 2_000, 5_000, 15_000, 60_000];

export class Relay {
  #servers;
  #ask;
  #show;
  #changed;
  #told;
  #unseen;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCDataChannel | null} */
  #channel = null;
  /** @type {Map<Source, MediaStreamTrack | null>} */
  #tracks = new Map();
  // Who is seen or heard in which section.
  /** @type {Map<string, Content>} */
  #sections = new Map();
  /** @type {Map<string, Both>} */
  #streams = new Map();
  /** @type {Set<string>} */
  #people = new Set();
  /** @type {Wish[]} */
  #wishes = [];
  // How many pictures the server sends at once.
  #most = 0;
  /** @type {Map<string, number | undefined>} */
  #heardAt = new Map();
  #attempts = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #work = Promise.resolve();
  #closed = false;

  /**
   * @param {RTCIceServer[]} servers
   * @param {(sdp: string) => Promise<string | null>} ask gives the server's answer to an offer
   * @param {(id: string) => void} show somebody is seen or heard otherwise
   * @param {(how: "there" | "lost" | "gone") => void} changed everything is there; nothing comes just now; it is given up
   * @param {(muted: boolean) => void} told a host muted this microphone, or does not any more
   * @param {(pictures: Unseen[]) => void} unseen which pictures are sent and do not come
   */
  constructor(servers, ask, show, changed, told, unseen) {
    this.#servers = servers;
    this.#ask = ask;
    this.#show = show;
    this.#changed = changed;
    this.#told = told;
    this.#unseen = unseen;
  }

  get isConnected() {
    return this.#connection?.connectionState === "connected" && this.#channel?.readyState === "open";
  }

  /** Whether somebody has a connection to the server as well. @param {string} id */
  has(id) {
    return this.isConnected && this.#people.has(id);
  }

  get ids() {
    return this.isConnected ? [...this.#people] : [];
  }

  /** The streams of somebody, if anything comes from them by this way. @param {string} id */
  streams(id) {
    return this.#streams.get(id);
  }

  /** Whether whatever is to come from somebody comes. @param {string} id */
  flows(id) {
    const { person, screen } = this.#streams.get(id) ?? {};
    const tracks = [...(person?.getTracks() ?? []), ...(screen?.getTracks() ?? [])];
    return tracks.every((track) => !track.muted);
  }

  /** @param {RTCIceServer[]} servers */
  renew(servers) {
    this.#servers = servers;
  }

  // Connects, in place of the connection before.
  open() {
    this.#drop();
    const connection = new RTCPeerConnection({ iceServers: this.#servers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    const channel = connection.createDataChannel("tok");
    this.#channel = channel;
    channel.onmessage = ({ data }) => channel === this.#channel && this.#hear(connection, JSON.parse(data));
    channel.onopen = () => this.#ready(connection);
    // A server that stops says so by this before anything else tells it.
    channel.onclose = () => channel === this.#channel && this.#again();
    for (const [source, kind] of UP) {
      const { sender } = connection.addTransceiver(kind, { direction: "sendonly", ...encodingsOf(source) });
      // It takes nothing only if it is closed by now.
      sender.replaceTrack(this.#tracks.get(source) ?? null).catch(() => {});
    }
    this.#widen(connection, { audio: STEP, video: STEP });
    connection.onconnectionstatechange = () => this.#look(connection);
    this.#wait(COMING);
    this.#offer(connection);
  }

  /** @param {number} time */
  #wait(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), time);
  }

  // The connection is given up, and tried anew after a rest.
  #again() {
    this.#drop();
    this.#changed("gone");
    const rest = RESTS[Math.min(this.#attempts, RESTS.length - 1)];
    this.#attempts += 1;
    this.#timer = setTimeout(() => !this.#closed && this.open(), rest);
  }

  /** @param {RTCPeerConnection} connection */
  #look(connection) {
    if (connection !== this.#connection) return;
    const { connectionState } = connection;
    if (connectionState === "connected") {
      clearTimeout(this.#timer);
      this.#attempts = 0;
      // The path was lost and is there again.
      for (const id of this.#people) this.#show(id);
    } else if (connectionState === "disconnected") {
      this.#wait(BROKEN);
      this.#changed("lost");
    } else if (connectionState === "failed") {
      this.#again();
    }
  }

  // One offer after the other.
  /** @param {RTCPeerConnection} connection */
  #offer(connection) {
    const work = async () => {
      if (connection !== this.#connection) return;
      await connection.setLocalDescription();
      const sdp = await this.#ask(connection.localDescription?.sdp ?? "");
      if (connection !== this.#connection) return;
      if (!sdp) return this.#again();
      await connection.setRemoteDescription({ type: "answer", sdp });
      if (this.#channel?.readyState === "open") this.#ready(connection);
    };
    this.#work = this.#work.then(work).catch((error) => {
      console.warn("the server's way is not there", error);
      if (connection === this.#connection) this.#again();
    });
  }

  // Says where what goes up, and where something may come down.
  /** @param {RTCPeerConnection} connection */
  #ready(connection) {
    if (connection !== this.#connection) return;
    const [ups, downs] = this.#transceivers(connection);
    const send = Object.fromEntries(UP.map(([source], at) => [source, ups[at]?.mid]));
    const mids = (/** @type {string} */ kind) => downs.filter(({ receiver, mid }) => mid && receiver.track.kind === kind).map(({ mid }) => mid);
    this.#say({ type: "ready", send, receive: { audio: mids("audio"), video: mids("video") } });
    this.#say({ type: "wishes", videos: this.#wishes });
    this.#changed("there");
  }

  /**
   * What goes up, and what comes down.
   * @param {RTCPeerConnection} connection
   * @returns {[RTCRtpTransceiver[], RTCRtpTransceiver[]]}
   */
  #transceivers(connection) {
    const all = connection.getTransceivers();
    return [all.slice(0, UP.length), all.slice(UP.length)];
  }

  /** @param {RTCPeerConnection} connection @param {Counts} more */
  #widen(connection, more) {
    for (const kind of SORTS) {
      for (let n = 0; n < more[kind]; n++) connection.addTransceiver(kind, { direction: "recvonly" });
    }
  }

  /** @param {object} word */
  #say(word) {
    if (this.#channel?.readyState === "open") this.#channel.send(JSON.stringify(word));
  }

  /** @param {RTCPeerConnection} connection @param {any} word */
  #hear(connection, word) {
    if (word.type === "tracks") this.#place(connection, word);
    else if (word.type === "renditions") this.#limit(connection, word.highest);
    else if (word.type === "muted") this.#told(word.muted);
  }

  /**
   * Who is seen or heard where from now on.
   * @param {RTCPeerConnection} connection
   * @param {{people: string[], sections: ({mid: string} & Content)[], need: Counts, most: number, undecodable?: Content[], held_back?: Content[]}} word
   */
  #place(connection, { people, sections, need, most, undecodable = [], held_back = [] }) {
    this.#most = most;
    const because = (/** @type {Content[]} */ pictures, /** @type {Why} */ why) => pictures.map((of) => ({ ...of, why }));
    this.#unseen([...because(undecodable, "undecodable"), ...because(held_back, "heldBack")]);
    const before = [...this.#people, ...this.#streams.keys()];
    this.#people = new Set(people);
    this.#sections = new Map(sections.map(({ mid, ...content }) => [mid, content]));
    const [, downs] = this.#transceivers(connection);
    /** @type {Map<string, {person: MediaStreamTrack[], screen: MediaStreamTrack[]}>} */
    const wanted = new Map();
    for (const { mid, receiver } of downs) {
      const section = this.#sections.get(mid ?? "");
      if (!section) continue;
      const parts = wanted.get(section.participant) ?? { person: [], screen: [] };
      parts[["screen", "sound"].includes(section.source) ? "screen" : "person"].push(receiver.track);
      wanted.set(section.participant, parts);
    }
    for (const id of [...this.#streams.keys()]) if (!wanted.has(id)) this.#streams.delete(id);
    for (const [id, parts] of wanted) this.#fill(id, parts);
    for (const id of new Set([...before, ...people])) this.#show(id);
    const missing = (/** @type {"audio" | "video"} */ kind) => need[kind] - downs.filter(({ receiver }) => receiver.track.kind === kind).length;
    const more = { audio: stepped(missing("audio")), video: stepped(missing("video")) };
    if (!more.audio && !more.video) return;
    this.#widen(connection, more);
    this.#offer(connection);
  }

  /**
   * @param {string} id
   * @param {{person: MediaStreamTrack[], screen: MediaStreamTrack[]}} parts
   */
  #fill(id, parts) {
    const streams = this.#streams.get(id) ?? { person: new MediaStream(), screen: new MediaStream() };
    this.#streams.set(id, streams);
    for (const name of /** @type {("person" | "screen")[]} */ (["person", "screen"])) {
      const stream = streams[name];
      for (const track of stream.getTracks()) if (!parts[name].includes(track)) stream.removeTrack(track);
      for (const track of parts[name]) {
        stream.addTrack(track);
        track.onunmute = () => this.#show(id);
      }
    }
  }

  /**
   * Renditions that nobody receives are not sent; the smallest always is.
   * @param {RTCPeerConnection} connection
   * @param {Record<string, number>} highest
   */
  #limit(connection, highest) {
    const sender = connection.getTransceivers()[placeOf("camera")]?.sender;
    const parameters = sender?.getParameters();
    const wanted = (/** @type {number} */ at) => at <= (highest.camera ?? 0);
    if (!sender || !parameters || parameters.encodings.every(({ active }, at) => active === wanted(at))) return;
    parameters.encodings.forEach((encoding, at) => (encoding.active = wanted(at)));
    sender.setParameters(parameters).catch((error) => console.warn("renditions stay as they are", error));
  }

  /**
   * What is counted of the way to each of the others: what all share, and what comes of each.
   * @returns {Promise<Map<string, Report>>}
   */
  async reports() {
    /** @type {Map<string, Report>} */
    const reports = new Map();
    const connection = this.#connection;
    if (!connection || !this.isConnected) return reports;
    const all = [...(await connection.getStats()).values()].map((of) => {
      const section = of.type === "inbound-rtp" ? this.#sections.get(of.mid) : undefined;
      return { ...of, ...section };
    });
    for (const id of this.#people) {
      const counts = all.filter(({ type, participant }) => type !== "inbound-rtp" || participant === id);
      reports.set(id, { counts, due: this.#awaits(id) });
    }
    return reports;
  }

  /**
   * Whether the picture of somebody is to come. One that is not shown here, or for which there are too many
   * others, is not missed; of a camera that sends nothing nothing comes, though it is asked for.
   * @param {string} id
   */
  #awaits(id) {
    const isTheirs = (/** @type {{participant: string, source: string}} */ of) => of.participant === id && of.source === "camera";
    const at = this.#wishes.findIndex(isTheirs);
    return (at >= 0 && at < this.#most) || [...this.#sections.values()].some(isTheirs);
  }

  /**
   * Sends `track` as `source`; null sends nothing.
   * @param {Source} source
   * @param {MediaStreamTrack | null} track
   */
  async set(source, track) {
    this.#tracks.set(source, track);
    // A connection that ends meanwhile takes nothing any more; the next takes what there is then.
    await this.#connection?.getTransceivers()[placeOf(source)]?.sender.replaceTrack(track).catch(() => {});
  }

  /** What is to be seen, most wanted first. @param {Wish[]} videos */
  wish(videos) {
    if (JSON.stringify(videos) === JSON.stringify(this.#wishes)) return;
    this.#wishes = videos;
    this.#say({ type: "wishes", videos });
  }

  // How loud each of the others is just now, 0 to 1 by id.
  levels() {
    /** @type {Map<string, number>} */
    const levels = new Map();
    if (!this.#connection || !this.isConnected) return levels;
    for (const { mid, receiver } of this.#transceivers(this.#connection)[1]) {
      const section = this.#sections.get(mid ?? "");
      if (!mid || section?.source !== "microphone") continue;
      const [source] = receiver.getSynchronizationSources?.() ?? [];
      const fresh = source && source.timestamp !== this.#heardAt.get(mid);
      this.#heardAt.set(mid, source?.timestamp);
      levels.set(section.participant, fresh ? source.audioLevel ?? 0 : 0);
    }
    return levels;
  }

  #drop() {
    clearTimeout(this.#timer);
    const connection = this.#connection;
    const ids = new Set([...this.#people, ...this.#streams.keys()]);
    this.#connection = this.#channel = null;
    this.#people.clear();
    this.#streams.clear();
    this.#sections.clear();
    this.#unseen([]);
    if (!connection) return;
    connection.onconnectionstatechange = null;
    connection.close();
    for (const id of ids) this.#show(id);
  }

  close() {
    this.#closed = true;
    this.#show = this.#changed = this.#told = this.#unseen = () => {};
    this.#drop();
  }
}

/** @param {number} missing */
const stepped = (missing) => Math.max(0, Math.ceil(missing / STEP) * STEP);

/**
 * In which sizes something goes up.
 * @param {Source} source
 * @returns {RTCRtpTransceiverInit}
 */
function encodingsOf(source) {
  if (source === "camera") return { sendEncodings: RENDITIONS.map((rendition) => ({ ...rendition })) };
  return source === "screen" ? { sendEncodings: [{ maxBitrate: SHOWN_BITS }] } : {};
}
