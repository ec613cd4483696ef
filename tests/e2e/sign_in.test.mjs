// People who sign in at an issuer that a stock library makes: jose signs, and publishes its keys.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { io } from "socket.io-client";
import { Client, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const pairs = {};
let keys = [];
let asked = 0;
let site, issuer, tok;

before(async () => {
  for (const alg of ALGORITHMS) {
    pairs[alg] = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(pairs[alg].publicKey);
    keys.push({ ...jwk, kid: alg, alg, use: "sig" });
  }
  site = createServer((request, response) => {
    asked += 1;
    response.setHeader("content-type", "application/json");
    response.setHeader("cache-control", "max-age=3600");
    const keysAt = `${issuer}/keys`;
    const found = request.url.startsWith("/.well-known/") ? { issuer, jwks_uri: keysAt } : { keys };
    response.end(JSON.stringify(found));
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${site.address().port}`;
  const config = join(mkdtempSync(join(tmpdir(), "tok-e2e-issuer-")), "tok.toml");
  const algorithms = JSON.stringify(ALGORITHMS);
  writeFileSync(
    config,
    `[auth]\nmode = "oidc"\n[[auth.issuers]]\nalias = "app"\nissuer = "${issuer}"\n` +
      `audience = ["us"]\nalgorithms = ${algorithms}\n`,
  );
  tok = await serve({ TOK_CONFIG: config });
});

after(async () => {
  if (tok) assert.equal(await tok.stop(), 0);
  site?.close();
});

function sign(alg, sub, end = "1h", audience = "us") {
  return new SignJWT({ name: sub })
    .setProtectedHeader({ alg, kid: alg })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(end)
    .sign(pairs[alg].privateKey);
}

function ask(token, path) {
  return fetch(`${tok.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

for (const alg of ALGORITHMS) {
  test(`a token signed with ${alg} lets its holder see what is theirs`, async () => {
    const token = await sign(alg, "ada");
    assert.equal((await ask(token, "/v1/calls")).status, 200);
    assert.equal((await ask(token, "/v1/users/app:ada/notifications")).status, 200);
    assert.equal((await ask(token, "/v1/users/app:eve/notifications")).status, 403);
    assert.equal((await ask(token, "/v1/rooms")).status, 403);
    const theirs = await ask(await sign(alg, "ada", "1h", "them"), "/v1/calls");
    assert.equal(theirs.status, 401);
    assert.equal((await theirs.json()).reason, "token_invalid");
    const late = await ask(await sign(alg, "ada", "-2m"), "/v1/calls");
    assert.equal((await late.json()).reason, "token_expired");
  });
}

test("who signs in does not make tok ask the issuer", async () => {
  const before = asked;
  const token = await sign("ES256", "ada");
  for (let n = 0; n < 100; n += 1) await ask(token, "/v1/calls");
  assert.equal(asked, before);
});

test("the age of the keys is measured", async () => {
  assert.equal((await ask(await sign("ES256", "ada"), "/v1/calls")).status, 200);
  const measured = async () => {
    const text = await (await fetch(`${tok.ops}/metrics`)).text();
    return text.match(/^tok_auth_keys_age_seconds\{issuer="app"\} (\S+)$/m)?.[1];
  };
  let age;
  await until("it is measured", async () => (age = await measured()) !== undefined);
  assert.ok(Number(age) >= 0 && Number(age) < 600, age);
});

test("who signed in is known in a public room", async () => {
  tok.tok("room", "create", "hall");
  const ada = new Client(tok.url, { auth: { token: await sign("ES256", "ada") } });
  await ada.join("hall", "Ada");
  const [person] = JSON.parse(tok.tok("room", "participants", "hall", "-o", "json"));
  assert.equal(person.user_id, "app:ada");
  ada.socket.close();
});

test("a socket hears that its token has ended, and is closed then", { timeout: 60000 }, async () => {
  // By then it is connected.
  const end = Math.floor(Date.now() / 1000) + 10;
  const socket = io(tok.url, { auth: { token: await sign("RS256", "ada", end) }, reconnection: false });
  const heard = new Promise((resolve) => socket.once("error-event", (...args) => resolve(args)));
  const why = await new Promise((resolve) => socket.once("disconnect", resolve));
  assert.equal(why, "io server disconnect");
  const [what, , code] = await heard;
  assert.deepEqual([what, code], ["token", "T401"]);
  assert.ok(Date.now() / 1000 >= end && Date.now() / 1000 < end + 20);
});
