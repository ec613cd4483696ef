// People who sign in at a certified OpenID provider, in the way an app does: discovery, a form, a code, a token.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import { serve } from "./serve.mjs";

const BACK = "https://app.example.com/back";
const API = "urn:calls";
let site, issuer, tok;

function key(type, options, alg) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), alg, kid: alg, use: "sig" };
}

function provider(url) {
  return new Provider(url, {
    clients: [
      { client_id: "app", client_secret: "app-secret", redirect_uris: [BACK] },
      {
        client_id: "robot",
        client_secret: "robot-secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} by name` }) }),
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: "",
          audience: API,
          accessTokenTTL: 600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
}

before(async () => {
  let answer;
  site = createServer((request, response) => answer(request, response));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${site.address().port}`;
  answer = provider(issuer).callback();
  const config = join(mkdtempSync(join(tmpdir(), "tok-e2e-oidc-")), "tok.toml");
  writeFileSync(
    config,
    `[auth]\nmode = "oidc"\n[[auth.issuers]]\nalias = "op"\nissuer = "${issuer}"\n` +
      `audience = ["app", "${API}"]\nalgorithms = ["RS256", "ES256"]\n`,
  );
  tok = await serve({ TOK_CONFIG: config });
});

after(async () => {
  if (tok) assert.equal(await tok.stop(), 0);
  site?.close();
});

// A browser as far as this takes one: it keeps cookies, follows redirects and fills in forms.
async function signIn(id) {
  const jar = new Map();
  const ask = async (url, body) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const method = body ? "POST" : "GET";
    const answer = await fetch(url, { method, body, redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      jar.set(name, value);
    }
    return answer;
  };
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id: "app",
    redirect_uri: BACK,
    response_type: "code",
    scope: "openid",
    code_challenge_method: "S256",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  });
  let at = `${issuer}/auth?${query}`;
  let answer = await ask(at);
  for (let step = 0; step < 12 && !at.startsWith(BACK); step += 1) {
    if (answer.status === 200) {
      const prompt = (await answer.text()).match(/name="prompt" value="(\w+)"/)[1];
      answer = await ask(at, new URLSearchParams({ prompt, login: id, password: "any" }));
    }
    at = new URL(answer.headers.get("location"), at).href;
    if (!at.startsWith(BACK)) answer = await ask(at);
  }
  const code = new URL(at).searchParams.get("code");
  return exchange("app", { grant_type: "authorization_code", code, redirect_uri: BACK, code_verifier: verifier });
}

async function exchange(client, form) {
  const authorization = `Basic ${Buffer.from(`${client}:${client}-secret`).toString("base64")}`;
  const body = new URLSearchParams(form);
  const answer = await fetch(`${issuer}/token`, { method: "POST", body, headers: { authorization } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

async function ask(token, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const method = body ? "POST" : "GET";
  const answer = await fetch(tok.url + path, { method, headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

test("a person who signed in with a code gets a seat in a room under their own name", async () => {
  tok.tok("room", "create", "standup", "--privacy", "private");
  const { id_token: token } = await signIn("ada");
  const made = await ask(token, "/v1/rooms/standup/tokens", {});
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.body.user_id, "op:ada");
  const forEve = await ask(token, "/v1/rooms/standup/tokens", { user_id: "op:eve" });
  assert.equal(forEve.body.user_id, "op:ada");
  assert.equal((await ask(token, "/v1/users/op:ada/notifications")).status, 200);
  assert.equal((await ask(token, "/v1/rooms")).status, 403);
});

test("an access token for tok is taken, one for another service of the provider is not", async () => {
  const { access_token: ours } = await exchange("robot", { grant_type: "client_credentials", resource: API });
  assert.equal((await ask(ours, "/v1/calls")).status, 200);
  // Without a resource it is opaque, for the provider alone.
  const { access_token: opaque } = await exchange("robot", { grant_type: "client_credentials" });
  assert.equal((await ask(opaque, "/v1/calls")).status, 401);
  const { access_token: own } = await signIn("eve");
  assert.equal((await ask(own, "/v1/calls")).status, 401);
});
