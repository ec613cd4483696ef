// The page's own socket.io client where the network lets no WebSocket through: beside the official one at
// the official server, and in the room page behind a proxy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import WebSocket from "ws";
import { devices, launchShell } from "./browser.mjs";
import { moves } from "./pages.mjs";
import { heard, silentWay, until } from "./people.mjs";
import { plain, startProxy } from "./proxies.mjs";
import { serve } from "./serve.mjs";

const source = readFileSync(new URL("../../src/server/page/socket.js", import.meta.url), "utf8");
const Socket = new Function(`${source}; return Socket;`)();

let http, server, url, browser;
const seen = new Map();

before(async () => {
  http = createServer();
  server = new Server(http, { pingInterval: 300, pingTimeout: 6000, maxHttpBufferSize: 5000 });
  server.use((socket, next) => next(socket.handshake.auth.refuse ? new Error("not today") : undefined));
  server.on("connection", (socket) => {
    const record = { socket, auth: socket.handshake.auth, events: [], reason: null, transport: socket.conn.transport.name };
    seen.set(socket.handshake.auth.name, [...(seen.get(socket.handshake.auth.name) ?? []), record]);
    socket.onAny((event, ...args) => record.events.push([event, ...args.filter((arg) => typeof arg !== "function")]));
    socket.on("echo", (...args) => args.pop()?.(...args));
    socket.on("disconnect", (reason) => (record.reason = reason));
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${http.address().port}`;
  browser = await launchShell(...devices());
});
after(async () => {
  server.close();
  await browser.close();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

// A proxy that answers upgrades as `upgrade` says, and notes what it was asked for. What is posted arrives
// without an answer while it `holds`, and nothing does while it `refuses`.
async function proxy(to, upgrade) {
  const { hostname, port } = new URL(to);
  const asked = [];
  const noted = (request) => asked.push(new URL(request.url, to).searchParams.get("transport"));
  const way = createServer((request, response) => {
    noted(request);
    if (made.refuses) return response.destroy();
    const onward = ask({ hostname, port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      if (made.holds && request.method === "POST") return answer.resume();
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  const made = { asked, upgrade, close: () => way.close().closeAllConnections() };
  way.on("upgrade", (request, socket) => {
    noted(request);
    made.upgrade(socket, request);
  });
  await new Promise((resolve) => way.listen(0, "127.0.0.1", resolve));
  return Object.assign(made, { url: `http://127.0.0.1:${way.address().port}` });
}
const refuses = (socket) => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
const drops = (socket) => socket.destroy();
const accepts = (socket, { headers }) => {
  const request = ask({ hostname: "127.0.0.1", port: new URL(url).port, path: "/socket.io/?EIO=4&transport=websocket", headers });
  request.on("upgrade", (answer, far, head) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n`);
    socket.write(head);
    for (const end of [socket, far]) end.on("error", () => {}).on("close", () => [socket, far].forEach((each) => each.destroy()));
    socket.pipe(far).pipe(socket);
  });
  request.on("error", () => socket.destroy());
  request.end();
};

// What a browser writes into its console only, would end this process.
const own = (address, auth) => new Socket(`${address}/r/room`, auth, (to) => new WebSocket(to).on("error", () => {}));

for (const [what, upgrade] of [["refuses", refuses], ["drops", drops]]) {
  test(`behind a proxy that ${what} WebSockets it comes in by polling, and everything arrives as it was sent`, async () => {
    const way = await proxy(url, upgrade);
    const client = own(way.url, { name: what, token: "a token" });
    const troubles = [];
    client.on("connect_error", (error) => troubles.push(error.message));
    await heard(client, "connect");
    assert.deepEqual(way.asked.slice(0, 3), ["websocket", "websocket", "polling"]);
    assert.equal(troubles.length, 2);
    const [record] = seen.get(what);
    assert.deepEqual([record.transport, record.auth.token], ["polling", "a token"]);
    const args = [null, true, 0.5, "", "ünïcödé \u2028 🎉", [1, [2]], { a: { b: null } }, '42["x"]', "\u001e"];
    const pushed = heard(client, "push");
    client.emit("plain", ...args);
    assert.deepEqual(await client.ask("echo", args), args);
    record.socket.emit("push", ...args);
    assert.deepEqual(await pushed, args);
    client.on("question", (n, answer) => answer(n * 2));
    assert.equal(await record.socket.emitWithAck("question", 21), 42);
    // In order, however many at once and however long: more than the server takes in one request.
    const long = Array.from({ length: 100 }, (_, n) => `${n} ${"ü".repeat(100)}`);
    const echoed = await Promise.all(long.map((text) => client.ask("echo", text)));
    assert.deepEqual(echoed, long);
    assert.deepEqual(record.events.filter(([event]) => event === "echo").slice(1).map(([, text]) => text), long);
    // Longer than the server waits for a sign of life.
    await new Promise((resolve) => setTimeout(resolve, 8000));
    assert.equal(await client.ask("echo", "there"), "there");
    assert.equal(seen.get(what).length, 1);
    client.close();
    await until("the server knows", () => record.reason);
    assert.equal(record.reason, "client namespace disconnect");
    way.close();
  });
}

test("losing the line is no goodbye, and a broken one is told and comes back", async () => {
  const way = await proxy(url, refuses);
  const client = own(way.url, { name: "lost" });
  await heard(client, "connect");
  const asked = client.ask("never").then(() => "answered", () => "failed");
  const broke = heard(client, "disconnect");
  const again = heard(client, "connect");
  seen.get("lost")[0].socket.conn.close();
  await broke;
  assert.equal(await asked, "failed");
  await until("it is back", () => seen.get("lost").length === 2);
  // A WebSocket was tried once before.
  assert.equal(seen.get("lost")[1].transport, "polling");
  assert.deepEqual(way.asked.filter((transport, at) => transport !== way.asked[at - 1]), ["websocket", "polling", "websocket", "polling"]);
  await again;
  client.abandon();
  await until("the server knows", () => seen.get("lost")[1].reason);
  assert.equal(seen.get("lost")[1].reason, "transport close");
  way.close();
});

test("who came by polling goes on by a WebSocket once there is a way", async () => {
  const way = await proxy(url, refuses);
  const client = own(way.url, { name: "better" });
  await heard(client, "connect");
  way.upgrade = accepts;
  seen.get("better")[0].socket.conn.close();
  await until("it is back", () => seen.get("better").length === 2);
  assert.equal(seen.get("better")[1].transport, "websocket");
  client.close();
  way.close();
});

test("a line that is polled and goes silent is noticed, and who is refused is told why", async () => {
  const refused = await proxy(url, refuses);
  const way = await silentWay(refused.url);
  const client = own(way.url, { name: "silent" });
  await heard(client, "connect");
  const broke = heard(client, "disconnect");
  way.cut();
  await broke;
  client.abandon();
  const other = own(refused.url, { name: "refused", refuse: true });
  const why = await new Promise((resolve) => other.on("connect_error", ({ message }) => message !== "no connection" && resolve(message)));
  assert.equal(why, "not today");
  other.abandon();
  way.close();
  refused.close();
});

test("who waits for the next try goes at once when the network is there again", async () => {
  const way = await proxy(url, refuses);
  way.refuses = true;
  let opened = 0;
  const client = new Socket(`${way.url}/r/room`, { name: "hurried" }, (to) => {
    opened += 1;
    return new WebSocket(to).on("error", () => {});
  });
  // Two WebSockets and a poll in vain; the next one is a WebSocket again.
  for (let n = 0; n < 3; n++) await heard(client, "connect_error");
  assert.equal(opened, 2);
  client.hurry();
  assert.equal(opened, 3);
  way.refuses = false;
  await heard(client, "connect");
  // Who has a line keeps it.
  client.hurry();
  assert.equal(await client.ask("echo", "still the same line"), "still the same line");
  assert.equal(seen.get("hurried").length, 1);
  client.abandon();
  way.close();
});

test("what is said last goes out though an answer is still on its way", async () => {
  const way = await proxy(url, refuses);
  const client = own(way.url, { name: "last words" });
  await heard(client, "connect");
  const [record] = seen.get("last words");
  const has = (name) => record.events.some(([event]) => event === name);
  way.holds = true;
  client.emit("first");
  await until("it arrives", () => has("first"));
  client.emit("going");
  client.abandon();
  await until("it is told", () => has("going") && record.reason);
  assert.equal(record.reason, "transport close");
  way.close();
});

test("a network that let a WebSocket through is not polled because the server was away for a moment", async () => {
  const way = await proxy(url, accepts);
  const client = own(way.url, { name: "away" });
  await heard(client, "connect");
  way.upgrade = refuses;
  const tried = way.asked.length;
  seen.get("away")[0].socket.conn.close();
  await until("it tried", () => way.asked.length >= tried + 3);
  assert.ok(way.asked.every((transport) => transport === "websocket"), way.asked.join());
  client.abandon();
  way.close();
});

test("the official client and ours meet in a room of tok behind a proxy that passes no upgrade on", { timeout: 90000 }, async () => {
  const tok = await serve({ TOK_AUTH__MODE: "keys", TOK_SIGNALLING__GRACE: "60s" });
  tok.tok("room", "create", "tea", "-q");
  const nginx = await startProxy("nginx", tok.url, plain);
  const open = async (at, name) => {
    const context = await browser.newContext({ permissions: ["camera", "microphone"] });
    const page = await context.newPage();
    page.asked = [];
    page.on("request", (request) => page.asked.push(request.url()));
    await page.goto(`${at}/r/tea`);
    await page.getByLabel("Your name").fill(name);
    await page.getByText("Camera and microphone work.").waitFor();
    await page.getByRole("button", { name: "Join" }).click();
    await page.locator("#call").waitFor({ timeout: 20000 });
    return page;
  };
  const ada = await open(nginx.url, "Ada");
  assert.ok(ada.asked.some((address) => address.includes("transport=polling") && address.includes("sid=")));
  // Somebody without a proxy.
  const bob = await open(tok.url, "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  for (const [from, to, text] of [[ada, bob, "by polling"], [bob, ada, "by a WebSocket"]]) {
    await from.getByRole("button", { name: "Chat" }).click();
    await from.getByLabel("Message", { exact: true }).fill(text);
    await from.getByRole("button", { name: "Send" }).click();
    await to.locator("#messages li", { hasText: text }).waitFor({ state: "attached" });
  }
  const official = io(nginx.url, { forceNew: true, transports: ["polling"] });
  await new Promise((resolve) => official.once("connect", resolve));
  const answer = await new Promise((resolve) => official.emit("join-room", "tea", "Carol", {}, resolve));
  assert.ok(answer.success, answer.error);
  await ada.locator("#grid li", { hasText: "Carol" }).waitFor();
  official.disconnect();
  await ada.locator("#grid li", { hasText: "Carol" }).waitFor({ state: "detached" });
  await ada.getByRole("button", { name: "Leave" }).click();
  await bob.locator("#grid li", { hasText: "Ada" }).waitFor({ state: "detached" });
  // A page that is closed is shown no more long before its seat is given up: its last word arrives.
  const dan = await open(nginx.url, "Dan");
  await bob.locator("#grid li", { hasText: "Dan" }).waitFor();
  dan.once("dialog", (question) => question.accept());
  await dan.close({ runBeforeUnload: true });
  await bob.locator("#grid li", { hasText: "Dan" }).waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "People" }).click();
  await bob.locator("#people li", { hasText: "Dan" }).waitFor();
  await nginx.stop();
  assert.equal(await tok.stop(), 0);
});
