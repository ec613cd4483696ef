// Bad weather: what people, networks and disks do to a live room.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { Client, dropped, insiders, insidersMeanwhile, metric, silentWay, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const rates = {
  ...Object.fromEntries(["MESSAGE_RATE", "ROOM_RATE", "EVENT_RATE"].map((name) => [`TOK_SIGNALLING__${name}`, "off"])),
  TOK_SIGNALLING__ROOM_BYTES: "1GiB",
  TOK_SIGNALLING__MESSAGE_BYTES: "1GiB",
};

test("somebody whose network goes silent is out of the room, and may come back before", { timeout: 120000 }, async () => {
  const server = await serve({ TOK_SIGNALLING__PING_INTERVAL: "300ms", TOK_SIGNALLING__PING_TIMEOUT: "12s", TOK_SIGNALLING__GRACE: "6s" });
  server.tok("room", "create", "silence");
  const ways = [await silentWay(server.url), await silentWay(server.url)];
  const [ada, bob, eve] = [new Client(server.url), new Client(ways[0].url), new Client(ways[1].url)];
  for (const [client, name] of [[ada, "Ada"], [bob, "Bob"], [eve, "Eve"]]) await client.join("silence", name);
  for (const way of ways) way.cut();
  // Eve has another network.
  const back = new Client(server.url);
  await back.join("silence", "Eve", { id: eve.me.id, key: eve.me.key });
  await until("Bob is out", () => ada.has("participant-left", bob.me.id), 60000);
  assert.ok(!ada.has("participant-left", eve.me.id));
  assert.deepEqual(await insidersMeanwhile(server, "silence"), ["Ada", "Eve"]);
  await until("their sockets are gone", async () => (await metric(server, "tok_sockets")) === 2);
  for (const client of [ada, bob, eve, back]) client.socket.disconnect();
  for (const way of ways) way.close();
  await server.stop();
});

test("who takes nothing is given up, and costs a bounded amount of memory", { timeout: 240000 }, async () => {
  const server = await serve({ ...rates, TOK_SIGNALLING__QUEUE: "4096", TOK_SIGNALLING__QUEUE_SIZE: "1MiB", TOK_SIGNALLING__GRACE: "100ms" });
  server.tok("room", "create", "slow");
  const [ada, bob] = [new Client(server.url), new Client(server.url)];
  await ada.join("slow", "Ada");
  await bob.join("slow", "Bob");
  const long = "x".repeat(15000);
  for (let n = 0; n < 120; n++) await ada.ask("send-message", "everyone", long);
  const memory = () => Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) * 1024;
  for (const transports of [["websocket"], ["polling"]]) {
    const before = await dropped(server, "slow");
    const greedy = new Client(server.url, { transports });
    await greedy.join("slow", "Greedy");
    const from = memory();
    if (transports[0] === "websocket") greedy.stall();
    let answers = 0;
    // Each answer is a large page; of 300 only a few may wait.
    for (let n = 0; n < 300; n++) greedy.socket.emit("history", null, 100, () => answers++);
    if (transports[0] === "websocket") {
      await until("they are given up", async () => (await dropped(server, "slow")) > before);
      await until("the others hear it", () => ada.has("participant-left", greedy.me.id));
    } else {
      // Whoever polls takes them one by one, or is given up.
      await until("they have some", () => answers > 50 || !greedy.socket.connected, 60000);
    }
    assert.ok(memory() - from < 100e6, `${memory() - from} bytes`);
    greedy.socket.disconnect();
  }
  // The room goes on.
  await ada.ask("send-message", "everyone", "still here");
  await until("Bob hears it", () => bob.heard.some(([event, message]) => event === "new-room-message" && message.content === "still here"));
  for (const client of [ada, bob]) client.socket.disconnect();
  await server.stop();
});

test("a slow listener of a busy room is given up, the others are not", { timeout: 60000 }, async () => {
  const server = await serve({ ...rates, TOK_SIGNALLING__QUEUE_SIZE: "64KiB", TOK_SIGNALLING__GRACE: "100ms" });
  server.tok("room", "create", "busy");
  const [ada, bob, eve] = [new Client(server.url), new Client(server.url), new Client(server.url)];
  for (const [client, name] of [[ada, "Ada"], [bob, "Bob"], [eve, "Eve"]]) await client.join("busy", name);
  eve.stall();
  let sent = 0;
  while (!ada.has("participant-left", eve.me.id)) {
    const answer = await ada.ask("send-message", "everyone", "y".repeat(10000));
    assert.ok(answer.success, JSON.stringify(answer));
    assert.ok(++sent < 5000, "never given up");
  }
  assert.equal(await dropped(server, "slow"), 1);
  await until("Bob has all of it", () => bob.heard.filter(([event]) => event === "new-room-message").length === sent);
  for (const client of [ada, bob, eve]) client.socket.disconnect();
  await server.stop();
});

test("floods are refused, and whoever goes on is disconnected", { timeout: 60000 }, async () => {
  const server = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "5/1m", TOK_SIGNALLING__EVENT_RATE: "100/1s", TOK_SIGNALLING__CREATE_RATE: "3/1m", TOK_SIGNALLING__QUEUE: "4096" });
  server.tok("room", "create", "flood");
  const [ada, bob] = [new Client(server.url), new Client(server.url)];
  await ada.join("flood", "Ada");
  await bob.join("flood", "Bob");
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ada.ask("send-message", "everyone", `${n}`)));
  const refused = answers.filter(({ success }) => !success);
  assert.ok(refused.length >= 14 && refused.every(({ status, code }) => status === 429 && code === "rate_limited"), JSON.stringify(refused[0]));
  const stored = JSON.parse(server.tok("chat", "history", "flood", "--json"));
  assert.equal(stored.length, answers.length - refused.length, "what was refused was not done");
  // Messages over HTTP count as well.
  const { createHash } = await import("node:crypto");
  const address = createHash("md5").update("flood").digest("hex");
  const body = JSON.stringify({ from: { id: bob.me.id, key: bob.me.key }, to: "everyone", content: "hello" });
  const statuses = [];
  for (let n = 0; n < 10; n++) {
    const answer = await fetch(`${server.url}/api/${address}/send`, { method: "POST", headers: { "content-type": "application/json" }, body });
    statuses.push(answer.status);
  }
  assert.ok(statuses.includes(429) && statuses[0] !== 429, statuses.join());
  // Rooms of one address.
  const rooms = await Promise.all(Array.from({ length: 6 }, () => bob.ask("create-room", "mine")));
  assert.deepEqual(rooms.map(({ status }) => status).sort(), [200, 200, 200, 429, 429, 429]);
  // Whoever never stops is disconnected, for that and not for being slow to take the refusals.
  const gone = new Promise((resolve) => ada.socket.once("disconnect", resolve));
  for (let n = 0; n < 3000; n++) ada.socket.emit("no-such-event", n, () => {});
  await gone;
  assert.equal(await dropped(server, "flood"), 1);
  assert.ok((await bob.ask("update-name", "Robert")).success);
  for (const client of [ada, bob]) client.socket.disconnect();
  await server.stop();
});

test("what is far too large is refused without harm", { timeout: 60000 }, async () => {
  const server = await serve(rates);
  server.tok("room", "create", "large");
  const [ada, bob] = [new Client(server.url), new Client(server.url)];
  await ada.join("large", "Ada");
  await bob.join("large", "Bob");
  // Longer than a message may be, and than a packet may be.
  const long = await ada.ask("send-message", "everyone", "z".repeat(100 * 1024));
  assert.equal(long.status, 400, JSON.stringify(long));
  assert.match(long.error, /16/);
  const gone = new Promise((resolve) => ada.socket.once("disconnect", resolve));
  ada.socket.emit("send-message", "everyone", "z".repeat(1024 * 1024));
  await gone;
  const polling = new Client(server.url, { transports: ["polling"] });
  await polling.join("large", "Poll");
  const over = new Promise((resolve) => polling.socket.once("disconnect", resolve));
  polling.socket.emit("send-message", "everyone", "z".repeat(1024 * 1024));
  await over;
  const { createHash } = await import("node:crypto");
  const address = createHash("md5").update("large").digest("hex");
  for (const [size, status] of [[20, 400], [1024, 413]]) {
    const body = JSON.stringify({ from: { id: bob.me.id, key: bob.me.key }, to: "everyone", content: "z".repeat(size * 1024) });
    const answer = await fetch(`${server.url}/api/${address}/send`, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(answer.status, status, `${size} KiB: ${await answer.text()}`);
  }
  assert.deepEqual(JSON.parse(server.tok("chat", "history", "large", "--json")), []);
  assert.ok(!bob.has("new-room-message"));
  bob.socket.disconnect();
  await server.stop();
});

test("when the store is full people leave, are sent out and rooms are deleted all the same", { timeout: 120000 }, async () => {
  const server = await serve({ ...rates, TOK_DOCUMENTS__MAX_SIZE: "2MiB", TOK_SIGNALLING__GRACE: "100ms" });
  server.tok("room", "create", "full");
  const [ada, bob, eve, dan] = ["Ada", "Bob", "Eve", "Dan"].map(() => new Client(server.url));
  for (const [client, name] of [[ada, "Ada"], [bob, "Bob"], [eve, "Eve"], [dan, "Dan"]]) await client.join("full", name);
  const first = await ada.ask("send-message", "everyone", "the first");
  const fill = async (content) => {
    for (let n = 0; n < 2000; n++) {
      const answer = await bob.ask("send-message", "everyone", content);
      if (!answer.success) return answer;
    }
    assert.fail("it never was full");
  };
  let answer = await fill("f".repeat(15000));
  assert.equal(answer.status, 503);
  assert.match(answer.error, /the store is full; free disk space or raise documents\.max_size/);
  answer = await fill("f");
  assert.equal(answer.status, 503);
  assert.throws(() => {
    for (let n = 0; n < 200; n++) server.tok("room", "create", `another-${n}`, "--property", `note=${"n".repeat(2000)}`);
  }, /the store is full/);
  // They still meet, and what makes room or ends something goes on.
  const late = new Client(server.url);
  await late.join("full", "Late");
  assert.ok((await dan.ask("leave")).success);
  await until("they hear it", () => ada.has("participant-left", dan.me.id));
  eve.socket.io.engine.close();
  await until("Eve is out", () => ada.has("participant-left", eve.me.id));
  assert.ok((await ada.ask("kick-participant", bob.me.id)).success);
  await until("Bob hears it", () => bob.has("kicked"));
  assert.ok((await ada.ask("delete-message", first.data.id)).success);
  assert.deepEqual(insiders(server, "full"), ["Ada", "Late"]);
  server.tok("room", "delete", "full", "--yes");
  await until("the room is gone", () => ada.has("destroy"));
  // And there is room again.
  await until("a room can be made", async () => {
    try {
      server.tok("room", "create", "again");
      return true;
    } catch {
      return false;
    }
  });
  const again = new Client(server.url);
  await again.join("again", "Ada");
  for (const client of [ada, bob, eve, dan, late, again]) client.socket.disconnect();
  await server.stop();
});

test("a restart in the middle of traffic loses nothing that was answered", { timeout: 300000 }, async () => {
  const server = await serve(rates);
  server.tok("room", "create", "traffic");
  const reconnecting = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 100 };
  const clients = Array.from({ length: 10 }, () => new Client(server.url, reconnecting));
  const answered = new Set();
  let stop = false;
  const work = clients.map(async (client, n) => {
    await client.join("traffic", `P${n}`);
    const mine = client.me.id;
    client.socket.on("connect", () => {
      client.back = client.join("traffic", undefined, { id: mine, key: client.me.key });
    });
    for (let round = 0; !stop; round++) {
      const content = `${n}:${round}`;
      try {
        const answer = await client.socket.timeout(1000).emitWithAck("send-message", "everyone", content);
        if (answer.success) answered.add(content);
        else await client.back;
      } catch {
        // Nobody knows what became of it.
      }
    }
    await until("they are back", () => client.socket.connected);
    await client.back;
    assert.equal(client.me.id, mine, "the same person");
  });
  for (const [signal, rounds] of [["SIGTERM", 300], ["SIGKILL", 700], ["SIGKILL", 1100]]) {
    await until("there is traffic", () => answered.size > rounds, 60000);
    await server.restart(signal);
  }
  await until("there is traffic", () => answered.size > 1500, 60000);
  stop = true;
  await Promise.all(work);
  const lines = server.tok("chat", "export", "traffic", "--output", "jsonl").trim().split("\n").map((line) => JSON.parse(line));
  const contents = lines.map(({ content }) => content);
  assert.equal(new Set(contents).size, contents.length, "once each");
  assert.deepEqual([...answered].filter((content) => !contents.includes(content)), []);
  for (const [n] of clients.entries()) {
    const rounds = contents.filter((content) => content.startsWith(`${n}:`)).map((content) => Number(content.split(":")[1]));
    assert.deepEqual(rounds, [...rounds].sort((a, b) => a - b), "in the order they were written");
  }
  assert.equal(insiders(server, "traffic").length, clients.length);
  for (const client of clients) client.socket.disconnect();
  await server.stop();
});

test("two thousand people come back at once after the server was killed", { timeout: 240000 }, async () => {
  const server = await serve({ TOK_SIGNALLING__HEARTBEAT: "60s" });
  const [rooms, each] = [40, 50];
  const names = Array.from({ length: rooms }, (_, n) => `storm-${n}`);
  server.tok("room", "create", ...names, "-q");
  const clients = [];
  for (const room of names) {
    const batch = Array.from({ length: each }, () => new Client(server.url, { reconnection: true, reconnectionDelay: 100, reconnectionDelayMax: 1000 }));
    await Promise.all(batch.map((client, n) => client.join(room, `P${n}`)));
    for (const client of batch) clients.push([client, room]);
  }
  // As any client does: whoever loses the line once more before they are in comes again.
  const back = clients.map(([client, room]) => new Promise((resolve, reject) => {
    client.socket.on("connect", () => client.join(room, undefined, { id: client.me.id, key: client.me.key }).then(resolve, reject));
  }));
  const mine = clients.map(([client]) => client.me.id);
  // What is still on its way from the joining belongs to before.
  const others = (client) => client.heard.filter(([event]) => event === "room-summary" || event === "new-participant")
    .flatMap(([event, about]) => (event === "room-summary" ? about.participants.map(({ id }) => id) : [about.id]));
  await until("everybody knows everybody", () => clients.every(([client]) => new Set([client.me.id, ...others(client)]).size === each));
  for (const [client] of clients) client.heard.length = 0;
  await server.restart("SIGKILL");
  await Promise.all(back);
  assert.deepEqual(clients.map(([client]) => client.me.id), mine, "everybody is who they were");
  const noticed = clients.flatMap(([client]) => client.heard.filter(([event]) => ["participant-left", "new-participant"].includes(event)));
  assert.deepEqual(noticed, [], "nobody noticed anything of it");
  for (const room of names) assert.equal(insiders(server, room).length, each);
  // They can talk.
  for (const [first, second] of [[0, 1], [each * rooms - 2, each * rooms - 1]]) {
    const [ada, bob] = [clients[first][0], clients[second][0]];
    assert.ok((await ada.ask("send-message", "everyone", "we are back")).success);
    await until("they hear it", () => bob.has("new-room-message"));
  }
  for (const [client] of clients) client.socket.disconnect();
  await until("they are gone", async () => (await metric(server, "tok_sockets")) === 0);
  await server.stop();
});

test("who asks for sessions and never uses them keeps nobody out", { timeout: 60000 }, async () => {
  const server = await serve();
  server.tok("room", "create", "calm");
  const { hostname, port } = new URL(server.url);
  const ada = new Client(server.url);
  await ada.join("calm", "Ada");
  const path = "/socket.io/?EIO=4&transport=polling";
  const flood = connect(Number(port), hostname);
  flood.on("error", () => {});
  flood.resume();
  const closed = once(flood, "close");
  flood.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`.repeat(5500));
  // Sessions that nobody uses are over after a few seconds: it is looked while they are asked for.
  let refused;
  await until("no more are given to this address", async () => {
    refused = await fetch(server.url + path);
    await refused.text();
    return refused.status !== 200;
  });
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "5"]);
  await closed;
  assert.ok((await metric(server, "tok_sockets_asked")) <= 256);
  assert.ok((await dropped(server, "share")) > 0);
  // A neighbour comes in, and whoever is inside goes on.
  const bob = new Client(server.url, { localAddress: "127.0.0.2" });
  await bob.join("calm", "Bob");
  assert.ok((await ada.ask("send-message", "everyone", "still here")).success);
  await until("Bob hears it", () => bob.has("new-room-message"));
  // From there as well, by itself, as soon as the sessions are over.
  const late = new Client(server.url, { reconnection: true });
  await late.join("calm", "Late");
  await until("they are over", async () => (await metric(server, "tok_sockets_asked")) === 0);
  assert.equal(await metric(server, "tok_sockets"), 3);
  for (const client of [ada, bob, late]) client.socket.disconnect();
  await server.stop();
});

test("what a stock client sends again by its own name is there once", { timeout: 60000 }, async () => {
  const server = await serve();
  server.tok("room", "create", "again");
  const way = await silentWay(server.url);
  const [ada, bob] = [new Client(way.url, { ackTimeout: 2000, retries: 3 }), new Client(server.url)];
  // Who retries is told of a failure first.
  const ask = (...args) => new Promise((resolve) => ada.socket.emit(...args, (error, answer) => resolve(error ?? answer)));
  const { data: me } = await ask("join-room", "again", "Ada");
  await bob.join("again", "Bob");
  way.cut({ answers: true });
  const failed = await ask("send-message", "everyone", "hello", { clientId: "a-1" });
  assert.ok(failed instanceof Error, "all four answers were swallowed");
  assert.equal(JSON.parse(server.tok("chat", "history", "again", "--json")).length, 1);
  assert.equal(bob.heard.filter(([event]) => event === "new-room-message").length, 1);
  const back = new Client(server.url);
  await back.join("again", "Ada", { id: me.id, key: me.key });
  const answer = await back.ask("send-message", "everyone", "hello", { clientId: "a-1" });
  assert.equal(answer.data.content, "hello", JSON.stringify(answer));
  for (const wrong of [{ clientId: "" }, { clientId: "x".repeat(65) }, { clientId: 5 }, "a-1", ["a-1"]]) {
    const refused = await back.ask("send-message", "everyone", "hello", wrong);
    assert.equal(refused.status, 400, JSON.stringify(wrong));
  }
  for (const absent of [null, {}, { clientId: null }, { other: 1 }]) {
    assert.ok((await back.ask("send-message", "everyone", "hello", absent)).success, JSON.stringify(absent));
  }
  assert.equal(JSON.parse(server.tok("chat", "history", "again", "--json")).length, 5);
  for (const client of [ada, bob, back]) client.socket.disconnect();
  way.close();
  assert.equal(await server.stop(), 0);
});
