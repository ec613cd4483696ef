// The vendors' own SDKs: they drive the stand-ins, which shows that those speak the vendors'
// language, and they read what tok signs.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import OpenTok from "opentok";
import opentokJwt from "opentok-jwt";
import { Auth } from "@vonage/auth";
import { verifySignature } from "@vonage/jwt";
import { Video } from "@vonage/video";

import { peers } from "./peers.mjs";
import { serve } from "./serve.mjs";

let fake;
before(async () => {
  fake = await peers();
});
after(() => fake.stop());

const get = async (server, path) => (await fetch(server.url + path)).json();
const post = async (server, path, body) =>
  (await fetch(server.url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();

// The fields of a T1 token, if it was signed with this secret.
function t1(token, secret) {
  const [head, data] = Buffer.from(token.slice("T1==".length), "base64").toString().split(/:(.*)/s);
  const sig = createHmac("sha1", secret).update(data).digest("hex");
  assert.equal(new URLSearchParams(head).get("sig"), sig);
  return Object.fromEntries(new URLSearchParams(data));
}

test("the opentok SDK drives the stand-in and reads what tok makes there", async () => {
  const sdk = new OpenTok(fake.opentok_key, fake.opentok_secret, fake.opentok);
  const call = (name, ...args) =>
    new Promise((resolve, reject) => sdk[name](...args, (error, found) => (error ? reject(error) : resolve(found))));
  const session = await call("createSession", { mediaMode: "routed" });
  const archive = await call("startArchive", session.sessionId, { name: "by the SDK" });
  assert.equal(archive.status, "started");
  await assert.rejects(call("startArchive", session.sessionId, {}), /409|Recording already in progress/);
  assert.equal((await call("stopArchive", archive.id)).status, "stopped");

  const server = await serve({ TOKBOX_API_KEY: fake.opentok_key, TOKBOX_SECRET: fake.opentok_secret, TOK_OPENTOK__BASE_URL: fake.opentok });
  const room = await get(server, "/room/standup");
  const fields = t1(room.token, fake.opentok_secret);
  assert.equal(fields.session_id, room.sessionId);
  // What the SDK makes in the same format has every field of ours.
  const theirs = t1(sdk.generateToken(room.sessionId, { role: "publisher" }, true), fake.opentok_secret);
  assert.deepEqual(Object.keys(fields).filter((name) => !(name in theirs)), []);
  // What tok records the SDK sees, and the other way round.
  const mine = await post(server, "/archive/start", { sessionId: room.sessionId });
  assert.equal((await call("getArchive", mine.id)).name, "standup");
  const list = await get(server, "/archive");
  assert.deepEqual(list.map((one) => one.id), [mine.id, archive.id]);
  assert.equal(await server.stop(), 0);
});

test("opentok-jwt accepts the tokens that tok's requests carry", async () => {
  // A stand-in that only looks at the header.
  const { createServer } = await import("node:http");
  const seen = [];
  const vendor = createServer((request, response) => {
    seen.push(request.headers["x-opentok-auth"]);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ count: 0, items: [] }));
  });
  await new Promise((resolve) => vendor.listen(0, "127.0.0.1", resolve));
  const server = await serve({ TOKBOX_API_KEY: fake.opentok_key, TOKBOX_SECRET: fake.opentok_secret, TOK_OPENTOK__BASE_URL: `http://127.0.0.1:${vendor.address().port}` });
  assert.deepEqual(await get(server, "/archive"), []);
  // The server itself looks whether the vendor is there, by the same tokens.
  assert.ok(seen.length >= 1);
  const claims = await opentokJwt.verify(seen.at(-1), fake.opentok_secret);
  assert.deepEqual([claims.iss, claims.ist], [fake.opentok_key, "project"]);
  assert.equal(await server.stop(), 0);
  vendor.close();
});

test("the Vonage SDK drives the stand-in and accepts tok's tokens", async () => {
  const auth = new Auth({ applicationId: fake.vonage_application, privateKey: fake.vonage_private_key });
  const sdk = new Video(auth, { videoHost: fake.vonage });
  const session = await sdk.createSession({ mediaMode: "routed" });
  const archive = await sdk.startArchive(session.sessionId, { name: "by the SDK" });
  assert.equal(archive.status, "started");
  assert.equal((await sdk.stopArchive(archive.id)).status, "stopped");

  const server = await serve({
    TOK_OPENTOK__APPLICATION_ID: fake.vonage_application,
    TOK_OPENTOK__PRIVATE_KEY: fake.vonage_private_key,
    TOK_OPENTOK__BASE_URL: fake.vonage,
  });
  const room = await get(server, "/room/standup");
  assert.equal(room.apiKey, fake.vonage_application);
  assert.equal(verifySignature(room.token, fake.vonage_public_key, { algorithms: ["RS256"] }), true);
  const mine = await post(server, "/archive/start", { sessionId: room.sessionId });
  assert.equal((await sdk.getArchive(mine.id)).name, "standup");
  assert.equal(await server.stop(), 0);
});

test("nothing that was asked is unknown to the vendors", async () => {
  await fake.seen();
});
