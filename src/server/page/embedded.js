// The page inside of a page of another site, which shows it by `/embed.js`: what that site asks for, and
// what it is told. Only the page around this one is heard, and only if the server lists where it is from.

/** @typedef {{id: string, name: string, role: string}} Somebody */
/** @typedef {Somebody & {isAlive: boolean, isMe: boolean, isWaiting: boolean}} Present */
/** @typedef {Record<string, string>} Look */
/**
 * What the site wants.
 * @typedef {object} Greeting
 * @property {string} [token]
 * @property {string} [name]
 * @property {string[]} [start] words
 * @property {string} [layout]
 * @property {Look} [look]
 * @property {boolean} [join] whether to come in at once
 */
/** @typedef {Record<string, (...args: any[]) => unknown>} Acts */

const EMBEDDING = 1;
// What may be asked.
const ACTS = ["leave", "mute", "camera", "share", "send"];
// What is off at first, by the words that ask for it.
/** @type {Record<string, "microphone" | "camera">} */
const OFF = { muted: "microphone", unseen: "camera" };
// How each look is put on. Words are checked by the browser; what it does not understand changes nothing.
const VARIABLES = ["accent", "danger", "line", "soft"];
const PROPERTIES = { background: "background-color", color: "color", font: "font-family" };
const SCHEMES = ["light", "dark"];

// Speaks with the page around this one, if there is one.
class Embedder {
  #page;
  #listed;
  // Where the page around is from, once it spoke.
  /** @type {string | null} */
  #origin = null;
  /** @type {((greeting: Greeting) => void) | null} */
  #greet = null;
  // What is done when it is asked for, by its name.
  /** @type {Acts} */
  #acts = {};
  // The others in the room, by their ids, while this page is inside.
  /** @type {Map<string, Somebody>} */
  #others = new Map();
  #inside = false;
  #leaving = false;
  #speaking = "";
  #layout = "grid";
  // Told of whatever is said after the greeting.
  /** @type {(type: string, said: Greeting) => void} */
  told = () => {};
  // What the page around wants; nothing if this page stands alone.
  /** @type {Promise<Greeting>} */
  greeting;

  /** @param {Window} page @param {string[]} listed the origins whose pages may show this one */
  constructor(page, listed) {
    this.#page = page;
    this.#listed = listed;
    const isFramed = page.parent !== page && listed.length > 0;
    const isExpected = isFramed && page.location.hash === "#embedded";
    this.greeting = isExpected ? new Promise((resolve) => (this.#greet = resolve)) : Promise.resolve({});
    if (isFramed) page.addEventListener("message", (event) => this.#heard(event));
  }

  /** @param {Acts} acts */
  serve(acts) {
    this.#acts = acts;
  }

  /** @param {string} event @param {object} detail */
  tell(event, detail) {
    this.#post({ type: "event", event, detail });
  }

  /** @param {Somebody} me @param {Present[]} people */
  joined(me, people) {
    if (this.#inside) return;
    this.#inside = true;
    this.#others = othersOf(people);
    this.tell("joined", { ...shortly(me), participants: [...this.#others.values()] });
  }

  /**
   * This page is not in the room any more, or did not come in.
   * @param {string} title
   * @param {string} message
   */
  ended(title, message) {
    if (this.#inside || this.#leaving) this.tell("left", { title, message });
    else this.tell("error", { title, message, refused: true });
    this.#inside = this.#leaving = false;
    this.#speaking = "";
  }

  // Somebody leaves because they want to, from wherever they are.
  leaves() {
    this.#leaving = true;
  }

  /**
   * Tells of others, over whichever line the server speaks.
   * @param {{on(event: string, heard: (...args: any[]) => void): unknown}} socket
   * @param {string} broken what is said when the line breaks
   */
  follow(socket, broken) {
    socket.on("new-participant", (person) => this.#came(person));
    socket.on("participant-left", (id) => this.#went(id));
    // Who came and went while the line was broken.
    socket.on("room-summary", ({ participants }) => {
      const now = othersOf(participants);
      for (const id of this.#others.keys()) if (!now.has(id)) this.#went(id);
      for (const person of now.values()) this.#came(person);
    });
    for (const kind of ["room", "direct"]) {
      socket.on(`new-${kind}-message`, ({ id, from, name, content, created }) => {
        this.tell("message", { id, from, name, text: content, created, direct: kind === "direct" });
      });
    }
    socket.on("disconnect", () => {
      if (this.#inside) this.tell("error", { message: broken, refused: false });
    });
  }

  /** @param {Somebody} person */
  #came(person) {
    if (!this.#inside || this.#others.has(person.id)) return;
    this.#others.set(person.id, shortly(person));
    this.tell("participant-joined", shortly(person));
  }

  /** @param {string} id */
  #went(id) {
    const person = this.#others.get(id);
    if (!this.#inside || !person) return;
    this.#others.delete(id);
    this.tell("participant-left", person);
  }

  /**
   * Who speaks just now.
   * @param {Set<string>} ids
   * @param {{get(id: string): Somebody | undefined, feature(id: string): void}} people
   */
  speaks(ids, people) {
    const first = [...ids].find((id) => this.#others.has(id));
    if (this.#layout === "speaker" && first) people.feature(first);
    const speaking = [...ids].sort().join(" ");
    if (!this.#inside || speaking === this.#speaking) return;
    this.#speaking = speaking;
    const known = [...ids].flatMap((id) => people.get(id) ?? []);
    this.tell("speaking", { participants: known.map(shortly) });
  }

  /** @param {string} layout */
  set layout(layout) {
    this.#layout = layout === "speaker" ? layout : "grid";
  }

  get layout() {
    return this.#layout;
  }

  /** @param {object} message */
  #post(message) {
    if (this.#origin) this.#page.parent.postMessage({ tok: EMBEDDING, ...message }, this.#origin);
  }

  /** @param {MessageEvent} event */
  #heard({ source, origin, data }) {
    if (source !== this.#page.parent || !this.#listed.includes(origin) || data?.tok !== EMBEDDING) return;
    if (data.type === "hello") this.#hello(origin, data);
    else if (origin !== this.#origin) return;
    else if (data.type === "ask") this.#answer(data);
    else this.told(data.type, data);
  }

  /** @param {string} origin @param {Greeting} greeting */
  #hello(origin, greeting) {
    this.#origin = origin;
    this.#post({ type: "ready" });
    if (this.#greet) this.#greet(greeting);
    else this.told("hello", greeting);
    this.#greet = null;
  }

  /** @param {{id: number, act: string, args?: unknown[]}} asked */
  async #answer({ id, act, args = [] }) {
    try {
      const done = ACTS.includes(act) && this.#acts[act];
      if (!done) throw new Error(`the room page knows no ${act}`);
      const value = await done(...args);
      this.#post({ type: "answer", id, value });
    } catch (error) {
      this.#post({ type: "answer", id, error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/**
 * What the site around is told of somebody.
 * @param {Somebody} person
 * @returns {Somebody}
 */
function shortly({ id, name, role }) {
  return { id, name, role };
}

/** @param {Present[]} people */
function othersOf(people) {
  const there = people.filter((person) => person.isAlive && !person.isMe && !person.isWaiting);
  return new Map(there.map((person) => [person.id, shortly(person)]));
}

/**
 * The lines that are off at first.
 * @param {Greeting} greeting
 */
function offAtFirst({ start = [] }) {
  return start.flatMap((word) => OFF[word] ?? []);
}

/**
 * Puts the site's look on the page.
 * @param {Document} page
 * @param {Look} look
 */
function dress({ documentElement: root, body }, look) {
  const put = (/** @type {CSSStyleDeclaration} */ style, /** @type {string} */ property, /** @type {string | undefined} */ value, as = property) => {
    if (!value) style.removeProperty(property);
    else if (CSS.supports(as, value)) style.setProperty(property, value);
  };
  for (const name of VARIABLES) put(root.style, `--${name}`, look[name], "color");
  for (const [name, property] of Object.entries(PROPERTIES)) put(body.style, property, look[name]);
  root.style.colorScheme = SCHEMES.includes(look.scheme ?? "") ? look.scheme ?? "" : "";
}
