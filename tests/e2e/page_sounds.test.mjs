// What is heard of the page and seen of it elsewhere, who waits, and what is asked before it is done.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, comeIn, complainsAloud, shots, useBrowser } from "./pages.mjs";
import { Client, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

// Keeps what the page lets be heard and shown, and what it takes from devices.
const watched = (page) =>
  page.addInitScript(() => {
    window.tones = [];
    window.shown = [];
    window.taken = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...args) {
      window.tuned = this.context;
      window.tones.push({ pitch: this.frequency.value, active: navigator.userActivation.hasBeenActive });
      return start.apply(this, args);
    };
    window.Notification = class {
      static permission = "granted";
      static requestPermission = async () => "granted";
      constructor(title, { body }) {
        window.shown.push([title, body]);
      }
    };
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = function (wanted) {
      window.taken += 1;
      return getUserMedia.call(this, wanted);
    };
    window.hide = (hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    };
  });

async function open(url, options = {}) {
  const page = await browser.open(options);
  complainsAloud(page);
  await watched(page);
  await page.goto(url);
  return page;
}

async function enter(url, name, options) {
  const page = await open(url, options);
  await comeIn(page, name);
  return page;
}

// How far the sound of tunes was played, once it rests.
const rests = async (page) => {
  await page.waitForFunction(() => window.tuned.state === "suspended");
  return page.evaluate(() => window.tuned.currentTime);
};
const pitches = (page) => page.evaluate(() => window.tones.splice(0).map(({ pitch }) => pitch));

test("who comes and goes is heard, messages only while nobody looks, and nothing when it is off", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "bells");
  const ada = await enter(`${tok.url}/r/bells`, "Ada");
  assert.deepEqual(await pitches(ada), []);
  const bob = new Client(tok.url);
  await bob.join("bells", "Bob");
  await until("he is heard", async () => (await ada.evaluate(() => window.tones.length)) === 2);
  assert.deepEqual(await pitches(ada), [523, 659]);
  const played = await rests(ada);
  await bob.ask("send-message", "everyone", "while she looks");
  await ada.getByText("Chat (1)").waitFor();
  assert.deepEqual([await pitches(ada), await ada.evaluate(() => window.shown)], [[], []]);
  // The chat is open, but nobody looks.
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.evaluate(() => window.hide(true));
  await bob.ask("send-message", "everyone", "while she is away");
  await ada.waitForFunction(() => document.title.startsWith("(1) "));
  assert.deepEqual([await pitches(ada), await ada.evaluate(() => window.shown)], [[784], [["Bob", "while she is away"]]]);
  await until("it was played", async () => (await rests(ada)) > played);
  await ada.evaluate(() => window.hide(false));
  await ada.waitForFunction(() => !document.title.startsWith("("));
  // Off by a switch, which is remembered.
  await ada.getByRole("button", { name: "Devices" }).click();
  await accessible(ada, "the switch of sounds");
  const [sounds, notifications] = ["Sounds", "Notifications while nobody looks"].map((label) => ada.getByLabel(label));
  assert.deepEqual([await sounds.isChecked(), await notifications.isChecked()], [true, true]);
  await sounds.uncheck();
  await ada.getByRole("button", { name: "Done" }).click();
  await ada.evaluate(() => window.hide(true));
  await bob.ask("send-message", "everyone", "in silence");
  await until("it is shown", async () => (await ada.evaluate(() => window.shown.length)) === 2);
  await ada.evaluate(() => window.hide(false));
  await ada.getByRole("button", { name: "Devices" }).click();
  await notifications.uncheck();
  await ada.getByRole("button", { name: "Done" }).click();
  await ada.evaluate(() => window.hide(true));
  await bob.ask("send-message", "everyone", "unseen as well");
  bob.socket.emit("leave");
  await ada.locator("#grid li", { hasText: "Bob" }).waitFor({ state: "detached" });
  assert.deepEqual([await pitches(ada), await ada.evaluate(() => window.shown.length)], [[], 2]);
  await ada.reload();
  assert.deepEqual([await sounds.isChecked(), await notifications.isChecked()], [false, false]);
  bob.socket.disconnect();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("a call rings in the lobby too, in the title, and silently before somebody did anything", { timeout: 60000 }, async () => {
  const tok = await serve();
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  tok.tok("room", "create", "home");
  const { token } = JSON.parse(tok.tok("token", "create", "home", "--user-id", "bob", "--json"));
  const bob = await open(`${tok.url}/r/home#token=${token}`);
  await bob.getByText("Camera and microphone work.").waitFor();
  const { call } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
  await bob.getByRole("heading", { name: "Incoming Call" }).waitFor();
  await bob.waitForFunction(() => document.title.startsWith("☎ "));
  assert.deepEqual(await bob.evaluate(() => window.tones.filter(({ active }) => !active)), []);
  await accessible(bob, "ringing in the lobby");
  await bob.screenshot({ path: `${shots}lobby-ringing.png` });
  tok.tok("call", "end", call.id, "-q");
  tok.tok("notify", "flush", "-q");
  await bob.getByRole("heading", { name: "Incoming Call" }).waitFor({ state: "hidden" });
  await bob.waitForFunction(() => !document.title.startsWith("☎ "));
  // The line of the lobby goes on in the call, and it rings there.
  await bob.getByLabel("Your name").fill("Bob");
  await bob.getByRole("button", { name: "Join" }).click();
  await bob.locator("#call").waitFor();
  await pitches(bob);
  const { call: again } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
  await bob.getByRole("heading", { name: "Incoming Call" }).waitFor();
  await until("it is heard", async () => (await bob.evaluate(() => window.tones.length)) >= 4);
  await bob.getByRole("button", { name: "Decline" }).click();
  await until("it is declined", () => JSON.parse(tok.tok("call", "show", again.id, "--json")).state === "declined");
  // Answered out of the lobby, too.
  await bob.reload();
  await bob.getByText("Camera and microphone work.").waitFor();
  const { call: third } = JSON.parse(tok.tok("call", "start", "ada", "bob", "--json"));
  await bob.getByRole("button", { name: "Answer" }).click();
  await bob.waitForURL(`**/r/${third.room}**`);
  await bob.getByLabel("Your name").waitFor();
  assert.deepEqual(bob.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("who waits sees the room, their own picture and buttons that are true, and knocks to be heard", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "door", "--property", "waiting_room=true", "--property", "title=The round");
  const link = `${tok.url}/r/door`;
  const ada = await enter(link, "Ada");
  await pitches(ada);
  // The line goes by itself: it is looked for from before.
  const knocked = ada.locator("#status", { hasText: "Bob waits to be let in" }).waitFor({ timeout: 60000 });
  const bob = await enter(link, "Bob", { colorScheme: "dark", viewport: { width: 360, height: 740 } });
  await knocked;
  const pressed = (id) => bob.locator(`#${id}`).getAttribute("aria-pressed");
  await bob.getByText("The hosts of “The round” were told that you are here.").waitFor();
  assert.deepEqual([await pressed("microphone"), await pressed("camera")], ["true", "true"]);
  await bob.waitForFunction(() => document.getElementById("waiting-preview").videoWidth > 0);
  await accessible(bob, "waiting in the dark");
  await bob.screenshot({ path: `${shots}waiting-phone.png` });
  await bob.getByRole("button", { name: "Microphone" }).click();
  await until("it is off", async () => (await pressed("microphone")) === "false");
  // The host hears it and sees a mark until it is done.
  await ada.locator("#knocking", { hasText: "1" }).waitFor();
  await until("it is heard", async () => (await ada.evaluate(() => window.tones.length)) === 3);
  await ada.waitForFunction(() => document.title.startsWith("(1) "));
  await ada.waitForFunction(() => !document.getElementById("status").textContent);
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "Let Bob in" }).click();
  await bob.locator("#grid li").nth(1).waitFor();
  assert.ok(await bob.locator("#waiting").isHidden());
  assert.deepEqual([await pressed("microphone"), await pressed("camera")], ["false", "true"]);
  await until("nobody knocks any more", async () => (await ada.locator("#knocking").textContent()) === "" && !(await ada.title()).startsWith("("));
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("a ban and the closing of a tab are asked about, and a ban is taken back", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "order");
  const host = JSON.parse(tok.tok("token", "create", "order", "--role", "host", "--json")).token;
  const ada = await enter(`${tok.url}/r/order#token=${host}`, "Ada");
  const bob = new Client(tok.url);
  await bob.join("order", "Bob");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByLabel("More for Bob").click();
  await accessible(ada, "what hosts may do");
  await ada.getByRole("button", { name: "Ban Bob", exact: true }).click();
  await accessible(ada, "asked about a ban");
  await ada.getByRole("button", { name: "Do not ban Bob" }).click();
  await ada.getByRole("button", { name: "Ban Bob", exact: true }).click();
  assert.ok(!bob.has("kicked"));
  await ada.getByRole("button", { name: "Ban Bob for good" }).click();
  await until("he is out", () => bob.has("kicked", { banned: true }));
  await ada.getByRole("heading", { name: "Banned" }).waitFor();
  await accessible(ada, "who is banned");
  await ada.getByRole("button", { name: "Let Bob come again" }).click();
  await ada.getByRole("heading", { name: "Banned" }).waitFor({ state: "hidden" });
  assert.deepEqual(JSON.parse(tok.tok("participant", "bans", "order", "--json")), []);
  const asked = new Promise((resolve) => ada.on("dialog", (dialog) => dialog.accept().then(() => resolve(dialog.type()))));
  await ada.close({ runBeforeUnload: true });
  assert.equal(await asked, "beforeunload");
  bob.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("the browser is asked for notifications at their own switch, which is off where it says no", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "notes");
  const ada = await enter(`${tok.url}/r/notes`, "Ada");
  await ada.evaluate(() => {
    window.asked = 0;
    window.answer = "denied";
    window.Notification.permission = "default";
    window.Notification.requestPermission = async () => {
      window.asked += 1;
      return (window.Notification.permission = window.answer);
    };
  });
  await ada.getByRole("button", { name: "Devices" }).click();
  const notifications = ada.getByLabel("Notifications while nobody looks");
  assert.ok(!(await notifications.isChecked()));
  await notifications.click();
  await ada.getByText("This browser may not show notifications.").waitFor();
  assert.ok(!(await notifications.isChecked()));
  await ada.evaluate(() => {
    window.answer = "granted";
    window.Notification.permission = "default";
  });
  await notifications.check();
  await until("it is asked", async () => (await ada.evaluate(() => window.asked)) === 2);
  await until("it is on", () => notifications.isChecked());
  assert.equal(await tok.stop(), 0);
});

test("who only looks on is asked for no device", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "show");
  const { token } = JSON.parse(tok.tok("token", "create", "show", "--role", "viewer", "--json"));
  const vi = await open(`${tok.url}/r/show#token=${token}`);
  await vi.getByText("You look and listen here").waitFor();
  await accessible(vi, "lobby of a viewer");
  assert.ok(await vi.locator("#preview").isHidden());
  await vi.getByLabel("Your name").fill("Vi");
  await vi.getByRole("button", { name: "Join" }).click();
  await vi.locator("#call").waitFor();
  assert.equal(await vi.evaluate(() => window.taken), 0);
  assert.ok(await vi.locator("#react").isHidden());
  assert.deepEqual(vi.complaints, []);
  assert.equal(await tok.stop(), 0);
});
