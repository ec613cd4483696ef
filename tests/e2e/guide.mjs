// People in a call with a server that was set up by docs/self-hosting.md, each with a browser and a network of
// their own; `.ci/guide` makes all of that. What a network lets through decides which way media takes.
// `node guide.mjs CHECKS`, where CHECKS is JSON: see below.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { devices, launchAt } from "./browser.mjs";
import { decoded, watched } from "./engines.mjs";
import { comeIn } from "./pages.mjs";
import { until } from "./people.mjs";

// Whoever calls: a program that is a browser in their network, the network's name, and their link.
const { people, media } = JSON.parse(process.argv[2]);
const [ada, bob, eve] = people;
const SLOW = 60_000;

const ip = (person, ...words) => execFileSync("ip", ["-n", person.network, ...words]);

async function enter(person) {
  const context = await person.browser.newContext({ permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  page.setDefaultTimeout(SLOW);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await page.addInitScript(watched);
  await page.goto(person.link);
  await comeIn(page, person.name);
  person.page = page;
}

// How somebody's media goes: by which candidates, and over what.
const ways = async () => {
  const found = [];
  for (const call of window.calls.filter(({ connectionState }) => connectionState === "connected")) {
    const stats = [...(await call.getStats()).values()];
    const by = Object.fromEntries(stats.map((of) => [of.id, of]));
    const transport = stats.find(({ type }) => type === "transport");
    const pair = by[transport?.selectedCandidatePairId];
    if (!pair) continue;
    const [local, remote] = [by[pair.localCandidateId], by[pair.remoteCandidateId]];
    found.push({ local: local.candidateType, over: local.relayProtocol ?? local.protocol, remote: remote.candidateType, to: `${remote.address}:${remote.port}` });
  }
  return found;
};

async function sees(person, other) {
  const { frames, sound } = await person.page.evaluate(decoded, other.name);
  await until(`${person.name} sees and hears ${other.name}`, async () => {
    const now = await person.page.evaluate(decoded, other.name);
    return now.frames > frames + 10 && now.sound > sound;
  }, SLOW);
}

// All of them see and hear each other, by ways that are all as they should be.
async function meet(what, present, isRight) {
  for (const person of present) await enter(person);
  for (const person of present) for (const other of present) if (other !== person) await sees(person, other);
  for (const person of present) {
    let taken;
    await until(`${what}: the way of ${person.name}`, async () => {
      taken = await person.page.evaluate(ways);
      return taken.length === 1 && isRight(taken[0]);
    }, SLOW).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(taken)}`));
    assert.deepEqual(person.page.complaints, []);
    console.log(`${what}: ${person.name} ${JSON.stringify(taken)}`);
  }
  for (const person of present) await person.page.context().close();
}

try {
  for (const person of people) person.browser = await launchAt(person.program, ...devices());
  await meet("from browser to browser", [ada, bob], ({ local, remote, over }) => local !== "relay" && remote !== "relay" && over === "udp");
  // Neither reaches the other any more, as behind two strict NATs.
  ip(ada, "route", "add", "unreachable", bob.range);
  ip(bob, "route", "add", "unreachable", ada.range);
  const shut = (...what) => [ada, bob].forEach((person) => ip(person, "rule", "add", "pref", "100", "ipproto", ...what, "prohibit"));
  const open = () => [ada, bob].forEach((person) => ip(person, "rule", "del", "pref", "100"));
  const isRelayed = ({ local, remote }) => local === "relay" || remote === "relay";
  shut("tcp", "dport", "5349");
  await meet("by TURN over UDP", [ada, bob], (way) => isRelayed(way) && way.over === "udp");
  open();
  // Nothing but TCP gets out.
  shut("udp");
  await meet("by TURN over TLS", [ada, bob], (way) => isRelayed(way) && way.over === "tls");
  open();
  await meet("three, by the server", [ada, bob, eve], ({ local, to }) => local !== "relay" && to === media);
} finally {
  for (const person of people) await person.browser?.close();
}
