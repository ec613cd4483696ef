// Many light clients in one process: the protocol by hand over `ws`, so that the load costs less
// than what it measures.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/e2e/", import.meta.url));
const WebSocket = require("ws");

export class Client {
  delivered = 0;
  #next = 0;
  #acks = new Map();

  static open(url) {
    return new Promise((resolve, reject) => {
      const client = new Client();
      const web = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`, { perMessageDeflate: false });
      client.web = web;
      web.on("error", reject);
      web.on("message", (data) => client.#take(data, resolve));
      web.on("close", () => (client.closed = true));
    });
  }

  #take(data, ready) {
    // "42[" is an event, "43" an answer; the rest is rare.
    if (data[0] === 0x34 && data[1] === 0x32) {
      if (data[4] === 0x6e && data[8] === 0x72) {
        this.delivered += 1;
        this.heard?.(data);
      }
      return;
    }
    const text = String(data);
    if (text[0] === "0") this.web.send("40");
    else if (text === "2") this.web.send("3");
    else if (text.startsWith("40")) ready(this);
    else if (text.startsWith("43")) {
      const at = text.indexOf("[");
      const id = Number(text.slice(2, at));
      this.#acks.get(id)?.(JSON.parse(text.slice(at))[0]);
      this.#acks.delete(id);
    }
  }

  ask(event, ...args) {
    return new Promise((resolve) => {
      const id = this.#next++;
      this.#acks.set(id, resolve);
      this.web.send(`42${id}${JSON.stringify([event, ...args])}`);
    });
  }
}

// So many connections, a few at a time.
export async function open(url, count) {
  const clients = [];
  while (clients.length < count) {
    const some = Math.min(50, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: some }, () => Client.open(url)))));
  }
  return clients;
}
