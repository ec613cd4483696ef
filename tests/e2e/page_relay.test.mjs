// Three and more in a room: media goes by way of the server, and nobody sees a gap.

import assert from "node:assert/strict";
import { test } from "node:test";
import { comeIn, moves, shown, useBrowser } from "./pages.mjs";
import { datagramWay, over, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser({ rate: 20 });

// Keeps count of the page's connections.
const watched = () => {
  globalThis.connections = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
  };
};

async function enter(tok, room, name, prepare = () => {}) {
  const page = await browser.open();
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && page.complaints.push(line.text()));
  await page.addInitScript(watched);
  await prepare(page);
  await page.goto(`${tok.url}/r/${room}`);
  await comeIn(page, name);
  return page;
}

const open = (page) => page.evaluate(() => connections.filter(({ connectionState }) => connectionState !== "closed").length);

// Counts the longest time without a new picture on the first of these tiles.
const counts = (page, tile) =>
  page.evaluate((tile) => {
    const video = document.querySelector(`#grid ${tile} video`);
    const gaps = (globalThis.gaps ??= {});
    gaps[tile] = 0;
    let last = performance.now();
    const next = (now) => {
      gaps[tile] = Math.max(gaps[tile], now - last);
      last = now;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }, tile);
const longest = (page, tile) => page.evaluate((tile) => Math.round(gaps[tile]), tile);

test("with the third person media goes by the server, without a gap", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "three");
  const ada = await enter(tok, "three", "Ada");
  const bob = await enter(tok, "three", "Bob");
  await moves(ada, "Bob");
  await moves(bob, "Ada");
  assert.deepEqual([await open(ada), await open(bob)], [1, 1]);
  // The longest times without a new picture, from now on: of Bob, and of what the machine lets their own cameras show.
  await counts(ada, "li:not(.mine)");
  await counts(ada, "li.mine");
  await counts(bob, "li.mine");
  const eve = await enter(tok, "three", "Eve");
  for (const [page, others] of [[ada, ["Bob", "Eve"]], [bob, ["Ada", "Eve"]], [eve, ["Ada", "Bob"]]]) {
    for (const name of others) await moves(page, name);
  }
  for (const page of [ada, bob, eve]) {
    await until("one connection is left", async () => (await open(page)) === 1, 20_000);
  }
  for (const [page, others] of [[ada, ["Bob", "Eve"]], [bob, ["Ada", "Eve"]], [eve, ["Ada", "Bob"]]]) {
    for (const name of others) await moves(page, name);
  }
  const gap = await longest(ada, "li:not(.mine)");
  const stalled = Math.max(await longest(ada, "li.mine"), await longest(bob, "li.mine"));
  console.log(`the longest time without a picture: ${gap} ms, while the cameras stood still for ${stalled} ms`);
  // A slow machine stalls by itself for longer than the change takes, at both ends.
  assert.ok(gap < 1000 + 2 * stalled, `${gap} ms, and ${stalled} ms`);
  for (const page of [ada, bob, eve]) assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("who is muted is not heard until they may speak, and who is removed is not seen", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "hard");
  const ada = await enter(tok, "hard", "Ada");
  const bob = await enter(tok, "hard", "Bob");
  await moves(ada, "Bob");
  assert.deepEqual([await open(ada), await open(bob)], [1, 1], "by the server, though they are two");
  const [, id] = tok.tok("participant", "list", "hard", "-o", "name").trim().split("\n");
  // Packets of sound that came from Bob; his browser goes on sending, whatever it was asked.
  const heard = () =>
    ada.evaluate(async () => {
      let packets = 0;
      for (const connection of connections.filter((of) => of.connectionState === "connected")) {
        for (const of of (await connection.getStats()).values()) if (of.type === "inbound-rtp" && of.kind === "audio") packets += of.packetsReceived;
      }
      return packets;
    });
  const goesOn = async () => {
    const first = await heard();
    await until("Bob is heard", async () => (await heard()) > first + 20, 20_000);
  };
  await goesOn();
  await bob.evaluate(() => {
    // A client that obeys nobody.
    Object.defineProperty(MediaStreamTrack.prototype, "enabled", { get: () => true, set: () => {} });
  });
  // What is told stands for some seconds only: it is looked for from before.
  await Promise.all([bob.getByText("A host muted you").waitFor(), tok.run("participant", "mute", "hard", id)]);
  // What was on its way has come once some pictures more have.
  await moves(ada, "Bob");
  const silent = await heard();
  await moves(ada, "Bob");
  assert.ok((await heard()) - silent < 3, "nothing is heard of Bob");
  await Promise.all([bob.getByText("lets you speak again").waitFor(), tok.run("participant", "mute", "hard", id, "--lift")]);
  await goesOn();
  tok.tok("participant", "kick", "hard", id, "--yes");
  await bob.getByText("You were removed").waitFor();
  await until("Bob is not there", async () => (await ada.locator("#grid li", { hasText: "Bob" }).count()) === 0, 20_000);
  assert.equal(await tok.stop(), 0);
});

// What came of the other one until now: how wide the picture is, how loud the voice was, and how much of it was made up.
const received = (page) =>
  page.evaluate(async () => {
    const sums = { width: 0, energy: 0, samples: 0, madeUp: 0 };
    const call = connections.find(({ connectionState }) => connectionState === "connected");
    for (const of of call ? (await call.getStats()).values() : []) {
      if (of.type !== "inbound-rtp") continue;
      sums.width = Math.max(sums.width, of.frameWidth ?? 0);
      sums.energy += of.totalAudioEnergy ?? 0;
      sums.samples += of.totalSamplesReceived ?? 0;
      sums.madeUp += of.concealedSamples ?? 0;
    }
    return sums;
  });

// What the microphone sent until now, by the browser's own clock.
const spoken = (page) =>
  page.evaluate(async () => {
    const call = connections.find(({ connectionState }) => connectionState === "connected");
    const [own] = [...(await call.getStats()).values()].filter(({ type, kind }) => type === "outbound-rtp" && kind === "audio");
    return { at: own.timestamp, packets: own.packetsSent };
  });

test("a muted microphone sends next to nothing, and is heard at once when it is on again", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "quiet");
  const ada = await enter(tok, "quiet", "Ada");
  const bob = await enter(tok, "quiet", "Bob");
  await moves(ada, "Bob");
  // Packets in a second, over two seconds at least.
  const rate = async () => {
    const first = await spoken(ada);
    let now = first;
    await until("two seconds went by", async () => ((now = await spoken(ada)).at - first.at) >= 2000);
    return ((now.packets - first.packets) / (now.at - first.at)) * 1000;
  };
  await ada.getByRole("button", { name: "Microphone" }).click();
  await until("silence is not sent", async () => (await rate()) < 10, 20_000);
  await bob.locator("#grid li", { hasText: "Ada, muted" }).waitFor();
  const { energy: before } = await received(bob);
  await ada.getByRole("button", { name: "Microphone" }).click();
  await until("Bob hears Ada", async () => (await received(bob)).energy > before + 0.005, 20_000);
  assert.equal(await tok.stop(), 0);
});

test("who cannot reach the server's port for media is seen and heard all the same", { timeout: 150000 }, async () => {
  // An address of documentation, where nobody is.
  const tok = await serve({ TOK_MEDIA__PUBLIC_IPS: '["192.0.2.1"]' });
  tok.tok("room", "create", "blocked");
  const pages = [];
  for (const name of ["Ada", "Bob", "Eve"]) pages.push(await enter(tok, "blocked", name));
  const [ada, bob, eve] = pages;
  for (const [page, others] of [[ada, ["Bob", "Eve"]], [bob, ["Ada", "Eve"]], [eve, ["Ada", "Bob"]]]) {
    for (const name of others) {
      await until(`${name} is seen`, async () => (await shown(page, name)) > 0, 60_000);
      await moves(page, name);
    }
  }
  assert.equal(await tok.stop(), 0);
});

test("a lost path to the server is found again, and the page says so meanwhile", { timeout: 150000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "path");
  const way = datagramWay();
  const [ada, bob] = [await enter(tok, "path", "Ada", over(way)), await enter(tok, "path", "Bob", over(way))];
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  const broken = (page) => page.locator("#grid .state", { hasText: "Reconnecting…" });
  way.isCut = true;
  const cut = Date.now();
  await Promise.all([ada, bob].map((page) => broken(page).waitFor({ timeout: 30_000 })));
  console.log(`it is said after ${Date.now() - cut} ms`);
  way.isCut = false;
  const back = Date.now();
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  await Promise.all([ada, bob].map((page) => broken(page).waitFor({ state: "hidden" })));
  console.log(`back after ${Date.now() - back} ms`);
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("a line that gets narrow carries a smaller picture, then none, and the voice all the time", { timeout: 240000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "narrow");
  const way = datagramWay();
  const ada = await enter(tok, "narrow", "Ada", over(way));
  const bob = await enter(tok, "narrow", "Bob");
  await moves(ada, "Bob");
  const width = async () => (await received(ada)).width;
  // Chromium sends the largest size only if it finds its own line good enough.
  await until("Bob's picture is large", async () => (await width()) >= 320, 60_000);
  const changed = async (what, carries, holds) => {
    way.carries = carries;
    const since = Date.now();
    await until(what, holds, 90_000);
    console.log(`${what} after ${Date.now() - since} ms`);
  };
  await changed("a smaller picture comes", 250_000, async () => (await width()) < 320);
  await moves(ada, "Bob");
  const heldBack = ada.locator("#grid .line", { hasText: "Your line is too narrow for this picture" });
  await changed("no picture comes, and it is said", 60_000, async () => heldBack.isVisible());
  const before = await received(ada);
  await until("ten seconds of Bob's voice came", async () => (await received(ada)).samples > before.samples + 480_000, 60_000);
  const now = await received(ada);
  const madeUp = (now.madeUp - before.madeUp) / (now.samples - before.samples);
  console.log(`made up of Bob's voice: ${(madeUp * 100).toFixed(1)} %`);
  assert.ok(madeUp < 0.2, "Bob is understood");
  await changed("the large picture is back", Infinity, async () => (await width()) >= 320 && !(await heldBack.isVisible()));
  await moves(ada, "Bob");
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("a server that begins anew is found again", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "again");
  const ada = await enter(tok, "again", "Ada");
  const bob = await enter(tok, "again", "Bob");
  await moves(ada, "Bob");
  await tok.restart("SIGKILL");
  const since = Date.now();
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  console.log(`back after ${Date.now() - since} ms`);
  assert.equal(await tok.stop(), 0);
});

test("a picture that this browser cannot decode says so on its tile, while it is sent", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "codecs");
  // Ada sends VP8; this browser takes H.264 only.
  const onlyH264 = (page) =>
    page.addInitScript(() => {
      const { addTransceiver } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.addTransceiver = function (kind, ...more) {
        const made = addTransceiver.call(this, kind, ...more);
        const codecs = RTCRtpReceiver.getCapabilities("video").codecs.filter(({ mimeType }) => mimeType === "video/H264");
        if (kind === "video") made.setCodecPreferences(codecs);
        return made;
      };
    });
  const ada = await enter(tok, "codecs", "Ada");
  const bob = await enter(tok, "codecs", "Bob", onlyH264);
  const line = bob.locator("#grid li", { hasText: "Ada" }).locator(".line");
  await line.filter({ hasText: "This browser cannot show this picture" }).waitFor({ timeout: 30000 });
  assert.equal(await bob.locator("#grid .mine .line").textContent(), "");
  await until("it is said", async () => (await bob.locator("#said").textContent()).startsWith("Ada: This browser cannot"));
  // Nobody misses a picture that is not sent.
  await ada.getByRole("button", { name: "Camera" }).click();
  await line.waitFor({ state: "hidden" });
  assert.ok(!(await ada.locator("#grid").textContent()).includes("cannot show"));
  assert.equal(await tok.stop(), 0);
});
