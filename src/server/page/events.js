// What the server tells.

import { say, tell } from "./elements.js";
import { admitted, join, offer, renew, signal, summary } from "./entry.js";
import { notice, out } from "./leaving.js";
import { chat, named, people } from "./parts.js";
import { ring } from "./ring.js";
import { call, devices, embedder, token } from "./state.js";

/** @import { Message, Person } from "./state.js" */

/** @type {Record<string, [string, string]>} */
const TOKEN_ENDINGS = {
  expired: ["Your invitation has ended", "Ask for a new one to go on."],
  withdrawn: ["Your invitation was withdrawn", "Ask for a new one to go on."],
  displaced: ["You are here twice", "Somebody came in with the same invitation."],
};

/** @type {Record<string, string>} */
const ENDINGS = {
  expired: "The room's time ran out.",
  deleted: "The room was deleted.",
  host_left: "The host left.",
};

/**
 * Opens the line to the server and comes in over it.
 * @param {string} name
 */
export function enter(name) {
  const socket = new Socket(location.href, token ? { token } : {});
  call.socket = socket;
  const broke = () => tell("The connection broke; trying again.");
  socket.on("connect", () => join(name));
  socket.on("disconnect", broke);
  socket.on("connect_error", broke);
  socket.on("place-lost", () => join(name));
  embedder.follow(socket);
  onPeople(socket);
  onMessages(socket);
  onWaiting(socket);
  onEnd(socket);
  socket.on("signal", signal);
  socket.on("ice-servers", renew);
  socket.on("notification", ring);
}

/** @param {Socket} socket */
function onPeople(socket) {
  socket.on("room-summary", ({ name, participants, messages, more }) => {
    named(name);
    people.reset(participants);
    chat.reset(messages, more);
    summary(participants.find((/** @type {Person} */ person) => person.isMe)?.id);
  });
  socket.on("new-participant", (person) => {
    people.put({ ...person, isWaiting: false });
    say(`${person.name} joined`);
  });
  socket.on("participant-left", (id) => {
    call.peers?.remove(id);
    const person = people.gone(id);
    if (person) say(`${person.name} left`);
  });
  socket.on("participant-updated-mediaState", ({ id, mediaState }) => people.put({ id, mediaState }));
  socket.on("participant-changed-name", (id, name) => people.put({ id, name }));
  socket.on("participant-updated-role", (id, role) => {
    people.put({ id, role, isHost: role === "host" });
    const { mine } = call;
    if (!mine || id !== mine.id) return;
    mine.role = role;
    offer();
    if (role === "host") tell("You are the host now.");
  });
  socket.on("mute-request", async (by) => {
    await devices.turn("microphone", false);
    tell(`${people.name(by) ?? "A host"} asked you to mute; your microphone is off.`);
  });
}

/** @param {Socket} socket */
function onMessages(socket) {
  for (const kind of ["room", "direct"]) {
    socket.on(`new-${kind}-message`, (/** @type {Message} */ message) => chat.put(message, true));
    socket.on(`edit-${kind}-message`, (message) => chat.change(message));
    socket.on(`delete-${kind}-message`, (message) => chat.remove(message));
  }
}

/** @param {Socket} socket */
function onWaiting(socket) {
  socket.on("new-waiting-room-participant", ({ participant }) => {
    people.put({ ...participant, isWaiting: true });
    tell(`${participant.name} waits to be let in; see People.`);
  });
  socket.on("waiting-room-left", (id) => people.gone(id));
  socket.on("waiting-room-accept", ({ iceServers } = {}) => admitted(iceServers));
  socket.on("waiting-room-rejection", () => out("You cannot come in", "The host did not let you in."));
}

/** @param {Socket} socket */
function onEnd(socket) {
  socket.on("replaced", () => notice("You are here twice", "This call goes on in another tab, or with the same invitation elsewhere.", true));
  socket.on("kicked", () => out("You were removed", "A host removed you from the call."));
  socket.on("token-ended", (why) => out(...(TOKEN_ENDINGS[why] ?? /** @type {[string, string]} */ (TOKEN_ENDINGS.expired))));
  socket.on("room-ended", (why) => notice("The call is over", ENDINGS[why] ?? "The call was ended."));
}
