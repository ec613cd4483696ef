// Two nodes over one store and a real Redis act as one.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client as Somebody, metric, until } from "./people.mjs";
import { freePort, startRedis } from "./redis.mjs";
import { serve } from "./serve.mjs";

const port = await freePort();
const home = mkdtempSync(join(tmpdir(), "tok-nodes-"));
const environment = { TOK_REDIS__URL: `redis://127.0.0.1:${port}`, TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__HEARTBEAT: "10s", TOK_SIGNALLING__PING_TIMEOUT: "60s" };
let redis, one, two;

async function beginRedis() {
  redis = await startRedis(port, home);
}

async function stopRedis() {
  const ended = once(redis, "exit");
  redis.kill("SIGKILL");
  await ended;
}

const redisCheck = async (node) => {
  const answer = await fetch(`${node.ops}/readyz`);
  const { findings: checks, ready } = await answer.json();
  return { ready, redis: checks.find(({ check }) => check === "redis") };
};

before(async () => {
  await beginRedis();
  one = await serve(environment, { home });
  two = await serve(environment, { home });
});
after(async () => {
  await one.stop();
  await two.stop();
  redis.kill("SIGKILL");
});

// Somebody who keeps the messages apart, and waits for what they find.
class Client extends Somebody {
  constructor(node) {
    super(node.url);
    this.messages = [];
    this.socket.on("new-room-message", (message) => this.messages.push(message));
  }
  async join(room, name, keys) {
    const summary = new Promise((resolve) => this.socket.once("room-summary", resolve));
    await super.join(room, name, keys);
    return summary;
  }
}

test("people on different nodes share a room", { timeout: 60000 }, async () => {
  one.tok("room", "create", "hello");
  const [ada, bob] = [new Client(one), new Client(two)];
  await ada.join("hello", "Ada");
  const summary = await bob.join("hello", "Bob");
  assert.deepEqual(summary.participants.map(({ name, isHost }) => [name, isHost]), [["Ada", true], ["Bob", false]]);
  await until("Ada hears of Bob", () => ada.heard.some(([event, person]) => event === "new-participant" && person.id === bob.me.id));
  assert.equal((await ada.ask("signal", bob.me.id, { offer: 1 })).success, true);
  await until("the signal", () => bob.has("signal", ada.me.id, { offer: 1 }));
  assert.equal((await bob.ask("kick-participant", ada.me.id)).status, 403);
  assert.equal((await ada.ask("transfer-host", bob.me.id)).success, true);
  await until("Bob is host", () => bob.has("participant-updated-role", bob.me.id, "host"));
  // An operator on the command line is a node too.
  one.tok("room", "end", "hello", "--yes");
  await until("all are out", () => ada.has("destroy") && bob.has("destroy"));
});

test("messages come once each and in one order, under load and with Redis cut in the middle", { timeout: 120000 }, async () => {
  one.tok("room", "create", "load");
  const clients = [];
  for (let n = 0; n < 10; n++) clients.push(new Client(n % 2 ? two : one));
  for (const [n, client] of clients.entries()) await client.join("load", `P${n}`);
  const rounds = 60;
  const sent = clients.map(async (client, n) => {
    for (let round = 0; round < rounds; round++) {
      const answer = await client.ask("send-message", "everyone", `${n}:${round}`);
      assert.ok(answer.success, answer.error);
      client.messages.push(answer.data);
      if (n === 0 && round === 20) await stopRedis();
      if (n === 0 && round === 40) await beginRedis();
    }
  });
  await Promise.all(sent);
  const all = rounds * clients.length;
  await until("everybody has every message", () => clients.every((client) => client.messages.length >= all));
  const expected = [...clients[0].messages].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, content }) => [id, content]);
  assert.equal(new Set(expected.map(([id]) => id)).size, all);
  for (const client of clients) {
    assert.equal(client.messages.length, all, "once each");
    // What others wrote comes in the order of the ids; one's own is known by its answer.
    const others = client.messages.filter(({ from }) => from !== client.me.id).map(({ id }) => id);
    assert.deepEqual(others, [...others].sort(), "in order");
    const seen = [...client.messages].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, content }) => [id, content]);
    assert.deepEqual(seen, expected, "the same for everybody");
  }
  for (const [n] of clients.entries()) {
    const own = expected.filter(([, content]) => content.startsWith(`${n}:`)).map(([, content]) => content);
    assert.deepEqual(own, Array.from({ length: rounds }, (_, round) => `${n}:${round}`), "in the order they were written");
  }
  for (const client of clients) client.socket.disconnect();
});

test("without Redis a node serves its own, says so, and the others follow by the store", { timeout: 120000 }, async () => {
  one.tok("room", "create", "cut");
  const [ada, bob] = [new Client(one), new Client(two)];
  await ada.join("cut", "Ada");
  await bob.join("cut", "Bob");
  await stopRedis();
  // What is behind readiness is looked at every fifteen seconds.
  const patience = 40000;
  await until("it is said", async () => (await redisCheck(one)).redis.health === "warn", patience);
  assert.equal((await redisCheck(one)).ready, true);
  await ada.ask("send-message", "everyone", "still here");
  await until("it arrives", () => bob.messages.some(({ content }) => content === "still here"));
  await until("a signal is refused", async () => (await ada.ask("signal", bob.me.id, {})).status === 503);
  await beginRedis();
  await until("signals pass again", async () => (await ada.ask("signal", bob.me.id, { again: 1 })).success);
  await until("and arrive", () => bob.has("signal", ada.me.id, { again: 1 }));
  await until("it is well", async () => (await redisCheck(one)).redis.health === "ok", patience);
  for (const client of [ada, bob]) client.socket.disconnect();
});

test("a signal for a node that does not listen is refused, not lost", { timeout: 60000 }, async () => {
  // A store of its own, so a database of its own.
  const patient = { ...environment, TOK_REDIS__URL: `${environment.TOK_REDIS__URL}/1`, TOK_SIGNALLING__HEARTBEAT: "60s" };
  const nodes = [await serve(patient), null];
  nodes[1] = await serve(patient, { home: nodes[0].home });
  nodes[0].tok("room", "create", "deaf");
  const [ada, bob] = nodes.map((node) => new Client(node));
  await ada.join("deaf", "Ada");
  await bob.join("deaf", "Bob");
  await until("Ada knows Bob", () => ada.heard.some(([event, person]) => event === "new-participant" && person.id === bob.me.id));
  assert.ok((await ada.ask("signal", bob.me.id, { n: 1 })).success);
  await stopRedis();
  await until("one knows", async () => (await metric(nodes[0], "tok_redis_up")) === 0);
  await until("the other knows", async () => (await metric(nodes[1], "tok_redis_up")) === 0);
  process.kill(nodes[1].pid, "SIGSTOP");
  await beginRedis();
  await until("one is back", async () => (await metric(nodes[0], "tok_redis_up")) === 1);
  const refused = await ada.ask("signal", bob.me.id, { n: 2 });
  process.kill(nodes[1].pid, "SIGCONT");
  assert.equal(refused.status, 503, JSON.stringify(refused));
  await until("a signal passes", async () => (await ada.ask("signal", bob.me.id, { n: 3 })).success);
  await until("and arrives", () => bob.has("signal", ada.me.id, { n: 3 }));
  assert.ok(!bob.has("signal", ada.me.id, { n: 2 }));
  for (const client of [ada, bob]) client.socket.disconnect();
  for (const node of nodes) await node.stop();
});

test("a node that is killed leaves no ghosts", { timeout: 120000 }, async () => {
  two.tok("room", "create", "ghosts");
  const [ada, bob] = [new Client(one), new Client(two)];
  await ada.join("ghosts", "Ada");
  await bob.join("ghosts", "Bob");
  const eve = new Client(one);
  await eve.join("ghosts", "Eve");
  await one.end("SIGKILL");
  // Eve comes back by the other node and is the same; Ada does not.
  const back = new Client(two);
  await back.join("ghosts", "Eve", { id: eve.me.id, key: eve.me.key });
  await until("Ada is gone", () => bob.has("participant-left", ada.me.id), 60000);
  assert.ok(!bob.has("participant-left", eve.me.id));
  const people = JSON.parse(two.tok("room", "participants", "ghosts", "--json"));
  assert.deepEqual(people.map(({ user_name }) => user_name).sort(), ["Bob", "Eve"]);
  one = await serve(environment, { home });
});

test("nodes that stand still together take nobody out", { timeout: 150000 }, async () => {
  two.tok("room", "create", "still");
  const [ada, bob] = [new Client(one), new Client(two)];
  await ada.join("still", "Ada");
  await bob.join("still", "Bob");
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // Both sides of the time after which a node counts as dead, and below that which a client waits for a sign.
  for (const still of [8000, 15000]) {
    for (const { pid } of [one, two]) process.kill(pid, "SIGSTOP");
    await rest(still);
    for (const { pid } of [one, two]) process.kill(pid, "SIGCONT");
    await rest(12000);
    assert.ok((await ada.ask("send-message", "everyone", `after ${still} ms`)).success);
  }
  await until("Bob has both", () => bob.messages.length === 2);
  assert.ok(![ada, bob].some((client) => client.has("participant-left") || client.has("place-lost")));
  for (const client of [ada, bob]) client.socket.disconnect();
});

test("who was taken to be gone because a node stood still is told, and comes back", { timeout: 120000 }, async () => {
  two.tok("room", "create", "frozen");
  const [ada, bob] = [new Client(one), new Client(two)];
  await ada.join("frozen", "Ada");
  await bob.join("frozen", "Bob");
  process.kill(one.pid, "SIGSTOP");
  await until("Ada is taken to be gone", () => bob.has("participant-left", ada.me.id), 60000);
  process.kill(one.pid, "SIGCONT");
  await until("she is told", () => ada.has("place-lost"));
  const { id, key } = ada.me;
  await ada.join("frozen", "Ada", { id, key });
  assert.deepEqual([ada.me.id, ada.me.resumed], [id, false]);
  await until("Bob sees her again", () => bob.heard.filter(([event, person]) => event === "new-participant" && person.id === id).length === 1);
  for (const client of [ada, bob]) client.socket.disconnect();
});

test("a node with another store is told so, and the others go on", { timeout: 120000 }, async () => {
  const stranger = await serve(environment);
  try {
    const check = async () => (await redisCheck(stranger)).redis;
    const told = async () => (await check())?.message?.includes("nodes with another store use this redis");
    await until("the other store is told", told, 50000);
    assert.equal((await check()).health, "fail");
    assert.equal((await redisCheck(stranger)).ready, false);
    // It was started anew not long ago, and is looked at every fifteen seconds.
    await until("the others are well", async () => (await redisCheck(one)).redis?.health === "ok", 40000);
    // What happens in its rooms is its own affair.
    stranger.tok("room", "create", "elsewhere");
    one.tok("room", "create", "still-here");
    const [ada, bob] = [new Client(one), new Client(two)];
    await ada.join("still-here", "Ada");
    assert.equal((await bob.join("still-here", "Bob")).participants.length, 2);
    for (const client of [ada, bob]) client.socket.disconnect();
  } finally {
    await stranger.stop();
  }
});
