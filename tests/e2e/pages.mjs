// The room page in Chromium, as tests open it: a browser for a file, the way in, and what is looked at there.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before } from "node:test";
import { devices, launch, launchShell } from "./browser.mjs";
import { until } from "./people.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Where pictures of pages are kept.
export const shots = new URL("../../target/e2e-shots/", import.meta.url).pathname;

// A browser with a camera and a microphone for the tests of a file; its pages are closed after each. Whoever looks
// at what is the browser's own asks for a whole one.
export function useBrowser({ whole = false, ...made } = {}) {
  let browser;
  before(async () => {
    mkdirSync(shots, { recursive: true });
    browser = await (whole ? launch : launchShell)(...devices(made));
  });
  after(() => browser?.close());
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  return {
    // A page of somebody new, which keeps what goes wrong in it.
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["camera", "microphone"], ...options });
      const page = await context.newPage();
      page.complaints = [];
      page.on("pageerror", (error) => page.complaints.push(String(error)));
      return page;
    },
  };
}

// What the page writes into its console as an error is a complaint as well.
export const complainsAloud = (page) => page.on("console", (line) => line.type() === "error" && page.complaints.push(line.text()));

// From the lobby into the call; whom the invitation names comes in under that name.
export async function comeIn(page, name) {
  const field = page.getByLabel("Your name");
  if (await field.isEditable()) await field.fill(name);
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#call").waitFor().catch((error) => assert.fail(`${error}; ${page.complaints.join("; ")}`));
}

// How many pictures of somebody were shown, or of their "NAME, screen".
export const shown = (page, name) =>
  page.evaluate((name) => {
    const tiles = [":not(.screen)", ".screen"].flatMap((which) => [...document.querySelectorAll(`#grid li${which}`)]);
    const tile = tiles.find((of) => of.querySelector(".caption").textContent.startsWith(name));
    return tile?.querySelector("video").getVideoPlaybackQuality().totalVideoFrames ?? 0;
  }, name);

// Pictures of somebody come, and go on coming.
export async function moves(page, name) {
  let last = await shown(page, name);
  let more = 0;
  await until(`${name} moves`, async () => {
    const now = await shown(page, name);
    // Another stream counts anew.
    if (now > last) more += now - last;
    last = now;
    return more > 10;
  }, 60_000);
}

// Nothing keeps anybody out. The policy of the page keeps scripts out; the tester comes in by the debugger.
export async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], where);
}
