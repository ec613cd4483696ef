// Media between this browser and each of the others: one RTCPeerConnection for each. Whoever comes
// in calls those who are there. A call has three lines for ever, microphone, camera and screen, so
// that turning something on or off only swaps a track and never asks the other side.

const LINES = ["microphone", "camera", "screen"];

class Peers {
  #me;
  #servers;
  #send;
  #show;
  #peers = new Map();
  #tracks = new Map();

  // `send(to, data)` passes a signal on; `show(id, person, screen)` shows two streams of somebody.
  constructor(me, servers, send, show) {
    this.#me = me;
    this.#servers = servers;
    this.#send = send;
    this.#show = show;
  }

  get ids() {
    return [...this.#peers.keys()];
  }

  // Sends `track` to everybody on `line`; null sends nothing.
  async set(line, track) {
    this.#tracks.set(line, track);
    const at = LINES.indexOf(line);
    for (const { connection } of this.#peers.values()) {
      await connection.getTransceivers()[at]?.sender.replaceTrack(track);
    }
  }

  // A number that no other call has. `randomUUID` is not there on pages without https.
  #number() {
    return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
  }

  // Calls somebody who is in the room, unless the call that there is still holds.
  async call(id) {
    const before = this.#peers.get(id);
    if (before && !["failed", "closed"].includes(before.connection.connectionState)) return;
    const peer = this.#begin(id, this.#number(), true);
    for (const line of LINES) {
      const kind = line === "microphone" ? "audio" : "video";
      const { sender } = peer.connection.addTransceiver(kind, { direction: "sendrecv" });
      await sender.replaceTrack(this.#tracks.get(line) ?? null);
    }
    await this.#offer(peer);
  }

  #begin(id, call, calling) {
    this.remove(id);
    const connection = new RTCPeerConnection({ iceServers: this.#servers });
    const peer = { id, call, calling, connection, early: [], work: Promise.resolve() };
    peer.streams = { person: new MediaStream(), screen: new MediaStream() };
    this.#peers.set(id, peer);
    connection.onicecandidate = ({ candidate }) => this.#send(id, { call, candidate });
    connection.ontrack = ({ track, transceiver }) => {
      const at = connection.getTransceivers().indexOf(transceiver);
      const stream = LINES[at] === "screen" ? peer.streams.screen : peer.streams.person;
      stream.addTrack(track);
      this.#show(id, peer.streams.person, peer.streams.screen);
    };
    connection.oniceconnectionstatechange = () => {
      if (calling && connection.iceConnectionState === "failed") {
        connection.restartIce();
        this.#offer(peer);
      }
    };
    return peer;
  }

  async #offer(peer) {
    await peer.connection.setLocalDescription();
    this.#describe(peer);
  }

  #describe({ id, call, connection }) {
    this.#send(id, { call, description: connection.localDescription });
  }

  // A signal of somebody. What comes from one person is taken in the order it comes.
  signal(from, data) {
    let peer = this.#peers.get(from);
    if (peer?.call !== data.call) {
      // Both called at once: the call of who has the smaller id holds.
      const pending = peer?.calling && peer.connection.signalingState === "have-local-offer";
      if (data.description?.type !== "offer" || (pending && this.#me < from)) return;
      peer = this.#begin(from, data.call, false);
    }
    const take = () => this.#take(peer, data);
    peer.work = peer.work.then(take).catch((error) => console.warn("a signal was not taken", error));
  }

  async #take(peer, { description, candidate }) {
    const { connection } = peer;
    if (candidate && !connection.remoteDescription) {
      peer.early.push(candidate);
    } else if (candidate) {
      await connection.addIceCandidate(candidate);
    } else if (description) {
      await connection.setRemoteDescription(description);
      for (const early of peer.early.splice(0)) await connection.addIceCandidate(early);
      if (description.type === "offer") await this.#answer(peer);
    }
  }

  async #answer(peer) {
    for (const [at, transceiver] of peer.connection.getTransceivers().entries()) {
      transceiver.direction = "sendrecv";
      await transceiver.sender.replaceTrack(this.#tracks.get(LINES[at]) ?? null);
    }
    await peer.connection.setLocalDescription();
    this.#describe(peer);
  }

  remove(id) {
    const peer = this.#peers.get(id);
    if (!peer) return;
    peer.connection.onicecandidate = peer.connection.ontrack = null;
    peer.connection.close();
    this.#peers.delete(id);
  }

  clear() {
    for (const id of this.ids) this.remove(id);
  }
}
