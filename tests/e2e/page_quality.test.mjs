// How the page judges the lines to others, and what it says of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Quality, heardOf, sampleOf, sentOf } from "../../src/server/page/quality.js";
import { accessible, comeIn, shots, useBrowser } from "./pages.mjs";
import { datagramWay, over, silentWay } from "./people.mjs";
import { serve } from "./serve.mjs";

const sample = (more = {}) => ({ at: 0, received: 0, lost: 0, frames: 0, roundTrip: 0, sentLost: 0, sentRoundTrip: 0, ...more });

test("what browsers count is read alike", () => {
  const pair = { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.05 };
  const chromium = [
    { type: "inbound-rtp", kind: "audio", mid: "0", packetsReceived: 100, packetsLost: 3 },
    { type: "inbound-rtp", kind: "video", mid: "1", packetsReceived: 200, packetsLost: -2, framesReceived: 60, framesDecoded: 58 },
    { type: "inbound-rtp", kind: "video", mid: "2", packetsReceived: 50, packetsLost: 0, framesReceived: 7 },
    { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.01, roundTripTime: 0.06 },
    { type: "remote-inbound-rtp", kind: "video", fractionLost: 0.2 },
    { type: "candidate-pair", nominated: false, state: "succeeded", currentRoundTripTime: 9 },
    pair,
    { type: "codec" },
  ];
  assert.deepEqual(sampleOf(chromium, 5), { at: 5, received: 350, lost: 3, frames: 60, roundTrip: 0.05, sentLost: 0.2, sentRoundTrip: 0.06 });
  // Firefox once said neither which line it is nor what came in.
  const firefox = [{ type: "inbound-rtp", kind: "video", packetsReceived: 9, packetsLost: 1, framesDecoded: 4 }, { ...pair, currentRoundTripTime: undefined }];
  assert.deepEqual(sampleOf(firefox, 1), sample({ at: 1, received: 9, lost: 1, frames: 4 }));
  assert.deepEqual(sampleOf([], 0), sample());
  // By way of the server a camera comes on any line, and it is said what comes there.
  const relayed = [
    { type: "inbound-rtp", kind: "video", mid: "9", source: "camera", packetsReceived: 70, framesReceived: 12 },
    { type: "inbound-rtp", kind: "video", mid: "1", source: "screen", packetsReceived: 30, framesReceived: 5 },
  ];
  assert.deepEqual(sampleOf(relayed, 2), sample({ at: 2, received: 100, frames: 12 }));
});

test("a line is weak by what is lost and by how far it is, not by few packets", () => {
  const cases = [
    [{ received: 1000 }, ""],
    [{ received: 950, lost: 50 }, ""],
    [{ received: 900, lost: 100 }, "weak"],
    [{ received: 0, lost: 100 }, "weak"],
    [{ received: 5, lost: 5 }, ""],
    [{ received: 0 }, ""],
    [{ received: 1000, roundTrip: 0.5 }, ""],
    [{ received: 1000, roundTrip: 0.7 }, "weak"],
  ];
  for (const [more, wanted] of cases) {
    // Whatever was counted before does not matter.
    for (const base of [0, 1e6]) {
      const now = sample({ ...more, received: base + (more.received ?? 0), lost: base + (more.lost ?? 0) });
      assert.equal(heardOf(sample({ received: base, lost: base }), now), wanted, JSON.stringify(more));
    }
  }
});

test("the own line is weak if most of the others hear badly", () => {
  const [well, badly] = [sample({ sentLost: 0.02 }), sample({ sentLost: 0.3 })];
  assert.equal(sentOf([]), "");
  assert.equal(sentOf([well]), "");
  assert.equal(sentOf([badly]), "weak");
  assert.equal(sentOf([well, badly]), "");
  assert.equal(sentOf([badly, well, badly]), "weak");
  assert.equal(sentOf([sample({ sentRoundTrip: 2 })]), "weak");
});

test("nothing is said for a moment's sake, and what was said ends", () => {
  const quality = new Quality();
  let [at, received, lost, frames] = [0, 0, 0, 0];
  const pass = (loss, picture = true, moves = true) => {
    at += 2000;
    received += 100 * (1 - loss);
    lost += 100 * loss;
    if (moves) frames += 30;
    return quality.hear("a", sample({ at, received, lost, frames }), picture);
  };
  const said = (...steps) => steps.map((step) => pass(...step));
  assert.deepEqual(said([0], [0], [0.5], [0], [0.5], [0.5], [0.5]), ["", "", "", "", "", "weak", "weak"]);
  assert.deepEqual(said([0], [0], [0.5], [0], [0], [0]), ["weak", "weak", "weak", "weak", "weak", ""]);
  // A picture that should be there and does not move; a camera that is off shows none.
  assert.deepEqual(said([0, true, false], [0, true, false], [0, true, false]), ["", "", "noPicture"]);
  assert.deepEqual(said([0, false, false], [0, false, false], [0, false, false]), ["noPicture", "noPicture", ""]);
  assert.deepEqual(said([0, false, false], [0, true, false], [0, true, true]), ["", "", ""]);
  // A call that was begun anew counts from nothing: that is no loss.
  assert.equal(quality.hear("a", sample({ at: at + 2000 }), true), "");
  // Who has left is forgotten.
  quality.keep([]);
  assert.equal(quality.own(), "");
});

const browser = useBrowser({ rate: 20 });

async function enter(url, name, prepare = () => {}, options = {}) {
  const page = await browser.open(options);
  await prepare(page);
  await page.addInitScript(() => {
    window.calls = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) {
        super(...args);
        window.calls.push(this);
      }
    };
  });
  await page.goto(url);
  await comeIn(page, name);
  return page;
}

const tileOf = (page, name) => page.locator("#grid li", { hasText: name });

test("a line that loses much is called weak while it does, and the own one too", { timeout: 150000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "rain");
  const way = datagramWay();
  const ada = await enter(`${tok.url}/r/rain`, "Ada", over(way));
  const bob = await enter(`${tok.url}/r/rain`, "Bob", over(way), { colorScheme: "dark", viewport: { width: 390, height: 844 } });
  const moves = (page) => page.waitForFunction(() => document.querySelector("#grid li:not(.mine) video")?.getVideoPlaybackQuality().totalVideoFrames > 5);
  await Promise.all([moves(ada), moves(bob)]);
  assert.ok(await tileOf(ada, "Bob").locator(".line").isHidden());
  // This stands for some seconds only: it is looked for from before.
  const told = ada.getByText("Your line is weak").waitFor({ timeout: 90000 });
  way.loses = 3;
  await tileOf(ada, "Bob").locator(".line", { hasText: "Weak line" }).waitFor({ timeout: 30000 });
  await ada.locator("#grid .mine .line", { hasText: "Weak line" }).waitFor({ timeout: 30000 });
  await told;
  await bob.locator("#grid .line", { hasText: "Weak line" }).first().waitFor({ timeout: 30000 });
  await accessible(ada, "a weak line");
  await accessible(bob, "a weak line in the dark");
  await ada.screenshot({ path: `${shots}weak-desktop.png` });
  way.loses = 0;
  for (const of of [tileOf(ada, "Bob"), ada.locator("#grid .mine"), bob.locator("#grid .mine")]) await of.locator(".line").waitFor({ state: "hidden", timeout: 45000 });
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  for (const page of [ada, bob]) await page.context().close();
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("why there is no picture stands on the tile", { timeout: 90000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__PING_INTERVAL: "500ms", TOK_SIGNALLING__PING_TIMEOUT: "4s" });
  tok.tok("room", "create", "dark");
  const way = await silentWay(tok.url);
  const ada = await enter(`${way.url}/r/dark`, "Ada");
  const bob = await enter(`${tok.url}/r/dark`, "Bob");
  const tile = tileOf(ada, "Bob");
  await ada.waitForFunction(() => document.querySelector("#grid li:not(.mine) video")?.getVideoPlaybackQuality().totalVideoFrames > 5);
  assert.ok(await tile.locator(".off").isHidden());
  // Their browser sends nothing, though their camera is on.
  await bob.evaluate(() => window.calls.map((call) => call.getTransceivers()[1].sender.replaceTrack(null)));
  await tile.locator(".line", { hasText: "The picture does not arrive" }).waitFor({ timeout: 30000 });
  await accessible(ada, "no picture");
  await bob.keyboard.press("v");
  await tile.locator(".off").waitFor();
  assert.equal(await tile.locator(".off").getAttribute("aria-label"), "Camera off");
  await tile.locator(".line").waitFor({ state: "hidden", timeout: 30000 });
  await accessible(ada, "camera off");
  // The own line to the server: it says so on the own picture, which would stand for a part of a second only.
  way.refuses = true;
  way.cut();
  await ada.locator("#grid .mine .state", { hasText: "Reconnecting…" }).waitFor();
  await ada.screenshot({ path: `${shots}server-away.png` });
  way.refuses = false;
  await ada.locator("#grid .mine .state").waitFor({ state: "hidden", timeout: 30000 });
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  way.close();
  assert.equal(await tok.stop(), 0);
});
