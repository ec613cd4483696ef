// <tok-room src="https://meet.example.com/r/standup">: a room in a page of another site. The room's page
// stands in a frame; both speak by messages `{tok: 1, type, …}` and look where each comes from. The token
// goes by a message, so that it is in no address.

(() => {
  const VERSION = 1;
  const ALLOW = "camera; microphone; display-capture; autoplay; fullscreen";
  const EVENTS = ["joined", "left", "participant-joined", "participant-left", "speaking", "message", "media", "error"];
  const ATTRIBUTES = ["src", "name", "start", "layout"];
  const LOOKS = ["accent", "danger", "line", "soft", "background", "color", "font", "scheme"];
  // How long a loaded page may be silent.
  const PATIENCE = 10000;

  class TokRoom extends HTMLElement {
    static observedAttributes = ["token", "style", "class", ...ATTRIBUTES];
    #frame = null;
    #origin = null;
    #token = null;
    #linked = null;
    // Whether the page answered since it was loaded.
    #greeted = false;
    #inside = false;
    // Who waits to be in.
    #joining = null;
    // What the page was asked, by numbers.
    #asked = new Map();
    #next = 0;
    #silence = null;
    #dark = matchMedia("(prefers-color-scheme: dark)");
    #hear = (event) => this.#heard(event);
    #restyle = () => this.#greeted && this.#post({ type: "look", look: this.#look(), layout: this.layout });

    constructor() {
      super();
      this.attachShadow({ mode: "open" });
      // Policies may refuse elements of style.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":host{display:block;min-height:24rem}:host([hidden]){display:none}iframe{display:block;width:100%;height:100%;min-height:inherit;border:0}");
      this.shadowRoot.adoptedStyleSheets = [sheet];
    }

    connectedCallback() {
      // What was set before the element was known.
      for (const property of ["token", ...ATTRIBUTES]) {
        if (!Object.hasOwn(this, property)) continue;
        const value = this[property];
        delete this[property];
        this[property] = value;
      }
      addEventListener("message", this.#hear);
      this.#dark.addEventListener("change", this.#restyle);
      this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.#dark.removeEventListener("change", this.#restyle);
      this.#unload();
    }

    attributeChangedCallback(attribute, before, now) {
      if (!this.#frame || before === now) return;
      if (attribute === "src") this.#load();
      else if (["style", "class", "layout"].includes(attribute)) this.#restyle();
      else if (attribute === "token" && this.#greeted && !this.#inside) this.#post(this.#hello());
    }

    // What is set is kept here alone.
    get token() {
      return this.#token ?? this.getAttribute("token") ?? this.#linked;
    }

    set token(token) {
      const before = this.token;
      this.#token = token ?? null;
      this.attributeChangedCallback("token", before, this.token);
    }

    // Resolves when the room is entered.
    join({ token, name } = {}) {
      if (token !== undefined) this.token = token;
      if (name !== undefined) this.name = name;
      if (this.#inside) return Promise.resolve();
      if (!this.#joining) {
        const joining = (this.#joining = {});
        joining.promise = new Promise((resolve, reject) => Object.assign(joining, { resolve, reject }));
      }
      if (this.#greeted) this.#post(this.#hello());
      return this.#joining.promise;
    }

    leave() {
      return this.#ask("leave");
    }

    mute(on = true) {
      return this.#ask("mute", on);
    }

    camera(on = true) {
      return this.#ask("camera", on);
    }

    share(on = true) {
      return this.#ask("share", on);
    }

    // Writes to everyone.
    send(text) {
      return this.#ask("send", String(text));
    }

    #load() {
      this.#unload();
      const src = this.getAttribute("src");
      if (!src || !this.isConnected) return;
      const address = new URL(src, document.baseURI);
      // A link for one person has its token behind the hash.
      this.#linked = new URLSearchParams(address.hash.slice(1)).get("token");
      address.hash = "embedded";
      this.#origin = address.origin;
      const onload = () => this.#loaded();
      this.#frame = Object.assign(document.createElement("iframe"), { allow: ALLOW, title: "Call", referrerPolicy: "origin", src: address.href, onload });
      this.shadowRoot.append(this.#frame);
      // Firefox tells nothing of a frame that it refuses.
      this.#wait(2 * PATIENCE);
    }

    #unload() {
      clearTimeout(this.#silence);
      this.#frame?.remove();
      this.#frame = null;
      this.#forget();
    }

    // Nothing comes back of what an earlier page was asked.
    #forget() {
      this.#greeted = this.#inside = false;
      for (const [id, { posted, reject }] of this.#asked) {
        if (!posted) continue;
        this.#asked.delete(id);
        reject(new Error("the room page was left"));
      }
    }

    #loaded() {
      this.#forget();
      this.#post(this.#hello());
      this.#wait(PATIENCE);
    }

    #wait(patience) {
      clearTimeout(this.#silence);
      const message = `${this.#origin} does not answer; is ${location.origin} listed in its server.embed_origins?`;
      this.#silence = setTimeout(() => this.#tell("error", { message, refused: true }), patience);
    }

    #hello() {
      const { token, name, layout } = this;
      const start = (this.start ?? "").split(/\s+/);
      return { type: "hello", token, name, layout, start, look: this.#look(), join: Boolean(this.#joining) };
    }

    #look() {
      const style = getComputedStyle(this);
      return Object.fromEntries(LOOKS.map((name) => [name, style.getPropertyValue(`--tok-${name}`).trim()]));
    }

    #post(message, more = {}) {
      this.#frame?.contentWindow?.postMessage({ tok: VERSION, ...message }, { targetOrigin: this.#origin, ...more });
    }

    #ask(act, ...args) {
      const id = this.#next++;
      return new Promise((resolve, reject) => {
        this.#asked.set(id, { message: { type: "ask", id, act, args }, posted: false, resolve, reject });
        if (this.#greeted) this.#pass();
      });
    }

    #pass() {
      for (const asked of this.#asked.values()) {
        if (asked.posted) continue;
        asked.posted = true;
        try {
          // A press on this page counts in the frame only if it is handed on.
          this.#post(asked.message, asked.message.act === "share" ? { delegate: "display-capture" } : {});
        } catch {
          this.#post(asked.message);
        }
      }
    }

    #heard({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#origin || data?.tok !== VERSION) return;
      if (data.type === "ready") {
        clearTimeout(this.#silence);
        this.#greeted = true;
        this.#pass();
      } else if (data.type === "answer") {
        const asked = this.#asked.get(data.id);
        this.#asked.delete(data.id);
        if (data.error === undefined) asked?.resolve(data.value);
        else asked?.reject(new Error(data.error));
      } else if (data.type === "event" && EVENTS.includes(data.event)) {
        this.#tell(data.event, data.detail);
      }
    }

    #tell(event, detail) {
      const joined = event === "joined";
      const out = event === "left" || (event === "error" && detail.refused);
      if (joined || out) {
        this.#inside = joined;
        if (joined) this.#joining?.resolve();
        else this.#joining?.reject(new Error(detail.message));
        this.#joining = null;
      }
      this.dispatchEvent(new CustomEvent(event, { detail }));
    }
  }

  for (const attribute of ATTRIBUTES) {
    Object.defineProperty(TokRoom.prototype, attribute, {
      get() {
        return this.getAttribute(attribute);
      },
      set(value) {
        if (value == null) this.removeAttribute(attribute);
        else this.setAttribute(attribute, value);
      },
    });
  }
  if (!customElements.get("tok-room")) customElements.define("tok-room", TokRoom);
})();
