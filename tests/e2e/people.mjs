// People at sockets, and what the server says of them.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { io } from "socket.io-client";

// Somebody at a socket, who keeps everything they hear.
export class Client {
  constructor(url, options = {}) {
    this.socket = io(url, { forceNew: true, transports: ["websocket"], reconnection: false, ...options });
    this.heard = [];
    this.socket.onAny((event, ...args) => this.heard.push([event, ...args]));
  }
  ask(event, ...args) {
    return new Promise((resolve) => this.socket.emit(event, ...args, resolve));
  }
  async join(room, name, keys) {
    const answer = await this.ask("join-room", room, name, keys);
    assert.ok(answer.success, answer.error);
    return (this.me = answer.data);
  }
  // Whether it heard an event that begins with these arguments.
  has(event, ...args) {
    return this.heard.some(([name, ...of]) => name === event && args.every((arg, at) => isDeepStrictEqual(of[at], arg)));
  }
  // Stops reading: what is sent to it stays on the way.
  stall() {
    this.socket.io.engine.transport.ws._socket.pause();
  }
}

export async function until(what, done, patience = 20000) {
  const end = Date.now() + patience;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// What a client is told by an event, the next time.
export const heard = (client, event) =>
  new Promise((resolve, reject) => {
    const never = setTimeout(() => reject(new Error(`never heard: ${event}`)), 60000);
    client.on(event, (...args) => {
      clearTimeout(never);
      resolve(args);
    });
  });

// A number of the server's metrics; 0 before it first counted.
export async function metric(server, name) {
  const text = await (await fetch(`${server.ops}/metrics`)).text();
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return line ? Number(line.split(" ").at(-1)) : 0;
}

export const dropped = (server, reason) => metric(server, `tok_sockets_dropped_total{reason="${reason}"}`);

const namesOf = (told) => JSON.parse(told).map(({ user_name }) => user_name).sort();
const asked = (room) => ["room", "participants", room, "--json"];

// The names of who is inside.
export const insiders = (server, room) => namesOf(server.tok(...asked(room)));
// The same while this process goes on, for those whom it answers.
export const insidersMeanwhile = async (server, room) => namesOf(await server.run(...asked(room)));

// A way to a server that can be cut without a word, so that nothing passes and nothing is closed, and
// that may be slow towards the client. While it refuses, nobody new comes in.
export async function silentWay(url, { bytesPerSecond = Infinity, port: at = 0 } = {}) {
  const { hostname, port } = new URL(url);
  const pairs = [];
  const way = { refuses: false };
  const server = createServer((near) => {
    if (way.refuses) return near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      socket.on("error", () => {});
      socket.on("close", () => [near, far].forEach((end) => end.destroy()));
    }
    near.pipe(far);
    if (bytesPerSecond === Infinity) {
      far.pipe(near);
    } else {
      far.on("data", (chunk) => {
        near.write(chunk);
        far.pause();
        setTimeout(() => far.resume(), (chunk.length / bytesPerSecond) * 1000);
      });
    }
    pairs.push([near, far]);
  }).listen(at, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return Object.assign(way, {
    url: `http://127.0.0.1:${server.address().port}`,
    // `answers` are swallowed alone: what is sent arrives.
    cut({ answers = false } = {}) {
      for (const [near, far] of pairs) {
        if (answers) {
          far.unpipe(near);
          far.resume();
          continue;
        }
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    close() {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
    },
  });
}

// A way to a server as if it were far away: whatever is sent arrives half a round trip later.
export async function distantWay(url, roundTrip) {
  const { hostname, port } = new URL(url);
  const later = (act) => setTimeout(act, roundTrip / 2);
  const ends = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    ends.push(near, far);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on("data", (chunk) => later(() => to.destroyed || to.write(chunk)));
      from.on("error", () => {});
      from.on("close", () => later(() => to.destroy()));
    }
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      for (const end of ends) end.destroy();
      server.close();
    },
  };
}

// A way for the datagrams of browsers on this machine, which takes all and passes none while it is
// cut, loses one of `loses` if that is more than none, and carries back no more than `carries` bits a second. `door(address, port)` gives a port of the same address that leads there.
export function datagramWay() {
  const sockets = [];
  const doors = new Map();
  const bind = async (address, hear) => {
    const socket = createSocket("udp4", hear);
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once("error", reject).bind(0, address, resolve));
    socket.on("error", () => {});
    return socket;
  };
  const way = { isCut: false, loses: 0, carries: Infinity, door, close: () => sockets.forEach((socket) => socket.close()) };
  let passed = 0;
  const swallows = () => way.isCut || (way.loses > 0 && ++passed % way.loses === 0);
  // What comes back may take up a quarter of a second of what the way carries, and is lost beyond.
  let room = 0;
  let looked = performance.now();
  const overfills = (bytes) => {
    const now = performance.now();
    room = Math.min(room + ((now - looked) / 1000) * (way.carries / 8), way.carries / 32);
    looked = now;
    if (way.carries === Infinity) return false;
    if (bytes > room) return true;
    room -= bytes;
    return false;
  };
  // Whoever knocks is known at the other end by a socket of their own, where the answers come back.
  async function open(address, port) {
    const guests = new Map();
    const opened = bind(address, async (data, { address: from, port: at }) => {
      const back = async (answer) => swallows() || overfills(answer.length) || (await opened).send(answer, at, from);
      if (!guests.has(`${from}:${at}`)) guests.set(`${from}:${at}`, bind(address, back));
      const guest = await guests.get(`${from}:${at}`);
      if (!swallows()) guest.send(data, port, address);
    });
    return (await opened).address().port;
  }
  function door(address, port) {
    const name = `${address}:${port}`;
    if (!doors.has(name)) doors.set(name, open(address, port));
    return doors.get(name);
  }
  return way;
}

// Leads all datagrams of a page's calls over a way that can be cut.
export const over = (way) => async (page) => {
  await page.exposeFunction("door", way.door);
  await page.addInitScript(() => {
    // `candidate:… 1 udp PRIORITY ADDRESS PORT typ …`; what goes no such way is left out.
    const led = async (text) => {
      const part = text.split(" ");
      if (part[2]?.toLowerCase() !== "udp" || !/^[\d.]+$/.test(part[4])) return null;
      part[5] = await window.door(part[4], Number(part[5]));
      return part.join(" ");
    };
    const { addIceCandidate, setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addIceCandidate = async function (given) {
      if (!given?.candidate) return addIceCandidate.call(this, given);
      const candidate = await led(given.candidate);
      if (candidate) await addIceCandidate.call(this, { ...given, candidate });
    };
    RTCPeerConnection.prototype.setRemoteDescription = async function ({ type, sdp }) {
      const lines = [];
      for (const line of sdp.split("\r\n")) {
        const candidate = line.startsWith("a=candidate:") ? await led(line.slice(2)) : line.replace(/^a=/, "");
        if (candidate !== null) lines.push(line.startsWith("a=") ? `a=${candidate}` : line);
      }
      return setRemoteDescription.call(this, { type, sdp: lines.join("\r\n") });
    };
  });
};
