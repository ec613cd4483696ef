// One room, three stacks that share no code, and media by way of the server: each sees and hears both others.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launch, launchFirefox } from "./browser.mjs";
import { decoded, joined, reads, says, until as seen, watched } from "./engines.mjs";
import { until } from "./people.mjs";
import { serve } from "./serve.mjs";

// What has not come by then does not come, in milliseconds; three decoders and two browsers share a small machine.
const PATIENCE = 90_000;
// The tone that Firefox makes up for a microphone, and the one of who has no browser, in hertz.
const FIREFOX = 1000;
const TONE = 440;
// A tenth of a second tells no less.
const OFF = 15;

let chromium, firefox;
before(async () => {
  [chromium, firefox] = await Promise.all([launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"), launchFirefox()]);
});
after(() => Promise.all([chromium?.close(), firefox?.close()]));

// Somebody with aiortc: asked for a report, they tell what they received.
function aiortc(tok, room, name, tone) {
  const script = new URL("media_person.py", import.meta.url).pathname;
  const child = spawn(process.env.PYTHON, [script, tok.url, room, name, String(tone)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    async report() {
      child.stdin.write("\n");
      const { value } = await lines.next();
      assert.ok(value, `${name} ended`);
      return JSON.parse(value);
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
  const eve = aiortc(tok, "all", "Eve", TONE);
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
  await Promise.all([fox.close(), context.close()]);
  assert.equal(await tok.stop(), 0);
});
