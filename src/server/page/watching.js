// Looks at the lines to all of the others, and says what is wrong with them.

import { say, tell } from "./elements.js";
import { people } from "./parts.js";
import { Quality, sampleOf } from "./quality.js";
import { call } from "./state.js";
import { words } from "./texts.js";

// How often it looks, in milliseconds.
const OFTEN = 2000;

/** @import { Ways } from "./ways.js" */

/** @type {{of: Ways, quality: Quality} | null} */
let watched = null;

async function look() {
  const { peers, mine } = call;
  if (!peers || !mine) return;
  if (watched?.of !== peers) watched = { of: peers, quality: new Quality() };
  const { quality } = watched;
  const reports = await peers.reports();
  quality.keep(reports.keys());
  for (const [id, { counts, due }] of reports) {
    const person = people.get(id);
    const picture = due && person?.role !== "viewer" && Boolean(person?.mediaState?.cameraEnabled);
    const verdict = quality.hear(id, sampleOf(counts, performance.now()), picture);
    if (people.line(id, verdict) && verdict) say(words("standing", { name: people.name(id) ?? words("somebody"), how: words(verdict) }));
  }
  const own = quality.own();
  if (people.line(mine.id, own) && own) tell(words("weakUplink"));
}

async function watch() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, OFTEN));
    // A call may end while it is looked at.
    await look().catch((error) => console.warn("the lines were not looked at", error));
  }
}
watch();
