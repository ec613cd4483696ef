// Media by way of the server: one RTCPeerConnection for everybody. What this browser sends goes up once;
// what the others send comes down in sections, and the server says over a data channel who is seen or
// heard in which. A connection that breaks is made anew.

// What goes up, and as what.
const UP = { microphone: "audio", camera: "video", screen: "video", sound: "audio" };
// The sizes in which a camera's picture goes up, smallest first: whoever shows it small gets a small one.
const LAYERS = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_500_000 },
];
// What a screen may take, in bits a second.
const SHOWN_BITS = 1_500_000;
// Sections come by so many at a time: each time costs an offer and an answer.
const STEP = 4;
// How long a connection may take to come about, or to come back, in milliseconds.
const COMING = 10_000;
const BROKEN = 4_000;
// The rests between attempts.
const RESTS = [500, 1_000, 2_000, 5_000, 15_000, 60_000];

class Relay {
  #servers;
  #ask;
  #show;
  #changed;
  #told;
  #connection = null;
  #channel = null;
  #tracks = new Map();
  // Who is seen or heard in which section.
  #sections = new Map();
  #streams = new Map();
  #people = new Set();
  #wishes = [];
  #heardAt = new Map();
  #attempts = 0;
  #timer = null;
  #work = Promise.resolve();
  #closed = false;

  // `ask(sdp)` gives the server's answer to an offer, nothing if there is none; `show(id)` says that
  // somebody is seen or heard otherwise; `changed(connected)` that everything is, or nothing; `told(muted)`
  // that a host muted this microphone, or does not any more.
  constructor(servers, ask, show, changed, told) {
    this.#servers = servers;
    this.#ask = ask;
    this.#show = show;
    this.#changed = changed;
    this.#told = told;
  }

  get isConnected() {
    return this.#connection?.connectionState === "connected" && this.#channel?.readyState === "open";
  }

  // Whether somebody has a connection to the server as well.
  has(id) {
    return this.isConnected && this.#people.has(id);
  }

  get ids() {
    return this.isConnected ? [...this.#people] : [];
  }

  // The streams of somebody, if anything comes from them by this way.
  streams(id) {
    return this.#streams.get(id);
  }

  // Whether whatever is to come from somebody comes.
  flows(id) {
    const { person, screen } = this.#streams.get(id) ?? {};
    const tracks = [...(person?.getTracks() ?? []), ...(screen?.getTracks() ?? [])];
    return tracks.every((track) => !track.muted);
  }

  renew(servers) {
    this.#servers = servers;
  }

  // Connects, in place of the connection before.
  open() {
    this.#drop();
    const connection = new RTCPeerConnection({ iceServers: this.#servers, bundlePolicy: "max-bundle" });
    this.#connection = connection;
    this.#channel = connection.createDataChannel("tok");
    this.#channel.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#channel.onopen = () => this.#ready(connection);
    for (const [source, kind] of Object.entries(UP)) {
      const sendEncodings = source === "camera" ? LAYERS.map((layer) => ({ ...layer })) : source === "screen" ? [{ maxBitrate: SHOWN_BITS }] : undefined;
      const { sender } = connection.addTransceiver(kind, { direction: "sendonly", ...(sendEncodings && { sendEncodings }) });
      // It takes nothing only if it is closed by now.
      sender.replaceTrack(this.#tracks.get(source) ?? null).catch(() => {});
    }
    this.#widen(connection, { audio: STEP, video: STEP });
    connection.onconnectionstatechange = () => this.#look(connection);
    this.#wait(COMING);
    this.#offer(connection);
  }

  #wait(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), time);
  }

  // The connection is given up, and tried anew after a rest.
  #again() {
    this.#drop();
    this.#changed(false);
    const rest = RESTS[Math.min(this.#attempts, RESTS.length - 1)];
    this.#attempts += 1;
    this.#timer = setTimeout(() => !this.#closed && this.open(), rest);
  }

  #look(connection) {
    if (connection !== this.#connection) return;
    const { connectionState } = connection;
    if (connectionState === "connected") {
      clearTimeout(this.#timer);
      this.#attempts = 0;
    } else if (connectionState === "disconnected") {
      this.#wait(BROKEN);
    } else if (connectionState === "failed") {
      this.#again();
    }
  }

  // One offer after the other.
  #offer(connection) {
    const work = async () => {
      if (connection !== this.#connection) return;
      await connection.setLocalDescription();
      const sdp = await this.#ask(connection.localDescription.sdp);
      if (connection !== this.#connection) return;
      if (!sdp) return this.#again();
      await connection.setRemoteDescription({ type: "answer", sdp });
      if (this.#channel.readyState === "open") this.#ready(connection);
    };
    this.#work = this.#work.then(work).catch((error) => {
      console.warn("the server's way is not there", error);
      if (connection === this.#connection) this.#again();
    });
  }

  // Says where what goes up, and where something may come down.
  #ready(connection) {
    if (connection !== this.#connection) return;
    const [ups, downs] = this.#transceivers(connection);
    const send = Object.fromEntries(Object.keys(UP).map((source, at) => [source, ups[at].mid]));
    const mids = (kind) => downs.filter(({ receiver, mid }) => mid && receiver.track.kind === kind).map(({ mid }) => mid);
    this.#say({ type: "ready", send, receive: { audio: mids("audio"), video: mids("video") } });
    this.#say({ type: "wishes", videos: this.#wishes });
    this.#changed(true);
  }

  #transceivers(connection) {
    const all = connection.getTransceivers();
    const ups = Object.keys(UP).length;
    return [all.slice(0, ups), all.slice(ups)];
  }

  #widen(connection, { audio = 0, video = 0 }) {
    for (const [kind, count] of [["audio", audio], ["video", video]]) {
      for (let n = 0; n < count; n++) connection.addTransceiver(kind, { direction: "recvonly" });
    }
  }

  #say(word) {
    if (this.#channel?.readyState === "open") this.#channel.send(JSON.stringify(word));
  }

  #hear(word) {
    if (word.type === "tracks") this.#place(word);
    else if (word.type === "layers") this.#limit(word.highest);
    else if (word.type === "muted") this.#told(word.muted);
  }

  // Who is seen or heard where from now on.
  #place({ people, sections, need }) {
    const connection = this.#connection;
    const before = new Set([...this.#people, ...this.#streams.keys()]);
    this.#people = new Set(people);
    this.#sections = new Map(sections.map(({ mid, participant, source }) => [mid, { participant, source }]));
    const [, downs] = this.#transceivers(connection);
    const wanted = new Map();
    for (const { mid, receiver } of downs) {
      const section = this.#sections.get(mid);
      if (!section) continue;
      const parts = wanted.get(section.participant) ?? { person: [], screen: [] };
      parts[["screen", "sound"].includes(section.source) ? "screen" : "person"].push(receiver.track);
      wanted.set(section.participant, parts);
    }
    for (const id of this.#streams.keys()) if (!wanted.has(id)) this.#streams.delete(id);
    for (const [id, parts] of wanted) this.#fill(id, parts);
    for (const id of new Set([...before, ...people])) this.#show(id);
    const short = (kind) => Math.max(0, Math.ceil((need[kind] - downs.filter(({ receiver }) => receiver.track.kind === kind).length) / STEP) * STEP);
    const more = { audio: short("audio"), video: short("video") };
    if (!more.audio && !more.video) return;
    this.#widen(connection, more);
    this.#offer(connection);
  }

  #fill(id, parts) {
    const streams = this.#streams.get(id) ?? { person: new MediaStream(), screen: new MediaStream() };
    this.#streams.set(id, streams);
    for (const [name, stream] of Object.entries(streams)) {
      for (const track of stream.getTracks()) if (!parts[name].includes(track)) stream.removeTrack(track);
      for (const track of parts[name]) {
        stream.addTrack(track);
        track.onunmute = () => this.#show(id);
      }
    }
  }

  // Layers that nobody receives are not sent; the smallest always is.
  #limit(highest) {
    const [ups] = this.#transceivers(this.#connection);
    const { sender } = ups[Object.keys(UP).indexOf("camera")];
    const parameters = sender.getParameters();
    const wanted = (at) => at <= (highest.camera ?? 0);
    if (parameters.encodings.every(({ active }, at) => active === wanted(at))) return;
    parameters.encodings.forEach((encoding, at) => (encoding.active = wanted(at)));
    sender.setParameters(parameters).catch((error) => console.warn("layers stay as they are", error));
  }

  // Sends `track` as `source`; null sends nothing.
  async set(source, track) {
    this.#tracks.set(source, track);
    const at = Object.keys(UP).indexOf(source);
    // A connection that ends meanwhile takes nothing any more; the next takes what there is then.
    await this.#connection?.getTransceivers()[at]?.sender.replaceTrack(track).catch(() => {});
  }

  // What is to be seen, most wanted first: `{participant, source, width}`, in pixels of the display.
  wish(videos) {
    if (JSON.stringify(videos) === JSON.stringify(this.#wishes)) return;
    this.#wishes = videos;
    this.#say({ type: "wishes", videos });
  }

  // How loud each of the others is just now, 0 to 1 by id.
  levels() {
    const levels = new Map();
    if (!this.isConnected) return levels;
    for (const { mid, receiver } of this.#transceivers(this.#connection)[1]) {
      const section = this.#sections.get(mid);
      if (section?.source !== "microphone") continue;
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
    if (!connection) return;
    connection.onconnectionstatechange = null;
    connection.close();
    for (const id of ids) this.#show(id);
  }

  close() {
    this.#closed = true;
    this.#show = this.#changed = this.#told = () => {};
    this.#drop();
  }
}
