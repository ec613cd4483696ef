// Two people with browsers open a room's link and really talk.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as join_path } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { devices, launchShell } from "./browser.mjs";
import { accessible, comeIn as join, moves, shown } from "./pages.mjs";
import { datagramWay, distantWay, over, silentWay, until } from "./people.mjs";
import { freePort, startRedis } from "./redis.mjs";
import { serve } from "./serve.mjs";

const shots = new URL("../../target/e2e-shots/", import.meta.url).pathname;
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

let browser;

before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launchShell(...devices(), "--auto-select-desktop-capture-source=Entire screen");
});

after(() => browser?.close());
// Pages that stay open take the machine's time from the next ones.
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));

// Opens a link as another person; whatever the page complains of is a failure.
async function open(url, viewport = desktop, prepare = () => {}) {
  const context = await browser.newContext({ viewport, permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (line) => line.type() === "error" && page.complaints.push(line.text()));
  await prepare(page);
  await page.goto(url);
  return page;
}

const sounds = (page, name) =>
  page.evaluate((name) => {
    const tile = [...document.querySelectorAll("#grid li")].find((tile) => tile.querySelector(".caption").textContent.startsWith(name));
    const tracks = tile.querySelector("video").srcObject.getAudioTracks();
    return tracks.length === 1 && tracks[0].readyState === "live" && !tracks[0].muted;
  }, name);

const message = (page, text) => page.locator("#messages li", { hasText: text });

// Lets a test see the page's calls and what it takes from devices.
const watched = (page) =>
  page.addInitScript(() => {
    window.calls = [];
    window.taken = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        window.calls.push(this);
      }
    };
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async function (wanted) {
      const stream = await getUserMedia.call(this, wanted);
      window.taken.push(...stream.getTracks());
      return stream;
    };
  });

// Comes in without a picture: many at a time are too much for a small machine.
async function joinUnseen(page, name) {
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Camera" }).click();
  await join(page, name);
}

// Waits until the sound of so many others comes in, over a call with each or with the server. What the page counts is
// asked for here: `waitForFunction` takes a promise for a yes.
const hears = (page, others) =>
  until(`the sound of ${others} comes in`, () =>
    page.evaluate(async (others) => {
      const open = window.calls.filter((call) => call.connectionState === "connected");
      const counted = (await Promise.all(open.map((call) => call.getStats()))).flatMap((of) => [...of.values()]);
      return counted.filter((of) => of.type === "inbound-rtp" && of.kind === "audio" && of.packetsReceived > 0).length === others;
    }, others),
  );

test("two people see, hear and write to each other, and one leaves", { timeout: 120000 }, async () => {
  const tok = await serve();
  const { url } = JSON.parse(tok.tok("room", "create", "hello", "--json"));
  const link = `${tok.url}/r/hello`;
  assert.ok(url.endsWith("/r/hello"));
  const [ada, bob] = [await open(link), await open(link, phone)];
  await accessible(ada, "lobby");
  await ada.getByText("Camera and microphone work.").waitFor();
  await ada.screenshot({ path: `${shots}lobby-desktop.png` });
  await bob.screenshot({ path: `${shots}lobby-phone.png` });
  await join(ada, "Ada");
  await join(bob, "Bob");

  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada"), moves(ada, "Ada")]);
  assert.ok(await sounds(ada, "Bob"));
  assert.ok(await sounds(bob, "Ada"));

  for (const page of [ada, bob]) await page.getByRole("button", { name: "Chat" }).click();
  await ada.getByLabel("Message", { exact: true }).fill("hello <b>Bob</b>");
  await ada.getByRole("button", { name: "Send" }).click();
  await message(bob, "hello <b>Bob</b>").waitFor();
  await bob.getByRole("button", { name: "React to: hello" }).click();
  await bob.getByRole("button", { name: "Celebrate" }).click();
  await message(ada, "🎉 1").waitFor();
  await bob.getByLabel("Message", { exact: true }).fill("hi Ada");
  await bob.keyboard.press("Enter");
  await message(ada, "hi Ada").waitFor();
  await bob.getByRole("button", { name: "Edit: hi Ada" }).click();
  await bob.getByLabel("Edit the message").fill("good morning");
  await bob.getByRole("button", { name: "Save" }).click();
  await message(ada, "good morning").waitFor();
  await accessible(ada, "call with chat");
  await accessible(bob, "call with chat on a phone");
  await ada.screenshot({ path: `${shots}call-desktop.png` });
  await bob.screenshot({ path: `${shots}call-phone.png` });
  await ada.getByRole("button", { name: "Delete: hello" }).click();
  await message(bob, "hello <b>Bob</b>").waitFor({ state: "detached" });
  await message(ada, "hello <b>Bob</b>").waitFor({ state: "detached" });

  await bob.getByRole("button", { name: "Microphone" }).click();
  await ada.getByText("Bob, muted").first().waitFor();
  await bob.getByRole("button", { name: "Camera" }).click();
  await ada.locator("#grid video[style*='opacity: 0']").waitFor({ state: "attached" });
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("(2)").waitFor();
  await accessible(ada, "call with people");
  await ada.screenshot({ path: `${shots}people-desktop.png` });

  await bob.getByRole("button", { name: "Leave" }).click();
  await bob.getByRole("heading", { name: "You left" }).waitFor();
  await ada.getByText("(1)").waitFor();
  assert.equal(await ada.locator("#grid li").count(), 1);
  await accessible(bob, "notice");
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("two people on two nodes see, hear and write to each other", { timeout: 90000 }, async () => {
  const port = await freePort();
  const home = mkdtempSync(join_path(tmpdir(), "tok-nodes-"));
  const redis = await startRedis(port, home);
  const environment = { TOK_REDIS__URL: `redis://127.0.0.1:${port}` };
  const [one, two] = [await serve(environment, { home }), await serve(environment, { home })];
  one.tok("room", "create", "far");
  const [ada, bob] = [await open(`${one.url}/r/far`), await open(`${two.url}/r/far`)];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  assert.ok((await sounds(ada, "Bob")) && (await sounds(bob, "Ada")));
  for (const page of [ada, bob]) await page.getByRole("button", { name: "Chat" }).click();
  await ada.getByLabel("Message", { exact: true }).fill("hello over there");
  await ada.getByRole("button", { name: "Send" }).click();
  await message(bob, "hello over there").waitFor();
  await bob.getByRole("button", { name: "React to: hello" }).click();
  await bob.getByRole("button", { name: "Clap" }).click();
  await message(ada, "👏 1").waitFor();
  await ada.getByRole("button", { name: "Delete: hello" }).click();
  await message(bob, "hello over there").waitFor({ state: "detached" });
  await bob.getByRole("button", { name: "Leave" }).click();
  await ada.locator("#grid li").nth(1).waitFor({ state: "detached" });
  assert.deepEqual([await one.stop(), await two.stop()], [0, 0]);
  redis.kill("SIGKILL");
});

test("somebody shows their screen and the other sees it move", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "hello");
  const [ada, bob] = [await open(`${tok.url}/r/hello`), await open(`${tok.url}/r/hello`)];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await moves(bob, "Ada");
  // A headless browser has no screen: a drawing stands for it.
  await ada.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = document.createElement("canvas");
      const draw = canvas.getContext("2d");
      setInterval(() => {
        draw.fillStyle = `hsl(${performance.now() / 10}, 80%, 50%)`;
        draw.fillRect(0, 0, canvas.width, canvas.height);
      }, 50);
      return canvas.captureStream(20);
    };
  });
  await ada.getByRole("button", { name: "Screen" }).click();
  await moves(bob, "Ada, screen");
  await ada.getByRole("button", { name: "Screen" }).click();
  await bob.getByText("Ada, screen").waitFor({ state: "detached" });
  assert.equal(await tok.stop(), 0);
});

test("who cannot come in is told why", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "small", "--max-participants", "1");
  tok.tok("room", "create", "secret", "--privacy", "private");
  tok.tok("room", "create", "later", "--not-before", "1h");
  const first = await open(`${tok.url}/r/small`);
  await join(first, "Ada");
  // Who has no invitation to a private room is asked for nothing before they are told so.
  const told = async (path, heading, text, asked = false) => {
    const page = await open(`${tok.url}/r/${path}`);
    if (asked) {
      await page.getByLabel("Your name").fill("Bob");
      await page.getByRole("button", { name: "Join" }).click();
    }
    await page.getByRole("heading", { name: heading }).waitFor();
    await page.locator("#notice-text", { hasText: text }).waitFor();
    await accessible(page, path);
    await page.context().close();
  };
  await told("small", "The room is full", "is full", true);
  await told("secret", "You cannot come in", "is private");
  await told("secret#token=nonsense", "You cannot come in", "not a join token", true);
  await told("later", "later", "not open yet");
  await told("nowhere", "No such room", "there is no room");

  const { token } = JSON.parse(tok.tok("token", "create", "secret", "--user-name", "Eve", "--json"));
  const invited = await open(`${tok.url}/r/secret#token=${token}`);
  await join(invited, "Eve");
  tok.tok("room", "delete", "secret", "--yes");
  await invited.getByRole("heading", { name: "The call is over" }).waitFor();
  await invited.getByText("The room was deleted.").waitFor();
  assert.equal(await tok.stop(), 0);
});

test("a copied link copies nobody's right", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "vault", "--privacy", "private", "--property", "title=The vault");
  const { url, token } = JSON.parse(tok.tok("token", "create", "vault", "--role", "host", "--json"));
  // The command does not know at which port this server listens.
  assert.ok(url.endsWith(`/r/vault#token=${token}`), url);
  const bare = `${tok.url}/r/vault`;
  const ada = await open(`${bare}#token=${token}`);
  assert.equal(ada.url(), bare);
  assert.ok(!(await ada.content()).includes("The vault"), "strangers are told no title");
  await join(ada, "Ada");
  await ada.getByRole("heading", { name: "The vault" }).waitFor();
  // A reload is still theirs, in the call and, once they left it, out of it.
  await ada.reload();
  assert.equal(ada.url(), bare);
  await join(ada, "Ada");
  await ada.getByRole("button", { name: "Leave" }).click();
  await ada.getByRole("button", { name: "Join again" }).click();
  await join(ada, "Ada");
  // The copied link opens nothing, neither elsewhere nor in the same tab.
  const bob = await open(ada.url());
  await bob.getByRole("heading", { name: "You cannot come in" }).waitFor();
  await ada.getByRole("button", { name: "Leave" }).click();
  await ada.goto("about:blank");
  await ada.goto(bare);
  await ada.getByRole("heading", { name: "You cannot come in" }).waitFor();
  // Another invitation in the same tab is read at once.
  await ada.goto(`${bare}#token=${token}`);
  await ada.waitForURL(bare);
  await join(ada, "Ada");
  assert.equal(await tok.stop(), 0);
});

test("people wait, are let in, asked to mute, and removed", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "door", "--property", "waiting_room=true");
  const [ada, bob] = [await open(`${tok.url}/r/door`), await open(`${tok.url}/r/door`)];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await bob.getByText("Waiting to be let in").waitFor();
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "Let Bob in" }).click();
  await moves(bob, "Ada");
  await moves(ada, "Bob");
  await ada.getByRole("button", { name: "Ask Bob to mute" }).click();
  await bob.getByText("asked you to mute").waitFor();
  await ada.getByText("Bob, muted").first().waitFor();
  await ada.getByLabel("More for Bob").click();
  await ada.getByRole("button", { name: "Remove Bob" }).click();
  await bob.getByRole("heading", { name: "You were removed" }).waitFor();
  assert.equal(await tok.stop(), 0);
});

test("who was gone too long comes back and is seen and heard again", { timeout: 90000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "500ms" });
  tok.tok("room", "create", "back");
  const port = await freePort();
  let way = await silentWay(tok.url, { port });
  const [ada, bob] = [await open(`${tok.url}/r/back`), await open(`${way.url}/r/back`)];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  way.close();
  await ada.getByText("(1)").waitFor({ state: "attached" });
  assert.equal(await ada.locator("#grid li").count(), 1);
  await bob.getByText("trying again").first().waitFor();
  way = await silentWay(tok.url, { port });
  await ada.getByText("(2)").waitFor({ state: "attached" });
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  assert.ok((await sounds(ada, "Bob")) && (await sounds(bob, "Ada")));
  // The server itself restarts: nobody is out of the room by it.
  await tok.restart();
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.waitForFunction(() => document.getElementById("status").textContent === "");
  await ada.getByLabel("Message", { exact: true }).fill("after the restart");
  await ada.keyboard.press("Enter");
  await message(bob, "after the restart").waitFor({ state: "attached" });
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  way.close();
  for (const page of [ada, bob]) await page.context().close();
  assert.equal(await tok.stop(), 0);
});

test("a reload keeps the seat, removal does not lock out, and a private message stays private", { timeout: 90000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "seat", "--property", "waiting_room=true");
  const [ada, bob] = [await open(`${tok.url}/r/seat`), await open(`${tok.url}/r/seat`)];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "Let Bob in" }).click();
  await moves(bob, "Ada");
  // The host reloads, and is host still.
  await ada.reload();
  await join(ada, "Ada");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("Ada (you) · host").waitFor();
  // What was meant for Bob alone goes to nobody else when he is gone.
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.getByLabel("To", { exact: true }).selectOption({ label: "Bob only" });
  await ada.getByLabel("Message", { exact: true }).fill("a secret");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByLabel("More for Bob").click();
  await ada.getByRole("button", { name: "Remove Bob" }).click();
  await bob.getByRole("heading", { name: "You were removed" }).waitFor();
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.getByRole("button", { name: "Send" }).click();
  await ada.getByText("the receiver is not in the room").first().waitFor();
  assert.equal(await ada.getByLabel("Message", { exact: true }).inputValue(), "a secret");
  assert.deepEqual(JSON.parse(tok.tok("chat", "history", "seat", "--json")), []);
  // Bob was removed, not banned: he may ask again, as somebody new.
  await bob.reload();
  await join(bob, "Bob");
  await bob.getByText("Waiting to be let in").first().waitFor();
  for (const page of [ada, bob]) await page.context().close();
  assert.equal(await tok.stop(), 0);
});

test("viewers look and listen, and nobody sees or hears them", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "stage");
  const tokenOf = (...args) => JSON.parse(tok.tok("token", "create", "stage", "--json", ...args)).token;
  const ada = await open(`${tok.url}/r/stage#token=${tokenOf("--role", "host")}`);
  const vi = await open(`${tok.url}/r/stage#token=${tokenOf("--role", "viewer")}`, phone);
  await join(ada, "Ada");
  await join(vi, "Vi");
  await moves(vi, "Ada");
  assert.ok(await sounds(vi, "Ada"));
  assert.ok(!(await vi.getByRole("button", { name: "Microphone" }).isVisible()));
  assert.equal(await shown(ada, "Vi"), 0);
  const heard = await ada.evaluate(() => [...document.querySelectorAll("#grid li:not(.mine) video")].map((video) => video.srcObject));
  assert.deepEqual(heard, [null]);
  await vi.getByRole("button", { name: "Chat" }).click();
  await accessible(vi, "viewer on a phone");
  await vi.screenshot({ path: `${shots}viewer-phone.png` });
  assert.equal(await tok.stop(), 0);
});

test("a call rings in the page and is answered there", { timeout: 60000 }, async () => {
  const tok = await serve();
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  tok.tok("room", "create", "home");
  const { token } = JSON.parse(tok.tok("token", "create", "home", "--user-id", "bob", "--json"));
  const bob = await open(`${tok.url}/r/home#token=${token}`);
  await join(bob, "Bob");
  const first = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json")).call;
  await bob.getByRole("heading", { name: "Incoming Call" }).waitFor();
  await accessible(bob, "ringing");
  tok.tok("call", "end", first.id, "-q");
  tok.tok("notify", "flush", "-q");
  await bob.getByRole("heading", { name: "Incoming Call" }).waitFor({ state: "hidden" });
  const { call } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
  await bob.getByRole("button", { name: "Answer" }).click();
  await bob.getByRole("button", { name: "Leave and answer" }).click();
  await bob.waitForURL(`**/r/${call.room}**`);
  await join(bob, "Bob");
  assert.equal(JSON.parse(tok.tok("call", "show", call.id, "--json")).state, "accepted");
  assert.deepEqual(bob.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("a call stops ringing everywhere once it is answered, declined or given up anywhere", { timeout: 120000 }, async () => {
  const tok = await serve();
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  tok.tok("room", "create", "home");
  const come = async () => {
    const { token } = JSON.parse(tok.tok("token", "create", "home", "--user-id", "bob", "--json"));
    const page = await open(`${tok.url}/r/home#token=${token}`);
    await joinUnseen(page, "Bob");
    return page;
  };
  const [one, two] = [await come(), await come()];
  const ring = (page) => page.getByRole("heading", { name: "Incoming Call" });
  const rings = async () => {
    const { call } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
    for (const page of [one, two]) {
      await ring(page).waitFor();
      await page.evaluate(() => (document.getElementById("status").textContent = ""));
    }
    return call.id;
  };
  // What is told stands for some seconds only: it is looked for from before. It rings for much longer.
  const stops = (pages, why, act) => {
    const told = pages.flatMap((page) => [
      ring(page).waitFor({ state: "hidden", timeout: 15000 }),
      page.locator("#status", { hasText: why }).waitFor({ timeout: 15000 }),
    ]);
    return Promise.all([...told, act()]);
  };
  const post = async (id, verb) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${tok.url}/v1/calls/${id}/${verb}`, { method: "POST", headers, body: "{}" });
    assert.equal(answer.status, 200);
  };

  await rings();
  await stops([two], "Declined on another device", () => one.getByRole("button", { name: "Decline" }).click());
  assert.ok(!(await ring(one).isVisible()));
  assert.ok(!(await one.locator("#status").textContent()).includes("another device"), "who did it knows");
  // By an app that does not say which device it is.
  for (const [verb, why] of [["decline", "Declined"], ["accept", "Answered"]]) {
    const id = await rings();
    await stops([one, two], `${why} on another device`, () => post(id, verb));
    tok.tok("call", "end", id, "-q");
  }
  // The caller gives up, on the command line and over HTTP.
  for (const cancel of [(id) => tok.run("call", "end", id, "-q"), (id) => post(id, "cancel")]) {
    const id = await rings();
    await stops([one, two], "Call cancelled", () => cancel(id));
  }

  const id = await rings();
  await stops([one], "Answered on another device", async () => {
    await two.getByRole("button", { name: "Answer" }).click();
    await two.getByRole("button", { name: "Leave and answer" }).click();
  });
  await two.waitForURL("**/r/call-**");
  await joinUnseen(two, "Bob");
  assert.equal(JSON.parse(tok.tok("call", "show", id, "--json")).state, "accepted");
  assert.ok(!(await two.locator("#status").textContent()).includes("another device"));
  assert.deepEqual([one.complaints, two.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("a ring takes no key from who writes, and a call is left only by who says so", { timeout: 60000 }, async () => {
  const tok = await serve();
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  tok.tok("room", "create", "home");
  const { token } = JSON.parse(tok.tok("token", "create", "home", "--user-id", "bob", "--json"));
  const bob = await open(`${tok.url}/r/home#token=${token}`);
  await joinUnseen(bob, "Bob");
  const start = () => JSON.parse(tok.tok("call", "start", "ada", "bob", "--json")).call;
  const state = (call) => JSON.parse(tok.tok("call", "show", call.id, "--json")).state;
  const ring = bob.getByRole("alert").getByRole("heading", { name: "Incoming Call" });
  const focus = () => bob.evaluate(() => document.activeElement.id);
  await bob.getByRole("button", { name: "Chat" }).click();
  await bob.keyboard.type("half a ");
  // Keys and clicks of programs that come just as it begins to ring do nothing.
  await bob.evaluate(() => {
    new MutationObserver((_, observer) => {
      observer.disconnect();
      for (const id of ["decline", "answer", "answer-surely"]) document.getElementById(id).click();
    }).observe(document.getElementById("ring"), { attributes: true });
  });
  const call = start();
  await ring.waitFor();
  assert.equal(await focus(), "text");
  await bob.keyboard.type("sentence");
  await bob.keyboard.press("Escape");
  assert.equal(await bob.getByLabel("Message", { exact: true }).inputValue(), "half a sentence");
  await bob.keyboard.press("Enter");
  await message(bob, "half a sentence").waitFor();
  await accessible(bob, "ringing in a call");
  assert.deepEqual([await focus(), state(call), await ring.isVisible()], ["text", "ringing", true]);

  await bob.keyboard.type("and more");
  await bob.getByRole("button", { name: "Answer" }).dblclick();
  await bob.getByRole("button", { name: "Leave and answer" }).waitFor();
  await accessible(bob, "asked whether to leave");
  await bob.getByRole("button", { name: "Stay here" }).click();
  assert.equal(state(call), "ringing");
  // By the keyboard as well, on purpose and in peace.
  await bob.getByRole("button", { name: "Decline" }).focus();
  await rest(1000);
  await bob.keyboard.press("Enter");
  await ring.waitFor({ state: "hidden" });
  await until("it is declined", () => state(call) === "declined");
  assert.deepEqual([await focus(), await bob.getByLabel("Message", { exact: true }).inputValue()], ["text", "and more"]);

  // What ends while somebody is at its buttons gives the keyboard back.
  const other = start();
  await bob.getByRole("button", { name: "Answer" }).focus();
  tok.tok("call", "end", other.id, "-q");
  await ring.waitFor({ state: "hidden" });
  assert.equal(await focus(), "text");
  assert.match(bob.url(), /\/r\/home$/);
  assert.deepEqual(bob.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("who leaves is gone for themselves at once, whatever the line does", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "60s" });
  tok.tok("room", "create", "exit");
  const ada = await open(`${tok.url}/r/exit`);
  await join(ada, "Ada");
  const [silent, broken] = [await silentWay(tok.url), await silentWay(tok.url)];
  const cases = {
    "the server stands still": { url: tok.url, cut: () => process.kill(tok.pid, "SIGSTOP") },
    "the line is silent": { url: silent.url, cut: () => silent.cut() },
    "the line is broken": { url: broken.url, cut: () => broken.close() },
  };
  for (const [name, { url, cut }] of Object.entries(cases)) {
    const bob = await open(`${url}/r/exit`, desktop, watched);
    await join(bob, name);
    await moves(bob, "Ada");
    cut();
    if (url === broken.url) await bob.getByText("trying again").first().waitFor();
    await bob.getByRole("button", { name: "Leave" }).click();
    await bob.getByRole("heading", { name: "You left" }).waitFor({ timeout: 10000 });
    const left = await bob.evaluate(() => [...window.taken.map((track) => track.readyState), ...window.calls.map((call) => call.signalingState)]);
    assert.deepEqual([...new Set(left)], ["ended", "closed"], name);
    if (url === tok.url) {
      // The goodbye waits for the server, and is heard then.
      process.kill(tok.pid, "SIGCONT");
      await ada.getByText("(1)").waitFor({ state: "attached", timeout: 20000 });
    }
    await bob.context().close();
  }
  silent.close();
  assert.equal(await tok.stop(), 0);
});

test("all who are let in at once hear each other, from however far away", { timeout: 240000 }, async () => {
  // How media goes, round trips in milliseconds, and the time between being let in.
  const cases = [
    ["auto", [20, 70, 230, 700], 0],
    ["auto", [1000, 20], 150],
    ["mesh", [20, 70, 230, 700], 0],
    ["mesh", [40, 120, 200], 0],
  ];
  for (const [media, roundTrips, gap] of cases) {
    const tok = await serve({ TOK_ROOMS__MEDIA: media });
    tok.tok("room", "create", "door", "--property", "waiting_room=true");
    const ways = await Promise.all(roundTrips.map((roundTrip) => distantWay(tok.url, roundTrip)));
    const pages = [await open(`${tok.url}/r/door`, desktop, watched)];
    await joinUnseen(pages[0], "Host");
    for (const [n, { url }] of ways.entries()) {
      const page = await open(`${url}/r/door`, desktop, watched);
      await joinUnseen(page, `Guest ${n}`);
      await page.getByText("Waiting to be let in").first().waitFor();
      pages.push(page);
    }
    const waiting = JSON.parse(tok.tok("participant", "list", "door", "--json")).filter(({ place }) => place === "waiting");
    const ids = waiting.map(({ id }) => id);
    for (const some of gap ? ids.map((id) => [id]) : [ids]) {
      tok.tok("participant", "admit", "door", ...some);
      await rest(gap);
    }
    await Promise.all(pages.map((page) => hears(page, roundTrips.length)));
    for (const page of pages) {
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    }
    for (const way of ways) way.close();
    assert.equal(await tok.stop(), 0);
  }
});

test("a lost path between two people is found again, however long it was lost", { timeout: 300000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "path");
  const way = datagramWay();
  const [ada, bob] = [await open(`${tok.url}/r/path`, desktop, over(way)), await open(`${tok.url}/r/path`, phone, over(way))];
  await join(ada, "Ada");
  await join(bob, "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  const broken = (page) => page.locator("#grid .state", { hasText: "Reconnecting…" });
  // The second time it takes a new call.
  for (const seconds of [20, 45]) {
    const end = Date.now() + seconds * 1000;
    way.isCut = true;
    await Promise.all([ada, bob].map((page) => broken(page).waitFor({ timeout: 30000 })));
    await accessible(ada, "reconnecting");
    await rest(end - Date.now());
    for (const page of [ada, bob]) assert.ok(await broken(page).isVisible());
    way.isCut = false;
    for (const page of [ada, bob]) await broken(page).waitFor({ state: "hidden", timeout: 40000 });
    await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
    assert.ok((await sounds(ada, "Bob")) && (await sounds(bob, "Ada")));
  }
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  for (const page of [ada, bob]) await page.context().close();
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("somebody without devices, without storage and in a hurry gets in and is told what is wrong", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "poor");
  const context = await browser.newContext({ viewport: phone });
  const page = await context.newPage();
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
    }
    navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("none", "NotFoundError"); };
    delete crypto.randomUUID;
    Crypto.prototype.randomUUID = undefined;
  });
  await page.goto(`${tok.url}/r/poor`);
  await page.getByText("No microphone: There is none.").waitFor();
  await page.getByLabel("Your name").fill("Poor");
  await page.getByRole("button", { name: "Join" }).dblclick();
  await page.locator("#call").waitFor();
  const ada = await open(`${tok.url}/r/poor`);
  await join(ada, "Ada");
  await moves(page, "Ada");
  assert.deepEqual(JSON.parse(tok.tok("room", "participants", "poor", "--json")).length, 2, "one double click, one person");
  await context.close();
  assert.equal(await tok.stop(), 0);
});
