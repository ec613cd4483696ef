// Rooms over socket.io, as clients of both protocol generations and both transports see them.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { createRequire } from "node:module";
import { io as io4 } from "socket.io-client";
import { until } from "./people.mjs";
import { serve } from "./serve.mjs";

const io2 = createRequire(import.meta.url)("socket.io-client-2");
const md5 = async (text) => (await import("node:crypto")).createHash("md5").update(text).digest("hex");
const clients = {
  "4 websocket": (url) => io4(url, { forceNew: true, transports: ["websocket"] }),
  "4 polling": (url) => io4(url, { forceNew: true, transports: ["polling"] }),
  "4 upgrade": (url) => io4(url, { forceNew: true }),
  "2 websocket": (url) => io2(url, { forceNew: true, transports: ["websocket"] }),
  "2 polling": (url) => io2(url, { forceNew: true, transports: ["polling"] }),
};
const heard = [
  "join-room", "room-summary", "new-participant", "participant-left", "participant-updated-settings",
  "participant-updated-mediaState", "participant-changed-name", "participant-updated-role", "new-room-message",
  "edit-room-message", "delete-room-message", "new-direct-message", "edit-direct-message",
  "delete-direct-message", "error", "error-event", "destory", "destroy", "room-ended", "signal", "kicked",
  "replaced", "mute-request", "new-waiting-room-participant", "waiting-room-left", "waiting-room-accept",
  "waiting-room-rejection",
];

// A client that keeps what it hears, and can wait for it.
class Client {
  constructor(connect, url) {
    this.socket = connect(url);
    this.heard = [];
    this.waiting = [];
    for (const event of heard) {
      this.socket.on(event, (...args) => {
        this.heard.push([event, ...args]);
        for (const look of this.waiting) look();
      });
    }
  }

  // The arguments of the next `event` that was not taken yet.
  async next(event, fits = () => true, patience = 15000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${event}; heard ${JSON.stringify(this.heard)}`)), patience);
      const look = () => {
        const at = this.heard.findIndex(([name, ...args]) => name === event && fits(...args));
        if (at < 0) return;
        const [[, ...args]] = this.heard.splice(at, 1);
        clearTimeout(timer);
        this.waiting = this.waiting.filter((other) => other !== look);
        resolve(args);
      };
      this.waiting.push(look);
      look();
    });
  }

  ask(event, ...args) {
    return new Promise((resolve) => this.socket.emit(event, ...args, resolve));
  }

  emit(...args) {
    this.socket.emit(...args);
  }

  async join(room, ...args) {
    this.emit("join-room", room, ...args);
    const [summary] = await this.next("room-summary");
    this.me = summary.participants.find((person) => person.isMe);
    return summary;
  }

  // Everything that was sent before has been heard when this is answered.
  async settle() {
    await this.ask("no-such-event");
  }

  close() {
    this.socket.disconnect();
  }
}

// Waits until somebody whose line broke has one again, which may be before anybody asks.
const back = async (socket, broke) => {
  await broke;
  if (!socket.connected) await new Promise((resolve) => socket.once("connect", resolve));
};

let tok;
const open = [];
before(async () => {
  tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off" });
});
after(async () => {
  for (const client of open) client.close();
  assert.equal(await tok.stop(), 0);
});

function client(kind, url = tok.url) {
  const made = new Client(clients[kind], url);
  open.push(made);
  return made;
}

async function post(path, body, headers = { "content-type": "application/json" }) {
  const answer = await fetch(`${tok.url}${path}`, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });
  return [answer.status, await answer.json()];
}

for (const kind of Object.keys(clients)) {
  test(`client ${kind}: everything the original's clients do`, { timeout: 60000 }, async () => {
    const [ada, bob, eve] = [client(kind), client(kind), client(kind)];
    ada.emit("create-room", "Team");
    const [id] = await ada.next("join-room");
    assert.match(id, /^\d{9}$/);
    const hash = await md5(id);

    const first = await ada.join(id, "Ada");
    assert.deepEqual([first.id, first.idHash, first.name, first.messages], [id, hash, "Team", []]);
    assert.equal(first.participants.length, 1);
    assert.ok(ada.me.isHost && ada.me.isAlive && ada.me.key.length >= 12);
    const second = await bob.join(id);
    assert.equal(bob.me.name, bob.me.id, "without a name the id is the name");
    assert.deepEqual(second.participants.map(({ isMe, key }) => [isMe, Boolean(key)]), [[false, false], [true, true]]);
    const [joined] = await ada.next("new-participant");
    assert.deepEqual([joined.id, joined.isHost, joined.isAlive, joined.key], [bob.me.id, false, true, undefined]);
    await eve.join(id, "Eve");

    bob.emit("update-mediaState", { cameraEnabled: true });
    bob.emit("update-settings", { microphoneEnabled: false });
    const media = { cameraEnabled: true, microphoneEnabled: false };
    await ada.next("participant-updated-mediaState", (told) => told.mediaState.microphoneEnabled === false);
    const [told] = await ada.next("participant-updated-settings", (told) => told.settings.microphoneEnabled === false);
    assert.deepEqual([told.id, told.settings, told.mediaState], [bob.me.id, media, media]);
    bob.emit("update-name", "Bob");
    assert.deepEqual(await eve.next("participant-changed-name"), [bob.me.id, "Bob"]);

    const from = { id: bob.me.id, key: bob.me.key };
    const [status, sent] = await post(`/api/${hash}/send`, { from, to: "everyone", content: "hé <b>" });
    assert.deepEqual([status, sent.success, sent.error], [200, true, null]);
    assert.deepEqual(sent.data, { ...sent.data, from: from.id, to: "everyone", message: sent.data.id, content: "hé <b>", reactions: [] });
    assert.ok(Math.abs(sent.data.created - Date.now()) < 60000);
    for (const other of [ada, eve]) assert.deepEqual(await other.next("new-room-message"), [sent.data]);
    const messageId = sent.data.message;
    assert.deepEqual(await post(`/api/${hash}/edit`, { from, messageId, content: "two" }), [200, { success: true, error: null }]);
    const [edited] = await ada.next("edit-room-message");
    assert.deepEqual([edited.content, edited.created], ["two", sent.data.created]);
    const reacting = { from: { id: ada.me.id, key: ada.me.key }, messageId, type: 4 };
    for (const _ of [1, 2]) assert.equal((await post(`/api/${hash}/react`, reacting))[0], 200);
    const [reacted] = await bob.next("edit-room-message");
    assert.deepEqual(reacted.reactions, [{ type: 4, participantId: ada.me.id, participant: ada.me.id }]);
    assert.deepEqual(await post(`/api/${hash}/delete`, { from, message: messageId }), [200, { success: true, error: null }]);
    assert.equal((await eve.next("delete-room-message"))[0].message, messageId);

    const [, direct] = await post(`/api/${hash}/send`, { from, to: ada.me.id, content: "psst" });
    assert.deepEqual(await ada.next("new-direct-message"), [direct.data]);
    await post(`/api/${hash}/edit`, { from, messageId: direct.data.id, content: "psst!" });
    assert.equal((await ada.next("edit-direct-message"))[0].content, "psst!");
    await post(`/api/${hash}/delete`, { from, messageId: direct.data.id });
    await ada.next("delete-direct-message");
    await post(`/api/${hash}/send`, { from, to: ada.me.id, content: "last" });

    // Who comes later sees what was for everybody, and who went.
    eve.emit("leave");
    assert.deepEqual(await bob.next("participant-left"), [eve.me.id]);
    const late = await client(kind).join(id, "Late");
    assert.deepEqual(late.participants.map(({ name, isAlive }) => [name, isAlive]), [["Ada", true], ["Bob", true], ["Eve", false], ["Late", true]]);
    assert.deepEqual(late.messages, []);
    for (const one of [ada, bob, eve]) await one.settle();
    assert.ok(!eve.heard.some(([event]) => event.includes("direct")), "a direct message is for its receiver only");
    assert.ok(!bob.heard.some(([event]) => event.endsWith("-message") && !event.startsWith("edit")), "who writes is not told");

    // The host leaves: everybody is out, by both spellings.
    ada.close();
    await bob.next("destory");
    await bob.next("destroy");
    const stranger = client(kind);
    stranger.emit("join-room", id);
    assert.deepEqual(await stranger.next("error"), ["join", "The room doesn't exist", "J404"]);
    assert.deepEqual(await stranger.next("error-event"), ["join", "The room doesn't exist", "J404"]);
    assert.equal((await post(`/api/${hash}/send`, { from, to: "everyone", content: "?" }))[0], 404);
  });

  test(`client ${kind}: signals and everything natively`, { timeout: 60000 }, async () => {
    const name = `native-${kind.replace(" ", "-")}`;
    tok.tok("room", "create", name, "--property", "waiting_room=true");
    const [ada, bob] = [client(kind), client(kind)];
    await ada.join(name, "Ada");
    const waiting = await bob.ask("join-room", name, "Bob");
    assert.deepEqual([waiting.success, waiting.status, waiting.data.waiting], [true, 200, true]);
    const refused = await bob.ask("send-message", "everyone", "let me in");
    assert.deepEqual([refused.success, refused.status], [false, 403]);
    const [{ participant }] = await ada.next("new-waiting-room-participant");
    assert.equal((await ada.ask("waiting-room-decision", participant.id, "perhaps")).status, 400);
    assert.equal((await ada.ask("waiting-room-decision", participant.id, "accept")).success, true);
    await bob.next("waiting-room-accept");
    const [summary] = await bob.next("room-summary");
    bob.me = summary.participants.find((person) => person.isMe);
    await ada.next("new-participant");

    for (let n = 0; n < 200; n++) bob.emit("signal", ada.me.id, { n });
    for (let n = 0; n < 200; n++) assert.deepEqual(await ada.next("signal"), [bob.me.id, { n }], "in order");
    assert.equal((await bob.ask("signal", "nobody", {})).status, 404);

    const sent = await bob.ask("send-message", "everyone", "one");
    assert.deepEqual(await ada.next("new-room-message"), [sent.data]);
    assert.equal((await ada.ask("edit-message", sent.data.id, "mine")).status, 403);
    assert.equal((await ada.ask("react", sent.data.id, 9)).status, 400);
    assert.equal((await ada.ask("react", sent.data.id, 0)).success, true);
    assert.equal((await bob.next("edit-room-message"))[0].reactions.length, 1);
    assert.equal((await bob.ask("edit-message", sent.data.id, "two")).data.content, "two");
    const page = await bob.ask("history", null, 10);
    assert.deepEqual(page.data.messages.map((message) => message.content), ["two"]);

    assert.equal((await bob.ask("kick-participant", ada.me.id)).status, 403);
    await ada.ask("mute-participant", bob.me.id);
    assert.deepEqual(await bob.next("mute-request"), [ada.me.id]);
    await ada.ask("transfer-host", bob.me.id);
    assert.deepEqual(await ada.next("participant-updated-role"), [bob.me.id, "host"]);
    assert.deepEqual(await ada.next("participant-updated-role"), [ada.me.id, "participant"]);
    // For being first, or by the hand of who was, one removes people and bans nobody.
    assert.equal((await bob.ask("kick-participant", ada.me.id, { ban: true })).status, 403);
    tok.tok("participant", "promote", name, bob.me.id);
    assert.deepEqual(await ada.next("participant-updated-role"), [bob.me.id, "host"]);
    await bob.ask("kick-participant", ada.me.id, { ban: true });
    assert.deepEqual(await ada.next("kicked"), [{ banned: true }]);
    assert.equal((await ada.ask("join-room", name, "Ada")).status, 403);
    const again = client(kind);
    assert.equal((await again.ask("join-room", name, "Ada", { id: ada.me.id, key: ada.me.key })).status, 403);
    tok.tok("room", "end", name, "--yes");
    assert.deepEqual(await bob.next("room-ended"), ["ended"]);
  });

  test(`client ${kind}: what is wrong is refused and breaks nothing`, { timeout: 60000 }, async () => {
    const ada = client(kind);
    ada.emit("create-room");
    const [id] = await ada.next("join-room");
    assert.equal((await ada.join(id, "Ada")).name, "Untitled Room");
    const hash = await md5(id);
    const from = { id: ada.me.id, key: ada.me.key };
    const wrong = [
      ["join-room"], ["join-room", 7], ["join-room", null], ["join-room", "__proto__"], ["join-room", id], ["join-room", id, {}],
      ["join-room", "x".repeat(5000)], ["join-room", id, "n", 5], ["create-room", {}], ["create-room", "x".repeat(101)],
      ["update-name"], ["update-name", 5], ["update-name", ""], ["update-name", "\u0000\u0007"], ["update-name", "x".repeat(101)],
      ["update-mediaState"], ["update-mediaState", "on"], ["update-mediaState", { cameraEnabled: "yes" }], ["update-mediaState", null],
      ["send-message"], ["send-message", "everyone"], ["send-message", "everyone", ""], ["send-message", "everyone", 5],
      ["send-message", "nobody", "x"], ["send-message", "everyone", "x".repeat(16385)], ["edit-message", "nothing", "x"],
      ["delete-message", "000000000001"], ["delete-message", "../../x"], ["react", "000000000001", 1], ["react", {}, 1],
      ["signal"], ["signal", ada.me.id], ["kick-participant"], ["kick-participant", "nobody"], ["transfer-host", "nobody"],
      ["waiting-room-decision", "nobody", "accept"], ["mute-participant", "nobody"], ["no-such-event", 1], ["__proto__"],
    ];
    for (const event of wrong) {
      const answer = await ada.ask(...event);
      assert.equal(answer.success, false, JSON.stringify(event).slice(0, 100));
      assert.ok(answer.status >= 400 && answer.status < 500, JSON.stringify([event, answer]).slice(0, 200));
      assert.ok(answer.error.length > 5);
      ada.emit(...event); // without an acknowledgement
    }
    const message = (await ada.ask("send-message", "everyone", "x".repeat(16384))).data;
    assert.equal(message.content.length, 16384);

    const stranger = { id: ada.me.id, key: "0".repeat(32) };
    const nobody = { id: "nobody", key: from.key };
    const all = [
      ["send", { from, to: "everyone" }, 400, /content/],
      ["send", { to: "everyone", content: "x" }, 400, /from/],
      ["send", { from, to: "everyone", content: 5 }, 400, /content|invalid type/],
      ["send", "{", 400, /not JSON/],
      ["send", "[]", 400, /./],
      ["send", { from: nobody, to: "nobody", content: "x" }, 404, /^Could not find from participant$/],
      ["send", { from: stranger, to: "nobody", content: "x" }, 403, /^The key did not match$/],
      ["send", { from, to: "nobody", content: "x" }, 404, /^Could not find to participant$/],
      ["send", { from, to: "everyone", content: "" }, 400, /empty/],
      ["edit", { from, messageId: "nothing", content: "x" }, 404, /^Could not find message$/],
      ["edit", { from: stranger, messageId: message.id, content: "x" }, 403, /^You are not authorized to preform this action$/],
      ["delete", { from, messageId: "nothing" }, 404, /^Could not find message$/],
      ["react", { from, messageId: message.id, type: 8 }, 400, /0 to 7/],
    ];
    for (const [route, body, status, why] of all) {
      const [answered, said] = await post(`/api/${hash}/${route}`, body);
      assert.deepEqual([answered, said.success], [status, false], `${route} ${JSON.stringify(body)}: ${said.error}`);
      assert.match(said.error, why);
    }
    assert.deepEqual(await post(`/api/${hash}/send`, "x", { "content-type": "text/plain" }), [400, { success: false, error: "Request must be 'Content-Type: application/json'" }]);
    assert.deepEqual(await post(`/api/${await md5("nothing")}/send`, {}), [404, { success: false, error: "Could not find room" }]);
    const bob = client(kind);
    await bob.join(id, "Bob");
    const bobs = { id: bob.me.id, key: bob.me.key };
    for (const route of ["edit", "delete"]) {
      const [status, said] = await post(`/api/${hash}/${route}`, { from: bobs, messageId: message.id, content: "x" });
      assert.deepEqual([status, said.error], [403, "You are not authorized to preform this action"]);
    }
    assert.equal((await ada.ask("delete-message", message.id)).success, true);
    const [gone] = await post(`/api/${hash}/edit`, { from, messageId: message.id, content: "x" });
    assert.equal(gone, 404, "a deleted message is gone");
  });
}

test("one who comes back with their key is the same person, also after a restart", { timeout: 60000 }, async () => {
  const kept = await serve({});
  kept.tok("room", "create", "hello");
  const [ada, bob] = [client("4 websocket", kept.url), client("2 websocket", kept.url)];
  await ada.join("hello", "Ada");
  await bob.join("hello", "Bob");
  await ada.next("new-participant");
  const sent = await bob.ask("send-message", "everyone", "before");
  const broke = [ada, bob].map(({ socket }) => new Promise((resolve) => socket.once("disconnect", resolve)));
  await kept.restart();
  const { id, key } = ada.me;
  await back(ada.socket, broke[0]);
  const summary = await ada.join("hello", "Ada", { id, key });
  assert.equal(ada.me.id, id);
  assert.ok(ada.me.isHost, "she never left");
  assert.deepEqual(summary.messages.map((message) => message.content), ["before"]);
  assert.deepEqual(summary.participants.map(({ name, isAlive }) => [name, isAlive]), [["Ada", true], ["Bob", true]]);
  await back(bob.socket, broke[1]);
  const was = bob.me;
  await bob.join("hello", null, { id: was.id, key: was.key });
  assert.deepEqual([bob.me.id, bob.me.name], [was.id, "Bob"]);
  assert.equal((await bob.ask("edit-message", sent.data.id, "after")).data.content, "after");
  await ada.next("edit-room-message");
  const thief = client("4 websocket", kept.url);
  assert.equal((await thief.ask("join-room", "hello", "Eve", { id, key: was.key })).status, 403);
  // The same person again elsewhere: the first connection is told.
  const tab = client("4 websocket", kept.url);
  await tab.join("hello", "Ada", { id, key });
  await ada.next("replaced");
  assert.equal((await ada.ask("send-message", "everyone", "x")).status, 409);
  for (const one of [ada, bob, thief, tab]) one.close();
  assert.equal(await kept.stop(), 0);
});

test("a server that is killed leaves no ghosts", { timeout: 120000 }, async () => {
  // Whoever comes back has so long for it.
  const kept = await serve({ TOK_SIGNALLING__HEARTBEAT: "10s" });
  kept.tok("room", "create", "hello");
  const [ada, bob] = [client("4 websocket", kept.url), client("4 websocket", kept.url)];
  await ada.join("hello", "Ada");
  await bob.join("hello", "Bob");
  bob.close();
  ada.socket.io.reconnection(false);
  await ada.next("participant-left");
  const eve = client("4 websocket", kept.url);
  await eve.join("hello", "Eve");
  const dropped = [ada, eve].map(({ socket }) => once(socket, "disconnect"));
  await kept.restart("SIGKILL");
  await dropped[0];
  await back(eve.socket, dropped[1]);
  await eve.join("hello", "Eve", { id: eve.me.id, key: eve.me.key });
  assert.deepEqual(await eve.next("participant-left", undefined, 60000), [ada.me.id]);
  assert.deepEqual(await eve.next("participant-updated-role"), [eve.me.id, "host"]);
  const people = JSON.parse(kept.tok("room", "participants", "hello", "--json"));
  assert.deepEqual(people.map((person) => person.user_name), ["Eve"]);
  eve.close();
  assert.equal(await kept.stop(), 0);
});

test("a known person is told what waits for them until they have it, and is present", { timeout: 60000 }, async () => {
  const kept = await serve();
  kept.tok("room", "create", "home");
  kept.tok("user", "create", "--name", "Ada", "--id", "ada");
  const { token } = JSON.parse(kept.tok("token", "create", "home", "--user-id", "ada", "--json"));
  const send = (...args) => {
    kept.tok("notify", "send", "--user", "ada", ...args);
    kept.tok("work", "--once", "--only", "notify", "--ops-bind", "127.0.0.1:0");
  };
  const connect = (auth) => {
    const socket = io4(kept.url, { forceNew: true, transports: ["websocket"], auth });
    socket.told = [];
    return socket;
  };
  send("--title", "Before", "--id", "n1");
  // One that never acknowledges: what it was told waits on.
  const deaf = connect({ token });
  const [first] = await once(deaf, "notification");
  assert.deepEqual([first.id, first.kind, first.data.title], ["n1", "message", "Before"]);
  assert.equal(JSON.parse(kept.tok("presence", "show", "ada", "--json")).state, "online");
  const phone = connect({ token });
  const [told, taken] = await once(phone, "notification");
  assert.equal(told.id, "n1");
  taken(true);
  const stranger = connect({ token: "nonsense" });
  const [, why] = await once(stranger, "error-event");
  assert.match(why, /no good/);
  let heard = 0;
  stranger.on("notification", () => (heard += 1));
  const ringing = once(phone, "notification");
  send("--title", "Bob calls", "--call", "--id", "n2");
  const [call, answered] = await ringing;
  assert.deepEqual([call.id, call.kind], ["n2", "call"]);
  answered(true);
  const empty = async () => JSON.parse(kept.tok("notify", "inbox", "ada", "--json")).length === 0;
  await until("the inbox empties", empty, 30000);
  assert.equal(heard, 0);
  for (const socket of [deaf, phone, stranger]) socket.disconnect();
  const gone = () => JSON.parse(kept.tok("presence", "show", "ada", "--json")).state === "offline";
  await until("she is gone", gone, 30000);
  assert.equal(await kept.stop(), 0);
});

test("an operator reads and writes on the command line what people see at once", { timeout: 60000 }, async () => {
  tok.tok("room", "create", "desk");
  const ada = client("4 websocket");
  await ada.join("desk", "Ada");
  const said = JSON.parse(tok.tok("chat", "send", "desk", "five minutes left", "--json"));
  const [message] = await ada.next("new-room-message");
  assert.deepEqual([message.id, message.content, message.from], [said.id, "five minutes left", "operator"]);
  await ada.ask("send-message", "everyone", "rude");
  const history = JSON.parse(tok.tok("chat", "history", "desk", "--json"));
  assert.deepEqual(history.map(({ from_name, content }) => [from_name, content]), [["operator", "five minutes left"], ["Ada", "rude"]]);
  tok.tok("chat", "delete", "desk", history[1].id, "--yes");
  assert.equal((await ada.next("delete-room-message"))[0].content, "rude");
  tok.tok("chat", "edit", "desk", said.id, "four minutes left");
  assert.equal((await ada.next("edit-room-message"))[0].content, "four minutes left");
  const lines = tok.tok("chat", "export", "desk", "-o", "jsonl").trim().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line).content), ["four minutes left"]);
  const page = await (await fetch(`${tok.url}/v1/rooms/desk/messages?limit=1`)).json();
  assert.deepEqual([page.items.length, page.next], [1, null]);
  const people = await (await fetch(`${tok.url}/v1/rooms/desk/participants`)).json();
  const kicked = await fetch(`${tok.url}/v1/rooms/desk/participants/${people.items[0].id}`, { method: "DELETE" });
  assert.equal(kicked.status, 204);
  await ada.next("kicked");
});
