// The page's calls between connections that do what the test says: what is offered, when, and by whom.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock, test } from "node:test";

const source = readFileSync(new URL("../../src/server/page/peers.js", import.meta.url), "utf8");
const Peers = new Function(`${source}; return Peers;`)();

// Just enough of an RTCPeerConnection; its states are the test's.
class Connection {
  static all = [];
  signalingState = "stable";
  connectionState = "new";
  iceConnectionState = "new";
  localDescription = null;
  remoteDescription = null;
  candidates = [];
  restarts = 0;
  #lines = [];
  constructor() {
    Connection.all.push(this);
  }
  addTransceiver() {
    const line = { sender: { replaceTrack: async () => {} } };
    this.#lines.push(line);
    return line;
  }
  getTransceivers() {
    return this.#lines;
  }
  restartIce() {
    this.restarts += 1;
  }
  async setLocalDescription() {
    if (this.signalingState === "closed") throw new Error("closed");
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
    this.localDescription = { type, sdp: `round ${this.restarts}` };
  }
  async setRemoteDescription(description) {
    const fits = description.type === "offer" ? "stable" : "have-local-offer";
    if (this.signalingState !== fits) throw new Error(`${description.type} while ${this.signalingState}`);
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    this.remoteDescription = description;
  }
  async addIceCandidate(candidate) {
    this.candidates.push(candidate);
  }
  close() {
    this.signalingState = this.connectionState = this.iceConnectionState = "closed";
  }
  become(connection, ice = connection) {
    this.iceConnectionState = ice;
    this.oniceconnectionstatechange?.();
    this.connectionState = connection;
    this.onconnectionstatechange?.();
  }
}

// Lets everything happen that waits for nothing.
const settle = async () => {
  for (let n = 0; n < 200; n++) await null;
};
const pass = async (time) => {
  await settle();
  mock.timers.tick(time);
  await settle();
};

// People whose signals reach each other while the line is up; what was said is kept.
function room(...ids) {
  const line = { up: true, said: [], loses: () => false, how: {} };
  const people = {};
  for (const id of ids) {
    let own;
    const send = async (to, make) => {
      while (!line.up && make()) await new Promise((resolve) => setTimeout(resolve, 1000));
      const data = make();
      if (!data) return;
      const copy = JSON.parse(JSON.stringify(data));
      line.said.push([id, copy]);
      const now = Object.keys(people).find((name) => people[name] === own);
      if (!line.loses(id, copy)) people[to].signal(now, copy);
    };
    people[id] = own = new Peers(id, [], send, () => {}, (of, how) => (line.how[`${id} ${of}`] = how));
  }
  // Kinds of what somebody said since the last look, but for candidates.
  line.kinds = (of) => {
    const kinds = line.said.filter(([id]) => id === of).map(([, { description, restart }]) => description?.type ?? (restart && "restart"));
    line.said = line.said.filter(([id]) => id !== of);
    return kinds.filter(Boolean);
  };
  return { line, people };
}

// Two in a call that `b` began, and their connections.
async function talking() {
  const { line, people } = room("a", "b");
  await people.b.call("a");
  await settle();
  const [b, a] = Connection.all;
  for (const connection of [a, b]) connection.become("connected");
  assert.deepEqual([line.kinds("b"), line.kinds("a")], [["offer"], ["answer"]]);
  return { line, people, a, b };
}

beforeEach(() => {
  Object.assign(globalThis, { RTCPeerConnection: Connection, MediaStream: class {} });
  Connection.all = [];
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

for (const [name, states] of Object.entries({
  "Chromium tells it": ["failed", "disconnected"],
  "Firefox tells it": ["failed", "failed"],
  "only the older state tells it": ["connecting", "failed"],
})) {
  test(`a lost path is mended every few seconds as long as it is lost, as ${name}`, async () => {
    const { line, a, b } = await talking();
    for (const connection of [a, b]) connection.become(...states);
    await pass(0);
    assert.deepEqual([line.kinds("b"), b.restarts], [["offer"], 1]);
    assert.deepEqual([line.how["a b"], line.how["b a"]], ["Reconnecting…", "Reconnecting…"]);
    await pass(8000);
    assert.deepEqual([line.kinds("b"), b.restarts], [["offer"], 2]);
    // Two did not help.
    await pass(8000);
    assert.equal(Connection.all.length, 4);
    assert.deepEqual([a.connectionState, b.connectionState], ["closed", "closed"]);
    for (let n = 0; n < 20; n++) {
      line.said = [];
      await pass(8000);
      assert.equal(line.kinds("b").length, 1, "for as long as it lasts");
    }
    assert.equal(line.how["a b"], "Reconnecting…");
    for (const connection of Connection.all.slice(-2)) connection.become("connected");
    assert.deepEqual([line.how["a b"], line.how["b a"]], ["", ""]);
    line.said = [];
    await pass(600000);
    assert.deepEqual(line.said, [], "what is well is left alone");
  });
}

test("a short break is left alone, a longer one is not", async () => {
  const { line, a, b } = await talking();
  b.become("disconnected");
  await pass(3900);
  assert.equal(line.how["b a"], "Reconnecting…");
  b.become("connected");
  await pass(60000);
  assert.deepEqual([line.said, b.restarts], [[], 0]);
  for (const connection of [a, b]) connection.become("disconnected");
  await pass(4000);
  assert.equal(b.restarts, 1);
});

test("whoever was called gets a new path too, and a new call if nobody makes one", async () => {
  const { line, a, b } = await talking();
  a.become("failed");
  await pass(0);
  assert.deepEqual([line.kinds("a"), line.kinds("b"), b.restarts], [["restart", "answer"], ["offer"], 1]);
  a.become("connected");
  await pass(60000);
  assert.deepEqual(line.said, []);
  // The caller hears nothing of it.
  line.loses = (id) => id === "a";
  a.become("failed");
  for (const time of [0, 8000, 8000]) await pass(time);
  assert.deepEqual(line.kinds("a"), ["restart", "restart", "restart"]);
  line.loses = () => false;
  await pass(8000);
  assert.deepEqual([line.kinds("a"), line.kinds("b")], [["offer"], ["answer"]]);
});

test("a call without an answer is offered again, whoever lost it", async () => {
  for (const lost of ["offer", "answer"]) {
    const { line, people } = room("a", "b");
    line.loses = (_, { description }) => description?.type === lost;
    await people.b.call("a");
    await pass(4900);
    assert.deepEqual(line.kinds("b"), ["offer"]);
    line.loses = () => false;
    await pass(100);
    assert.deepEqual([line.kinds("b"), line.kinds("a").at(-1)], [["offer"], "answer"]);
    people.b.clear();
    people.a.clear();
  }
});

test("all who call each other at once have one call each, in whatever order it arrives", async () => {
  const ids = ["a", "b", "c", "d", "e"];
  for (const first of [(id) => id > "b", (id) => id < "b", () => true]) {
    const { line, people } = room(...ids);
    // The first to come in do not hear the others' first calls.
    line.loses = (id, { description }) => description?.type === "offer" && !first(id);
    for (const id of ids) for (const other of ids) if (id !== other) people[id].call(other);
    await settle();
    line.loses = () => false;
    await pass(5000);
    await pass(5000);
    const stable = Connection.all.filter(({ signalingState }) => signalingState !== "closed");
    assert.equal(stable.length, 20);
    assert.ok(stable.every(({ signalingState, remoteDescription }) => signalingState === "stable" && remoteDescription));
    for (const id of ids) people[id].clear();
    Connection.all = [];
  }
});

test("what comes before the offer is kept for it, and the end of the candidates is told", async () => {
  const { line, people } = room("a", "b");
  const offer = { call: "1", description: { type: "offer", sdp: "x" } };
  people.a.signal("b", { call: "1", candidate: { candidate: "one" } });
  people.a.signal("b", { call: "0", candidate: { candidate: "of another call" } });
  people.a.signal("b", null);
  people.a.signal("b", offer);
  await settle();
  const [a] = Connection.all;
  assert.deepEqual(a.candidates, [{ candidate: "one" }]);
  a.onicecandidate({ candidate: null });
  await settle();
  assert.deepEqual(line.said.at(-1)[1], { call: "1", candidate: { candidate: "" } });
  // What both are said to know, but this page does not, is no new call.
  people.a.signal("b", { ...offer, call: "2", again: true });
  await settle();
  assert.equal(Connection.all.length, 1);
});

test("without a line nothing piles up, and it goes on with the line", async () => {
  const { line, people, a, b } = await talking();
  line.up = false;
  for (const connection of [a, b]) connection.become("failed", "disconnected");
  for (let n = 0; n < 30; n++) await pass(2000);
  assert.deepEqual([line.said, b.restarts, Connection.all.length], [[], 1, 2]);
  line.up = true;
  await pass(1000);
  assert.deepEqual(line.kinds("b"), ["offer"]);
  for (const connection of [a, b]) connection.become("connected");
  // Nobody goes on calling who is gone, nor whom they left.
  people.b.remove("a");
  people.a.clear();
  line.said = [];
  await pass(600000);
  assert.deepEqual(line.said, []);
});

test("who comes back as somebody new has one call with whom they call at once", async () => {
  const { line, people } = room("z", "b");
  people.a = people.z;
  delete people.z;
  people.a.me = "a";
  // Both offers are on their way before either arrives.
  line.loses = () => true;
  people.a.call("b");
  people.b.call("a");
  await settle();
  const offers = line.said.map(([, letter]) => letter);
  assert.deepEqual(offers.map(({ description }) => description?.type), ["offer", "offer"]);
  line.loses = () => false;
  people.b.signal("a", offers[0]);
  people.a.signal("b", offers[1]);
  await settle();
  const left = Connection.all.filter(({ signalingState }) => signalingState !== "closed");
  assert.deepEqual(left.map(({ signalingState, localDescription }) => [signalingState, localDescription.type]).sort(), [["stable", "answer"], ["stable", "offer"]]);
});
