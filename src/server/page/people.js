// Everybody in the room: their pictures in the grid, their names in the list.

class People {
  #all = new Map();
  #streams = new Map();
  #stands = new Map();
  #me = null;
  #act;

  // `act(event, ...args)` asks the server for something.
  constructor(act) {
    this.#act = act;
  }

  get me() {
    return this.#me;
  }

  get present() {
    return [...this.#all.values()].filter((person) => person.isAlive);
  }

  get(id) {
    return this.#all.get(id);
  }

  name(id) {
    return this.#all.get(id)?.name ?? null;
  }

  // Everybody anew.
  reset(people) {
    this.#all = new Map(people.map((person) => [person.id, person]));
    this.#me = people.find((person) => person.isMe)?.id ?? null;
    $("grid").replaceChildren();
    this.#draw();
  }

  put(person) {
    this.#all.set(person.id, { ...this.#all.get(person.id), ...person });
    this.#draw();
  }

  gone(id) {
    const person = this.#all.get(id);
    if (person) person.isAlive = false;
    this.#streams.delete(id);
    this.#stands.delete(id);
    this.#draw();
    return person;
  }

  // The streams of somebody.
  stream(id, person, screen) {
    this.#streams.set(id, { person, screen });
    this.#draw();
  }

  // How the call with somebody is, nothing if it is well. Says whether that is new.
  stands(id, how) {
    if ((this.#stands.get(id) ?? "") === how) return false;
    this.#stands.set(id, how);
    this.#draw();
    return true;
  }

  #draw() {
    const wanted = [];
    for (const person of this.present) {
      const { cameraEnabled, screenEnabled } = person.mediaState ?? {};
      // Viewers only look and listen, whatever they send.
      const streams = person.role === "viewer" ? null : this.#streams.get(person.id);
      wanted.push([`person-${person.id}`, person, streams?.person, cameraEnabled, false]);
      if (screenEnabled) wanted.push([`screen-${person.id}`, person, streams?.screen, true, true]);
    }
    const keys = new Set(wanted.map(([key]) => key));
    for (const tile of [...$("grid").children]) if (!keys.has(tile.id)) tile.remove();
    for (const tile of wanted) this.#tile(...tile);
    this.#list();
    this.#receivers();
  }

  // A tile is kept while its person is there: a picture must not blink because somebody came.
  #tile(key, person, stream, picture, screen) {
    const mine = person.id === this.#me;
    let tile = $(key);
    if (!tile) {
      const video = element("video", { autoplay: true, playsInline: true, muted: mine || screen });
      video.setAttribute("aria-hidden", "true");
      const [caption, state] = ["caption", "state"].map((className) => element("span", { className }));
      tile = element("li", { id: key }, element("span", { className: "letter", ariaHidden: "true" }), video, caption, state);
      tile.classList.toggle("screen", screen);
      tile.classList.toggle("mine", mine);
      $("grid").append(tile);
    }
    const [letter, video, caption, state] = tile.children;
    letter.textContent = (person.name.trim()[0] ?? "?").toUpperCase();
    caption.textContent = captionOf(person, mine, screen);
    state.textContent = mine ? "" : this.#stands.get(person.id) ?? "";
    state.hidden = !state.textContent;
    if (stream && video.srcObject !== stream) video.srcObject = stream;
    // Sound must go on when the picture is hidden.
    video.style.opacity = picture && stream ? "1" : "0";
  }

  #list() {
    const host = this.#all.get(this.#me)?.isHost;
    const lines = this.present.map((person) => {
      const line = element("li", {}, captionOf(person, person.id === this.#me, false), person.isHost ? " · host" : "");
      if (host && person.id !== this.#me) line.append(this.#controls(person));
      return line;
    });
    redrawn($("people"), () => $("people").replaceChildren(...lines));
    $("count").textContent = `(${this.present.length})`;
  }

  #controls({ id, name, isWaiting }) {
    const act = (event, ...args) => () => this.#act(event, id, ...args);
    const controls = isWaiting
      ? [
          button("Let in", act("waiting-room-decision", "accept"), `Let ${name} in`),
          button("Refuse", act("waiting-room-decision", "reject"), `Refuse ${name}`),
        ]
      : [
          button("Mute", act("mute-participant"), `Ask ${name} to mute`),
          button("Make host", act("transfer-host"), `Make ${name} the host`),
          button("Remove", act("kick-participant", {}), `Remove ${name}`),
          button("Ban", act("kick-participant", { ban: true }), `Ban ${name}`),
        ];
    return element("div", { className: "row" }, ...controls);
  }

  #receivers() {
    const chosen = $("to").value || "everyone";
    const others = this.present.filter((person) => person.id !== this.#me && !person.isWaiting);
    const options = others.map((person) => new Option(`${person.name} only`, person.id));
    // What was meant for one person must not go to everybody because they left.
    const gone = chosen !== "everyone" && !others.some((person) => person.id === chosen);
    if (gone) options.push(new Option(`${this.name(chosen) ?? "Somebody"} (left)`, chosen));
    $("to").replaceChildren(new Option("Everyone", "everyone"), ...options);
    $("to").value = chosen;
  }
}

function captionOf(person, mine, screen) {
  const { microphoneEnabled } = person.mediaState ?? {};
  const name = mine ? `${person.name} (you)` : person.name;
  if (person.isWaiting) return `${name}, waiting`;
  if (screen) return `${name}, screen`;
  return microphoneEnabled ? name : `${name}, muted`;
}
