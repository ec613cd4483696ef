// Behind nginx, Caddy and HAProxy: everybody is counted by themselves, and whoever is refused hears it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { Client, metric, until } from "./people.mjs";
import { guided, kinds, startProxy } from "./proxies.mjs";
import { serve } from "./serve.mjs";

// Proxies are at 127.0.0.1; whoever calls from elsewhere on this machine is a client.
const PROXIES = { TOK_SERVER__TRUSTED_PROXIES: "127.0.0.1/32", TOK_AUTH__MODE: "keys" };

// Calls from an address of its own.
function call(url, { from = "127.0.1.1", method = "GET", headers = {}, body, agent } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, localAddress: from, agent }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const tally = (answers) => {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

for (const kind of Object.keys(kinds)) {
  test(`45 people behind ${kind} make rooms, and one cannot make them all`, { timeout: 120000 }, async () => {
    const tok = await serve({ ...PROXIES, TOK_SERVER__OPEN: "video-web-app", TOK_SIGNALLING__CREATE_RATE: "2/1h" });
    const proxy = await startProxy(kind, tok.url);
    const people = Array.from({ length: 45 }, (_, n) => {
      const agent = new Agent({ localAddress: `127.0.1.${n + 1}` });
      // Half of them by polling.
      return new Client(proxy.url, { agent, transports: [n % 2 ? "polling" : "websocket"] });
    });
    const made = await Promise.all(people.map((client) => client.ask("create-room")));
    assert.deepEqual(made.map(({ status }) => status), people.map(() => 200));
    const inside = await Promise.all(people.map((client, n) => client.join(made[n].data.id, `Person ${n}`)));
    assert.equal(new Set(inside.map(({ id }) => id)).size, 45);
    assert.equal((await people[0].ask("create-room")).status, 200);
    assert.equal((await people[0].ask("create-room")).status, 429);
    // Somebody who says that they are somebody else is still themselves.
    const liar = await call(`${proxy.url}/r/${made[1].data.id}`, { headers: { "x-forwarded-for": "127.0.1.2" } });
    assert.equal(liar.status, 200);
    for (const client of people) client.socket.disconnect();
    await proxy.stop();
    await tok.stop();
  });

  test(`whatever a client of ${kind} says of others, it is counted as itself`, { timeout: 120000 }, async () => {
    const tok = await serve({ ...PROXIES, TOK_SERVER__MISS_RATE: "4/1h" });
    const proxy = await startProxy(kind, tok.url);
    const lies = ["\u00e9", "203.0.113.7", '"', "127.0.0.1, \u00ff"].flatMap((lie) => [{ "x-forwarded-for": lie }, { forwarded: `for=198.51.100.7;x="${lie}` }]);
    const guess = (n, from, headers) => call(`${proxy.url}/r/guess-${n}`, { from, headers });
    const told = [];
    for (const [n, lie] of lies.entries()) told.push((await guess(n, "127.0.9.1", lie)).status);
    assert.deepEqual(told, lies.map((_, n) => (n < 4 ? 200 : 429)));
    assert.equal((await guess("other", "127.0.9.2")).status, 200);
    await proxy.stop();
    await tok.stop();
  });

  test(`events come through ${kind} as they happen`, { timeout: 120000 }, async () => {
    const tok = await serve(PROXIES);
    const proxy = await startProxy(kind, tok.url);
    tok.tok("room", "create", "standup");
    const authorization = `Bearer ${tok.tok("key", "create", "app", "-o", "name").trim()}`;
    const stream = await fetch(`${proxy.url}/v1/rooms/standup/messages:watch`, { headers: { authorization } });
    const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
    let told = "";
    const hears = async (part) => {
      while (!told.includes(part)) {
        const { value, done } = await reader.read();
        assert.ok(!done, told);
        told += value;
      }
    };
    await hears("event: current");
    tok.tok("chat", "send", "standup", "We begin");
    await hears("We begin");
    // Whoever is silent says that they are there.
    told = "";
    await hears(":\n\n");
    await reader.cancel();
    await proxy.stop();
    await tok.stop();
  });

  test(`whoever is refused behind ${kind} hears why`, { timeout: 120000 }, async () => {
    const tok = await serve({ ...PROXIES, TOK_SERVER__RATE_LIMIT: "off" });
    const proxy = await startProxy(kind, tok.url);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const paths = kind === "nginx" ? ["", "/plain", "/unbuffered"] : [""];
    for (const path of paths) {
      for (const size of [20e3, 60e3, 100e3, 3e6]) {
        const headers = { "content-type": "application/json", "content-length": size };
        const body = Buffer.alloc(size, "x");
        const one = (route) => call(`${proxy.url}${path}${route}`, { method: "POST", headers, body, agent });
        const refused = await Promise.all(Array.from({ length: 40 }, () => one("/v1/rooms")));
        assert.deepEqual(tally(refused), { 401: 40 }, `${path} ${size}`);
        assert.deepEqual(tally(await Promise.all(Array.from({ length: 20 }, () => one("/nowhere")))), { 404: 20 });
      }
    }
    const key = JSON.parse(tok.tok("key", "create", "app", "--json")).secret;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": 1e6 };
    const large = { method: "POST", headers, body: Buffer.alloc(1e6, " "), agent };
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(`${proxy.url}/v1/rooms`, large)));
    assert.deepEqual(tally(answers), { 413: 20 });
    agent.destroy();
    await proxy.stop();
    await tok.stop();
  });

  test(`whoever sends slowly behind ${kind} keeps nobody out`, { timeout: 120000 }, async () => {
    const tok = await serve({ ...PROXIES, TOK_SERVER__MAX_CONNECTIONS: "64", TOK_SERVER__ADDRESS_CONNECTIONS: "16" });
    const proxy = await startProxy(kind, tok.url);
    const key = JSON.parse(tok.tok("key", "create", "app", "--json")).secret;
    // What nginx would keep until it is whole never comes here.
    const url = `${proxy.url}${kind === "nginx" ? "/unbuffered" : ""}`;
    const told = {};
    const slow = (from) => {
      const options = { method: "POST", headers: { "content-length": 1000 }, localAddress: from, agent: false };
      const asked = request(`${url}/webhooks/daily`, options, (answer) => {
        told[answer.statusCode] = (told[answer.statusCode] ?? 0) + 1;
        answer.resume();
      });
      // Some proxies wait for the rest before they tell that the connection to the server is over.
      asked.on("error", () => {});
      asked.write("{");
      return asked;
    };
    const slowly = Array.from({ length: 40 }, () => slow("127.0.1.7"));
    await until("it has its share", () => told[429] > 0);
    const headers = { authorization: `Bearer ${key}` };
    const calls = () => Promise.all(Array.from({ length: 10 }, () => call(`${url}/v1/rooms`, { from: "127.0.1.8", headers })));
    assert.deepEqual(tally(await calls()), { 200: 10 });
    // From everywhere, more than there is room for: they give way to whoever comes.
    for (let n = 0; n < 100; n++) {
      slowly.push(slow(`127.0.2.${n + 1}`));
      if (n % 20 === 19) assert.deepEqual(tally(await calls()), { 200: 10 });
    }
    assert.ok((await metric(tok, 'tok_slots_taken_away_total{of="tok_connections"}')) > 0);
    await until("nobody waits for them any longer", () => told[408] > 0, 60000);
    for (const asked of slowly) asked.destroy();
    await proxy.stop();
    await tok.stop();
  });

  test(`genuine callbacks come in through ${kind} while others send junk`, { timeout: 120000 }, async () => {
    const secret = Buffer.from("a secret of Daily's").toString("base64");
    const tok = await serve({
      ...PROXIES,
      DAILY_API_KEY: "a-key",
      TOK_ROOMS__BACKEND: "daily",
      TOK_DAILY__WEBHOOK_SECRET: secret,
      TOK_SERVER__RATE_LIMIT: "20/1m",
    });
    const proxy = await startProxy(kind, tok.url);
    const deliver = (n, signed, from) => {
      const body = JSON.stringify({ version: "1.0.0", type: "participant.joined", id: `join-${n}`, payload: { room: "standup" }, event_ts: Date.now() / 1000 });
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", Buffer.from(signed, "base64")).update(`${time}.${body}`).digest("base64");
      const headers = { "content-type": "application/json", "x-webhook-timestamp": time, "x-webhook-signature": signature };
      return call(`${proxy.url}/webhooks/daily`, { from, method: "POST", headers, body });
    };
    const times = (length, one) => Promise.all(Array.from({ length }, (_, n) => one(n)));
    const [junk, genuine] = await Promise.all([
      times(60, (n) => deliver(n, "bm9uc2Vuc2U=", "127.0.1.7")),
      times(60, (n) => deliver(n, secret, "127.0.1.8")),
    ]);
    assert.deepEqual(tally(genuine), { 200: 60 });
    const told = tally(junk);
    assert.ok(told[401] >= 20 && told[429] > 0 && told[401] + told[429] === 60, JSON.stringify(told));
    await proxy.stop();
    await tok.stop();
  });
}

for (const kind of Object.keys(guided)) {
  test(`the ${kind} of the guide passes pages, sockets and addresses on`, { timeout: 60000 }, async () => {
    const tok = await serve({ ...PROXIES, TOK_SERVER__OPEN: "video-web-app", TOK_SIGNALLING__CREATE_RATE: "1/1h" });
    const proxy = await startProxy(kind, tok.url, guided);
    const from = (address, transport) => new Client(proxy.url, { agent: new Agent({ localAddress: address }), transports: [transport] });
    const [ada, bob] = [from("127.0.1.1", "websocket"), from("127.0.1.2", "polling")];
    const { data } = await ada.ask("create-room");
    // Each has the share of their own address.
    assert.equal((await ada.ask("create-room")).status, 429);
    assert.equal((await bob.ask("create-room")).status, 200);
    assert.notEqual((await ada.join(data.id, "Ada")).id, (await bob.join(data.id, "Bob")).id);
    assert.equal((await call(`${proxy.url}/r/${data.id}`)).status, 200);
    for (const client of [ada, bob]) client.socket.disconnect();
    await proxy.stop();
    await tok.stop();
  });
}
