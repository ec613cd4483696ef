// The edges of live rooms: who is kept out, what comes back, what is told to whom.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { io } from "socket.io-client";
import { Client, insiders, metric, silentWay, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const md5 = (text) => createHash("md5").update(text).digest("hex");
const token = (tok, room, ...args) => JSON.parse(tok.tok("token", "create", room, "--json", ...args)).token;

async function post(tok, room, route, body) {
  const answer = await fetch(`${tok.url}/api/${md5(room)}/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return [answer.status, await answer.json()];
}

test("who is sent out for good stays out, whoever they say they are", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "private", "--privacy", "private");
  const clients = [];
  const come = async (name, keys) => {
    const client = new Client(tok.url);
    clients.push(client);
    const answer = await client.ask("join-room", "private", name, keys);
    client.me = answer.data;
    return [client, answer];
  };
  const [host] = await come("Host", { token: token(tok, "private", "--role", "host") });
  const mallory = token(tok, "private", "--user-id", "mallory", "--shared");
  const [first] = await come("M1", { token: mallory });
  const [second] = await come("M2", { token: mallory });
  const [third] = await come("M3", { token: token(tok, "private", "--user-id", "mallory") });
  await third.ask("leave");
  assert.ok((await host.ask("kick-participant", first.me.id, { ban: true })).success);
  await until("their other connection is out as well", () => second.has("kicked"));
  const keys = ({ me: { id, key } }) => ({ id, key });
  for (const attempt of [{ token: mallory }, { token: token(tok, "private", "--user-id", "mallory") }, keys(first), keys(second), keys(third)]) {
    const [, answer] = await come("Again", attempt);
    assert.deepEqual([answer.status, answer.error], [403, "a host sent you out of this room for good"], JSON.stringify(attempt));
  }
  // A token without a user opens nothing after its holder was banned.
  const nameless = token(tok, "private");
  const [eve] = await come("Eve", { token: nameless });
  await host.ask("kick-participant", eve.me.id, { ban: true });
  assert.equal((await come("Eve", { token: nameless }))[1].status, 403);
  // Whoever left before they were banned has a key that opens nothing.
  const [dan] = await come("Dan", { token: token(tok, "private") });
  await dan.ask("leave");
  assert.ok((await host.ask("kick-participant", dan.me.id, { ban: true })).success);
  const said = await post(tok, "private", "send", { from: keys(dan), to: "everyone", content: "still here" });
  assert.deepEqual(said, [403, { success: false, error: "The key did not match" }]);
  assert.deepEqual(insiders(tok, "private"), ["Host"]);
  for (const client of clients) client.socket.disconnect();
  await tok.stop();
});

test("a key is good for who is inside, until the room expires", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "open");
  const [ada, bob] = [new Client(tok.url), new Client(tok.url)];
  await bob.join("open", "Bob");
  tok.tok("room", "create", "short", "--expires", "12s");
  await ada.join("short", "Ada");
  const write = (client, room) => post(tok, room, "send", { from: { id: client.me.id, key: client.me.key }, to: "everyone", content: "x" });
  assert.equal((await write(ada, "short"))[0], 200);
  assert.equal((await write(bob, "open"))[0], 200);
  await bob.ask("leave");
  assert.deepEqual(await write(bob, "open"), [403, { success: false, error: "you are not in the room any more; join it again" }]);
  await until("it is over", () => ada.has("room-ended", "expired"), 60000);
  assert.notEqual((await write(ada, "short"))[0], 200);
  // A list is no object, whatever is in it.
  const again = await bob.join("open", "Bob");
  const [status] = await post(tok, "open", "send", { from: [again.id, again.key], to: "everyone", content: "x" });
  assert.equal(status, 400);
  assert.equal((await ada.ask("join-room", "open", "A", [again.id, again.key])).status, 400);
  assert.equal((await bob.ask("update-mediaState", [true, false])).status, 400);
  for (const client of [ada, bob]) client.socket.disconnect();
  await tok.stop();
});

test("who waits keeps nobody else out, and is told how to reach the others once let in", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__TURN_URLS: '["turn:turn.example.com:3478"]', TOK_SIGNALLING__TURN_SECRET: "shared-secret", TOK_SIGNALLING__STUN_URLS: '["stun:stun.example.com"]' });
  tok.tok("room", "create", "door", "--property", "waiting_room=true");
  const waiting = [];
  for (let n = 0; n < 100; n++) waiting.push(new Client(tok.url));
  // The first to come runs the room; the others wait.
  const ada = new Client(tok.url);
  await ada.join("door", "Ada");
  for (const client of waiting) assert.equal((await client.join("door", "W")).waiting, true);
  const late = new Client(tok.url);
  assert.match((await late.ask("join-room", "door", "Late")).error, /too many people wait/);
  const boss = new Client(tok.url);
  const host = token(tok, "door", "--role", "host");
  assert.equal((await boss.join("door", "Boss", { token: host })).role, "host");
  const [bob] = waiting;
  assert.deepEqual([bob.me.iceServers, (await bob.ask("ice-servers")).status], [[], 403]);
  assert.ok((await boss.ask("waiting-room-decision", bob.me.id, "accept")).success);
  await until("Bob is in", () => bob.has("waiting-room-accept"));
  const [, { iceServers: told }] = bob.heard.find(([event]) => event === "waiting-room-accept");
  const { data: servers } = await bob.ask("ice-servers");
  assert.deepEqual([told[0], told[1].urls], [servers[0], servers[1].urls]);
  assert.ok(told[1].username.endsWith(`:${bob.me.id}`) && told[1].credential);
  assert.deepEqual(servers[0], { urls: ["stun:stun.example.com"] });
  const [{ urls, username, credential }] = servers.slice(1);
  assert.deepEqual(urls, ["turn:turn.example.com:3478"]);
  const [until_when, who] = username.split(":");
  assert.equal(who, bob.me.id);
  assert.ok(Math.abs(Number(until_when) - Date.now() / 1000 - 3600) < 60);
  assert.equal(credential, createHmac("sha1", "shared-secret").update(username).digest("base64"));
  assert.equal((await late.ask("ice-servers")).status, 409);
  for (const client of [...waiting, ada, late, boss]) client.socket.disconnect();
  await tok.stop();
});

test("who is inside gets fresh credentials before theirs end", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__TURN_URLS: '["turn:turn.example.com:3478"]', TOK_SIGNALLING__TURN_SECRET: "shared-secret", TOK_SIGNALLING__TURN_TTL: "4s" });
  tok.tok("room", "create", "hall");
  const [ada, bob] = [new Client(tok.url), new Client(tok.url)];
  await ada.join("hall", "Ada");
  await bob.join("hall", "Bob");
  await bob.ask("leave");
  // What came until now came to both, if leaving took long.
  for (const client of [ada, bob]) client.heard.length = 0;
  await until("fresh ones came", () => ada.has("ice-servers"));
  const [, [{ username }]] = ada.heard.find(([event]) => event === "ice-servers");
  const [first] = ada.me.iceServers[0].username.split(":");
  assert.ok(Number(username.split(":")[0]) > Number(first), username);
  assert.ok(!bob.has("ice-servers"), "who left needs none");
  for (const client of [ada, bob]) client.socket.disconnect();
  await tok.stop();
});

test("one token lets one person in at a time, and hosts see and lift bans", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "hall");
  const come = async (name, keys) => {
    const client = new Client(tok.url);
    await client.join("hall", name, keys);
    return client;
  };
  const mine = token(tok, "hall", "--user-id", "ada", "--user-name", "Ada");
  const phone = await come("Ada", { token: mine });
  const laptop = await come("Ada", { token: mine });
  await until("the phone is told", () => phone.has("replaced"));
  assert.deepEqual([laptop.me.id, insiders(tok, "hall")], [phone.me.id, ["Ada"]]);
  const boss = await come("Boss", { token: token(tok, "hall", "--role", "host") });
  const thief = await come("А\u200bdа");
  assert.deepEqual(insiders(tok, "hall"), ["Ada", "Boss", "Аdа (2)"]);
  assert.equal((await thief.ask("banned-participants")).status, 403);
  assert.ok((await boss.ask("kick-participant", thief.me.id, { ban: true })).success);
  const { data: bans } = await boss.ask("banned-participants");
  assert.deepEqual(bans.map(({ id, name, byOperator }) => [id, name, byOperator]), [[thief.me.id, "Аdа (2)", false]]);
  assert.equal(tok.tok("participant", "bans", "hall", "-o", "name").trim(), thief.me.id);
  assert.ok((await boss.ask("unban-participant", thief.me.id)).success);
  assert.equal((await boss.ask("unban-participant", thief.me.id)).status, 404);
  for (const client of [phone, laptop, boss, thief]) client.socket.disconnect();
  await tok.stop();
});

test("notifications are taken by any acknowledgement, however many wait", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "home");
  for (let n = 0; n < 130; n++) {
    const body = JSON.stringify({ to: { user: "bob" }, title: `n${n}`, body: "x" });
    const sent = await fetch(`${tok.url}/v1/notifications`, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.ok(sent.ok, await sent.text());
  }
  tok.tok("notify", "flush", "-q");
  const mine = token(tok, "home", "--user-id", "bob");
  const bob = io(tok.url, { forceNew: true, transports: ["websocket"], auth: { token: mine } });
  const titles = [];
  bob.on("notification", ({ data }, taken) => {
    titles.push(data.title);
    taken();
  });
  const inbox = () => JSON.parse(tok.tok("notify", "inbox", "bob", "--json")).length;
  await until("all are taken", () => titles.length >= 130 && inbox() === 0, 60000);
  assert.deepEqual([titles.length, new Set(titles).size], [130, 130], "once each");
  bob.disconnect();
  await tok.stop();
});

test("a token for somebody who cannot be addressed costs nothing", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SERVER__MAX_CONNECTIONS: "5" });
  tok.tok("room", "create", "home");
  const odd = token(tok, "home", "--user-id", "a/b");
  for (let n = 0; n < 12; n++) {
    const client = new Client(tok.url, { auth: { token: odd } });
    await client.join("home", "Odd", { token: odd });
    client.socket.disconnect();
    await until("it is gone", async () => (await metric(tok, "tok_sockets")) === 0);
  }
  await tok.stop();
});

test("somebody on a slow line comes into a room full of long messages", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__ROOM_RATE: "off" });
  tok.tok("room", "create", "long");
  const ada = new Client(tok.url);
  await ada.join("long", "Ada");
  // Control characters are six times as long in JSON.
  for (let n = 0; n < 100; n++) assert.ok((await ada.ask("send-message", "everyone", "\u0001".repeat(16000))).success);
  const way = await silentWay(tok.url, { bytesPerSecond: 2e6 });
  for (const transport of ["websocket", "polling"]) {
    const bob = new Client(way.url, { transports: [transport] });
    const me = await bob.join("long", "Bob");
    const [, summary] = bob.heard.find(([event]) => event === "room-summary");
    assert.ok(summary.more && summary.messages.length > 1 && summary.messages.length < 30);
    // The rest comes page by page.
    const seen = new Set(summary.messages.map(({ id }) => id));
    let before = summary.messages[0].id;
    while (before) {
      const { data } = await bob.ask("history", before, 100);
      for (const { id } of data.messages) seen.add(id);
      before = data.before;
    }
    assert.equal(seen.size, 100);
    assert.ok(bob.socket.connected && me.id);
    bob.socket.disconnect();
  }
  way.close();
  ada.socket.disconnect();
  await tok.stop();
});

test("both ends of a private message hear what an operator makes of it", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "pair");
  const [ada, bob, eve] = [new Client(tok.url), new Client(tok.url), new Client(tok.url)];
  for (const [client, name] of [[ada, "Ada"], [bob, "Bob"], [eve, "Eve"]]) await client.join("pair", name);
  const { data } = await ada.ask("send-message", bob.me.id, "psst");
  tok.tok("chat", "edit", "pair", data.id, "hush");
  tok.tok("chat", "delete", "pair", data.id, "--yes");
  for (const client of [ada, bob]) {
    await until("they hear it", () => client.has("delete-direct-message"));
    assert.ok(client.has("edit-direct-message"));
  }
  assert.ok((await eve.ask("update-name", "Eva")).success);
  assert.ok(!eve.heard.some(([event]) => event.includes("direct")));
  for (const client of [ada, bob, eve]) client.socket.disconnect();
  await tok.stop();
});

test("a call that rings on a socket is answered or declined there", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "home");
  const known = (user) => new Client(tok.url, { auth: { token: token(tok, "home", "--user-id", user) } });
  const [bob, eve] = [known("bob"), known("eve")];
  for (const user of ["ada", "bob", "eve"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  for (const client of [bob, eve]) client.socket.on("notification", (_, taken) => taken());
  const rings = () => bob.heard.filter(([event, note]) => event === "notification" && note.kind === "call").map(([, note]) => note.data.call);
  const { call } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
  await until("it rings", () => rings().includes(call.id));
  assert.equal((await eve.ask("accept-call", call.id)).status, 404, "not for her");
  const stranger = new Client(tok.url);
  assert.equal((await stranger.ask("accept-call", call.id)).status, 403);
  const { data } = await bob.ask("accept-call", call.id);
  assert.equal(data.url, `/r/${call.room}#token=${data.token}`);
  assert.equal(JSON.parse(tok.tok("call", "show", call.id, "--json")).state, "accepted");
  assert.ok((await bob.join(call.room, "Bob", { token: data.token })).id);
  assert.equal((await bob.ask("accept-call", call.id)).status, 409);
  tok.tok("call", "end", call.id, "-q");
  const again = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json")).call;
  await until("it rings again", () => rings().includes(again.id));
  assert.ok((await bob.ask("decline-call", again.id)).success);
  assert.equal(JSON.parse(tok.tok("call", "show", again.id, "--json")).state, "declined");
  for (const client of [bob, eve, stranger]) client.socket.disconnect();
  await tok.stop();
});

test("a call that is answered or declined on one socket stops on all others of the same person", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "home");
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  const clients = ["websocket", "polling", "websocket"].map((transport) => new Client(tok.url, { transports: [transport], auth: { token: token(tok, "home", "--user-id", "bob") } }));
  for (const { socket } of clients) socket.on("notification", (_, taken) => taken());
  // What one of them takes is not offered to who comes later.
  await until("all are there", () => {
    tok.tok("notify", "send", "--user", "bob", "--title", "hello", "-q");
    tok.tok("notify", "flush", "-q");
    return clients.every((client) => client.heard.some(([event]) => event === "notification"));
  });
  const heard = (client, call) => client.heard.filter(([event, note]) => event === "notification" && note.data.call === call).map(([, note]) => note.data.event);
  for (const [at, verb, event] of [[0, "decline-call", "call.declined_elsewhere"], [1, "accept-call", "call.answered_elsewhere"], [2, "accept-call", "call.answered_elsewhere"]]) {
    const { id } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json")).call;
    for (const client of clients) await until("it rings", () => heard(client, id).includes("call.ringing"));
    assert.ok((await clients[at].ask(verb, id)).success);
    const others = clients.filter((_, n) => n !== at);
    for (const client of others) await until("it stops", () => heard(client, id).includes(event), 15000);
    assert.deepEqual(heard(clients[at], id), ["call.ringing"], "who did it knows");
    tok.tok("call", "end", id, "-q");
  }
  for (const client of clients) client.socket.disconnect();
  await tok.stop();
});

test("an operator runs a room from the command line", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "desk", "--property", "waiting_room=true");
  const [ada, bob, eve] = [new Client(tok.url), new Client(tok.url), new Client(tok.url)];
  for (const [client, name] of [[ada, "Ada"], [bob, "Bob"], [eve, "Eve"]]) await client.join("desk", name);
  const list = (...args) => JSON.parse(tok.tok("participant", "list", "desk", "--json", ...args)).map(({ name, role, place }) => [name, role, place]);
  assert.deepEqual(list(), [["Ada", "host", "inside"], ["Bob", "participant", "waiting"], ["Eve", "participant", "waiting"]]);
  const page = await (await fetch(`${tok.url}/v1/rooms/desk/participants?local=true`)).json();
  assert.deepEqual(page.items, JSON.parse(tok.tok("participant", "list", "desk", "--json")));
  tok.tok("participant", "admit", "desk", bob.me.id);
  await until("Bob is in", () => bob.has("waiting-room-accept"));
  tok.tok("participant", "refuse", "desk", eve.me.id);
  await until("Eve is not", () => eve.has("waiting-room-rejection"));
  tok.tok("participant", "mute", "desk", ada.me.id, bob.me.id);
  for (const client of [ada, bob]) await until("they are asked", () => client.has("mute-request", "operator"));
  tok.tok("participant", "promote", "desk", bob.me.id);
  await until("Bob is host", () => ada.has("participant-updated-role", bob.me.id));
  const { message, status } = (() => {
    try {
      tok.tok("participant", "kick", "desk", "nobody", "--dry-run");
    } catch (error) {
      return error;
    }
  })();
  assert.match(message, /there is no participant `nobody` in desk/);
  assert.equal(status, 3);
  tok.tok("participant", "kick", "desk", ada.me.id, "--dry-run");
  assert.ok(!ada.has("kicked"));
  tok.tok("participant", "kick", "desk", ada.me.id, "--ban", "--yes");
  await until("Ada is out", () => ada.has("kicked"));
  assert.deepEqual(list("--all"), [["Ada", "participant", "gone"], ["Bob", "host", "inside"]]);
  for (const client of [ada, bob, eve]) client.socket.disconnect();
  await tok.stop();
});

test("a stranger who is sent out for good is not another one from the same address", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_AUTH__MODE: "keys" });
  tok.tok("room", "create", "lounge");
  // This machine is the proxy.
  const from = (address, keys) => {
    const client = new Client(tok.url, { extraHeaders: { "x-forwarded-for": address } });
    return client.ask("join-room", "lounge", "Somebody", keys).then((answer) => ({ client, answer }));
  };
  const eve = await from("203.0.113.9");
  const neighbour = await from("203.0.113.9");
  const { id, key } = neighbour.answer.data;
  tok.tok("participant", "kick", "lounge", eve.answer.data.id, "--ban", "--yes");
  await until("Eve is out", () => eve.client.has("kicked"));
  const again = await from("203.0.113.9");
  assert.equal(again.answer.status, 403, JSON.stringify(again.answer));
  const reloaded = await from("203.0.113.9", { id, key });
  const known = await from("203.0.113.9", { token: token(tok, "lounge") });
  const elsewhere = await from("2001:db8::9");
  for (const { answer } of [reloaded, known, elsewhere]) assert.ok(answer.success, answer.error);
  for (const { client } of [eve, neighbour, again, reloaded, known, elsewhere]) client.socket.disconnect();
  await tok.stop();
});

test("what a client says together with its end is heard by all", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SERVER__ADDRESS_CONNECTIONS: "1000" });
  tok.tok("room", "create", "last-words");
  const others = Array.from({ length: 8 }, () => new Client(tok.url));
  for (const [n, other] of others.entries()) await other.join("last-words", `Other ${n}`);
  for (let round = 0; round < 10; round++) {
    const speaker = new Client(tok.url);
    await speaker.join("last-words", "Speaker");
    const raw = speaker.socket.io.engine.transport.ws._socket;
    raw.cork();
    for (const other of others) speaker.socket.emit("signal", other.me.id, { round });
    // Half of them say goodbye, half only close.
    if (round % 2) speaker.socket.disconnect();
    else speaker.socket.io.engine.close();
    setImmediate(() => raw.uncork());
    await until(`round ${round}`, () => others.every((other) => other.has("signal", speaker.me.id, { round })));
  }
  for (const other of others) other.socket.disconnect();
  await tok.stop();
});
