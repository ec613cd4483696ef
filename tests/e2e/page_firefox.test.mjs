// The room page in two engines at once: a person with Chromium and one with Firefox.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { after, before, test } from "node:test";
import { devices, launchFirefox, launchShell } from "./browser.mjs";
import { decoded, joined, overlaps, reads, says, until, watched } from "./engines.mjs";
import { datagramWay, over } from "./people.mjs";
import { freePort } from "./redis.mjs";
import { serve } from "./serve.mjs";

const shots = new URL("../../target/e2e-shots/", import.meta.url).pathname;
const plain = readFileSync(new URL("../../clients/embedding/plain.html", import.meta.url), "utf8");

let chromium, firefox;

before(async () => {
  mkdirSync(shots, { recursive: true });
  [chromium, firefox] = await Promise.all([launchShell(...devices()), launchFirefox()]);
});
after(() => Promise.all([chromium?.close(), firefox?.close()]));

// What came in until now: pictures, and sound as its energy.
const received = async () => {
  const sums = { frames: 0, sound: 0 };
  for (const call of window.calls ?? []) {
    for (const of of (await call.getStats()).values()) {
      if (of.type !== "inbound-rtp") continue;
      if (of.kind === "video") sums.frames += of.framesDecoded ?? 0;
      else sums.sound += of.totalAudioEnergy ?? 0;
    }
  }
  return sums.frames > 20 && sums.sound > 0 && sums;
};
const more = async (before) => {
  for (const call of window.calls) {
    for (const of of (await call.getStats()).values()) {
      if (of.type === "inbound-rtp" && of.kind === "video" && of.framesDecoded > before + 20) return of.framesDecoded;
    }
  }
  return 0;
};

test("two people with two engines see, hear and read each other", { timeout: 120000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea", "-q");
  const context = await chromium.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["camera", "microphone"] });
  const ada = await context.newPage();
  await ada.addInitScript(watched);
  const fox = await firefox.newPage();
  const complaints = [];
  fox.on("pageerror", (error) => complaints.push(String(error)));
  await fox.setViewport({ width: 1280, height: 800 });
  await fox.evaluateOnNewDocument(watched);
  await Promise.all([ada.goto(`${tok.url}/r/tea`), fox.goto(`${tok.url}/r/tea`)]);
  await joined(ada, "Ada");
  await joined(fox, "Fox");
  for (const page of [ada, fox]) {
    const { frames } = await until(page, received);
    await until(page, more, frames);
  }
  await says(ada, "from Chromium");
  await reads(fox, "from Chromium");
  await says(fox, "from Firefox");
  await reads(ada, "from Firefox");
  for (const [width, height] of [[1280, 800], [360, 740]]) {
    await ada.setViewportSize({ width, height });
    await fox.setViewport({ width, height });
    for (const page of [ada, fox]) await until(page, ([width]) => innerWidth === width, [width]);
    for (const [page, name] of [[ada, "chromium"], [fox, "firefox"]]) {
      assert.deepEqual(await page.evaluate(overlaps), { count: 2, bad: 0, wide: false }, `${name} ${width}`);
    }
    await fox.screenshot({ path: `${shots}firefox-${width}.png` });
  }
  // Turned off and on again from either side.
  await fox.evaluate(() => document.getElementById("microphone").click());
  await until(ada, () => [...document.querySelectorAll("#grid .caption")].some((caption) => caption.textContent === "Fox, muted"));
  await ada.evaluate(() => document.getElementById("leave").click());
  await until(fox, () => document.querySelectorAll("#grid li").length === 1);
  assert.deepEqual(complaints, []);
  await Promise.all([fox.close(), context.close()]);
  assert.equal(await tok.stop(), 0);
});

// How long the path for media is cut, in milliseconds.
const CUT = 20_000;

for (const [media, goes] of [["relayed", "by the server"], ["mesh", "between the browsers"]]) {
  test(`a path for media ${goes} that is lost for a while is told in both engines, and found again`, { timeout: 360000 }, async () => {
    // Firefox has no address of its own that is 127.0.0.1.
    const [{ address }] = Object.values(networkInterfaces()).flat().filter(({ family, internal }) => family === "IPv4" && !internal);
    const tok = await serve({ TOK_ROOMS__MEDIA: media, TOK_MEDIA__PUBLIC_IPS: JSON.stringify([address]) });
    tok.tok("room", "create", "storm", "-q");
    const way = datagramWay();
    const context = await chromium.newContext({ permissions: ["camera", "microphone"] });
    const ada = await context.newPage();
    const fox = await firefox.newPage();
    await over(way)(ada);
    await over(way)({ exposeFunction: (...given) => fox.exposeFunction(...given), addInitScript: (script) => fox.evaluateOnNewDocument(script) });
    await ada.addInitScript(watched);
    await fox.evaluateOnNewDocument(watched);
    const both = [[ada, "Fox"], [fox, "Ada"]];
    for (const [page, name] of [[ada, "Ada"], [fox, "Fox"]]) {
      await page.goto(`${tok.url}/r/storm`);
      await joined(page, name);
    }
    const come = async ([page, name]) => {
      const before = await page.evaluate(decoded, name);
      const end = Date.now() + 60_000;
      for (;;) {
        const now = await page.evaluate(decoded, name);
        // Of a connection made anew it is counted anew.
        if (now.frames < before.frames) before.frames = before.sound = 0;
        if (now.frames > before.frames + 10 && now.sound > before.sound) return;
        assert.ok(Date.now() < end, `${name} comes to ${goes}: ${JSON.stringify([before, now])}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    // The server is no whole end of a connection, and says so.
    const byServer = () => calls.some((call) => call.connectionState === "connected" && call.remoteDescription.sdp.includes("a=ice-lite"));
    if (media === "relayed") await Promise.all(both.map(([page]) => until(page, byServer)));
    await Promise.all(both.map(come));
    for (const [page] of both) assert.equal(await page.evaluate(byServer), media === "relayed");
    const told = () => [...document.querySelectorAll("#grid li:not(.mine) :is(.state, .line)")].some((state) => !state.hidden && state.textContent);
    const quiet = () => [...document.querySelectorAll("#grid li:not(.mine) :is(.state, .line)")].every((state) => state.hidden || !state.textContent);
    // A slow machine may make lines weak for a while.
    for (const [page] of both) await until(page, quiet, undefined, 60_000);
    way.isCut = true;
    const end = Date.now() + CUT;
    await Promise.all(both.map(([page]) => until(page, told, undefined, CUT)));
    console.log(`told after ${CUT - (end - Date.now())} ms`);
    await new Promise((resolve) => setTimeout(resolve, end - Date.now()));
    way.isCut = false;
    const since = Date.now();
    await Promise.all(both.map(async (one) => {
      await come(one);
      console.log(`${one[1]} is back after ${Date.now() - since} ms`);
    }));
    await Promise.all(both.map(([page]) => until(page, quiet, undefined, 60_000)));
    way.close();
    await Promise.all([fox.close(), context.close()]);
    assert.equal(await tok.stop(), 0);
  });
}

test("Firefox shows a room in a listed page, and in no other", { timeout: 120000 }, async () => {
  const port = await freePort();
  const tok = await serve({ TOK_SERVER__EMBED_ORIGINS: `http://localhost:${port}` });
  tok.tok("room", "create", "standup", "--privacy", "private", "-q");
  const html = plain.replaceAll("https://meet.example.com", tok.url);
  const sites = [port, 0].map((port) =>
    createServer((request, response) => {
      const isToken = request.url === "/token";
      response.writeHead(200, { "content-type": isToken ? "application/json" : "text/html" });
      response.end(isToken ? tok.tok("token", "create", "standup", "--json") : html);
    }).listen(port, "localhost"),
  );
  await Promise.all(sites.map((site) => site.listening || new Promise((resolve) => site.once("listening", resolve))));
  const context = await chromium.newContext({ permissions: ["camera", "microphone"] });
  const bob = await context.newPage();
  await bob.addInitScript(watched);
  const { token } = JSON.parse(tok.tok("token", "create", "standup", "--role", "host", "--json"));
  await bob.goto(`${tok.url}/r/standup#token=${token}`);
  await joined(bob, "Bob");
  const page = await firefox.newPage();
  await page.goto(`http://localhost:${port}/`);
  await until(page, () => Boolean(document.querySelector("tok-room")?.shadowRoot?.querySelector("iframe")));
  await page.evaluate(() => document.getElementById("join").click());
  const news = (text) => until(page, (text) => document.getElementById("news").textContent.includes(text), text);
  await news("You are in as Ada, with 1 others.");
  // The frame has the camera by leave of the page around it.
  await until(bob, more, await until(bob, more, 0));
  await page.evaluate(() => document.getElementById("mute").click());
  await until(bob, () => [...document.querySelectorAll("#grid .caption")].some((caption) => caption.textContent === "Ada"));
  await says(bob, "Hello, site");
  await news("Bob: Hello, site");
  await page.screenshot({ path: `${shots}embedded-firefox.png` });
  await page.evaluate(() => document.getElementById("leave").click());
  await news("You left");
  // The same at another origin.
  await page.goto(`http://localhost:${sites[1].address().port}/`);
  await news("does not answer; is http://localhost:");
  await Promise.all([page.close(), context.close()]);
  for (const site of sites) site.close().closeAllConnections();
  assert.equal(await tok.stop(), 0);
});
