// Speaks socket.io (protocol 5) over Engine.IO 4 and a WebSocket: events, acknowledgements, signs of
// life, and coming back after a cut.

/**
 * What packets go over.
 * @typedef {object} Way
 * @property {((message: any) => void) | null} onmessage
 * @property {((why: any) => void) | null} onclose
 * @property {(packet: string) => void} send
 * @property {() => void} close
 */
/** @typedef {(...args: any[]) => void} Listener */
/** @typedef {{resolve: (answer: any) => void, reject: (why: Error) => void}} Waiting */

// What stands between packets that go together.
const BETWEEN = "\x1e";
// So many WebSockets in a row must fail until it is tried without.
const ENOUGH = 2;

/**
 * A way by requests, where the network lets no WebSocket through.
 * @implements {Way}
 */
class Polling {
  /** @type {Way["onmessage"]} */
  onmessage = null;
  /** @type {Way["onclose"]} */
  onclose = null;
  #url;
  /** @type {string[]} */
  #queue = [];
  #sending = false;
  #leaving = false;
  #closed = new AbortController();

  /** @param {string} url */
  constructor(url) {
    this.#url = new URL(url);
    this.#listen();
  }

  async #listen() {
    try {
      while (!this.#closed.signal.aborted) {
        const text = await this.#fetch({ signal: this.#closed.signal });
        for (const packet of text.split(BETWEEN)) this.#take(packet);
      }
    } catch (error) {
      this.#end(error);
    }
  }

  /** @param {string} packet */
  #take(packet) {
    if (packet[0] === "0") this.#url.searchParams.set("sid", JSON.parse(packet.slice(1)).sid);
    this.onmessage?.({ data: packet });
  }

  /** @param {RequestInit} request */
  async #fetch(request) {
    const answer = await fetch(this.#url, { cache: "no-store", ...request });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  }

  /** @param {string} body */
  #post(body) {
    return this.#fetch({ method: "POST", body, keepalive: true });
  }

  /** @param {string} packet */
  send(packet) {
    this.#queue.push(packet);
    if (!this.#sending) this.#flush();
  }

  async #flush() {
    this.#sending = true;
    try {
      while (this.#queue.length) await this.#post(this.#queue.splice(0).join(BETWEEN));
      // By itself: the server takes no goodbye that comes with it.
      if (this.#leaving) await this.#post("1");
    } catch (error) {
      this.#end(error);
    }
    this.#sending = false;
    if (this.#leaving) this.#closed.abort();
  }

  /** @param {unknown} why */
  #end(why) {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.onclose?.(why);
  }

  // What was said before still goes: a request that is given up sooner is a broken line to the server.
  close() {
    if (this.#closed.signal.aborted) return;
    this.#leaving = true;
    if (!this.#url.searchParams.has("sid")) this.#closed.abort();
    else if (!this.#sending) this.#flush();
  }
}

class Socket {
  #url;
  #auth;
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();
  /** @type {Map<number, Waiting>} */
  #acks = new Map();
  #next = 0;
  /** @type {Way | null} */
  #web = null;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #patience = 45000;
  #tries = 0;
  // WebSockets that failed one after the other, and whether requests got through where they did not.
  #failed = 0;
  #polls = false;
  /** @type {() => Way} */
  #open = () => (this.#polls || this.#failed >= ENOUGH ? this.#poll() : new WebSocket(this.#url));

  /**
   * @param {string} url where the server is
   * @param {object} auth what the server is told as the connection begins
   * @param {((url: string) => Way) | null} open makes a WebSocket, where there is none of the browser
   */
  constructor(url, auth = {}, open = null) {
    const address = new URL("/socket.io/?EIO=4&transport=websocket", url);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.#url = address.href;
    this.#auth = auth;
    if (open) this.#open = () => open(this.#url);
    this.#connect();
  }

  connected = false;

  /** @param {string} event @param {Listener} listener */
  on(event, listener) {
    const all = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...all, listener]);
    return this;
  }

  /**
   * Resolves with what the server answers; rejects if the connection breaks first.
   * @param {string} event
   * @param {any[]} args
   * @returns {Promise<any>}
   */
  ask(event, ...args) {
    return new Promise((resolve, reject) => {
      if (!this.connected || !this.#web) return reject(new Error("not connected"));
      const id = this.#next++;
      this.#acks.set(id, { resolve, reject });
      this.#web.send(`42${id}${JSON.stringify([event, ...args])}`);
    });
  }

  /** @param {string} event @param {any[]} args */
  emit(event, ...args) {
    if (this.connected) this.#web?.send(`42${JSON.stringify([event, ...args])}`);
  }

  // Goes on purpose: nobody waits for this client to come back.
  close() {
    if (this.connected) this.#web?.send("41");
    this.abandon();
  }

  // Goes without a word: it may come back, as after a reload.
  abandon() {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#web?.close();
  }

  #poll() {
    // If that fails as well, the server is away.
    this.#failed = 0;
    const address = new URL(this.#url);
    address.protocol = address.protocol === "wss:" ? "https:" : "http:";
    address.searchParams.set("transport", "polling");
    return new Polling(address.href);
  }

  #connect() {
    const web = this.#open();
    this.#web = web;
    this.#watch();
    web.onmessage = (message) => this.#packet(String(message.data));
    web.onclose = (why) => this.#broke(web, why instanceof Error ? why : undefined);
  }

  // The server speaks at least as often as it promised; otherwise the connection is dead.
  #watch() {
    clearTimeout(this.#silence);
    const web = this.#web;
    this.#silence = setTimeout(() => this.#broke(web), this.#patience);
  }

  /** @param {Way | null} web @param {unknown} why */
  #broke(web, why = new Error("no connection")) {
    if (web !== this.#web) return;
    this.#web = null;
    clearTimeout(this.#silence);
    if (web) {
      web.onclose = web.onmessage = null;
      web.close();
    }
    for (const { reject } of this.#acks.values()) reject(new Error("the connection broke"));
    this.#acks.clear();
    if (this.connected) {
      this.connected = false;
      this.#tell("disconnect");
    } else if (!this.#closed) {
      this.#failed += 1;
      this.#polls = false;
      this.#tell("connect_error", why);
    }
    if (this.#closed) return;
    // Not everybody at once after a restart of the server.
    const wait = Math.min(500 * 2 ** this.#tries++, 10000) * (0.5 + Math.random());
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  /** @param {string} text */
  #packet(text) {
    this.#watch();
    switch (text[0]) {
      case "0": {
        const { pingInterval, pingTimeout } = JSON.parse(text.slice(1));
        this.#patience = pingInterval + pingTimeout;
        this.#web?.send(`40${JSON.stringify(this.#auth)}`);
        break;
      }
      case "1":
        this.#broke(this.#web);
        break;
      case "2":
        this.#web?.send("3");
        break;
      case "4":
        this.#message(text.slice(1));
        break;
    }
  }

  /** @param {string} text */
  #message(text) {
    const body = text.slice(1);
    switch (text[0]) {
      case "0":
        this.connected = true;
        this.#tries = 0;
        this.#failed = 0;
        this.#polls = this.#web instanceof Polling;
        this.#tell("connect");
        break;
      // The server gave this connection up, or does not want it now.
      case "1":
        this.#broke(this.#web);
        break;
      case "2": {
        const at = body.indexOf("[");
        const [event, ...args] = JSON.parse(body.slice(at));
        const id = body.slice(0, at);
        if (id) args.push((/** @type {any[]} */ ...answer) => this.#web?.send(`43${id}${JSON.stringify(answer)}`));
        this.#tell(event, ...args);
        break;
      }
      case "3": {
        const at = body.indexOf("[");
        const id = Number(body.slice(0, at));
        const waiting = this.#acks.get(id);
        this.#acks.delete(id);
        waiting?.resolve(JSON.parse(body.slice(at))[0]);
        break;
      }
      case "4":
        this.#broke(this.#web, JSON.parse(body));
        break;
    }
  }

  /** @param {string} event @param {any[]} args */
  #tell(event, ...args) {
    for (const listener of this.#listeners.get(event) ?? []) listener(...args);
  }
}
