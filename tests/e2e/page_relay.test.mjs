// Three and more in a room: media goes by way of the server, and nobody sees a gap.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { until } from "./people.mjs";
import { serve } from "./serve.mjs";

let browser;
before(async () => {
  browser = await launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream");
});
after(() => browser?.close());
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

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

async function enter(tok, room, name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && page.complaints.push(line.text()));
  await page.addInitScript(watched);
  await page.goto(`${tok.url}/r/${room}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#call").waitFor().catch((error) => assert.fail(`${error}; ${page.complaints.join("; ")}`));
  return page;
}

// How many pictures of somebody were shown.
const shown = (page, name) =>
  page.evaluate((name) => {
    const tile = [...document.querySelectorAll("#grid li:not(.screen)")].find((of) => of.textContent.includes(name));
    return tile?.querySelector("video").getVideoPlaybackQuality().totalVideoFrames ?? 0;
  }, name);

const open = (page) => page.evaluate(() => connections.filter(({ connectionState }) => connectionState !== "closed").length);

// Pictures of somebody come, and go on coming.
async function moves(page, name) {
  const first = await shown(page, name);
  await until(`${name} moves`, async () => (await shown(page, name)) > first + 10, 20_000);
}

test("with the third person media goes by the server, without a gap", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "three");
  const ada = await enter(tok, "three", "Ada");
  const bob = await enter(tok, "three", "Bob");
  await moves(ada, "Bob");
  await moves(bob, "Ada");
  assert.deepEqual([await open(ada), await open(bob)], [1, 1]);
  // The longest time without a new picture of Bob, from now on.
  await ada.evaluate(() => {
    const video = [...document.querySelectorAll("#grid li")].find((of) => of.textContent.includes("Bob")).querySelector("video");
    globalThis.gap = 0;
    let last = performance.now();
    const next = (now) => {
      gap = Math.max(gap, now - last);
      last = now;
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  });
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
  const gap = await ada.evaluate(() => gap);
  console.log(`the longest time without a picture: ${Math.round(gap)} ms`);
  assert.ok(gap < 500, `${gap} ms`);
  for (const page of [ada, bob, eve]) assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});
