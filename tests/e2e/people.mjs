// People at sockets, and what the server says of them.

import assert from "node:assert/strict";
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

// A number of the server's metrics; 0 before it first counted.
export async function metric(server, name) {
  const text = await (await fetch(`${server.ops}/metrics`)).text();
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return line ? Number(line.split(" ").at(-1)) : 0;
}

export const dropped = (server, reason) => metric(server, `tok_sockets_dropped_total{reason="${reason}"}`);

// The names of who is inside.
export const insiders = (server, room) => JSON.parse(server.tok("room", "participants", room, "--json")).map(({ user_name }) => user_name).sort();

// A way to a server that can be cut without a word, so that nothing passes and nothing is closed, and
// that may be slow towards the client.
export async function silentWay(url, { bytesPerSecond = Infinity, port: at = 0 } = {}) {
  const { hostname, port } = new URL(url);
  const pairs = [];
  const server = createServer((near) => {
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
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() {
      for (const [near, far] of pairs) {
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
  };
}
