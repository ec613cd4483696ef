// What an app does with tok, against a server of its own: tests/e2e/client.test.mjs runs it.

import assert from "node:assert/strict";
import { TokError, connect, once, type Schemas, type Tok } from "../src/index.js";

const refusal = (code: string) => (error: unknown) => error instanceof TokError && error.code === code;

export async function tour(baseUrl: string, key: string): Promise<void> {
  const tok = connect({ baseUrl, key });

  const plan = await tok.post("/v1/rooms", {
    body: { name: "standup" },
    params: { query: { dry_run: true } },
  });
  assert.equal(plan.name, "standup");
  const room: Schemas["Room"] = await tok.post("/v1/rooms", { body: { name: "standup", privacy: "private" } });
  assert.match(room.url ?? "", /\/r\/standup$/);
  const token = await tok.post("/v1/rooms/{name}/tokens", {
    params: { path: { name: room.name } },
    body: { role: "host", user_name: "Ada" },
  });
  assert.ok(token.url?.includes("#token="));
  const facts = await tok.post("/v1/tokens:inspect", { body: { token: token.token } });
  assert.deepEqual([facts.valid, facts.room, facts.role], [true, "standup", "host"]);

  await lists(tok);
  await people(tok);
  await refusals(tok, baseUrl);

  await tok.delete("/v1/rooms/{name}", { params: { path: { name: "standup" } } });
  await assert.rejects(
    tok.get("/v1/rooms/{name}", { params: { path: { name: "standup" } } }),
    refusal("not_found"),
  );
}

async function lists(tok: Tok): Promise<void> {
  // The same request twice, as after a lost answer: one room.
  const header = once();
  const first = await tok.post("/v1/rooms", { body: {}, params: { header } });
  const again = await tok.post("/v1/rooms", { body: {}, params: { header } });
  assert.equal(first.name, again.name);
  for (const name of ["a", "b", "c"]) {
    await tok.post("/v1/rooms", { body: { name: `page-${name}` }, params: { header: once(name) } });
  }
  const names: string[] = [];
  for await (const room of tok.pages("/v1/rooms", { params: { query: { limit: 2 } } })) names.push(room.name);
  assert.deepEqual(names.toSorted(), [first.name, "page-a", "page-b", "page-c", "standup"].toSorted());
  const page = await tok.get("/v1/rooms", { params: { query: { limit: 2 } } });
  assert.equal(page.items.length, 2);
  assert.equal(typeof page.next, "string");
}

async function people(tok: Tok): Promise<void> {
  await tok.post("/v1/users", { body: { id: "ada", name: "Ada Lovelace" } });
  const user = await tok.patch("/v1/users/{id}", { params: { path: { id: "ada" } }, body: { name: "Ada King" } });
  assert.equal(user.name, "Ada King");
  const queued = await tok.post("/v1/notifications", { body: { to: { user: "ada" }, title: "Bob is calling", id: "ring-1" } });
  assert.equal(queued.state, "queued");
  await tok.post("/v1/notifications:flush");
  const told = await tok.get("/v1/notifications/{id}", { params: { path: { id: "ring-1" } } });
  assert.equal(told.state, "delivered");
  const inbox = [];
  for await (const item of tok.pages("/v1/users/{id}/notifications", { params: { path: { id: "ada" } } })) inbox.push(item);
  assert.deepEqual(inbox.map(({ id }) => id), ["ring-1"]);
  const taken = await tok.delete("/v1/users/{id}/notifications/{notification}", {
    params: { path: { id: "ada", notification: "ring-1" } },
  });
  assert.equal(taken, undefined);
  await tok.post("/v1/search/{index}/reindex", { params: { path: { index: "users" } } });
  const found = await tok.get("/v1/search/{index}", { params: { path: { index: "users" }, query: { q: "kign" } } });
  assert.deepEqual(found.items.map(({ id }) => id), ["ada"]);
}

async function refusals(tok: Tok, baseUrl: string): Promise<void> {
  await assert.rejects(tok.post("/v1/rooms", { body: { name: "standup" } }), (error: unknown) => {
    assert.ok(error instanceof TokError);
    assert.deepEqual([error.status, error.code, error.reason], [409, "conflict", "already_exists"]);
    return error.message.includes("standup");
  });
  const stranger = connect({ baseUrl, key: async () => "tok_nobody" });
  await assert.rejects(stranger.get("/v1/rooms"), refusal("unauthenticated"));
  const lost = connect({ baseUrl: `${baseUrl}/`, fetch: async () => new Response("<h1>", { status: 502 }) });
  await assert.rejects(lost.get("/v1/rooms"), refusal("unknown"));
  const busy = new Response(null, { status: 503, headers: { "retry-after": "7" } });
  const waiting = connect({ baseUrl, fetch: async () => busy });
  await assert.rejects(waiting.get("/v1/rooms"), (error) => error instanceof TokError && error.retryAfter === 7);
}

// What the compiler must refuse: each line is an error, or the compilation fails.
export async function slips(tok: Tok): Promise<void> {
  // @ts-expect-error there is no such route
  await tok.get("/v1/roms");
  // @ts-expect-error nor this method
  await tok.delete("/v1/rooms");
  // @ts-expect-error a name is text
  await tok.post("/v1/rooms", { body: { name: 7 } });
  // @ts-expect-error whose room?
  await tok.get("/v1/rooms/{name}");
  // @ts-expect-error no such role
  await tok.post("/v1/rooms/{name}/tokens", { params: { path: { name: "a" } }, body: { role: "king" } });
  const room = await tok.get("/v1/rooms/{name}", { params: { path: { name: "a" } } });
  // @ts-expect-error a room has none
  room.shoe_size;
  // @ts-expect-error this is no list
  tok.pages("/v1/status");
  // @ts-expect-error a stream of events has no end
  await tok.get("/v1/presence:watch");
  // @ts-expect-error of a dry run there is only a plan
  (await tok.post("/v1/rooms", { body: {}, params: { query: { dry_run: true } } })).created_at;
}
