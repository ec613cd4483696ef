// Speaks socket.io (protocol 5) over Engine.IO 4 and a WebSocket, or by polling where the network lets no
// WebSocket through: events, acknowledgements, signs of life, and coming back after a cut.

/** @typedef {(...args: any[]) => void} Listener */
/** @typedef {{resolve: (answer: any) => void, reject: (why: Error) => void}} Waiting */
/**
 * Why the server lets nobody in, in its own words.
 * @typedef {Error & {status?: number}} Refusal
 */

/**
 * What the line needs of a WebSocket.
 * @typedef {object} Transport
 * @property {((message: any) => void) | null} onmessage
 * @property {((event: any) => void) | null} onclose
 * @property {(text: string) => void} send
 * @property {() => void} close
 */

// How long a server may be silent before it says how long it may be, in milliseconds: some proxies neither
// pass a WebSocket on nor refuse it.
const UNHEARD = 15000;
// So many WebSockets in a row that bring nothing make it try polling; more where one did before, since that
// network lets them through.
const IN_VAIN = { never: 2, before: 6 };
// What is longer than so many characters does not outlive its page: browsers keep 64 KiB at most.
const KEPT = 16 * 1024;

class Socket {
  #url;
  #auth;
  // Whether the server was heard over the line that there is, and whether it is polled.
  #heard = false;
  #polls = false;
  // WebSockets in a row that brought nothing, and whether one ever did.
  #refused = 0;
  #proven = false;
  /** @type {Map<string, Listener[]>} */
  #listeners = new Map();
  // What the server said last of why not, until it is heard.
  /** @type {Refusal | null} */
  #why = null;
  /** @type {Map<number, Waiting>} */
  #acks = new Map();
  #next = 0;
  /** @type {Transport | null} */
  #web = null;
  #closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #patience = UNHEARD;
  #tries = 0;
  /** @type {() => Transport} */
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
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const enough = this.#proven ? IN_VAIN.before : IN_VAIN.never;
    // After polling it is a WebSocket's turn again.
    this.#polls = !this.#polls && this.#refused >= enough;
    this.#heard = false;
    this.#patience = UNHEARD;
    const web = this.#polls ? new Polling(this.#url) : this.#open();
    this.#web = web;
    this.#watch();
    web.onmessage = (message) => this.#packet(String(message.data));
    web.onclose = ({ why }) => this.#broke(web, why);
  }

  // The server speaks at least as often as it promised; otherwise the connection is dead.
  #watch() {
    clearTimeout(this.#silence);
    const web = this.#web;
    this.#silence = setTimeout(() => this.#broke(web), this.#patience);
  }

  // The network is there again: nobody waits any longer for the next try.
  hurry() {
    if (this.#retry === undefined || this.#closed) return;
    this.#tries = 0;
    this.#connect();
  }

  /** @param {Transport | null} web @param {Refusal | null} why */
  #broke(web, why = this.#why) {
    if (web !== this.#web) return;
    this.#web = null;
    this.#why = why;
    if (!this.#heard && !this.#polls) this.#refused += 1;
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
      this.#tell("connect_error", why ?? new Error("no connection"), Boolean(why));
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
        this.#heard = true;
        if (!this.#polls) {
          this.#proven = true;
          this.#refused = 0;
        }
        this.#watch();
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
        this.#why = null;
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

// Engine.IO's polling, in the shape of a WebSocket: one request waits for news, another brings what is sent.
class Polling {
  /** @type {Transport["onmessage"]} */
  onmessage = null;
  /** @type {Transport["onclose"]} */
  onclose = null;
  #url;
  // How many bytes the server takes at once.
  #most = 0;
  /** @type {string[]} */
  #waiting = [];
  // How often it began to post, if it does so now; what began before leaves the rest to it.
  #posting = 0;
  #turns = 0;
  #closing = false;
  #over = new AbortController();

  /** @param {string} url as of the WebSocket */
  constructor(url) {
    const address = new URL(url);
    address.protocol = address.protocol === "wss:" ? "https:" : "http:";
    address.searchParams.set("transport", "polling");
    this.#url = address;
    this.#poll();
  }

  // What is sent in one turn goes together, also when the page goes away with it.
  /** @param {string} text */
  send(text) {
    this.#waiting.push(text);
    if (!this.#posting) this.#begins();
  }

  close() {
    if (this.#closing || this.#over.signal.aborted) return;
    this.#closing = true;
    if (!this.#url.searchParams.has("sid")) return this.#end();
    this.#waiting.push("1");
    // The page may be gone before what is on its way arrives: nothing waits for that.
    this.#begins();
  }

  #begins() {
    const turn = ++this.#turns;
    this.#posting = turn;
    queueMicrotask(() => this.#post(turn));
  }

  async #poll() {
    try {
      while (!this.#over.signal.aborted) {
        const answer = await this.#ask({ signal: this.#over.signal });
        for (const packet of (await answer.text()).split("\x1e")) {
          if (packet[0] === "0") this.#know(JSON.parse(packet.slice(1)));
          // Whatever fails over there breaks no line.
          queueMicrotask(() => this.onmessage?.({ data: packet }));
        }
      }
    } catch (error) {
      this.#end(error);
    }
  }

  /** @param {{sid: string, maxPayload: number}} session */
  #know({ sid, maxPayload }) {
    this.#url.searchParams.set("sid", sid);
    this.#most = maxPayload;
  }

  /** @param {number} turn */
  async #post(turn) {
    try {
      while (this.#waiting.length && turn === this.#posting) {
        const body = this.#next();
        // What is said last is said while the page goes away.
        await this.#ask({ method: "POST", body, keepalive: body.length < KEPT, signal: AbortSignal.timeout(UNHEARD) });
      }
    } catch (error) {
      this.#end(error);
    }
    if (turn !== this.#posting) return;
    this.#posting = 0;
    if (this.#closing) this.#end();
  }

  // As much of what waits as the server takes. The end waits for the goodbye, which it would overtake.
  #next() {
    let size = 0;
    const isTooMuch = (/** @type {string} */ packet) => (size += new TextEncoder().encode(packet).length + 1) > this.#most;
    const end = this.#waiting.findIndex((packet, at) => (isTooMuch(packet) || this.#waiting[at - 1] === "41") && at > 0);
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end).join("\x1e");
  }

  /** @param {RequestInit} request */
  async #ask(request) {
    const answer = await fetch(this.#url, { cache: "no-store", ...request });
    if (answer.ok) return answer;
    // What stands between here and the server may answer as well, in whatever way.
    const { detail } = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(detail ?? `the server answered ${answer.status}`), { status: detail && answer.status });
  }

  /**
   * Tells it once, as a WebSocket does: later than whatever led to it; and why, if the server said so.
   * @param {unknown} error
   */
  #end(error = null) {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    const isTold = error instanceof Error && "status" in error && error.status;
    queueMicrotask(() => this.onclose?.(isTold ? { why: error } : {}));
  }
}
