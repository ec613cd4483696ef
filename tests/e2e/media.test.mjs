// Media by way of the server: three stacks that share no code in one room, and a room that is full.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { devices, launchFirefox, launchShell } from "./browser.mjs";
import { decoded, joined, overlaps, reads, says, until as seen, watched } from "./engines.mjs";
import { until } from "./people.mjs";
import { serve } from "./serve.mjs";

// What has not come by then does not come, in milliseconds; three decoders and two browsers share a small machine.
const PATIENCE = 90_000;
// The tone that Firefox makes up for a microphone, and the one of who has no browser, in hertz.
const FIREFOX = 1000;
const TONE = 440;
// A tenth of a second tells no less.
const OFF = 15;

const GUESTS = 24;
const shots = new URL("../../target/e2e-shots/", import.meta.url).pathname;

let chromium, firefox;
before(async () => {
  mkdirSync(shots, { recursive: true });
  [chromium, firefox] = await Promise.all([launchShell(...devices({ rate: 20 })), launchFirefox()]);
});
after(() => Promise.all([chromium?.close(), firefox?.close()]));

// People with aiortc: what the script says is JSON, a line each time.
function aiortc(script, ...args) {
  const path = new URL(script, import.meta.url).pathname;
  const child = spawn(process.env.PYTHON, [path, ...args.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const next = async () => {
    const { value } = await lines.next();
    assert.ok(value, `${script} ended`);
    return JSON.parse(value);
  };
  return {
    next,
    // What one of them received until now.
    report() {
      child.stdin.write("\n");
      return next();
    },
    leave() {
      child.stdin.end();
      return ended;
    },
    stop: () => child.kill("SIGKILL"),
  };
}

// The tone that is heard of somebody, the loudest there is.
const tone = async (name) => {
  const tile = [...document.querySelectorAll("#grid li:not(.screen)")].find((of) => of.querySelector(".caption").textContent.startsWith(name));
  const [track] = tile?.querySelector("video").srcObject?.getAudioTracks() ?? [];
  if (!track) return 0;
  window.listening ??= new AudioContext();
  await listening.resume();
  if (window.listened?.track !== track) {
    const analyser = listening.createAnalyser();
    analyser.fftSize = 8192;
    listening.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    window.listened = { track, analyser };
  }
  const { analyser } = listened;
  const loudness = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(loudness);
  const loudest = loudness.reduce((best, of, at) => (of > loudness[best] ? at : best), 0);
  return loudness[loudest] > -60 ? (loudest * listening.sampleRate) / analyser.fftSize : 0;
};

test("Chromium, Firefox and aiortc see and hear each other by the server", { timeout: 300_000 }, async (t) => {
  // Firefox has no address of its own that is 127.0.0.1.
  const [{ address }] = Object.values(networkInterfaces()).flat().filter(({ family, internal }) => family === "IPv4" && !internal);
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed", TOK_MEDIA__PUBLIC_IPS: JSON.stringify([address]) });
  tok.tok("room", "create", "all", "-q");
  const eve = aiortc("media_person.py", tok.url, "all", "Eve", TONE);
  t.after(eve.stop);
  const context = await chromium.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["camera", "microphone"] });
  const ada = await context.newPage();
  await ada.addInitScript(watched);
  const fox = await firefox.newPage();
  await fox.evaluateOnNewDocument(watched);
  await Promise.all([ada.goto(`${tok.url}/r/all`), fox.goto(`${tok.url}/r/all`)]);
  await joined(ada, "Ada");
  await joined(fox, "Fox");
  // Pictures and sound of somebody come, and go on coming.
  const comes = async (page, name) => {
    let first;
    await until(`${name} moves and sounds`, async () => {
      const now = await page.evaluate(decoded, name);
      first ??= now.frames > 0 && now.sound > 0 ? now : undefined;
      return first && now.frames > first.frames + 20 && now.sound > first.sound;
    }, PATIENCE);
  };
  for (const [page, others] of [[ada, ["Fox", "Eve"]], [fox, ["Ada", "Eve"]]]) {
    for (const name of others) await comes(page, name);
  }
  // Without a loudspeaker Firefox lets no page look into what it hears.
  await until(`Eve is heard at ${TONE} hertz`, async () => Math.abs((await ada.evaluate(tone, "Eve")) - TONE) < OFF, PATIENCE);
  const ids = Object.fromEntries(JSON.parse(tok.tok("room", "participants", "all", "--json")).map(({ id, user_name }) => [user_name, id]));
  const { seen: before } = await eve.report();
  for (const name of ["Ada", "Fox"]) {
    const first = before[ids[name]]?.changed ?? 0;
    await until(`Eve sees ${name} move`, async () => ((await eve.report()).seen[ids[name]]?.changed ?? 0) > first + 20, PATIENCE);
  }
  await until("Eve hears Firefox's tone", async () => Math.abs((await eve.report()).heard[ids.Fox]?.hertz - FIREFOX) < OFF, PATIENCE);
  await until("Eve hears Chromium's beeps", async () => (await eve.report()).heard[ids.Ada]?.loudness > 200, PATIENCE);
  await says(ada, "from Chromium");
  await reads(fox, "from Chromium");
  assert.equal(await eve.leave(), 0);
  await Promise.all([ada, fox].map((page) => seen(page, () => document.querySelectorAll("#grid li").length === 2)));
  // What browsers offer is nobody's fault, and no reason to wake an operator.
  const told = tok.said.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.deepEqual(told.filter(({ target }) => !target.startsWith("tok::")), []);
  await Promise.all([fox.close(), context.close()]);
  assert.equal(await tok.stop(), 0);
});

test("in a room of 25 all are seen, and the page can be used", { timeout: 300_000 }, async (t) => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "full", "-q");
  const crowd = aiortc("media_crowd.py", tok.url, "full", GUESTS);
  t.after(crowd.stop);
  const guests = await crowd.next();
  assert.equal(guests.length, GUESTS);
  const context = await chromium.newContext({ viewport: { width: 1440, height: 900 }, permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(watched);
  await page.goto(`${tok.url}/r/full`);
  await joined(page, "Ada");
  // Each of them moves: so many pictures more than at first.
  const move = async (more) => {
    const first = new Map();
    for (let n = 1; n <= GUESTS; n++) {
      await until(`Guest ${n} moves`, async () => {
        // Not the eleventh for the first.
        const { frames } = await page.evaluate(decoded, `Guest ${String(n).padStart(2, "0")}`);
        first.set(n, first.get(n) ?? frames);
        return frames > first.get(n) + more;
      }, PATIENCE);
    }
  };
  await move(5);
  const chat = page.locator("#show-chat");
  for (const [width, height] of [[1440, 900], [360, 740]]) {
    await page.setViewportSize({ width, height });
    await seen(page, ([width]) => innerWidth === width, [width]);
    for (const open of [false, true]) {
      if (open) await chat.click();
      await seen(page, ([open]) => document.getElementById("write").checkVisibility() === open, [open]);
      assert.deepEqual(await page.evaluate(overlaps), { count: GUESTS + 1, bad: 0, wide: false }, `${width}, chat ${open}`);
      await page.screenshot({ path: `${shots}full-${width}${open ? "-chat" : ""}.png` });
    }
    // By the mouse: what is covered, or out of the window, takes no click.
    await page.getByRole("textbox", { name: "Message" }).fill(`at ${width}`);
    await page.getByRole("button", { name: "Send" }).click();
    await reads(page, `at ${width}`);
    await chat.click();
    const microphone = page.locator("#microphone");
    for (const [pressed, caption] of [["false", "Ada (you), muted"], ["true", "Ada (you)"]]) {
      await microphone.click();
      await page.locator(`#microphone[aria-pressed="${pressed}"]`).waitFor();
      await page.locator("#grid .mine .caption", { hasText: new RegExp(`^${caption.replace(/[()]/g, "\\$&")}$`) }).waitFor();
    }
  }
  await move(5);
  // A slow machine may make lines weak; what moves is not said to be missing.
  const missing = page.locator("#grid .line:visible", { hasText: "The picture does not arrive" });
  await until("no picture is said to be missing", async () => (await missing.count()) === 0, PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
  assert.equal(await crowd.leave(), 0);
  assert.equal(await tok.stop(), 0);
});
