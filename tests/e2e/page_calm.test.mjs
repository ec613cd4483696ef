// What the room page leaves as it is whatever happens around it: a microphone that is off, a place that is
// read, a picture that fills the display; and what it says of what it cannot have.

import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { useBrowser } from "./pages.mjs";
import { Client, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser({ cameras: 2 });

// Opens the lobby; `script` runs in the page before everything.
async function open(url, script = () => {}) {
  const page = await browser.open();
  await page.addInitScript(script);
  await page.goto(url);
  return page;
}

async function join(page, name) {
  await page.getByLabel("Your name").fill(name);
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
}

async function enter(url, name, script) {
  const page = await open(url, script);
  await join(page, name);
  await page.locator("#grid li").first().waitFor();
  return page;
}

const pressed = (page, id) => page.locator(`#${id}`).getAttribute("aria-pressed");
const turned = (page, id, on) => until(`${id} ${on}`, async () => (await pressed(page, id)) === String(on));

test("space lets one speak only for as long as it is held, also at the microphone's button", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  await ada.getByRole("button", { name: "Microphone" }).click();
  await turned(ada, "microphone", false);
  assert.equal(await ada.evaluate(() => document.activeElement.id), "microphone");
  for (let round = 0; round < 2; round++) {
    await ada.keyboard.down(" ");
    await turned(ada, "microphone", true);
    // A key that is held repeats.
    await ada.keyboard.down(" ");
    await ada.keyboard.up(" ");
    await turned(ada, "microphone", false);
    // What a release does to a button is done by now.
    await ada.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    assert.equal(await pressed(ada, "microphone"), "false");
  }
  // On, the button is one like every other.
  await ada.keyboard.press("Enter");
  await turned(ada, "microphone", true);
  await ada.keyboard.press(" ");
  await turned(ada, "microphone", false);
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("keys are known in capitals, and by their place where another script is written", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  const type = (key, code) =>
    ada.evaluate(([key, code]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })), [key, code]);
  await type("M", "KeyM");
  await turned(ada, "microphone", false);
  await type("ь", "KeyM");
  await turned(ada, "microphone", true);
  // On a French keyboard there stands a comma.
  await type(",", "KeyM");
  await type("é", "KeyM");
  await type("м", "KeyV");
  await turned(ada, "camera", false);
  assert.equal(await pressed(ada, "microphone"), "true");
  assert.equal(await tok.stop(), 0);
});

test("the display stays awake in the call, once, and may sleep after it", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada", () => {
    window.locks = [];
    Object.defineProperty(navigator, "wakeLock", {
      value: {
        async request() {
          const lock = { released: false, release: async () => (lock.released = true) };
          window.locks.push(lock);
          return lock;
        },
      },
    });
  });
  const locks = () => ada.evaluate(() => window.locks.map(({ released }) => released));
  await until("it is awake", async () => (await locks()).length === 1);
  await ada.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  assert.deepEqual(await locks(), [false]);
  // The browser takes it away while nobody looks.
  await ada.evaluate(() => {
    window.locks[0].released = true;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await until("it is awake again", async () => (await locks()).length === 2);
  await ada.getByRole("button", { name: "Leave" }).click();
  await until("it may sleep", async () => (await locks()).every(Boolean));
  assert.equal((await locks()).length, 2);
  assert.equal(await tok.stop(), 0);
});

test("a line that breaks for a moment moves nothing: what is read, what is written, what fills the display", { timeout: 90000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__ROOM_RATE: "off" });
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada", () => {
    window.lines = [];
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        window.lines.push(this);
      }
    };
  });
  const bob = new Client(tok.url);
  await bob.join("tea", "Bob");
  for (let n = 0; n < 130; n++) assert.ok((await bob.ask("send-message", "everyone", `line ${n}`)).success);
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.getByLabel("Message", { exact: true }).fill("mine");
  await ada.keyboard.press("Enter");
  await ada.getByRole("button", { name: "Edit: mine" }).click();
  await ada.getByLabel("Edit the message").fill("mine, at length");
  const bobs = ada.locator("#grid li", { hasText: "Bob" });
  await bobs.hover();
  await bobs.getByRole("button", { name: "Fill the display" }).click();
  await ada.waitForFunction(() => document.fullscreenElement);
  await ada.evaluate(() => {
    document.getElementById("messages").scrollTop = 100;
    window.tiles = [...document.querySelectorAll("#grid li")];
  });
  const stands = () =>
    ada.evaluate(() => ({
      top: document.getElementById("messages").scrollTop,
      height: document.getElementById("messages").clientHeight,
      count: document.querySelectorAll("#messages > li").length,
      written: document.querySelector("#messages textarea")?.value,
      full: Boolean(document.fullscreenElement),
      same: window.tiles.every((tile) => tile.isConnected),
    }));
  const before = await stands();
  assert.deepEqual(before, { top: 100, height: before.height, count: 131, written: "mine, at length", full: true, same: true });
  const cut = async () => {
    const lines = await ada.evaluate(() => {
      const line = window.lines.at(-1);
      if (line.readyState !== WebSocket.OPEN) throw new Error("there is no line");
      line.close();
      return window.lines.length;
    });
    return until("there is another line", () => ada.evaluate((lines) => window.lines.length > lines, lines));
  };
  await cut();
  await bob.ask("send-message", "everyone", "while she was away");
  await ada.locator("#messages li", { hasText: "while she was away" }).waitFor();
  await ada.waitForFunction(() => document.getElementById("status").textContent === "");
  assert.deepEqual(await stands(), { ...before, count: 132 });
  // Whoever left meanwhile is gone, and what was deleted as well.
  await ada.evaluate(() => document.exitFullscreen());
  await ada.getByRole("button", { name: "1 new message" }).waitFor();
  const { data } = await bob.ask("send-message", "everyone", "soon gone");
  await ada.locator("#messages li", { hasText: "soon gone" }).waitFor();
  await ada.evaluate(() => {
    // What is told meanwhile is lost.
    window.lines.at(-1).onmessage = null;
  });
  await bob.ask("delete-message", data.id);
  await cut();
  await ada.locator("#messages li", { hasText: "soon gone" }).waitFor({ state: "detached" });
  assert.equal((await stands()).written, "mine, at length");
  await ada.getByRole("button", { name: "Save" }).click();
  await until("it is written", () => bob.heard.some(([event, message]) => event === "edit-room-message" && message.content === "mine, at length"));
  bob.socket.disconnect();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

// A proxy that calls the server by another name, as one that is set up wrong does.
async function misnamed(to) {
  const { hostname, port } = new URL(to);
  const host = `inner.example:${port}`;
  const way = createServer((request, response) => {
    const onward = ask({ hostname, port, path: request.url, method: request.method, headers: { ...request.headers, host } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  way.on("upgrade", (request, near) => {
    const far = connect(Number(port), hostname);
    const headers = Object.entries({ ...request.headers, host }).map(([name, value]) => `${name}: ${value}\r\n`);
    far.write(`GET ${request.url} HTTP/1.1\r\n${headers.join("")}\r\n`);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on("error", () => {}).on("close", () => [near, far].forEach((each) => each.destroy()));
  });
  await new Promise((resolve) => way.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${way.address().port}`, close: () => way.close().closeAllConnections() };
}

test("whom the server does not want is told why, in the server's words", { timeout: 60000 }, async () => {
  // Without keys it is for its own machine.
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const way = await misnamed(tok.url);
  const page = await open(`${way.url}/r/tea`);
  await join(page, "Ada");
  await page.getByRole("heading", { name: "The call cannot be joined" }).waitFor({ timeout: 30000 });
  const { detail } = await (await fetch(`${way.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin: way.url } })).json();
  assert.ok(detail.includes("set auth.mode to keys"), detail);
  assert.equal(await page.locator("#notice-text").textContent(), detail);
  assert.deepEqual(page.complaints, []);
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("who leaves a call to answer another is asked once, by the page alone", { timeout: 60000 }, async () => {
  const tok = await serve();
  for (const user of ["ada", "bob"]) tok.tok("user", "create", "--id", user, "--name", user, "-q");
  tok.tok("room", "create", "tea");
  const { token } = JSON.parse(tok.tok("token", "create", "tea", "--user-id", "bob", "--json"));
  const bob = await enter(`${tok.url}/r/tea#token=${token}`, "Bob");
  const asked = [];
  bob.on("dialog", (dialog) => {
    asked.push(dialog.type());
    dialog.accept();
  });
  // A ring that brings its link along.
  tok.tok("room", "create", "other");
  tok.tok("notify", "send", "--user", "bob", "--title", "Ada calls", "--call", "--ttl", "30s", "--data", `url=${tok.url}/r/other`, "-q");
  tok.tok("notify", "flush", "-q");
  await bob.getByRole("button", { name: "Answer" }).click();
  await bob.getByRole("button", { name: "Leave and answer" }).click();
  await bob.waitForURL("**/r/other");
  await bob.getByLabel("Your name").waitFor();
  assert.deepEqual(asked, []);
  assert.deepEqual(bob.complaints, []);
  assert.equal(await tok.stop(), 0);
});

// Devices of which some can be lost, or be another program's.
const devices = () => {
  window.taken = new Set();
  window.gone = new Set();
  window.tracks = [];
  const { mediaDevices } = navigator;
  const [getUserMedia, enumerateDevices] = [mediaDevices.getUserMedia, mediaDevices.enumerateDevices].map((of) => of.bind(mediaDevices));
  mediaDevices.enumerateDevices = async () => (await enumerateDevices()).filter(({ deviceId }) => !window.gone.has(deviceId));
  mediaDevices.getUserMedia = async (wanted) => {
    const { audio, video } = wanted;
    const id = (audio || video).deviceId?.exact;
    if (window.taken.has(id)) throw new DOMException("", "NotReadableError");
    if (window.gone.has(id)) throw new DOMException("", "OverconstrainedError");
    const [other] = (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind === (audio ? "audioinput" : "videoinput"));
    const exact = id ?? other.deviceId;
    const stream = await getUserMedia({ [audio ? "audio" : "video"]: { deviceId: { exact } } });
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  window.live = (kind) => window.tracks.filter((track) => track.kind === kind && track.readyState === "live").map((track) => ({ id: track.getSettings().deviceId, on: track.enabled }));
};

test("a camera that cannot be had is told, and the one before goes on", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada", devices);
  const [{ id: first }] = await ada.evaluate(() => window.live("video"));
  await ada.getByRole("button", { name: "Devices" }).click();
  const camera = ada.getByLabel("Camera in use");
  await until("both are told", async () => (await camera.locator("option").count()) === 2);
  const other = (await camera.locator("option").evaluateAll((all) => all.map(({ value }) => value))).find((id) => id !== first);
  await ada.evaluate((id) => window.taken.add(id), other);
  await camera.selectOption(other);
  await ada.getByText("Another program uses it. The one before is in use again.").first().waitFor();
  assert.deepEqual(await ada.evaluate(() => window.live("video").map(({ id }) => id)), [first]);
  await until("it says which", async () => (await camera.inputValue()) === first);
  assert.equal(await pressed(ada, "camera"), "true");
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("in place of a microphone that is unplugged another one is taken, and is off if that was", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada", devices);
  await ada.keyboard.press("m");
  await turned(ada, "microphone", false);
  const live = () => ada.evaluate(() => window.live("audio"));
  const [{ id: first }] = await live();
  const lose = (isGone) =>
    ada.evaluate((isGone) => {
      const track = window.tracks.findLast(({ kind }) => kind === "audio");
      if (isGone) window.gone.add(track.getSettings().deviceId);
      track.dispatchEvent(new Event("ended"));
    }, isGone);
  await lose(true);
  await ada.getByText("another one is in use now").first().waitFor();
  const now = await live();
  assert.deepEqual([now.length, now[0].on, now[0].id === first], [1, false, false]);
  assert.equal(await pressed(ada, "microphone"), "false");
  // What the browser's own button stops stays stopped.
  await lose(false);
  await ada.getByText("Your microphone was disconnected.", { exact: true }).first().waitFor();
  assert.deepEqual(await live(), []);
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

// The cameras of a phone: one on each side.
const sides = () => {
  const { mediaDevices } = navigator;
  const [getUserMedia, { getSettings }] = [mediaDevices.getUserMedia.bind(mediaDevices), MediaStreamTrack.prototype];
  const cameras = async () => (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput").map(({ deviceId }) => deviceId);
  const side = { user: 0, environment: 1 };
  const known = cameras();
  let front;
  MediaStreamTrack.prototype.getSettings = function () {
    const settings = getSettings.call(this);
    return this.kind === "video" ? { ...settings, facingMode: settings.deviceId === front ? "user" : "environment" } : settings;
  };
  mediaDevices.getUserMedia = async (wanted) => {
    [front] = await known;
    const facing = wanted.video?.facingMode?.exact;
    return getUserMedia(facing ? { video: { deviceId: { exact: (await known)[side[facing]] } } } : wanted);
  };
};

test("on a phone a press turns the camera around, before the call and in it", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await browser.open({ viewport: { width: 390, height: 780 }, hasTouch: true });
  await ada.addInitScript(sides);
  await ada.goto(`${tok.url}/r/tea`);
  await ada.getByText("Camera and microphone work.").waitFor();
  const facing = (where) => ada.evaluate((where) => document.querySelector(where).srcObject?.getVideoTracks()[0].getSettings().facingMode, where);
  const turn = ada.getByRole("button", { name: "Turn the camera around" });
  assert.equal(await facing("#preview"), "user");
  await turn.click();
  await until("it looks away", async () => (await facing("#preview")) === "environment");
  // It is no mirror then, and the call begins with it.
  await until("no mirror", () => ada.evaluate(() => document.body.classList.contains("away")));
  await ada.getByLabel("Your name").fill("Ada");
  await ada.getByRole("button", { name: "Join" }).click();
  const own = "#grid .mine video";
  await ada.locator(own).waitFor();
  await until("the call begins so", async () => (await facing(own)) === "environment");
  const bob = await enter(`${tok.url}/r/tea`, "Bob");
  // Chromium sends nothing of its second camera that is made up: Bob sees her by the first one alone.
  await ada.locator("#grid .mine").getByRole("button", { name: "Turn the camera around" }).click();
  await until("it looks at her", async () => (await facing(own)) === "user");
  const seen = () => bob.evaluate(() => document.querySelector("#grid li:not(.mine) video").getVideoPlaybackQuality().totalVideoFrames);
  await until("Bob sees her", async () => (await seen()) > 0);
  // Where it is off there is nothing to turn, and no other picture has the button.
  await ada.locator("#camera").click();
  await turned(ada, "camera", false);
  assert.equal(await turn.count(), 0);
  // The one that was chosen last is the one of the next time.
  await ada.reload();
  await ada.getByText("Camera and microphone work.").waitFor();
  assert.equal(await facing("#preview"), "user");
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  await ada.context().close();
  // A computer's cameras say nothing of a side: which one is used is chosen below Devices.
  assert.equal(await bob.getByRole("button", { name: "Turn the camera around" }).count(), 0);
  assert.equal(await tok.stop(), 0);
});
