// Speaks socket.io (protocol 5) over Engine.IO 4 and a WebSocket: events, acknowledgements, signs of
// life, and coming back after a cut.

/** @typedef {(...args: any[]) => void} Listener */
/** @typedef {{resolve: (answer: any) => void, reject: (why: Error) => void}} Waiting */

class Socket {
  #url;
  #auth;
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();
  /** @type {Map<number, Waiting>} */
  #acks = new Map();
  #next = 0;
  /** @type {WebSocket | null} */
  #web = null;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #patience = 45000;
  #tries = 0;
  #open = () => new WebSocket(this.#url);

  /**
   * @param {string} url where the server is
   * @param {object} auth what the server is told as the connection begins
   * @param {((url: string) => WebSocket) | null} open makes a WebSocket, where there is none of the browser
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

  #connect() {
    const web = this.#open();
    this.#web = web;
    this.#watch();
    web.onmessage = (message) => this.#packet(String(message.data));
    web.onclose = () => this.#broke(web);
  }

  // The server speaks at least as often as it promised; otherwise the connection is dead.
  #watch() {
    clearTimeout(this.#silence);
    const web = this.#web;
    this.#silence = setTimeout(() => this.#broke(web), this.#patience);
  }

  /** @param {WebSocket | null} web @param {unknown} why */
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
