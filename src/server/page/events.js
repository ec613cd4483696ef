// What the server tells.

import { say, saysRisen, tell, tellRisen } from "./elements.js";
import { admitted, bar, count, hosted, join, offer, renew, signal, summary } from "./entry.js";
import { greet } from "./gestures.js";
import { notice, out } from "./leaving.js";
import { showLock, tellLock } from "./locking.js";
import { chat, named, people } from "./parts.js";
import { ring } from "./ring.js";
import { notify, sound } from "./sounds.js";
import { call, devices, embedder, token } from "./state.js";
import { words } from "./texts.js";

/** @import { Message, Person } from "./state.js" */

/** @import { Key } from "./texts.js" */

/** @type {Record<string, [Key, Key]>} */
const TOKEN_ENDINGS = {
  expired: ["invitationExpired", "askForNew"],
  withdrawn: ["invitationWithdrawn", "askForNew"],
  displaced: ["hereTwice", "sameInvitation"],
};

/** @type {Record<string, Key>} */
const ENDINGS = {
  expired: "timeRanOut",
  deleted: "wasDeleted",
  host_left: "hostLeft",
};

/**
 * Opens the line to the server and comes in over it.
 * @param {string} name
 */
export function enter(name) {
  call.name = name;
  // In the lobby there may be one already, over which it rings.
  const socket = call.socket ?? connect();
  const broke = (/** @type {string} */ text) => {
    tell(text, true);
    if (call.mine) people.stands(call.mine.id, words("reconnecting"));
  };
  socket.on("connect", () => join(call.name));
  socket.on("disconnect", () => broke(words("broke")));
  socket.on("connect_error", ({ status, message }, isTold) => {
    // The server wants no pages from here: that will not be otherwise in a moment.
    if (status === 403 && !call.inside) return notice(words("cannotJoin"), message, true);
    broke(isTold ? words("again", { why: message }) : words("broke"));
  });
  socket.on("place-lost", () => join(call.name));
  embedder.follow(socket, words("broke"));
  onPeople(socket);
  onMessages(socket);
  onWaiting(socket);
  onEnd(socket);
  socket.on("signal", signal);
  socket.on("ice-servers", renew);
  if (socket.connected) join(name);
}

/** The line to the server, over which it rings. */
export function connect() {
  const socket = new Socket(location.href, token ? { token } : {});
  call.socket = socket;
  socket.on("notification", ring);
  return socket;
}

/** @param {Socket} socket */
function onPeople(socket) {
  socket.on("room-summary", ({ name, participants, messages, more, locked }) => {
    named(name);
    showLock(Boolean(locked));
    people.reset(participants);
    chat.reset(messages, more);
    summary(participants.find((/** @type {Person} */ person) => person.isMe));
  });
  socket.on("new-participant", (person) => {
    people.put({ ...person, isWaiting: false });
    call.peers?.came(person.id);
    greet(person.id);
    say(words("joined", { name: person.name }));
    sound("come");
    count();
  });
  socket.on("participant-left", (id) => {
    call.peers?.remove(id);
    const person = people.gone(id);
    count();
    if (!person) return;
    say(words("left", { name: person.name }));
    sound("go");
  });
  socket.on("participant-updated-mediaState", ({ id, mediaState }) => people.put({ id, mediaState }));
  socket.on("participant-changed-name", (id, name) => people.put({ id, name }));
  socket.on("participant-updated-role", (id, role) => {
    people.put({ id, role, isHost: role === "host" });
    const { mine } = call;
    if (!mine || id !== mine.id) return;
    mine.role = role;
    offer();
    if (role === "host") tellRisen();
  });
  socket.on("room-locked", tellLock);
  socket.on("mute-request", async (by) => {
    await devices.turn("microphone", false);
    // That nobody hears them is said already, and matters more.
    if (!devices.barred) tell(words("askedToMute", { name: people.name(by) ?? words("aHost") }));
  });
  socket.on("mute-lifted", (by) => {
    bar(false);
    tell(words("maySpeak", { name: people.name(by) ?? words("aHost") }));
  });
}

/** @param {Socket} socket */
function onMessages(socket) {
  for (const kind of ["room", "direct"]) {
    socket.on(`new-${kind}-message`, (/** @type {Message} */ message) => {
      chat.put(message, true);
      if (!document.hidden) return;
      sound("message");
      notify(message.name, message.content);
    });
    socket.on(`edit-${kind}-message`, (message) => chat.change(message));
    socket.on(`delete-${kind}-message`, (message) => chat.remove(message));
  }
}

/** @param {Socket} socket */
function onWaiting(socket) {
  socket.on("new-waiting-room-participant", ({ participant }) => {
    people.put({ ...participant, isWaiting: true });
    const knocks = words("knocks", { name: participant.name });
    // Who became the host just now hears of those who wait in the same moment.
    if (saysRisen()) tellRisen(knocks);
    else tell(knocks);
    sound("knock");
    notify(knocks);
  });
  socket.on("waiting-room-left", (id) => people.gone(id));
  socket.on("waiting-room-host", hosted);
  socket.on("waiting-room-accept", ({ iceServers } = {}) => admitted(iceServers));
  socket.on("waiting-room-rejection", () => out(words("cannotComeIn"), words("notLetIn")));
}

/** @param {Socket} socket */
function onEnd(socket) {
  socket.on("replaced", () => notice(words("hereTwice"), words("goesOn"), true));
  socket.on("kicked", () => out(words("removed"), words("hostRemoved")));
  socket.on("token-ended", (why) => {
    const [heading, text] = TOKEN_ENDINGS[why] ?? TOKEN_ENDINGS.expired ?? [];
    if (heading && text) out(words(heading), words(text));
  });
  socket.on("room-ended", (why) => notice(words("isOver"), words(ENDINGS[why] ?? "wasEnded")));
}
