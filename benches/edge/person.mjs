// Somebody who speaks socket.io over a WebSocket, from whatever address of this machine, in as few lines as will
// do: thousands of them must cost this machine next to nothing.

import { connect } from "node:net";

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A text in a frame, with a mask of zeros.
function frame(text) {
  const body = Buffer.from(text);
  const length = body.length < 126 ? [0x80 | body.length] : body.length < 65536 ? [0xfe, body.length >> 8, body.length & 255] : null;
  if (!length) throw new Error("too long for this");
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), body]);
}

export class Person {
  over = false;
  heard = 0;
  #bytes = Buffer.alloc(0);
  #upgraded = false;
  #asked = 0;
  #waiting = new Map();

  constructor(port, address, headers = []) {
    this.socket = connect({ port, host: "127.0.0.1", localAddress: address });
    this.connected = new Promise((resolve) => (this.welcome = resolve));
    this.socket.on("error", () => {});
    this.socket.on("data", (bytes) => this.#takes(bytes));
    this.socket.on("close", () => this.#ends());
    const head = ["GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", `Host: 127.0.0.1:${port}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", ...headers, "", ""];
    this.socket.write(head.join("\r\n"));
    this.socket.write(frame("40"));
  }

  // What an event is answered; nothing of success once the connection is over.
  ask(event, ...values) {
    if (this.over) return Promise.resolve({ success: false });
    const id = this.#asked++;
    const answered = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.socket.write(frame(`42${id}${JSON.stringify([event, ...values])}`));
    return answered;
  }

  // Sends something and waits for nothing.
  say(event, ...values) {
    if (!this.over) this.socket.write(frame(`42${JSON.stringify([event, ...values])}`));
  }

  close() {
    this.socket.destroy();
  }

  #ends() {
    this.over = true;
    this.welcome();
    for (const answer of this.#waiting.values()) answer({ success: false });
    this.#waiting.clear();
  }

  #takes(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#upgraded) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#bytes = this.#bytes.subarray(end + 4);
      this.#upgraded = true;
    }
    for (;;) {
      const [, size] = this.#bytes;
      const head = size === 126 ? 4 : size === 127 ? 10 : 2;
      if (this.#bytes.length < head) return;
      const length = size === 126 ? this.#bytes.readUInt16BE(2) : size === 127 ? Number(this.#bytes.readBigUInt64BE(2)) : size;
      if (this.#bytes.length < head + length) return;
      const text = this.#bytes.toString("utf8", head, head + length);
      this.#bytes = this.#bytes.subarray(head + length);
      this.#hears(text);
    }
  }

  #hears(text) {
    this.heard++;
    if (text === "2") this.socket.write(frame("3"));
    if (text.startsWith("40")) this.welcome();
    const [, id, body] = text.match(/^43(\d+)(\[.*)$/s) ?? [];
    if (id === undefined) return;
    this.#waiting.get(Number(id))?.(JSON.parse(body)[0]);
    this.#waiting.delete(Number(id));
  }
}
