// Hands, reactions, and who was muted: told to each of the others by a signal of its own, so that nothing
// of them is kept.

import { REACTIONS } from "./chat.js";
import { $, button, press, say, tell } from "./elements.js";
import { isHand } from "./hands.js";
import { atLeaving } from "./leaving.js";
import { barred } from "./list.js";
import { people } from "./parts.js";
import { pass } from "./server.js";
import { call, devices } from "./state.js";
import { words } from "./texts.js";

// The least time between two reactions of one person, in milliseconds.
const PACE = 300;

const others = () => people.present.filter(({ id, isWaiting }) => id !== call.mine?.id && !isWaiting);

// Whether somebody takes part: viewers only look and listen.
const takesPart = (/** @type {string} */ id) => {
  const person = people.get(id);
  return Boolean(person?.isAlive && !person.isWaiting && person.role !== "viewer");
};

/**
 * Tells somebody of this person's hand, as it is when they can be told.
 * @param {string} id
 */
function tellHand(id) {
  pass(id, () => (call.mine ? { hand: people.hands.number(call.mine.id) } : null));
}

// Raises this person's hand, or lowers it.
function turnHand() {
  const { inside, mine } = call;
  if (!inside || !mine || mine.role === "viewer") return;
  const { hands } = people;
  hands.put(mine.id, hands.number(mine.id) ? 0 : hands.next);
  people.redraw();
  press("hand", hands.number(mine.id) > 0);
  for (const { id } of others()) tellHand(id);
}

// Tells everybody whether a host muted this person, so that hosts know what there is to be lifted.
export function tellBarred() {
  for (const { id } of others()) pass(id, () => ({ muted: devices.barred }));
}

/**
 * Somebody came in, or came back.
 * @param {string} id
 */
export function greet(id) {
  if (call.mine && people.hands.number(call.mine.id)) tellHand(id);
  if (devices.barred) pass(id, () => ({ muted: devices.barred }));
}

/**
 * This page came in again.
 * @param {boolean} asks whether it knows nothing of the others any more
 */
export function greetAll(asks) {
  for (const { id } of others()) {
    greet(id);
    if (asks) pass(id, () => ({ asks }));
  }
}

/** @type {Map<string, number>} */
const reacted = new Map();

/**
 * Whether somebody may react again.
 * @param {string} id
 */
function mayReact(id) {
  const now = performance.now();
  if (now - (reacted.get(id) ?? -PACE) < PACE) return false;
  reacted.set(id, now);
  return true;
}

/** @param {string} id @param {number} kind */
function showReaction(id, kind) {
  const reaction = REACTIONS[kind];
  if (!reaction || !mayReact(id)) return false;
  const [sign, name] = reaction;
  people.react(id, sign);
  if (id !== call.mine?.id) say(words("reacted", { name: people.name(id) ?? words("somebody"), reaction: words(name) }));
  return true;
}

/** @param {number} kind */
function react(kind) {
  const { mine } = call;
  if (!mine || !showReaction(mine.id, kind)) return;
  for (const { id } of others()) call.socket?.emit("signal", id, { reaction: kind });
}

/**
 * Takes what somebody does; says whether it was a gesture.
 * @param {string} from
 * @param {any} data
 */
export function gesture(from, data) {
  const { hand, reaction, lower, muted, asks } = data ?? {};
  if (asks === true) {
    greet(from);
    return true;
  }
  if (typeof muted === "boolean" && takesPart(from)) {
    if (muted) barred.add(from);
    else barred.delete(from);
    people.redraw();
    return true;
  }
  if (lower === true && people.get(from)?.isHost) {
    if (call.mine && people.hands.number(call.mine.id)) {
      turnHand();
      tell(words("lowered"));
    }
    return true;
  }
  if (isHand(hand) && takesPart(from)) {
    if (people.hands.put(from, hand)) say(words("raised", { name: people.name(from) ?? words("somebody") }));
    people.redraw();
  } else if (reaction !== undefined && takesPart(from)) {
    showReaction(from, reaction);
  }
  return [hand, reaction, lower, muted].some((of) => of !== undefined);
}

/** @param {boolean} open */
function openReactions(open) {
  const here = $("reactions").contains(document.activeElement);
  $("reactions").hidden = !open;
  $("react").setAttribute("aria-expanded", String(open));
  if (open) $("hand").focus();
  else if (here) $("react").focus();
}

$("react").onclick = () => openReactions($("reactions").hidden);
$("hand").onclick = () => {
  turnHand();
  openReactions(false);
};
for (const [kind, [sign, name]] of REACTIONS.entries()) {
  const act = () => {
    react(kind);
    openReactions(false);
  };
  $("reactions").append(button(sign, act, words(name)));
}
$("reactions").onkeydown = (event) => {
  if (event.key === "Escape") openReactions(false);
};
press("hand", false);
atLeaving(() => {
  people.hands.clear();
  barred.clear();
  reacted.clear();
  openReactions(false);
});
