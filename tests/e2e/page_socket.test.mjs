// The page's own socket.io client beside the official one, at the official server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import WebSocket from "ws";
import { heard, silentWay, until } from "./people.mjs";
import { freePort } from "./redis.mjs";

const source = readFileSync(new URL("../../src/server/page/socket.js", import.meta.url), "utf8");
const Socket = new Function(`${source}; return Socket;`)();

let http, server, url;
const seen = new Map();

before(async () => {
  http = createServer();
  server = new Server(http, { pingInterval: 300, pingTimeout: 5000 });
  server.use((socket, next) => next(socket.handshake.auth.refuse ? new Error("not today") : undefined));
  server.on("connection", (socket) => {
    const record = { socket, auth: socket.handshake.auth, events: [], reason: null };
    seen.set(socket.handshake.auth.name, [...(seen.get(socket.handshake.auth.name) ?? []), record]);
    socket.onAny((event, ...args) => record.events.push([event, ...args.filter((arg) => typeof arg !== "function")]));
    socket.on("echo", (...args) => args.pop()?.(...args));
    socket.on("disconnect", (reason) => (record.reason = reason));
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${http.address().port}`;
});
after(() => server.close());

// Both clients in one shape.
const kinds = {
  official(address, auth) {
    const socket = io(address, { forceNew: true, transports: ["websocket"], auth, reconnectionDelay: 50, reconnectionDelayMax: 100 });
    return { on: (event, heard) => socket.on(event, heard), emit: (...args) => socket.emit(...args), ask: (...args) => socket.emitWithAck(...args), close: () => socket.disconnect(), lose: () => socket.io.engine.close() };
  },
  own(address, auth) {
    // What a browser writes into its console only, would end this process.
    const socket = new Socket(`${address}/r/room`, auth, (to) => new WebSocket(to).on("error", () => {}));
    return { on: (event, heard) => socket.on(event, heard), emit: (...args) => socket.emit(...args), ask: (...args) => socket.ask(...args), close: () => socket.close(), lose: () => socket.abandon() };
  },
};

// Does the same with both, and gives what came of it.
async function both(name, act) {
  const results = {};
  for (const [kind, make] of Object.entries(kinds)) {
    results[kind] = await act((auth = {}, address = url) => make(address, { name: `${name} ${kind}`, ...auth }), () => seen.get(`${name} ${kind}`) ?? []);
  }
  assert.deepEqual(results.own, results.official);
  return results.own;
}

test("events and their arguments arrive as they were sent, both ways", async () => {
  const args = [null, true, 0.5, "", "ünïcödé \u2028 🎉", [1, [2]], { a: { b: null } }, "42[\"x\"]"];
  const got = await both("events", async (make, records) => {
    const client = make({ token: "a token" });
    await heard(client, "connect");
    const pushed = heard(client, "push");
    client.emit("plain", ...args);
    client.emit("none");
    const echoed = await client.ask("echo", args);
    const [record] = records();
    record.socket.emit("push", ...args);
    const result = { auth: record.auth.token, events: record.events, echoed, pushed: await pushed };
    client.close();
    return result;
  });
  assert.deepEqual(got.pushed, args);
});

test("acknowledgements are answered in both directions, in whatever order", async () => {
  await both("acks", async (make, records) => {
    const client = make();
    await heard(client, "connect");
    client.on("question", (n, answer) => setTimeout(() => answer(n * 2, "ok"), 30 - n * 10));
    const [{ socket }] = records();
    const asked = await Promise.all([1, 2, 3].map((n) => new Promise((resolve) => socket.emit("question", n, (...answer) => resolve(answer)))));
    const answered = await Promise.all(Array.from({ length: 50 }, (_, n) => client.ask("echo", n)));
    client.close();
    return { asked, answered };
  });
});

test("leaving is a goodbye, losing the line is none", async () => {
  const reasons = await both("leaving", async (make, records) => {
    const one = make();
    await heard(one, "connect");
    one.close();
    await until("the server knows", () => records()[0].reason);
    return records()[0].reason;
  });
  assert.equal(reasons, "client namespace disconnect");
  const own = kinds.own(url, { name: "lost" });
  await heard(own, "connect");
  own.lose();
  await until("the server knows", () => seen.get("lost")[0].reason);
  assert.equal(seen.get("lost")[0].reason, "transport close");
});

test("a broken connection is told, what was asked fails, and the client comes back", async () => {
  await both("broken", async (make, records) => {
    const client = make();
    const events = [];
    for (const event of ["connect", "disconnect"]) client.on(event, () => events.push(event));
    await heard(client, "connect");
    // Nobody answers this; the official client only fails it with a time-out of its own.
    const asked = client.ask("never").then(() => "answered", () => "failed");
    records()[0].socket.conn.close();
    await until("it is back", () => records().length === 2 && events.length === 3);
    const result = { events: [...events], again: await client.ask("echo", "again") };
    client.close();
    assert.notEqual(await Promise.race([asked, Promise.resolve("open")]), "answered");
    return result;
  });
});

test("a line that goes silent is noticed within the server's own times", async () => {
  await both("silent", async (make) => {
    const way = await silentWay(url);
    const client = make({}, way.url);
    await heard(client, "connect");
    const broke = heard(client, "disconnect");
    const from = Date.now();
    way.cut();
    await broke;
    const took = Date.now() - from;
    assert.ok(took < 15000, `${took} ms`);
    client.close();
    way.close();
    return true;
  });
});

test("who is refused is told why", async () => {
  const why = await both("refused", async (make) => {
    const client = make({ refuse: true });
    const [error] = await heard(client, "connect_error");
    client.close();
    return error.message;
  });
  assert.equal(why, "not today");
});

test("who finds no server is told so, and comes in when there is one", async () => {
  const port = await freePort();
  await both("late", async (make) => {
    const client = make({}, `http://127.0.0.1:${port}`);
    const [error] = await heard(client, "connect_error");
    assert.ok(error.message);
    const late = await silentWay(url, { port });
    await heard(client, "connect");
    client.close();
    late.close();
    return true;
  });
});

test("who was given up by the server comes back, and who left does not", async () => {
  const own = kinds.own(url, { name: "given up" });
  await heard(own, "connect");
  seen.get("given up")[0].socket.disconnect(true);
  await until("it is back", () => seen.get("given up").length === 2);
  // Left while it waits to come back: it does not.
  seen.get("given up")[1].socket.conn.close();
  await heard(own, "disconnect");
  own.close();
  const probe = kinds.official(url, { name: "probe" });
  await heard(probe, "connect");
  // Longer than the longest wait before the first new try.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(seen.get("given up").length, 2);
  probe.close();
});
