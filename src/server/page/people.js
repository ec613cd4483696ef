// Everybody in the room: their pictures in the grid, their names in the list.

import { hearThrough, turnCamera } from "./choices.js";
import { $, element, icon, iconButton, tell } from "./elements.js";
import { Hands } from "./hands.js";
import { playAloud } from "./hearing.js";
import { List, captionOf } from "./list.js";
import { words } from "./texts.js";

/** @import { Verdict } from "./quality.js" */
/** @import { Unseen, Why, Wish } from "./relay.js" */
/** @import { Person } from "./state.js" */
/** @typedef {{person: MediaStream | null, screen: MediaStream | null}} Streams */
/** @typedef {{key: string, person: Person, stream?: MediaStream | null, picture: boolean, screen: boolean}} Picture */

// How long a page that goes away may take to come back as if it never was, in milliseconds.
const RETURN = 3000;
// Tools have no place on a picture that is narrower, in pixels.
const SMALL = 150;
// How long a reaction stands over a picture, in milliseconds.
const REACTED = 4000;

/**
 * The first of what a reader sees as characters.
 * @param {string} name
 */
function firstLetter(name) {
  const text = name.trim();
  const letters = "Segmenter" in Intl ? Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment) : [...text];
  return (letters[0] ?? "?").toUpperCase();
}

export class People {
  /** @type {Map<string, Person>} */
  #all = new Map();
  /** @type {Map<string, Streams>} */
  #streams = new Map();
  /** @type {Map<string, string>} */
  #stands = new Map();
  /** @type {Map<string, Verdict>} */
  #lines = new Map();
  // The tiles whose pictures do not come, and why.
  /** @type {Map<string, Why>} */
  #unseen = new Map();
  // Whose page went away a while ago, and the clocks of those whose page just did.
  /** @type {Set<string>} */
  #away = new Set();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #going = new Map();
  // Who speaks just now.
  /** @type {Set<string>} */
  #speaking = new Set();
  // The tile that is kept large.
  /** @type {string | null} */
  #pinned = null;
  // The one that is large while none is pinned.
  /** @type {string | null} */
  #featured = null;
  /** @type {string | null} */
  #me = null;
  /** @type {(seen: Wish[]) => void} told what is seen, largest first */
  arranged = () => {};
  #list;
  #changed;
  // How many wait for a host, if this is one.
  knocking = 0;
  hands = new Hands();

  /**
   * @param {(event: string, ...args: any[]) => Promise<any>} act asks the server for something
   * @param {(id: string) => void} lower asks somebody to lower their hand
   * @param {() => void} changed told when somebody waits, or does not any more
   */
  constructor(act, lower, changed) {
    this.#changed = changed;
    this.#list = new List(act, lower, this.hands);
    new ResizeObserver(() => this.#arrange()).observe($("grid"));
  }

  get me() {
    return this.#me;
  }

  get present() {
    return [...this.#all.values()].filter((person) => person.isAlive);
  }

  /** @param {string} id */
  get(id) {
    return this.#all.get(id);
  }

  /** @param {string} id */
  name(id) {
    return this.#all.get(id)?.name ?? null;
  }

  /**
   * Everybody anew. Whose picture is shown already keeps it: it may fill the display.
   * @param {Person[]} people
   */
  reset(people) {
    this.#all = new Map(people.map((person) => [person.id, person]));
    this.#me = people.find((person) => person.isMe)?.id ?? null;
    this.#draw();
  }

  /** @param {Partial<Person> & {id: string}} person what is known of somebody now */
  put(person) {
    const all = { ...this.#all.get(person.id), ...person };
    this.#all.set(person.id, /** @type {Person} */ (all));
    this.#draw();
  }

  /** @param {string} id */
  gone(id) {
    const person = this.#all.get(id);
    if (person) person.isAlive = false;
    this.#streams.delete(id);
    this.#stands.delete(id);
    this.#lines.delete(id);
    this.hands.put(id, 0);
    this.#settle(id);
    this.#draw();
    return person;
  }

  /**
   * The streams of somebody.
   * @param {string} id
   * @param {MediaStream | null} person
   * @param {MediaStream | null} screen
   */
  stream(id, person, screen) {
    this.#streams.set(id, { person, screen });
    this.#draw();
  }

  /**
   * Somebody's page goes away, for good or for a reload: without a sign of them they are not shown any
   * more, long before it is sure that they left.
   * @param {string} id
   */
  goes(id) {
    this.stands(id, words("reconnecting"));
    clearTimeout(this.#going.get(id));
    const hide = () => {
      this.#away.add(id);
      this.#draw();
    };
    this.#going.set(id, setTimeout(hide, RETURN));
  }

  /**
   * Somebody is heard of: their page is there.
   * @param {string} id
   */
  comes(id) {
    if (!this.#going.has(id)) return;
    this.#settle(id);
    this.#stands.delete(id);
    this.#draw();
  }

  /**
   * It is sure whether they are there.
   * @param {string} id
   */
  #settle(id) {
    clearTimeout(this.#going.get(id));
    this.#going.delete(id);
    this.#away.delete(id);
  }

  /**
   * How the call with somebody is, nothing if it is well. Says whether that is new.
   * @param {string} id
   * @param {string} how
   */
  stands(id, how) {
    // The media of a page that goes may come for a moment longer: only what the page says is a sign of it.
    if (!how && this.#going.has(id)) return false;
    if ((this.#stands.get(id) ?? "") === how) return false;
    this.#stands.set(id, how);
    this.#draw();
    return true;
  }

  /**
   * Who speaks just now, by their ids.
   * @param {Set<string>} speaking
   */
  speak(speaking) {
    this.#speaking = speaking;
    for (const tile of this.#tiles) {
      tile.classList.toggle("speaking", speaking.has(tile.dataset.of ?? "") && !tile.classList.contains("screen"));
    }
  }

  /**
   * What is wrong with the line to somebody. Says whether that is new.
   * @param {string} id
   * @param {Verdict} verdict
   */
  line(id, verdict) {
    if ((this.#lines.get(id) ?? "") === verdict) return false;
    this.#lines.set(id, verdict);
    this.#draw();
    return true;
  }

  /**
   * These pictures, and no others, do not come. Gives those of which that is new.
   * @param {Unseen[]} pictures
   */
  unseen(pictures) {
    const before = this.#unseen;
    const key = (/** @type {Unseen} */ { participant, source }) => `${source === "screen" ? "screen" : "person"}-${participant}`;
    this.#unseen = new Map(pictures.map((of) => [key(of), of.why]));
    if (before.size || pictures.length) this.#draw();
    return pictures.filter((of) => before.get(key(of)) !== of.why);
  }

  // Shows hosts who was banned.
  showBanned() {
    if (this.#me && this.#all.get(this.#me)?.isHost) this.#list.showBanned();
  }

  redraw() {
    this.#draw();
  }

  /**
   * Shows a reaction over the picture of somebody for a while; a later one takes its place.
   * @param {string} id
   * @param {string} sign
   */
  react(id, sign) {
    const tile = document.getElementById(`person-${id}`);
    const shown = element("span", { className: "reaction" }, sign);
    shown.setAttribute("aria-hidden", "true");
    tile?.querySelector(".reaction")?.remove();
    tile?.append(shown);
    setTimeout(() => shown.remove(), REACTED);
  }

  get #tiles() {
    return /** @type {HTMLElement[]} */ ([...$("grid").children]);
  }

  #draw() {
    /** @type {Picture[]} */
    const wanted = [];
    for (const person of this.present.filter(({ id }) => !this.#away.has(id))) {
      const { cameraEnabled, screenEnabled } = person.mediaState ?? {};
      // Viewers only look and listen, whatever they send.
      const streams = person.role === "viewer" ? null : this.#streams.get(person.id);
      wanted.push({ key: `person-${person.id}`, person, stream: streams?.person, picture: Boolean(cameraEnabled), screen: false });
      if (screenEnabled) wanted.push({ key: `screen-${person.id}`, person, stream: streams?.screen, picture: true, screen: true });
    }
    const keys = new Set(wanted.map(({ key }) => key));
    for (const tile of this.#tiles) if (!keys.has(tile.id)) tile.remove();
    for (const picture of wanted) this.#tile(picture);
    if (this.#pinned && !keys.has(this.#pinned)) this.#pinned = null;
    this.#arrange();
    const me = this.#me ? this.#all.get(this.#me) : undefined;
    this.#list.draw(this.present, me, (id) => this.name(id));
    const knocking = me?.isHost ? this.present.filter(({ isWaiting }) => isWaiting).length : 0;
    if (knocking === this.knocking) return;
    this.knocking = knocking;
    $("knocking").textContent = knocking ? String(knocking) : "";
    this.#changed();
  }

  #arrange() {
    const tiles = this.#tiles;
    const { clientWidth: width, clientHeight: height } = $("grid");
    const wanted = tiles.map(({ id: key, classList }) => ({
      key,
      screen: classList.contains("screen"),
      mine: classList.contains("mine"),
      pinned: key === (this.#pinned ?? this.#featured),
    }));
    const places = layout({ width, height }, wanted);
    for (const tile of tiles) {
      const place = places.get(tile.id);
      tile.hidden = !place;
      if (!place) continue;
      Object.assign(tile.style, { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` });
      tile.classList.toggle("small", place.width < SMALL);
      tile.classList.toggle("pinned", tile.id === this.#pinned);
      tile.querySelector(".pin")?.setAttribute("aria-pressed", String(tile.id === this.#pinned));
    }
    this.#tellSeen(tiles, places);
  }

  /**
   * @param {HTMLElement[]} tiles
   * @param {Map<string, {width: number}>} places
   */
  #tellSeen(tiles, places) {
    const wishes = [];
    for (const { id, dataset, classList } of tiles) {
      const place = places.get(id);
      if (!place || !dataset.of || dataset.of === this.#me) continue;
      const source = classList.contains("screen") ? "screen" : "camera";
      wishes.push({ participant: dataset.of, source, width: Math.round(place.width * (globalThis.devicePixelRatio ?? 1)) });
    }
    this.arranged(wishes.sort((one, other) => other.width - one.width));
  }

  /**
   * Lets somebody stand large for as long as nothing is pinned; nobody without an id.
   * @param {string | null} id
   */
  feature(id) {
    const key = id && `person-${id}`;
    if (this.#featured === key) return;
    this.#featured = key;
    this.#arrange();
  }

  /** @param {string} key */
  #pin(key) {
    this.#pinned = this.#pinned === key ? null : key;
    this.#arrange();
  }

  /**
   * What can be done with a picture.
   * @param {string} key
   * @param {HTMLVideoElement} video
   * @param {HTMLElement} tile
   */
  #tools(key, video, tile) {
    const pin = iconButton("pin", words("pin"), () => this.#pin(key));
    pin.classList.add("pin");
    const tools = element("div", { className: "tools" }, pin);
    if (document.fullscreenEnabled) {
      const full = () => (document.fullscreenElement ? document.exitFullscreen() : tile.requestFullscreen());
      tools.append(iconButton("full", words("full"), () => full().catch(() => tell(words("noFull")))));
    }
    if (document.pictureInPictureEnabled) {
      const float = () => video.requestPictureInPicture().catch(() => tell(words("noFloat")));
      tools.append(iconButton("float", words("float"), float));
    }
    return tools;
  }

  /**
   * A tile is kept while its person is there: a picture must not blink because somebody came.
   * @param {Picture} picture
   */
  #tile({ key, person, stream, picture, screen }) {
    const mine = person.id === this.#me;
    let tile = document.getElementById(key);
    if (!tile) {
      const video = element("video", { autoplay: true, playsInline: true });
      video.setAttribute("aria-hidden", "true");
      hearThrough(video);
      const [caption, hand, state, line] = ["caption", "hand", "state", "line"].map((className) => element("span", { className }));
      const off = element("span", { className: "off" }, icon("camera"));
      const marks = element("div", { className: "marks" }, hand, state, line, off);
      for (const mark of [hand, off]) mark.setAttribute("role", "img");
      off.setAttribute("aria-label", words("cameraIsOff"));
      tile = element("li", { id: key }, element("span", { className: "letter", ariaHidden: "true" }), video, caption, marks);
      const tools = this.#tools(key, video, tile);
      if (mine && !screen) {
        const turn = iconButton("turn", words("turnCamera"), turnCamera);
        turn.classList.add("turn");
        tools.prepend(turn);
      }
      tile.append(tools);
      tile.ondblclick = () => this.#pin(key);
      tile.dataset.of = person.id;
      tile.classList.toggle("screen", screen);
      tile.classList.toggle("speaking", this.#speaking.has(person.id) && !screen);
      $("grid").append(tile);
    }
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (tile.querySelector(`.${name}`));
    const [letter, caption, state] = ["letter", "caption", "state"].map(part);
    this.#hand(part("hand"), screen ? 0 : this.hands.place(person.id));
    const video = /** @type {HTMLVideoElement} */ (tile.querySelector("video"));
    // Whoever comes back may be somebody new, and nobody hears themselves.
    tile.classList.toggle("mine", mine);
    video.muted = mine;
    letter.textContent = firstLetter(person.name);
    caption.textContent = captionOf(person, mine, screen);
    const whose = screen ? words("shownBy", { name: person.name }) : person.name;
    for (const tool of /** @type {NodeListOf<HTMLElement>} */ (tile.querySelectorAll(".tools button"))) tool.setAttribute("aria-label", words("tool", { what: tool.title, whose }));
    state.textContent = this.#stands.get(person.id) ?? "";
    state.hidden = !state.textContent;
    // Why there is no picture, and what else is wrong; a call that is broken says so already.
    const line = screen ? "" : this.#lines.get(person.id);
    const wrong = (picture && this.#unseen.get(key)) || line;
    const verdict = state.textContent ? "" : wrong;
    part("line").textContent = verdict ? words(verdict) : "";
    part("line").hidden = !verdict;
    part("off").hidden = picture || person.isWaiting || person.role === "viewer";
    if (stream && video.srcObject !== stream) {
      video.srcObject = stream;
      playAloud(video);
    }
    // Sound must go on when the picture is hidden.
    video.style.opacity = picture && stream ? "1" : "0";
  }

  /** @param {HTMLElement} mark @param {number} place */
  #hand(mark, place) {
    mark.hidden = !place;
    mark.textContent = place ? `✋ ${place}` : "";
    mark.setAttribute("aria-label", words("handUp", { place }));
  }
}
