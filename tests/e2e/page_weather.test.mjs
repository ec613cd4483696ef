// Media by way of the server in bad weather, and what the page says of it: nothing while all is well.

import assert from "node:assert/strict";
import { test } from "node:test";
import { devices, launchShell } from "./browser.mjs";
import { comeIn, moves, useBrowser } from "./pages.mjs";
import { Client, datagramWay, over, silentWay, until } from "./people.mjs";
import { freePort } from "./redis.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

// Keeps the page's connections, and all that its line of status ever said.
const watched = () => {
  globalThis.connections = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
  };
  globalThis.said = [];
  addEventListener("DOMContentLoaded", () => {
    const status = document.getElementById("status");
    new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
  });
};

async function enter(url, room, name, prepare = () => {}) {
  const page = await browser.open({ viewport: { width: 1000, height: 700 } });
  await prepare(page);
  await page.addInitScript(watched);
  await page.goto(`${url}/r/${room}`);
  await comeIn(page, name);
  return page;
}

const tileOf = (page, name) => page.locator("#grid li:not(.screen)", { hasText: name });

const open = (page) => page.evaluate(() => connections.filter(({ connectionState }) => connectionState === "connected").length);

// All see each other by one connection each.
async function relayed(pages) {
  const names = Object.keys(pages);
  for (const [name, page] of Object.entries(pages)) {
    for (const other of names.filter((of) => of !== name)) await moves(page, other);
    await until(`${name} has one connection`, async () => (await open(page)) === 1, 40_000);
  }
}

const LOST = "The picture does not arrive";

test("of three whose pictures come nothing is said, and of one who sends none it is", { timeout: 240000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "calm");
  const pages = {};
  for (const name of ["Ada", "Bob", "Eve"]) pages[name] = await enter(tok.url, "calm", name);
  await relayed(pages);
  const { ada, eve } = { ada: pages.Ada, eve: pages.Eve };
  // What is ever said of a line, and how often the lines were looked at meanwhile.
  await ada.evaluate(() => {
    globalThis.lines = [];
    const look = () => lines.push(...[...document.querySelectorAll("#grid .line:not([hidden])")].map(({ textContent }) => textContent));
    new MutationObserver(look).observe(document.getElementById("grid"), { subtree: true, childList: true, attributes: true, characterData: true });
    globalThis.looks = 0;
    const { getStats } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.getStats = function (...given) {
      looks += 1;
      return getStats.apply(this, given);
    };
  });
  await until("the lines were looked at for a while", () => ada.evaluate(() => looks >= 6), 60_000);
  assert.deepEqual(await ada.evaluate(() => lines.filter((text) => text === "The picture does not arrive")), []);
  for (const name of ["Bob", "Eve"]) assert.notEqual(await tileOf(ada, name).locator(".line").textContent(), LOST);
  // Her browser sends nothing, though her camera is on.
  await eve.evaluate(() => connections.map((of) => of.getTransceivers()[1]?.sender.replaceTrack(null)));
  await tileOf(ada, "Eve").locator(".line", { hasText: LOST }).waitFor({ timeout: 60_000 });
  assert.notEqual(await tileOf(ada, "Bob").locator(".line").textContent(), LOST);
  await eve.keyboard.press("v");
  await tileOf(ada, "Eve").locator(".off").waitFor();
  await tileOf(ada, "Eve").locator(".line").waitFor({ state: "hidden", timeout: 60_000 });
  for (const page of Object.values(pages)) assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("whom a host muted sees it, and cannot turn the microphone on until they may speak", { timeout: 180000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "strict");
  const ada = await enter(tok.url, "strict", "Ada");
  const eve = await enter(tok.url, "strict", "Eve");
  await relayed({ Ada: ada, Eve: eve });
  await ada.getByRole("button", { name: "People" }).click();
  const [mute, lift] = ["Ask Eve to mute", "Let Eve speak"].map((name) => ada.getByRole("button", { name }));
  await mute.waitFor();
  assert.equal(await lift.count(), 0);
  await mute.click();
  const microphone = eve.locator("#microphone");
  const muted = tileOf(ada, "Eve").locator(".caption", { hasText: "muted" });
  const said = eve.locator("#status", { hasText: "A host muted you" });
  await said.waitFor();
  await muted.waitFor();
  await lift.waitFor();
  assert.equal(await mute.count(), 0);
  // Whatever she presses, it stays off, and she is told why.
  await eve.evaluate(() => (document.getElementById("status").textContent = ""));
  await microphone.click();
  await said.waitFor();
  await eve.evaluate(() => document.activeElement.blur());
  await eve.keyboard.down(" ");
  await eve.keyboard.up(" ");
  assert.equal(await microphone.getAttribute("aria-pressed"), "false");
  assert.ok(await microphone.locator(".cross").isVisible());
  assert.equal(await eve.locator("#grid .mine .caption").textContent(), "Eve (you), muted");
  // A page that comes in anew is told, and so are those who come later.
  await eve.reload();
  await eve.getByText("Camera and microphone work.").waitFor();
  await eve.getByRole("button", { name: "Join" }).click();
  await said.waitFor({ timeout: 60_000 });
  await muted.waitFor();
  await microphone.click();
  assert.equal(await microphone.getAttribute("aria-pressed"), "false");
  await ada.reload();
  await ada.getByText("Camera and microphone work.").waitFor();
  await ada.getByRole("button", { name: "Join" }).click();
  await ada.getByRole("button", { name: "People" }).click();
  await lift.waitFor({ timeout: 60_000 });
  await lift.click();
  await eve.getByText("lets you speak again").waitFor();
  await mute.waitFor();
  // It is for her to turn it on.
  assert.equal(await microphone.getAttribute("aria-pressed"), "false");
  await microphone.click();
  await muted.waitFor({ state: "detached" });
  assert.equal(await microphone.getAttribute("aria-pressed"), "true");
  for (const page of [ada, eve]) assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});

const state = (page, name) => tileOf(page, name).locator(".state", { hasText: /Reconnecting|Connecting/ });

for (const seconds of [0, 30]) {
  const lasts = seconds ? "for longer than connections live" : "until it is seen";
  test(`a path to the server that is lost ${lasts} is told on the pictures, and found again`, { timeout: 300000 }, async () => {
    const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
    tok.tok("room", "create", "storm");
    const way = datagramWay();
    const ada = await enter(tok.url, "storm", "Ada", over(way));
    const bob = await enter(tok.url, "storm", "Bob", over(way));
    await relayed({ Ada: ada, Bob: bob });
    // When the browser itself says that the path is lost, and when the page does.
    const watch = () => {
      globalThis.lost = [null, null];
      const [connection] = connections.filter(({ connectionState }) => connectionState === "connected");
      connection.addEventListener("connectionstatechange", () => (lost[0] ??= performance.now()));
      const tell = () => document.querySelector("#grid li:not(.mine) .state:not([hidden])") && (lost[1] ??= performance.now());
      new MutationObserver(tell).observe(document.getElementById("grid"), { subtree: true, childList: true, attributes: true, characterData: true });
    };
    await Promise.all([ada.evaluate(watch), bob.evaluate(watch)]);
    way.isCut = true;
    for (const [page, name] of [[ada, "Bob"], [bob, "Ada"]]) await state(page, name).waitFor({ timeout: 60_000 });
    for (const page of [ada, bob]) {
      // That the other one lost it may be told before.
      await until("the browser says it", () => page.evaluate(() => lost.every((at) => at !== null)), 60_000);
      const [browser, told] = await page.evaluate(() => lost);
      console.log(`told ${Math.round(told - browser)} ms after the browser said it`);
      assert.ok(told - browser < 3000, `${told - browser} ms`);
    }
    const end = Date.now() + seconds * 1000;
    await until("the path was away for long enough", () => Date.now() >= end, seconds * 1000 + 1000);
    for (const [page, name] of [[ada, "Bob"], [bob, "Ada"]]) assert.ok(await state(page, name).isVisible());
    way.isCut = false;
    const since = Date.now();
    await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
    console.log(`back after ${Date.now() - since} ms`);
    for (const [page, name] of [[ada, "Bob"], [bob, "Ada"]]) await state(page, name).waitFor({ state: "hidden", timeout: 60_000 });
    for (const page of [ada, bob]) assert.deepEqual(page.complaints, []);
    for (const page of [ada, bob]) await page.context().close();
    way.close();
    assert.equal(await tok.stop(), 0);
  });
}

test("a path that one of three loses is told by the others as well", { timeout: 300000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "gust");
  const way = datagramWay();
  const pages = { Ada: await enter(tok.url, "gust", "Ada", over(way)) };
  for (const name of ["Bob", "Eve"]) pages[name] = await enter(tok.url, "gust", name);
  await relayed(pages);
  // Without pictures nothing else is to be seen of it.
  await pages.Ada.keyboard.press("v");
  way.isCut = true;
  for (const name of ["Bob", "Eve"]) await state(pages.Ada, name).waitFor({ timeout: 60_000 });
  for (const name of ["Bob", "Eve"]) await state(pages[name], "Ada").waitFor({ timeout: 60_000 });
  assert.ok(await state(pages.Bob, "Eve").isHidden());
  way.isCut = false;
  for (const name of ["Bob", "Eve"]) {
    await state(pages.Ada, name).waitFor({ state: "hidden", timeout: 90_000 });
    await state(pages[name], "Ada").waitFor({ state: "hidden", timeout: 90_000 });
    await moves(pages.Ada, name);
  }
  for (const page of Object.values(pages)) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
  way.close();
  assert.equal(await tok.stop(), 0);
});

test("a cut of the line to the server remakes no connection for media", { timeout: 240000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "blip");
  const port = await freePort();
  let way = await silentWay(tok.url, { port });
  const pages = {};
  // Who came as the second was told that media goes from one to the other.
  pages.Bob = await enter(tok.url, "blip", "Bob");
  pages.Ada = await enter(way.url, "blip", "Ada");
  pages.Eve = await enter(tok.url, "blip", "Eve");
  await relayed(pages);
  const { Ada: ada } = pages;
  const made = await ada.evaluate(() => connections.length);
  const summaries = () => ada.evaluate(() => said.filter((text) => text.startsWith("The connection broke")).length);
  for (let times = 1; times <= 2; times++) {
    way.close();
    way = await silentWay(tok.url, { port });
    await until("the cut was told", async () => (await summaries()) >= times);
    await until("she is back", () => ada.evaluate(() => document.getElementById("status").textContent === ""), 60_000);
    for (const name of ["Bob", "Eve"]) await moves(ada, name);
    for (const name of ["Bob", "Eve"]) await moves(pages[name], "Ada");
    assert.equal(await ada.evaluate(() => connections.length), made);
  }
  for (const page of Object.values(pages)) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
  way.close();
  assert.equal(await tok.stop(), 0);
});

// Neither this test nor the page presses anything: whatever is asked of the page here counts as a press.
test("who came in without a press is asked for one, and hears then", { timeout: 180000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "stage");
  const token = (role, name) => JSON.parse(tok.tok("token", "create", "stage", "--role", role, "--user-name", name, "--json")).token;
  const strict = await launchShell(...devices(), "--autoplay-policy=document-user-activation-required");
  const ada = await enter(tok.url, `stage#token=${token("host", "Ada")}`, "Ada");
  const viewer = await (await strict.newContext({ viewport: { width: 1000, height: 700 } })).newPage();
  const reports = [];
  viewer.on("console", (line) => line.text().startsWith("{") && reports.push(JSON.parse(line.text())));
  await viewer.addInitScript(() => {
    addEventListener("load", () => document.getElementById("join").requestSubmit());
    setInterval(() => {
      const [video, button] = [document.querySelector("#grid li:not(.mine) video"), document.getElementById("hear")];
      const { x, y, width, height } = button?.getBoundingClientRect() ?? {};
      console.log(JSON.stringify({ paused: video?.paused, frames: video?.getVideoPlaybackQuality().totalVideoFrames, shown: width > 0, at: [x + width / 2, y + height / 2] }));
    }, 200);
  });
  await viewer.goto(`${tok.url}/r/stage#token=${token("viewer", "Vi")}`);
  const last = () => reports.at(-1) ?? {};
  await until("a press is asked for", () => last().shown && last().paused, 60_000);
  await viewer.mouse.click(...last().at);
  await until("it plays", () => !last().shown && last().paused === false && last().frames > 10, 60_000);
  assert.deepEqual(ada.complaints, []);
  // Who pressed to join is asked for nothing.
  assert.ok(await ada.locator("#hear").isHidden());
  await strict.close();
  assert.equal(await tok.stop(), 0);
});

// How the camera goes up on a page's newest connection that is there.
const sent = (page) =>
  page.evaluate(() => {
    const connection = connections.findLast(({ connectionState }) => connectionState === "connected");
    const { encodings } = connection.getTransceivers()[1].sender.getParameters();
    return encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy);
  });

for (const [media, crowded] of [["mesh", true], ["relayed", false]]) {
  test(`of a crowd it is ${crowded ? "told" : "not told"} that pictures are small where media goes ${media}`, { timeout: 240000 }, async () => {
    const tok = await serve({ TOK_ROOMS__MEDIA: media });
    tok.tok("room", "create", "crowd");
    const ada = await enter(tok.url, "crowd", "Ada");
    const crowd = [];
    for (let n = 0; n < 8; n++) {
      const client = new Client(tok.url);
      await client.join("crowd", `Guest ${n}`);
      crowd.push(client);
    }
    await until("nine are there", async () => (await ada.locator("#grid li").count()) === 9);
    const eve = await enter(tok.url, "crowd", "Eve");
    await Promise.all([moves(ada, "Eve"), moves(eve, "Ada")]);
    const told = (page) => page.evaluate(() => said.some((text) => text.includes("picture is made small")));
    assert.equal(await told(ada), crowded, "the ninth came");
    assert.equal(await told(eve), crowded, "who came as the tenth");
    // It is so as well: the picture is small to everybody, or there is one of full size.
    await until("the camera goes up so", async () => ((await sent(eve)).at(-1) === 4) === crowded, 60_000);
    assert.equal((await sent(eve)).includes(1), !crowded);
    for (const page of [ada, eve]) assert.deepEqual(page.complaints, []);
    for (const client of crowd) client.socket.disconnect();
    assert.equal(await tok.stop(), 0);
  });
}
