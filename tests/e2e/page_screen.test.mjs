// What the room page shows: pictures of every number on every screen, who speaks, what is missed, and
// what people choose for themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { comeIn, complainsAloud, shots, useBrowser } from "./pages.mjs";
import { Client, silentWay, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const sizes = [[320, 640], [360, 740], [740, 360], [768, 1024], [1440, 900], [1920, 1080]];

const browser = useBrowser({ cameras: 2 });
const wholeBrowser = useBrowser({ whole: true, cameras: 2 });

// Comes in as another person.
async function enter(tok, room, name, by = browser) {
  const page = await by.open({ permissions: ["camera", "microphone", "clipboard-read", "clipboard-write"] });
  complainsAloud(page);
  await page.goto(`${tok.way?.url ?? tok.url}/r/${room}`);
  await comeIn(page, name);
  return page;
}

const tileOf = (page, name) => page.locator("#grid li:not(.screen)", { hasText: name });

// Pairs of things that lie over each other, and what sticks out of the screen.
const mishaps = (page) =>
  page.evaluate(() => {
    const seen = (element) => element.checkVisibility() && element.getBoundingClientRect();
    const boxes = [...document.querySelectorAll("#grid li, header, footer, aside")].map((of) => [of.id || of.tagName, seen(of)]).filter(([, box]) => box);
    const found = [];
    for (const [at, [name, box]] of boxes.entries()) {
      const out = box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5;
      if (out) found.push(`${name} sticks out`);
      for (const [other, of] of boxes.slice(at + 1)) {
        const apart = box.right <= of.left + 0.5 || of.right <= box.left + 0.5 || box.bottom <= of.top + 0.5 || of.bottom <= box.top + 0.5;
        if (!apart) found.push(`${name} over ${other}`);
      }
    }
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth || scrollHeight > innerHeight) found.push("the page scrolls");
    return found;
  });

// Waits until all pictures stand where this screen wants them.
const settled = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

test("no picture lies over another, whoever is there, on every screen", { timeout: 180000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "many");
  const page = await enter(tok, "many", "Ada");
  const others = [];
  const look = async (what) => {
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      for (const panel of [null, "show-chat", "show-people"]) {
        if (panel) await page.locator(`#${panel}`).click();
        await settled(page);
        assert.deepEqual(await mishaps(page), [], `${what}, ${width}x${height}, ${panel}`);
        if (panel) await page.locator(`#${panel}`).click();
      }
    }
  };
  for (const count of [1, 2, 3, 4, 5, 6, 9, 12, 25]) {
    while (others.length < count - 1) {
      const client = new Client(tok.url);
      await client.join("many", others.length % 3 ? `Person ${others.length}` : `Somebody with a name that is much too long to be shown, ${others.length}`);
      others.push(client);
    }
    await page.waitForFunction((count) => document.querySelectorAll("#grid li").length === count, count);
    await look(`${count} people`);
  }
  others[0].socket.emit("update-mediaState", { cameraEnabled: false, microphoneEnabled: false, screenEnabled: true });
  await page.locator("#grid .screen").waitFor();
  await look("25 people and a screen");
  await page.setViewportSize({ width: 1440, height: 900 });
  await settled(page);
  const [stage, grid] = await Promise.all(["#grid .screen", "#grid"].map((of) => page.locator(of).boundingBox()));
  assert.ok(stage.width >= 0.75 * grid.width, `${stage.width} of ${grid.width}`);
  await page.screenshot({ path: `${shots}stage-desktop.png` });
  assert.deepEqual(page.complaints, []);
  for (const client of others) client.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("a picture can be kept large, and given back", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "pins");
  const page = await enter(tok, "pins", "Ada");
  const [bob, eve] = [new Client(tok.url), new Client(tok.url)];
  await bob.join("pins", "Bob");
  await eve.join("pins", "Eve");
  const width = async (name) => (await tileOf(page, name).boundingBox()).width;
  await tileOf(page, "Eve").waitFor();
  await until("Bob is as large as Eve", async () => (await width("Bob")) === (await width("Eve")));
  await tileOf(page, "Bob").hover();
  await page.getByRole("button", { name: "Pin: Bob" }).click();
  await until("Bob is large", async () => (await width("Bob")) > 3 * (await width("Eve")));
  assert.equal(await page.getByRole("button", { name: "Pin: Bob" }).getAttribute("aria-pressed"), "true");
  await tileOf(page, "Bob").dblclick();
  await until("Bob is not", async () => (await width("Bob")) === (await width("Eve")));
  // Who was kept large and leaves takes nobody's place.
  await tileOf(page, "Eve").dblclick();
  eve.socket.emit("leave-room");
  eve.socket.disconnect();
  await tileOf(page, "Eve").waitFor({ state: "detached", timeout: 20000 });
  await until("Bob is larger than oneself", async () => (await width("Bob")) > 3 * (await width("Ada")));
  bob.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("who speaks is marked, and who is muted is not", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "voices");
  // The browser's false microphone beeps once a second.
  const [ada, bob] = [await enter(tok, "voices", "Ada"), await enter(tok, "voices", "Bob")];
  await ada.locator("#grid li:not(.mine).speaking").waitFor({ timeout: 20000 });
  await ada.locator("#grid li.mine.speaking").waitFor({ timeout: 20000 });
  await bob.keyboard.press("m");
  await tileOf(ada, "Bob, muted").waitFor();
  await ada.locator("#grid li:not(.mine).speaking").waitFor({ state: "detached" });
  await ada.locator("#grid li.mine.speaking").waitFor();
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("the sound of what is shown is heard by the others", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "film");
  const [ada, bob] = [await enter(tok, "film", "Ada"), await enter(tok, "film", "Bob")];
  await tileOf(bob, "Ada").waitFor();
  // A headless browser has no tab to share: a drawing and a tone stand for it.
  await ada.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = async ({ audio }) => {
      const canvas = document.createElement("canvas");
      canvas.getContext("2d").fillRect(0, 0, 1, 1);
      const stream = canvas.captureStream(5);
      if (!audio) return stream;
      const context = new AudioContext();
      const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
      tone.connect(out);
      tone.start();
      stream.addTrack(out.stream.getAudioTracks()[0]);
      return stream;
    };
  });
  await ada.getByRole("button", { name: "Screen" }).click();
  await bob.locator("#grid .screen").waitFor();
  // As loud as a tone is, on the line of the screen.
  await bob.waitForFunction(() => {
    const { srcObject, muted } = document.querySelector("#grid .screen video");
    const [track] = srcObject?.getAudioTracks() ?? [];
    if (!track || muted) return false;
    window.measure ??= (() => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      return analyser;
    })();
    const samples = new Float32Array(window.measure.fftSize);
    window.measure.getFloatTimeDomainData(samples);
    return Math.max(...samples) > 0.3;
  });
  await ada.getByRole("button", { name: "Screen" }).click();
  await bob.locator("#grid .screen").waitFor({ state: "detached" });
  assert.equal(await ada.evaluate(() => document.querySelectorAll("#grid .screen").length), 0);
  assert.equal(await tok.stop(), 0);
});

test("what one reads stays, what one missed is marked, and addresses are links", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__ROOM_RATE: "off" });
  tok.tok("room", "create", "talk");
  const ada = await enter(tok, "talk", "Ada");
  const bob = new Client(tok.url);
  await bob.join("talk", "Bob");
  const say = async (text) => assert.ok((await bob.ask("send-message", "everyone", text)).success);
  await say("look at https://example.org/plan_(new)!");
  await ada.getByText("Chat (1)").waitFor();
  await ada.waitForFunction(() => document.title.startsWith("(1) "));
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.waitForFunction(() => !document.title.startsWith("("));
  const link = ada.getByRole("link");
  assert.equal(await link.getAttribute("href"), "https://example.org/plan_(new)");
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer nofollow");
  for (let n = 0; n < 60; n++) await say(`line ${n}`);
  await ada.locator("#messages li", { hasText: "line 59" }).waitFor();
  const at = () => ada.evaluate(() => {
    const { scrollTop, scrollHeight, clientHeight } = document.getElementById("messages");
    return { top: scrollTop, end: scrollHeight - scrollTop - clientHeight };
  });
  assert.ok((await at()).end < 40, "it follows while its end is in view");
  await ada.evaluate(() => (document.getElementById("messages").scrollTop = 100));
  await say("below");
  await say("further below");
  await ada.getByRole("button", { name: "2 new messages" }).waitFor();
  assert.equal((await at()).top, 100);
  await ada.getByRole("button", { name: "2 new messages" }).click();
  assert.ok((await at()).end < 40);
  assert.ok(await ada.locator("#newer").isHidden());
  // What came while the line was broken is missed as well.
  await ada.getByRole("button", { name: "Chat" }).click();
  await tok.restart();
  const again = new Client(tok.url);
  await again.join("talk", "Bob", { id: bob.me.id, key: bob.me.key });
  assert.ok((await again.ask("send-message", "everyone", "after the break")).success);
  await ada.getByText("Chat (1)").waitFor({ timeout: 20000 });
  again.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("a key that only confirms what is composed sends nothing", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "kana");
  const page = await enter(tok, "kana", "Ada");
  await page.getByRole("button", { name: "Chat" }).click();
  await page.getByLabel("Message", { exact: true }).fill("にほん");
  // As Safari tells of it: the composition is over already, the key is still the one of the method.
  const press = (keyCode) =>
    page.evaluate((keyCode) => {
      const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
      Object.defineProperty(event, "keyCode", { value: keyCode });
      document.getElementById("text").dispatchEvent(event);
    }, keyCode);
  await press(229);
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "にほん");
  await press(13);
  await page.locator("#messages li", { hasText: "にほん" }).waitFor();
  assert.equal(await page.locator("#messages li").count(), 1);
  assert.equal(await tok.stop(), 0);
});

test("devices are chosen in the call, and the link is copied", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "choice", "--privacy", "private");
  const { token } = JSON.parse(tok.tok("token", "create", "choice", "--role", "host", "--json"));
  const page = await enter(tok, `choice#token=${token}`, "Ada", wholeBrowser);
  const used = (line) => page.evaluate((line) => document.querySelector("#grid .mine video").srcObject?.getVideoTracks()[0]?.getSettings().deviceId, line);
  await page.waitForFunction(() => document.querySelector("#grid .mine video").srcObject);
  const before = await used();
  await page.getByRole("button", { name: "Devices" }).click();
  const camera = page.getByLabel("Camera in use");
  await until("both cameras are told", async () => (await camera.locator("option").count()) === 2);
  assert.equal(await camera.inputValue(), before);
  const other = await camera.locator("option").evaluateAll((options, before) => options.map(({ value }) => value).find((value) => value !== before), before);
  await camera.selectOption(other);
  await until("the other one is used", async () => (await used()) === other);
  await page.getByRole("button", { name: "Done" }).click();
  // It is remembered for the next call.
  await page.reload();
  await page.getByLabel("Your name").fill("Ada");
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
  await page.waitForFunction(() => document.querySelector("#grid .mine video")?.srcObject);
  assert.equal(await used(), other);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("The link is copied.").first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${tok.url}/r/choice`);
  assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("whom the invitation names need not say it again", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "named", "--privacy", "private");
  const page = await browser.open();
  for (const [given, shown] of [[["--user-name", "Zoë Łukasz"], "Zoë Łukasz"], [[], ""]]) {
    const { token } = JSON.parse(tok.tok("token", "create", "named", ...given, "--json"));
    await page.goto("about:blank");
    await page.goto(`${tok.url}/r/named#token=${token}`);
    await page.getByText("Camera and microphone work.").waitFor();
    assert.equal(await page.getByLabel("Your name").inputValue(), shown);
  }
  assert.equal(await tok.stop(), 0);
});

test("keys do what their sheet says, but not while somebody writes", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "keys");
  const page = await enter(tok, "keys", "Ada");
  const pressed = (id) => page.locator(`#${id}`).getAttribute("aria-pressed");
  assert.equal(await pressed("microphone"), "true");
  await page.keyboard.press("m");
  await until("it is off", async () => (await pressed("microphone")) === "false");
  // Held down, space lets one speak.
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.down(" ");
  await until("it is on", async () => (await pressed("microphone")) === "true");
  await page.keyboard.up(" ");
  await until("it is off again", async () => (await pressed("microphone")) === "false");
  await page.keyboard.press("v");
  await until("no camera", async () => (await pressed("camera")) === "false");
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keys", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await until("the sheet is closed", () => page.locator("#help").evaluate((help) => !help.open));
  await page.keyboard.press("c");
  await page.locator("#chat-panel").waitFor();
  await page.getByLabel("Message", { exact: true }).pressSequentially("move mv?");
  assert.equal(await page.getByLabel("Message", { exact: true }).inputValue(), "move mv?");
  assert.deepEqual([await pressed("microphone"), await pressed("camera")], ["false", "false"]);
  assert.ok(!(await page.locator("#help").evaluate((help) => help.open)));
  assert.equal(await tok.stop(), 0);
});

test("a message is shown at once, and is there once whatever the line loses", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__PING_INTERVAL: "500ms", TOK_SIGNALLING__PING_TIMEOUT: "3s" });
  tok.tok("room", "create", "once");
  tok.way = await silentWay(tok.url);
  const ada = await enter(tok, "once", "Ada");
  const bob = new Client(tok.url);
  await bob.join("once", "Bob");
  await ada.getByRole("button", { name: "Chat" }).click();
  const write = async (text) => {
    await ada.getByLabel("Message", { exact: true }).fill(text);
    // It is so until the line is there again only: it is looked for from before.
    const sending = ada.locator("#messages .sending", { hasText: text }).waitFor();
    await ada.keyboard.press("Enter");
    await sending;
  };
  const heard = (text) => bob.heard.filter(([event, message]) => event === "new-room-message" && message.content === text).length;
  // What is sent arrives, and nothing comes back until that was seen.
  tok.way.refuses = true;
  tok.way.cut({ answers: true });
  await write("the answer is lost");
  await until("Bob has it", () => heard("the answer is lost") > 0);
  tok.way.refuses = false;
  await ada.locator("#messages .sending").waitFor({ state: "detached", timeout: 30000 });
  // Nothing passes either way.
  tok.way.refuses = true;
  tok.way.cut();
  await write("the message is lost");
  tok.way.refuses = false;
  await ada.locator("#messages .sending").waitFor({ state: "detached", timeout: 30000 });
  await until("Bob has that too", () => heard("the message is lost") > 0);
  const shown = await ada.locator("#messages li p").allTextContents();
  assert.deepEqual(shown, ["the answer is lost", "the message is lost"]);
  assert.equal(await ada.getByLabel("Message", { exact: true }).inputValue(), "");
  assert.deepEqual([heard("the answer is lost"), heard("the message is lost")], [1, 1]);
  assert.equal(JSON.parse(tok.tok("chat", "history", "once", "--json")).length, 2);
  // What can never be sent is told, and stays to be changed.
  await ada.getByLabel("Message", { exact: true }).fill("x".repeat(17000));
  await ada.keyboard.press("Enter");
  await until("it is back", async () => (await ada.getByLabel("Message", { exact: true }).inputValue()).length === 17000);
  assert.equal(await ada.locator("#messages .sending").count(), 0);
  bob.socket.disconnect();
  tok.way.close();
  assert.equal(await tok.stop(), 0);
});

test("whose page is closed stands still for a moment only, and who reloads is back at once", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "60s" });
  tok.tok("room", "create", "ghosts");
  const [ada, bob] = [await enter(tok, "ghosts", "Ada"), await enter(tok, "ghosts", "Bob")];
  const well = () => tileOf(ada, "Bob").locator(".state").waitFor({ state: "hidden" });
  const moves = () => ada.waitForFunction(() => document.querySelector("#grid li:not(.mine) video")?.getVideoPlaybackQuality().totalVideoFrames > 5);
  await moves();
  // It stands still for some seconds only: it is looked for from before.
  const still = tileOf(ada, "Bob").locator(".state", { hasText: "Reconnecting…" }).waitFor();
  await bob.reload();
  await still;
  await bob.getByLabel("Your name").fill("Bob");
  await bob.getByRole("button", { name: "Join" }).click();
  await tileOf(ada, "Bob").waitFor();
  await well();
  await moves();
  const closed = Date.now();
  await bob.close();
  await tileOf(ada, "Bob").waitFor({ state: "detached" });
  assert.ok(Date.now() - closed < 20000, `${Date.now() - closed} ms`);
  // Until it is sure, their place is kept.
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("(2)").waitFor();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("the page speaks the language of the browser, or that of its address", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "sprache");
  const cases = [["de-CH", "", "de", "Dein Name"], ["de-DE", "?lang=en", "en", "Your name"], ["en-US", "?lang=de", "de", "Dein Name"], ["fr-FR", "", "en", "Your name"]];
  for (const [locale, query, lang, name] of cases) {
    const page = await browser.open({ locale });
    await page.goto(`${tok.url}/r/sprache${query}`);
    await page.getByLabel(name).fill("Ada");
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    if (lang === "de") await page.getByText("Kamera und Mikrofon funktionieren.").waitFor();
    await page.context().close();
  }
  const page = await browser.open({ locale: "de-DE", viewport: { width: 360, height: 740 } });
  await page.goto(`${tok.url}/r/sprache`);
  await page.getByLabel("Dein Name").fill("Zoë");
  await page.getByRole("button", { name: "Beitreten" }).click();
  await page.locator("#call").waitFor();
  await page.getByText("Zoë (du)").first().waitFor();
  await page.screenshot({ path: `${shots}call-german-phone.png` });
  assert.deepEqual(await mishaps(page), []);
  assert.equal(await tok.stop(), 0);
});
