// Messages: what was written, and writing.

import { $, button, element, redrawn, rest, say, tell } from "./elements.js";
import { PASSING } from "./server.js";
import { language, newMessages, words } from "./texts.js";

/** @import { Key } from "./texts.js" */
/** @import { People } from "./people.js" */
/** @import { Message, Reaction } from "./state.js" */

/** @type {[string, Key][]} */
export const REACTIONS = [
  ["👍", "thumbsUp"], ["👎", "thumbsDown"], ["😂", "laugh"], ["😕", "confused"],
  ["🎉", "celebrate"], ["💯", "hundred"], ["❓", "question"], ["👏", "clap"],
];

// The end of the list counts as in view so many pixels before it.
const NEAR = 40;

/**
 * A piece of what somebody wrote.
 * @param {Piece} piece
 */
function linked({ text, href }) {
  return href ? element("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text) : text;
}

/**
 * Whether a key belongs to what is being composed. Safari ends that before it tells of the key.
 * @param {KeyboardEvent} event
 */
function composes({ isComposing, keyCode }) {
  return isComposing || keyCode === 229;
}

export class Chat {
  /** @type {Map<string, Message>} */
  #messages = new Map();
  #people;
  #ask;
  #send;
  #changed;
  // Messages that came while the chat was closed.
  #unread = 0;
  // Messages that came below what is read just now.
  #below = 0;
  // Where earlier messages begin that are not here.
  /** @type {string | null} */
  #before = null;
  // Messages that are being changed here.
  /** @type {Set<string>} */
  #editing = new Set();
  // Whose messages are drawn as one's own.
  /** @type {string | null} */
  #own = null;

  /**
   * @param {People} people
   * @param {(event: string, ...args: any[]) => Promise<any>} ask asks the server for something and gives
   *   its data, or nothing
   * @param {(event: string, ...args: any[]) => Promise<any>} send gives its answer, over the next line if
   *   this one breaks, or nothing if there is none any more
   * @param {() => void} changed told when something is missed, or is not any more
   */
  constructor(people, ask, send, changed) {
    this.#people = people;
    this.#ask = ask;
    this.#send = send;
    this.#changed = changed;
    $("text").placeholder = words("message");
    $("write").onsubmit = (/** @type {Event} */ event) => this.#write(event);
    $("text").onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.shiftKey && !composes(event)) this.#write(event);
    };
    $("earlier").onclick = () => this.#earlier();
    $("newer").onclick = () => this.#bottom();
    $("messages").onscroll = () => {
      if (this.#atEnd()) this.#seen();
    };
  }

  // Messages that nobody saw here.
  get missed() {
    return this.#unread;
  }

  /**
   * The last of the messages, as they are after a break. What is read and what is being changed stays.
   * @param {Message[]} messages
   * @param {boolean} more whether there are earlier ones
   */
  reset(messages, more) {
    const follows = this.#atEnd();
    const last = [...this.#messages.keys()].sort().at(-1);
    const came = last === undefined ? [] : messages.filter(({ id, from }) => id > last && from !== this.#people.me);
    const first = messages[0]?.id ?? null;
    // Earlier ones that are here go on being those before, unless some between are not.
    const joins = more && messages.some(({ id }) => this.#messages.has(id));
    if (!joins) this.#before = first;
    if (!joins) $("earlier").hidden = !more;
    const now = new Set(messages.map(({ id }) => id));
    const stays = (/** @type {string} */ id) => now.has(id) || (joins && first !== null && id < first);
    for (const message of [...this.#messages.values()]) if (!stays(message.id)) this.remove(message);
    for (const message of messages) this.#renew(message);
    this.#own = this.#people.me;
    if ($("chat-panel").hidden) this.#miss(came.length);
    else if (follows) this.#bottom();
    else this.#below += came.length;
    this.#tellBelow();
  }

  /**
   * Draws a message, unless it stands there as it is.
   * @param {Message} message
   */
  #renew(message) {
    const before = this.#messages.get(message.id);
    this.#messages.set(message.id, message);
    if (JSON.stringify(before) !== JSON.stringify(message) || this.#own !== this.#people.me) this.#draw(message);
  }

  /**
   * A message changed; one that is not here yet will come as it is then.
   * @param {Message} message
   */
  change(message) {
    if (this.#messages.has(message.id)) this.put(message, false);
  }

  /** @param {Message} message @param {boolean} fresh */
  put(message, fresh) {
    const known = this.#messages.has(message.id);
    const follows = this.#atEnd() || message.from === this.#people.me;
    this.#messages.set(message.id, message);
    this.#draw(message);
    if (!fresh || known) return;
    if (message.from !== this.#people.me) say(words("wrote", { name: message.name, text: message.content }));
    if ($("chat-panel").hidden || (document.hidden && message.from !== this.#people.me)) {
      this.#miss(1);
    } else if (follows) {
      this.#bottom();
    } else {
      this.#below += 1;
      this.#tellBelow();
    }
  }

  /** @param {number} more */
  #miss(more) {
    this.#unread += more;
    $("unread").textContent = this.#unread ? ` (${this.#unread})` : "";
    this.#changed();
  }

  // Whether the end of the list is in view.
  #atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = $("messages");
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #seen() {
    this.#below = 0;
    this.#tellBelow();
  }

  #tellBelow() {
    $("newer").hidden = !this.#below;
    $("newer").textContent = newMessages(this.#below);
  }

  /** @param {{id: string}} message */
  remove({ id }) {
    this.#messages.delete(id);
    this.#editing.delete(id);
    $(`message-${id}`)?.remove();
  }

  read() {
    this.#miss(-this.#unread);
    this.#bottom();
  }

  #bottom() {
    $("messages").scrollTop = $("messages").scrollHeight;
    this.#seen();
  }

  /** @param {Event} event */
  async #write(event) {
    event.preventDefault();
    const content = $("text").value;
    if (!content.trim()) return;
    $("text").value = "";
    const draft = element("li", { className: "sending" }, element("p", {}, content), element("span", { className: "by" }, words("sending")));
    $("messages").append(draft);
    this.#bottom();
    const { written, why } = await this.#deliver($("to").value, content);
    draft.remove();
    if (written) return this.put(written, true);
    tell(why ?? "");
    $("text").value ||= content;
  }

  /**
   * Sends until it is known what became of it. It has a name of its own, so that it is there once however
   * often it was sent.
   * @param {string} to
   * @param {string} content
   * @returns {Promise<{written?: Message, why?: string}>}
   */
  async #deliver(to, content) {
    const clientId = newId();
    for (;;) {
      const answer = await this.#send("send-message", to, content, { clientId });
      if (!answer) return { why: words("notSent") };
      if (answer.success) return { written: answer.data };
      if (!PASSING.includes(answer.status)) return { why: answer.error };
      await rest(1000);
    }
  }

  async #earlier() {
    const found = await this.#ask("history", this.#before, 100);
    if (!found) return;
    this.#before = found.before;
    $("earlier").hidden = !found.more;
    // What is read stays where it is, however much comes above it.
    const { scrollTop, scrollHeight } = $("messages");
    for (const message of found.messages) this.put(message, false);
    $("messages").scrollTop = scrollTop + $("messages").scrollHeight - scrollHeight;
  }

  /** @param {Message} message */
  #draw(message) {
    const old = $(`message-${message.id}`);
    // Nobody's work is taken away by a reaction of somebody else.
    if (old && this.#editing.has(message.id)) return;
    const item = this.#item(message);
    if (old) return redrawn($("messages"), () => old.replaceWith(item));
    // The order of ids is the order they were written in, on every screen.
    const later = [...$("messages").children].find((other) => !other.id || other.id > item.id);
    $("messages").insertBefore(item, later ?? null);
  }

  /** @param {Message} message */
  #item(message) {
    const mine = message.from === this.#people.me;
    const by = this.#people.name(message.from) ?? message.name;
    const to = message.to === "everyone" ? "" : mine ? words("toName", { name: this.#people.name(message.to) ?? words("somebodyLow") }) : words("toYou");
    const at = new Date(message.created);
    const time = element("time", { dateTime: at.toISOString() }, at.toLocaleTimeString(language, { timeStyle: "short" }), message.edited ? words("edited") : "");
    const text = element("p", {}, ...pieces(message.content).map(linked));
    const row = element("div", { className: "row" });
    for (const [kind, [sign, name]] of REACTIONS.entries()) {
      const of = message.reactions.filter((reaction) => reaction.type === kind);
      if (of.length) row.append(this.#reaction(message, kind, sign, name, of));
    }
    row.append(this.#react(message));
    if (mine) {
      row.append(
        button(words("edit"), () => this.#edit(message, text), words("editText", { text: message.content })),
        button(words("delete"), () => this.#delete(message), words("deleteText", { text: message.content })),
      );
    }
    return element("li", { id: `message-${message.id}` }, element("span", { className: "by" }, by, to), time, text, row);
  }

  /** @param {Message} message @param {number} kind @param {string} sign @param {Key} name @param {Reaction[]} of */
  #reaction(message, kind, sign, name, of) {
    const had = of.some((reaction) => reaction.participantId === this.#people.me);
    const made = button(`${sign} ${of.length}`, () => this.#toggle(message, kind, had), `${words(name)}, ${of.length}`);
    made.setAttribute("aria-pressed", String(had));
    return made;
  }

  /** @param {Message} message */
  #react(message) {
    /** @type {HTMLButtonElement} */
    const open = button(words("react"), () => {
      const choices = REACTIONS.map(([sign, name], kind) => button(sign, () => this.#toggle(message, kind, false), words(name)));
      open.replaceWith(...choices);
      choices[0]?.focus();
    }, words("reactText", { text: message.content }));
    return open;
  }

  /** @param {Message} message @param {number} kind @param {boolean} remove */
  async #toggle(message, kind, remove) {
    const now = await this.#ask("react", message.id, kind, remove);
    if (now) this.put(now, false);
  }

  /** @param {Message} message */
  async #delete(message) {
    if (await this.#ask("delete-message", message.id)) this.remove(message);
  }

  /** @param {Message} message @param {HTMLElement} text */
  #edit(message, text) {
    const input = element("textarea", { value: message.content, rows: 2 });
    input.ariaLabel = words("editing");
    const done = (/** @type {Message | null | undefined} */ now) => {
      this.#editing.delete(message.id);
      if (now) this.put(now, false);
    };
    const save = async () => {
      const now = await this.#ask("edit-message", message.id, input.value);
      if (now) done(now);
    };
    const cancel = () => done(this.#messages.get(message.id));
    this.#editing.add(message.id);
    input.onkeydown = (event) => {
      if (event.key === "Escape") cancel();
    };
    text.replaceWith(element("div", {}, input, element("div", { className: "row" }, button(words("save"), save), button(words("cancel"), cancel))));
    input.focus();
  }
}
