// Everybody by name: what hosts do with them, whom one writes to, and who was banned.

import { $, button, element, redrawn } from "./elements.js";
import { words } from "./texts.js";

/** @import { Hands } from "./hands.js" */
/** @import { Person } from "./state.js" */

// Whom a host muted, as they say themselves.
/** @type {Set<string>} */
export const barred = new Set();

export class List {
  #act;
  #lower;
  #hands;
  // Who is to be banned, if that is meant.
  /** @type {string | null} */
  #sure = null;
  // Whom this host muted last: a client of another make may not say that it is.
  /** @type {Set<string>} */
  #muted = new Set();
  #draw = () => {};

  /**
   * @param {(event: string, ...args: any[]) => Promise<any>} act asks the server for something
   * @param {(id: string) => void} lower asks somebody to lower their hand
   * @param {Hands} hands
   */
  constructor(act, lower, hands) {
    this.#act = act;
    this.#lower = lower;
    this.#hands = hands;
  }

  /**
   * @param {Person[]} present
   * @param {Person | undefined} me
   * @param {(id: string) => string | null} nameOf of somebody who is or was here
   */
  draw(present, me, nameOf) {
    this.#draw = () => this.draw(present, me, nameOf);
    const lines = present.map((person) => this.#line(person, me));
    redrawn($("people"), () => $("people").replaceChildren(...lines));
    $("count").textContent = `(${present.length})`;
    const knocking = me?.isHost ? present.filter((person) => person.isWaiting).length : 0;
    $("knocking").textContent = knocking ? String(knocking) : "";
    this.#receivers(present, me, nameOf);
  }

  /** @param {Person} person @param {Person | undefined} me */
  #line(person, me) {
    const line = element("li", {}, captionOf(person, person.id === me?.id, false), person.isHost ? words("host") : "");
    const place = this.#hands.place(person.id);
    if (place) line.append(` · ✋ ${words("handUp", { place })}`);
    if (me?.isHost && person.id !== me.id) line.append(this.#controls(person));
    return line;
  }

  /** @param {Person} person */
  #controls({ id, name, isWaiting, mediaState }) {
    const act = (/** @type {string} */ event, /** @type {any[]} */ ...args) => () => this.#act(event, id, ...args);
    if (isWaiting) {
      return element(
        "div",
        { className: "row" },
        button(words("letIn"), act("waiting-room-decision", "accept"), words("letInName", { name })),
        button(words("refuse"), act("waiting-room-decision", "reject"), words("refuseName", { name })),
      );
    }
    if (this.#sure === id) return this.#ban(id, name);
    const isMuted = barred.has(id) || (this.#muted.has(id) && !mediaState?.microphoneEnabled);
    const controls = [
      isMuted
        ? button(words("letSpeak"), () => this.#mute(id, false), words("letSpeakName", { name }))
        : button(words("mute"), () => this.#mute(id, true), words("muteName", { name })),
      button(words("makeHost"), act("transfer-host"), words("makeHostName", { name })),
      button(words("remove"), act("kick-participant", {}), words("removeName", { name })),
      button(words("ban"), () => this.#ask(id), words("banName", { name })),
    ];
    if (this.#hands.place(id)) controls.unshift(button(words("lowerIt"), () => this.#lower(id), words("lowerHandOf", { name })));
    return element("div", { className: "row" }, ...controls);
  }

  /** Mutes somebody, or lets them speak again. @param {string} id @param {boolean} muted */
  async #mute(id, muted) {
    if (!(await this.#act("mute-participant", id, { lift: !muted }))) return;
    if (muted) this.#muted.add(id);
    else this.#muted.delete(id);
    this.#draw();
  }

  // Who is banned does not come again by themselves: that is asked first.
  /** @param {string} id @param {string} name */
  #ban(id, name) {
    const ban = async () => {
      this.#ask(null);
      if (await this.#act("kick-participant", id, { ban: true })) this.showBanned();
    };
    const sure = button(words("banSure"), ban, words("banSureName", { name }));
    sure.classList.add("danger");
    return element("div", { className: "row" }, sure, button(words("keep"), () => this.#ask(null), words("keepName", { name })));
  }

  /** @param {string | null} id */
  #ask(id) {
    this.#sure = id;
    this.#draw();
  }

  // Asks who was banned, and lets hosts undo it.
  async showBanned() {
    const banned = await this.#act("banned-participants");
    if (!Array.isArray(banned)) return;
    const lines = banned.map(({ id, name }) => {
      const unban = async () => {
        if (await this.#act("unban-participant", id)) this.showBanned();
      };
      return element("li", {}, name || words("somebody"), element("div", { className: "row" }, button(words("unban"), unban, words("unbanName", { name: name || words("somebody") }))));
    });
    redrawn($("banned"), () => $("banned-people").replaceChildren(...lines));
    $("banned").hidden = !lines.length;
  }

  /**
   * @param {Person[]} present
   * @param {Person | undefined} me
   * @param {(id: string) => string | null} nameOf
   */
  #receivers(present, me, nameOf) {
    const chosen = $("to").value || "everyone";
    const others = present.filter((person) => person.id !== me?.id && !person.isWaiting);
    const options = others.map((person) => new Option(words("onlyName", { name: person.name }), person.id));
    // What was meant for one person must not go to everybody because they left.
    const gone = chosen !== "everyone" && !others.some((person) => person.id === chosen);
    if (gone) options.push(new Option(words("nameLeft", { name: nameOf(chosen) ?? words("somebody") }), chosen));
    $("to").replaceChildren(new Option(words("everyone"), "everyone"), ...options);
    $("to").value = chosen;
  }
}

/** @param {Person} person @param {boolean} mine @param {boolean} screen */
export function captionOf(person, mine, screen) {
  const { microphoneEnabled } = person.mediaState ?? {};
  const name = mine ? words("you", { name: person.name }) : person.name;
  if (person.isWaiting) return words("nameWaiting", { name });
  if (screen) return words("nameScreen", { name });
  return microphoneEnabled ? name : words("nameMuted", { name });
}
