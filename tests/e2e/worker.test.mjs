// The worker as TokApp's operators run it: the official SDK writes, tok sends and mirrors, and
// nothing is lost when it is killed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Firestore } from "@google-cloud/firestore";
import { algoliasearch } from "algoliasearch";
import { home, peers, until } from "./peers.mjs";

const COUNT = 10_000;
let around, firestore, tok;

before(async () => {
  around = await peers();
  process.env.FIRESTORE_EMULATOR_HOST = around.firestore;
  process.env.METADATA_SERVER_DETECTION = "none";
  firestore = new Firestore({ projectId: around.project });
  tok = home({
    TOK_DOCUMENTS__BACKEND: "firestore",
    TOK_FIRESTORE__PROJECT_ID: around.project,
    FIRESTORE_EMULATOR_HOST: around.firestore,
    TOK_PUSH__BACKEND: "fcm",
    TOK_FCM__BASE_URL: around.fcm,
    TOK_SEARCH__BACKEND: "algolia",
    TOK_ALGOLIA__APP_ID: around.algolia_app,
    TOK_ALGOLIA__API_KEY: around.algolia_key,
    TOK_ALGOLIA__BASE_URL: around.algolia,
    // For so long a dead worker keeps the next one out.
    TOK_WORKER__LEASE: "15s",
    // Nothing is tried for longer.
    TOK_PUSH__PATIENCE: "20s",
  });
});

after(async () => {
  await firestore?.terminate();
  around?.stop();
  tok?.remove();
});

async function queue(from, to) {
  const writer = firestore.bulkWriter({ throttling: false });
  for (let n = from; n < to; n++) {
    writer.set(firestore.doc(`notifications/n${n}`), {
      userID: "ada",
      title: "Ada",
      body: `message ${n}`,
      photoURL: null,
      token: `token-${n}`,
    });
  }
  await writer.close();
}

const pending = async () =>
  (await firestore.collection("notifications").count().get()).data().count;

test("10 000 notifications of the official SDK survive kill -9", async () => {
  const first = await tok.work("--only", "notify");
  const writing = queue(0, COUNT);
  await until(async () => (await around.seen()).taken > COUNT / 5, "a part is sent");
  await first.end("SIGKILL");
  await writing;
  // From here on nobody is killed, and whoever loses a lease to a slow machine sends again what was under way.
  tok.env.TOK_WORKER__LEASE = "60s";
  const second = await tok.work("--only", "notify");
  await until(async () => (await pending()) === 0, "the queue is empty", 120_000 + 20 * COUNT);
  assert.equal(await second.end("SIGTERM"), 0);
  const seen = await around.seen();
  assert.equal(seen.distinct, COUNT, "nothing is lost");
  assert.ok(seen.taken - COUNT <= 100, `${seen.taken - COUNT} were sent twice`);
});

// What becomes of a token says its beginning.
const KINDS = ["gone", "stranger", "malformed", "iphone", "busy", null, "good", "good", "good", "good"];

test("notifications of all kinds come out even, and the good ones are sent once", async () => {
  const count = Number(process.env.NOTIFICATIONS ?? 3000);
  const before = (await around.seen()).taken;
  const writer = firestore.bulkWriter({ throttling: false });
  for (let n = 0; n < count; n++) {
    const kind = KINDS[n % KINDS.length];
    const token = kind ? { token: `${kind}-k${n}` } : {};
    writer.set(firestore.doc(`notifications/k${n}`), { title: "Ada", body: `kind ${n}`, ...token });
  }
  await writer.close();
  const worker = await tok.work("--only", "notify");
  await until(async () => (await pending()) === 0, "the queue is empty", 120_000 + 20 * count);
  assert.equal(await worker.end("SIGTERM"), 0);
  const outcomes = await firestore.collection("tok_outcomes").get();
  const parked = await firestore.collection("tok_parked/notify/items").get();
  const found = {};
  const add = (id, state) => {
    if (!id.startsWith("k")) return;
    const kind = KINDS[Number(id.slice(1)) % KINDS.length] ?? "none";
    found[`${kind} ${state}`] = (found[`${kind} ${state}`] ?? 0) + 1;
  };
  const lying = new Set(parked.docs.map(({ id }) => id));
  for (const { id } of parked.docs) add(id, "parked");
  for (const document of outcomes.docs) if (!lying.has(document.id)) add(document.id, document.get("state"));
  const tenth = count / KINDS.length;
  assert.deepEqual(found, {
    "gone dead": tenth,
    "stranger parked": tenth,
    "malformed dead": tenth,
    "iphone parked": tenth,
    "busy parked": tenth,
    "none parked": tenth,
    "good delivered": 4 * tenth,
  });
  assert.equal((await around.seen()).taken - before, 4 * tenth, "once each");
});

test("the same on the embedded default, with no account", async () => {
  const own = home({ TOK_WORKER__LEASE: "2s" });
  const first = await own.work();
  for (const id of ["ada", "bob", "eve"]) own.tok("user", "create", "--id", id, "--name", id);
  for (let n = 0; n < 50; n++) {
    own.tok("notify", "send", "--user", "ada", "--title", `n${n}`, "--id", `n${n}`);
  }
  await first.end("SIGKILL");
  own.tok("notify", "send", "--user", "ada", "--title", "late", "--id", "late");
  const second = await own.work();
  await until(() => own.json("notify", "list").length === 0, "the queue is empty");
  assert.equal(own.json("notify", "inbox", "ada").length, 51);
  own.tok("presence", "set", "bob", "online");
  await until(() => own.json("user", "show", "bob").state === "online", "bob is online");
  await until(() => own.json("search", "query", "users", "ev").length === 1, "eve is found");
  own.tok("search", "verify");
  assert.equal(await second.end("SIGTERM"), 0);
  own.remove();
});

test("the index follows the official SDK and is true after a reindexing", async () => {
  const worker = await tok.work("--only", "search");
  const users = firestore.collection("users");
  const writer = firestore.bulkWriter({ throttling: false });
  for (let n = 0; n < 2_000; n++) {
    writer.set(users.doc(`u${n}`), { name: `Person ${n}`, token: "secret", state: "online" });
  }
  await writer.close();
  const writing = (async () => {
    for (let n = 0; n < 500; n++) {
      if (n % 3 === 0) await users.doc(`u${n}`).delete();
      else await users.doc(`u${n}`).update({ name: `Renamed ${n}` });
    }
  })();
  tok.tok("search", "reindex", "users", "--mode", "swap");
  tok.tok("search", "reindex", "users");
  await writing;
  await until(async () => (await around.seen()).records === 2_000 - 167, "all are mirrored");
  tok.tok("search", "verify", "users");
  assert.equal(await worker.end("SIGTERM"), 0);
});

test("the vendor's own client reads what was written", async () => {
  const host = new URL(around.algolia).host;
  const client = algoliasearch(around.algolia_app, around.algolia_key, {
    hosts: [{ url: host, accept: "readWrite", protocol: "http" }],
  });
  const ids = [];
  await client.browseObjects({
    indexName: "users",
    browseParams: { attributesToRetrieve: ["*"] },
    aggregator: (page) => {
      for (const record of page.hits) {
        ids.push(record.objectID);
        assert.equal(record.token, undefined, "no push token is public");
      }
    },
  });
  assert.equal(new Set(ids).size, 2_000 - 167);
  const settings = await client.getSettings({ indexName: "users" });
  assert.deepEqual(settings.searchableAttributes, ["name", "firstName", "lastName"]);
});

// As people's names stand in an app's documents, and as somebody types them who looks for them.
const NAMES = [
  ["Zoë O’Brien-Müller", "obrien muller"],
  ["Дмитрий Ёлкин", "елкин"],
  ["Αλέξανδρος Παπαδόπουλος", "παπαδοπ"],
  ["مُحَمَّد عبد الرحمن", "محمد"],
  ["שָׁרוֹן לֵוִי", "שרון"],
  ["नरेन्द्र शर्मा", "नरेन्द्र"],
  ["王小明", "小明"],
  ["さくら 田中", "サクラ"],
  ["김민준", "민준"],
  ["สมชาย ใจดี", "ใจดี"],
  ["Արամ Խաչատրյան", "խաչ"],
  ["ნინო ჯავახიშვილი", "ნინო"],
];

test("names in twelve scripts, written by the official SDK, are found as they are typed", async () => {
  const people = home({
    TOK_DOCUMENTS__BACKEND: "firestore",
    TOK_FIRESTORE__PROJECT_ID: "demo-names",
    FIRESTORE_EMULATOR_HOST: around.firestore,
  });
  const own = new Firestore({ projectId: "demo-names" });
  const worker = await people.work("--only", "search");
  for (const [n, [name]] of NAMES.entries()) await own.doc(`users/n${n}`).set({ name });
  const found = (typed) => people.json("search", "query", "users", typed).map(({ id }) => id);
  await until(() => found(NAMES.at(-1)[1]).length > 0, "the last one is mirrored");
  for (const [n, [name, typed]] of NAMES.entries()) assert.deepEqual(found(typed), [`n${n}`], `${typed} for ${name}`);
  assert.equal(await worker.end("SIGTERM"), 0);
  await own.terminate();
  people.remove();
});
