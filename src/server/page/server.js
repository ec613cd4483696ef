// What is asked of the server, and what is passed on to others through it.

import { rest, tell } from "./elements.js";
import { call } from "./state.js";
import { words } from "./texts.js";

// What may be otherwise in a moment.
export const PASSING = [409, 429, 500, 503];
// How long an answer is waited for until it counts as lost, in milliseconds.
const LOST = 5000;

/**
 * Asks the server; says why not, if not. Gives the data of the answer, or nothing.
 * @param {string} event
 * @param {any[]} args
 * @returns {Promise<any>}
 */
export async function ask(event, ...args) {
  try {
    const answer = await call.socket?.ask(event, ...args);
    if (answer?.success) return answer.data ?? true;
    if (answer) tell(answer.error);
  } catch {
    tell(words("broke"), true);
  }
  return null;
}

/**
 * Asks the server until it answers, over one line after the other, as long as this page is in the call:
 * for what may be asked twice. Gives nothing when the page is out.
 * @param {string} event
 * @param {any[]} args
 * @returns {Promise<any>}
 */
export async function send(event, ...args) {
  for (const [socket, me] = [call.socket, call.mine]; socket && socket === call.socket && call.mine?.id === me?.id; await rest(500)) {
    if (!socket.connected || !call.inside) continue;
    const lost = rest(LOST).then(() => null);
    const answer = await Promise.race([socket.ask(event, ...args).catch(() => null), lost]);
    if (answer) return answer;
  }
  return null;
}

/**
 * Passes a signal on: what `make` gives, until it is passed on or `make` gives nothing any more. What
 * cannot be passed on now, because the line broke or nodes cannot hear each other, is tried again for
 * as long as that; what cannot be passed on at all is for somebody who is gone.
 * @param {string} to
 * @param {() => object | null} make
 */
export async function pass(to, make) {
  for (let data = make(); data && call.socket; data = make()) {
    try {
      const { status } = await call.socket.ask("signal", to, data);
      if (!PASSING.includes(status)) return;
    } catch {
      // Perhaps over the next connection.
    }
    await rest(1000);
  }
}
