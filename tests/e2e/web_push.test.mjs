// Browsers are rung: what tok sends is read by other people's code, and its worker does in a real browser
// what it should.

import assert from "node:assert/strict";
import { createECDH, randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import ece from "http_ece";
import { importJWK, jwtVerify } from "jose";
import webpush from "web-push";
import { devices, launch } from "./browser.mjs";
import { until } from "./people.mjs";
import { serve } from "./serve.mjs";

const taken = [];
const receivers = new Map();
let service, origin, tok, browser;

// A push service that decrypts as browsers do, and trusts no signature before it looked.
async function take(request, body) {
  const receiver = receivers.get(request.url);
  const [, token, key] = request.headers.authorization.match(/^vapid t=([\w.-]+), k=([\w-]+)$/);
  const point = Buffer.from(key, "base64url");
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const { payload } = await jwtVerify(token, await importJWK(jwk, "ES256"), { algorithms: ["ES256"], audience: origin });
  assert.ok(payload.exp * 1000 < Date.now() + 24 * 3600e3 && /^(mailto|https):/.test(payload.sub));
  assert.equal(request.headers["content-encoding"], "aes128gcm");
  assert.ok(body.length <= 4096 && Number(request.headers.ttl) >= 0 && request.headers.topic.length <= 32);
  const plain = ece.decrypt(body, { version: "aes128gcm", privateKey: receiver.key, authSecret: receiver.auth });
  taken.push({ key, data: JSON.parse(plain), urgency: request.headers.urgency, url: request.url });
}

function subscribe(name) {
  const key = createECDH("prime256v1");
  const [p256dh, auth] = [key.generateKeys("base64url"), randomBytes(16).toString("base64url")];
  receivers.set(`/push/${name}`, { key, auth });
  return { endpoint: `${origin}/push/${name}`, expirationTime: null, keys: { p256dh, auth } };
}

const post = async (path, body, token) => {
  const authorization = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch(tok.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...authorization },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
};

before(async () => {
  service = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    try {
      await take(request, Buffer.concat(parts));
      response.writeHead(201).end();
    } catch (error) {
      console.error(error);
      response.writeHead(400).end();
    }
  });
  await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${service.address().port}`;
  tok = await serve({ TOK_PUSH__WEB_HOSTS: origin });
  for (const id of ["ada", "bob"]) await post("/v1/users", { id, name: id });
  browser = await launch(...devices());
});

after(async () => {
  await browser?.close();
  if (tok) assert.equal(await tok.stop(), 0);
  service?.close();
});

test("a thousand messages of any length are decrypted by another library", { timeout: 300000 }, async () => {
  const { id } = await post("/v1/devices", { platform: "web", subscription: subscribe("many"), user_id: "bob" });
  const bodies = new Map();
  for (let number = 0; number < 1000; number++) {
    // With its frame the longest are too long, and cut.
    const body = randomBytes(3000).toString("base64").slice(0, randomInt(0, 4001));
    bodies.set(`m${number}`, body);
    await post("/v1/notifications", { id: `m${number}`, to: { device: id }, title: "T", body });
  }
  // A service that says nothing for half a second, as this process may on a busy machine, is left alone for a while.
  let delivered = 0;
  await until(
    "all are sent",
    async () => {
      const flushed = tok.run("notify", "flush", "--json").catch(({ code, stdout }) => (assert.equal(code, 8), stdout));
      const report = JSON.parse(await flushed);
      assert.equal(report.parked + report.dead + report.expired, 0, JSON.stringify(report));
      return (delivered += report.delivered) === 1000;
    },
    120000,
  );
  const many = taken.filter(({ url }) => url === "/push/many");
  assert.equal(new Set(many.map(({ data }) => data.id)).size, 1000);
  for (const { data } of many) {
    const body = bodies.get(data.id);
    const whole = data.body === body || (data.body.endsWith("…") && body.length > 3800 && body.startsWith(data.body.slice(0, -1)));
    assert.ok(whole, data.id);
  }
});

test("a key pair of another tool is taken", async () => {
  const { publicKey, privateKey } = webpush.generateVAPIDKeys();
  const other = await serve({ TOK_PUSH__VAPID_PRIVATE_KEY: privateKey });
  const { key } = await (await fetch(`${other.url}/v1/push/key`)).json();
  assert.equal(key, publicKey);
  assert.equal(await other.stop(), 0);
});

// A headless browser has no push service: its subscription is made by us, all else is real.
async function open(link) {
  const context = await browser.newContext({ permissions: ["camera", "microphone", "notifications"] });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  const subscription = subscribe(`browser-${randomInt(1e9)}`);
  await page.addInitScript((subscription) => {
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
      if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error("no subscription");
      return subscription;
    };
  }, subscription);
  await page.goto(link);
  return page;
}

async function join(page) {
  await page.getByLabel("Your name").fill("Bob");
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#call").waitFor();
}

const tokenOf = (room, user) => JSON.parse(tok.tok("token", "create", room, "--user-id", user, "--json")).token;

test("the page asks once, registers the browser, and the worker shows and answers rings", { timeout: 120000 }, async () => {
  tok.tok("room", "create", "home");
  const link = `${tok.url}/r/home#token=${tokenOf("home", "bob")}`;
  const page = await open(link);
  await join(page);
  await page.getByRole("button", { name: "Ring me when this tab is closed" }).click();
  await page.getByText("You will be rung when this tab is closed.").waitFor();
  const devices = JSON.parse(tok.tok("device", "list", "--json"));
  assert.ok(devices.some(({ platform, user_id, token }) => platform === "web" && user_id === "bob" && token.startsWith(origin)));

  // A ring comes to the browser as tok sent it.
  const started = await post("/v1/calls", { caller: { user: "ada" }, callee: { user: "bob" } });
  const rings = () => taken.filter(({ url, data }) => url.startsWith("/push/browser") && data.call === started.call.id);
  await until("it is rung", () => rings().length > 0);
  const rang = rings();
  assert.equal(rang.length, 1);
  assert.equal(rang[0].urgency, "high");
  const cdp = await page.context().newCDPSession(page);
  const found = new Promise((resolve) =>
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && resolve(registrations[0])),
  );
  await cdp.send("ServiceWorker.enable");
  const { registrationId } = await found;
  const deliver = (data) => cdp.send("ServiceWorker.deliverPushMessage", { origin: tok.url, registrationId, data });
  const notifications = () =>
    page.evaluate(async () => {
      const all = await (await navigator.serviceWorker.ready).getNotifications();
      return all.map(({ title, tag, actions }) => ({ title, tag, actions: (actions ?? []).map(({ action }) => action) }));
    });
  // A browser that is busy seems to lose one that is handed to it so: then it is handed again, as a service would.
  const handed = (data, what, done) => {
    let at = 0;
    return until(what, async () => {
      if (Date.now() > at + 5000) {
        at = Date.now();
        await deliver(data);
      }
      return done(await notifications());
    });
  };
  await handed(JSON.stringify(rang[0].data), "it rings", (all) => all.length === 1);
  assert.deepEqual(await notifications(), [{ title: "Incoming Call", tag: started.call.id, actions: ["accept", "decline"] }]);

  // Declining needs no page.
  const [worker] = page.context().serviceWorkers();
  const said = await worker.evaluate((data) => press("decline", data), rang[0].data);
  assert.equal(said?.success, true, JSON.stringify(said));
  const call = await (await fetch(`${tok.url}/v1/calls/${started.call.id}`)).json();
  assert.equal(call.state, "declined");

  // What is told of the call takes the place of its ring; what cannot be read shows something too.
  const missed = { id: "x", kind: "message", event: "call.missed", call: started.call.id, title: "Missed call" };
  await handed(JSON.stringify(missed), "the call is told as missed", ([first]) => first?.title === "Missed call");
  assert.deepEqual((await notifications()).map(({ tag }) => tag), [started.call.id]);
  await handed("no JSON", "what cannot be read is shown", (all) => all.length === 2);

  // Who comes back is not asked again.
  await page.reload();
  await join(page);
  await page.waitForTimeout(500);
  assert.equal(await page.getByRole("button", { name: "Ring me when this tab is closed" }).isVisible(), false);
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  // The link that a notification opens answers the call.
  const again = await post("/v1/calls", { caller: { user: "ada" }, callee: { user: "bob" } });
  const closed = await open(`${link}&answer=${again.call.id}`);
  await closed.waitForURL(`**/r/${again.call.room}`);
  await closed.locator("#lobby").waitFor();
  await closed.context().close();
  await post(`/v1/calls/${again.call.id}/end`, {});
});

test("who says no is not asked again, and who is not known is not asked", { timeout: 60000 }, async () => {
  const page = await open(`${tok.url}/r/home#token=${tokenOf("home", "bob")}`);
  await join(page);
  const asked = page.getByRole("button", { name: "Ring me when this tab is closed" });
  await asked.waitFor();
  await page.getByRole("button", { name: "No, thanks" }).click();
  assert.equal(await asked.isVisible(), false);
  await page.reload();
  await join(page);
  await page.waitForTimeout(500);
  assert.equal(await asked.isVisible(), false);
  await page.context().close();
  const stranger = await open(`${tok.url}/r/home`);
  await join(stranger);
  await stranger.waitForTimeout(500);
  assert.equal(await stranger.getByRole("button", { name: "Ring me when this tab is closed" }).isVisible(), false);
  await stranger.context().close();
});

test("the worker's file is asked for anew each time and may only talk to this server", async () => {
  const answer = await fetch(`${tok.url}/sw.js`);
  assert.equal(answer.headers.get("cache-control"), "no-cache");
  assert.match(answer.headers.get("content-type"), /^text\/javascript/);
  assert.equal(answer.headers.get("content-security-policy"), "default-src 'none'; connect-src 'self'");
  const page = await fetch(`${tok.url}/r/home`);
  assert.match(page.headers.get("content-security-policy"), /worker-src 'self'/);
});
