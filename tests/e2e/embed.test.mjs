// The room page in pages of other sites, which show it by /embed.js: two origins, two people, and pages
// that are up to no good.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { build } from "esbuild";
import { devices, launchShell } from "./browser.mjs";
import { moves, shots } from "./pages.mjs";
import { freePort } from "./redis.mjs";
import { serve } from "./serve.mjs";

const examples = new URL("../../clients/embedding/", import.meta.url);

let browser;

before(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launchShell(...devices(), "--auto-select-desktop-capture-source=Entire screen");
});
after(() => browser?.close());
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const example = (name) => readFileSync(new URL(name, examples), "utf8");

// A site of its own at a port of its own; `files` gives what stands at a path, as `[type, body]`.
async function site(files, port = 0) {
  const server = createServer(async (request, response) => {
    const [type, body] = (await files(new URL(request.url, "http://x").pathname)) ?? [];
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type ?? "text/plain" }).end(body);
  });
  await new Promise((resolve) => server.listen(port, "localhost", resolve));
  // Another site than 127.0.0.1, where the rooms are.
  return { url: `http://localhost:${server.address().port}`, close: () => server.close().closeAllConnections() };
}

const html = (text) => ["text/html", `<!doctype html><meta charset="utf-8">${text}`];
const element = (tok, room, more = "") => `<script type="module" src="${tok.url}/embed.js"></script><tok-room src="${tok.url}/r/${room}" ${more} style="height:36rem"></tok-room>`;

// A server and a site whose pages it lets show rooms; `pages(tok)` gives the site's files.
async function listed(pages) {
  const port = await freePort();
  const tok = await serve({ TOK_SERVER__EMBED_ORIGINS: `http://localhost:${port}` });
  const at = await site(await pages(tok), port);
  return {
    tok,
    url: at.url,
    async stop() {
      at.close();
      assert.equal(await tok.stop(), 0);
    },
  };
}

// Opens a page as another person; everything that is asked for is noted.
async function open(url, prepare = () => {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, permissions: ["camera", "microphone"] });
  const page = await context.newPage();
  page.complaints = [];
  page.asked = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (line) => line.type() === "error" && page.complaints.push(line.text()));
  page.on("request", async (request) => page.asked.push(request.url(), JSON.stringify(await request.allHeaders().catch(() => ({})))));
  page.on("websocket", (socket) => page.asked.push(socket.url()));
  page.on("framenavigated", (frame) => page.asked.push(frame.url()));
  await prepare(page);
  await page.goto(url);
  return page;
}

// The page of the room within the page of the site.
async function within(page, tok) {
  const handle = await page.locator("tok-room iframe").elementHandle();
  const frame = await handle.contentFrame();
  await frame.waitForURL(`${tok.url}/r/**`);
  return frame;
}

async function join(page, name) {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#call").waitFor();
}

const tile = (page, name) => page.locator("#grid li", { has: page.locator(".caption", { hasText: name }) });

// Keeps what the element tells.
const kept = () => {
  window.told = [];
  const room = document.querySelector("tok-room");
  for (const event of ["joined", "left", "participant-joined", "participant-left", "speaking", "message", "media", "error"]) {
    room.addEventListener(event, ({ detail }) => window.told.push([event, detail]));
  }
};
const told = (page, event) => page.waitForFunction((event) => window.told.find(([name]) => name === event)?.[1], event, { timeout: 30000 }).then((handle) => handle.jsonValue());

const { Embedder } = new Function(`${readFileSync(new URL("../../src/server/page/embedded.js", import.meta.url), "utf8")}\nreturn { Embedder };`)();

// A page in a frame, without a browser; `says` lets somebody speak to it, `said` is what it said.
function framed(hash = "#embedded", listed = ["https://app.example"]) {
  const said = [];
  const parent = { postMessage: (message, to) => said.push([to, message]) };
  let hear = () => {};
  const page = { parent, location: { hash }, addEventListener: (_, heard) => (hear = heard) };
  const embedder = new Embedder(page, listed);
  return { embedder, said, says: (data, { source = parent, origin = "https://app.example" } = {}) => hear({ source, origin, data }) };
}
const hello = { tok: 1, type: "hello", name: "Ada" };

test("only the page around, from a listed origin and in this version, is heard", async () => {
  const { embedder, said, says } = framed();
  embedder.serve({ send: (text) => text.toUpperCase(), leave: () => Promise.reject(new Error("not now")) });
  says(hello, { source: {} });
  says(hello, { origin: "https://evil.example" });
  says(hello, { origin: "https://app.example.evil.example" });
  for (const data of [null, undefined, 1, "hello", {}, { ...hello, tok: 2 }, { ...hello, tok: "1" }]) says(data);
  says({ tok: 1, type: "ask", id: 1, act: "send", args: ["early"] });
  assert.deepEqual(said, []);
  says(hello);
  assert.equal((await embedder.greeting).name, "Ada");
  says({ tok: 1, type: "ask", id: 2, act: "send", args: ["hi"] }, { source: {} });
  says({ tok: 1, type: "ask", id: 3, act: "send", args: ["hi"] }, { origin: "https://evil.example" });
  for (const [id, act] of [[4, "send"], [5, "leave"], [6, "constructor"], [7, "admit"]]) says({ tok: 1, type: "ask", id, act, args: ["hi"] });
  await new Promise(setImmediate);
  assert.ok(said.every(([to, { tok }]) => to === "https://app.example" && tok === 1));
  const answers = said.map(([, { type, id, value, error }]) => [type, id, value ?? error]).sort(([, one = 0], [, other = 0]) => one - other);
  assert.deepEqual(answers, [
    ["ready", undefined, undefined],
    ["answer", 4, "HI"],
    ["answer", 5, "not now"],
    ["answer", 6, "the room page knows no constructor"],
    ["answer", 7, "the room page knows no admit"],
  ]);
});

test("a page that stands alone, or that nobody may show, waits for no greeting and hears none", async () => {
  const alone = { location: { hash: "#embedded" }, addEventListener: () => assert.fail("it listens") };
  alone.parent = alone;
  assert.deepEqual(await new Embedder(alone, ["https://app.example"]).greeting, {});
  assert.deepEqual(await framed("#embedded", []).embedder.greeting, {});
  // A frame without the element: it begins at once, and whoever greets it later is told what happens.
  const { embedder, said, says } = framed("");
  assert.deepEqual(await embedder.greeting, {});
  const greeted = new Promise((resolve) => (embedder.told = (type, { name }) => resolve([type, name])));
  says(hello);
  assert.deepEqual(await greeted, ["hello", "Ada"]);
  assert.deepEqual(said.map(([, { type }]) => type), ["ready"]);
});

test("who came and went while the line was broken is told once", async () => {
  const { embedder, said, says } = framed();
  says(hello);
  const listeners = {};
  embedder.follow({ on: (event, heard) => (listeners[event] = heard) }, "It broke.");
  const person = (id, more = {}) => ({ id, name: id.toUpperCase(), role: "participant", isAlive: true, ...more });
  const me = person("me", { isMe: true });
  const there = [me, person("ann"), person("bob"), person("wait", { isWaiting: true }), person("gone", { isAlive: false })];
  listeners["room-summary"]({ participants: there });
  listeners["new-participant"](person("early"));
  embedder.joined(me, there);
  listeners["new-participant"](person("ann"));
  listeners["participant-left"]("nobody");
  listeners.disconnect();
  listeners["room-summary"]({ participants: [me, person("bob"), person("cat")] });
  listeners["participant-left"]("bob");
  embedder.ended("You left", "Bye.");
  listeners["participant-left"]("cat");
  embedder.ended("The room is full", "It is.");
  const events = said.filter(([, { type }]) => type === "event").map(([, { event, detail }]) => [event, detail.name ?? detail.title ?? detail.message, detail.refused]);
  assert.deepEqual(events, [
    ["joined", "ME", undefined],
    ["error", "It broke.", false],
    ["participant-left", "ANN", undefined],
    ["participant-joined", "CAT", undefined],
    ["participant-left", "BOB", undefined],
    ["left", "You left", undefined],
    ["error", "The room is full", true],
  ]);
});

test("the plain example shows a private room, acts in it and hears of it, and nobody reads its token", { timeout: 120000 }, async () => {
  const tokens = [];
  const { tok, url, stop } = await listed((tok) => {
    tok.tok("room", "create", "standup", "--privacy", "private", "-q");
    return (path) => {
      if (path === "/") return ["text/html", example("plain.html").replaceAll("https://meet.example.com", tok.url)];
      if (path !== "/token") return undefined;
      const { token } = JSON.parse(tok.tok("token", "create", "standup", "--json"));
      tokens.push(token);
      return ["application/json", JSON.stringify({ token })];
    };
  });
  const token = JSON.parse(tok.tok("token", "create", "standup", "--role", "host", "--json")).token;
  const bob = await open(`${tok.url}/r/standup#token=${token}`);
  await join(bob, "Bob");
  const ada = await open(url);
  const frame = await within(ada, tok);
  await frame.getByLabel("Your name").waitFor();
  await ada.getByRole("button", { name: "Join" }).first().click();
  await ada.getByText("You are in as Ada, with 1 others.").waitFor();
  // She comes in muted, and is seen and sees.
  await tile(bob, "Ada, muted").waitFor();
  await Promise.all([moves(bob, "Ada"), moves(frame, "Bob")]);
  await ada.getByText("Bob", { exact: true }).waitFor();
  // The page's own buttons and the site's do the same.
  await ada.getByRole("button", { name: "Muted" }).click();
  await tile(bob, "Ada").filter({ hasNotText: "muted" }).waitFor();
  await ada.locator('#mute[aria-pressed="false"]').waitFor();
  await frame.getByRole("button", { name: "Microphone" }).click();
  await ada.locator('#mute[aria-pressed="true"]').waitFor();
  await tile(bob, "Ada, muted").waitFor();
  // Messages, both ways.
  await bob.getByRole("button", { name: "Chat" }).click();
  await bob.getByLabel("Message", { exact: true }).fill("Hello, site");
  await bob.getByRole("button", { name: "Send" }).click();
  await ada.getByText("Bob: Hello, site").waitFor();
  await ada.locator('input[name="text"]').fill("Hello, room");
  await ada.getByRole("button", { name: "Send" }).click();
  await bob.locator("#messages li", { hasText: "Hello, room" }).waitFor();
  // The site's look.
  const look = await frame.evaluate(() => {
    const [root, body] = [document.documentElement, document.body].map((element) => getComputedStyle(element));
    return [root.getPropertyValue("--accent"), root.colorScheme, body.backgroundColor, body.color];
  });
  assert.deepEqual(look, ["#7a1f6b", "light", "rgb(255, 248, 240)", "rgb(34, 34, 34)"]);
  await ada.screenshot({ path: `${shots}embedded.png` });
  await bob.getByRole("button", { name: "Leave" }).click();
  await ada.getByText("Bob left.").waitFor();
  await ada.getByRole("button", { name: "Leave" }).click();
  await ada.getByText("You left").waitFor();
  await frame.getByRole("heading", { name: "You left" }).waitFor();
  // Out and in again.
  await ada.getByRole("button", { name: "Join" }).click();
  await ada.getByText("You are in as Ada, with 0 others.").waitFor();
  assert.equal(tokens.length, 2);
  const places = [...ada.asked, ...tok.said, await frame.evaluate(() => location.href), await ada.evaluate(() => document.documentElement.outerHTML)];
  for (const token of tokens) assert.ok(!places.join("\n").includes(token));
  assert.ok(ada.asked.some((asked) => asked.includes("/r/standup")) && ada.asked.some((asked) => asked.startsWith("ws:")));
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await stop();
});

test("the React example does the same", { timeout: 120000 }, async () => {
  const { tok, url, stop } = await listed(async (tok) => {
    tok.tok("room", "create", "standup", "-q");
    const { outputFiles } = await build({
      entryPoints: [new URL("react/main.jsx", examples).pathname],
      nodePaths: [new URL("node_modules", import.meta.url).pathname],
      bundle: true,
      format: "esm",
      jsx: "automatic",
      write: false,
    });
    const main = outputFiles[0].text.replaceAll("https://meet.example.com", tok.url);
    return (path) => {
      if (path === "/") return ["text/html", example("react/index.html").replaceAll("https://meet.example.com", tok.url)];
      if (path === "/main.js") return ["text/javascript", main];
      if (path === "/token") return ["application/json", tok.tok("token", "create", "standup", "--user-name", "Ada", "--json")];
      return undefined;
    };
  });
  const ada = await open(url);
  await ada.getByText("Not in the room").waitFor();
  await ada.getByRole("button", { name: "Join" }).first().click();
  await ada.getByText("With nobody").waitFor();
  const bob = await open(`${tok.url}/r/standup`);
  await join(bob, "Bob");
  await ada.getByText("With Bob").waitFor();
  await Promise.all([moves(bob, "Ada"), moves(await within(ada, tok), "Bob")]);
  await bob.getByRole("button", { name: "Chat" }).click();
  await bob.getByLabel("Message", { exact: true }).fill("Hello, React");
  await bob.getByRole("button", { name: "Send" }).click();
  await ada.getByText("Bob: Hello, React").waitFor();
  await ada.getByRole("button", { name: "Unmute" }).click();
  await tile(bob, "Ada").filter({ hasNotText: "muted" }).waitFor();
  await ada.getByRole("button", { name: "Mute", exact: true }).click();
  await tile(bob, "Ada, muted").waitFor();
  await ada.getByRole("button", { name: "Leave" }).first().click();
  await ada.getByText("Not in the room").waitFor();
  await tile(bob, "Ada").waitFor({ state: "detached" });
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await stop();
});

test("methods and events: camera, screen, who speaks, what is refused", { timeout: 120000 }, async () => {
  const { tok, url, stop } = await listed((tok) => {
    tok.tok("room", "create", "tea", "-q");
    return (path) => (path === "/" ? html(`${element(tok, "tea", 'name="Ada" start="muted unseen joined" layout="speaker"')}<button id="share">Share</button>`) : undefined);
  });
  const bob = await open(`${tok.url}/r/tea`);
  await join(bob, "Bob");
  const ada = await open(url);
  await ada.evaluate(kept);
  const frame = await within(ada, tok);
  await frame.locator("#call").waitFor();
  const ask = (method, ...args) => ada.evaluate(([method, args]) => document.querySelector("tok-room")[method](...args).catch((error) => `no: ${error.message}`), [method, args]);
  await tile(bob, "Ada, muted").waitFor();
  assert.equal(await tile(bob, "Ada").locator("video").evaluate((video) => video.style.opacity), "0");
  // Before anybody else may be heard.
  const { participants } = await told(ada, "speaking");
  assert.deepEqual(participants.map(({ name }) => name), ["Bob"]);
  assert.equal(await ask("camera"), true);
  await moves(bob, "Ada");
  assert.equal(await ask("camera", false), false);
  assert.equal(await ask("mute", false), false);
  assert.equal(await ask("mute"), true);
  // A press on the site's page is handed on to the frame, which alone may ask for a screen.
  await ada.evaluate(() => {
    document.getElementById("share").onclick = async () => {
      window.shown = await document.querySelector("tok-room").share().catch((error) => error.message);
    };
  });
  await ada.getByRole("button", { name: "Share" }).click();
  await ada.waitForFunction(() => window.shown !== undefined);
  assert.equal(await ada.evaluate(() => window.shown), true);
  await tile(bob, "Ada, screen").waitFor();
  assert.equal(await ask("share", false), false);
  await tile(bob, "Ada, screen").waitFor({ state: "detached" });
  // Whoever speaks stands large.
  await frame.waitForFunction(() => {
    const [bob, mine] = ["#grid li:not(.mine)", "#grid li.mine"].map((tile) => document.querySelector(tile).clientWidth);
    return bob > mine * 2;
  });
  assert.match(await ask("send", ""), /^no: /);
  const id = await ask("send", "hello");
  assert.equal(await bob.locator(`#message-${id} p`).textContent(), "hello");
  // Whoever was there before is told with the entry, and not once more.
  assert.deepEqual(await ada.evaluate(() => window.told.filter(([event]) => event.startsWith("participant-"))), []);
  // Of two the other one is large; of three all are alike.
  const eve = await open(`${tok.url}/r/tea`);
  await join(eve, "Eve");
  await ada.evaluate(() => (document.querySelector("tok-room").layout = "grid"));
  await frame.waitForFunction(() => new Set([...document.querySelectorAll("#grid li")].map((tile) => tile.clientWidth)).size === 1 && document.querySelectorAll("#grid li").length === 3);
  await stop();
});

test("a page that is not listed is refused its frame, and told why", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SERVER__EMBED_ORIGINS: "http://localhost:1" });
  tok.tok("room", "create", "tea", "-q");
  const silent = await serve();
  silent.tok("room", "create", "tea", "-q");
  const refused = async (server, more) => {
    const at = await site(() => html(`<iframe src="${server.url}/r/tea" ${more}></iframe>${element(server, "tea")}`));
    const page = await open(at.url);
    await page.evaluate(kept);
    const { message, refused: out } = await told(page, "error");
    assert.ok(out && message.includes(`is ${at.url} listed in its server.embed_origins?`), message);
    for (const frame of page.frames().slice(1)) {
      assert.equal(await frame.evaluate(() => document.querySelector("#lobby")), null);
    }
    await page.context().close();
    at.close();
  };
  const ways = ["", 'referrerpolicy="no-referrer"'];
  await Promise.all([tok, silent].flatMap((server) => ways.map((more) => refused(server, more))));
  assert.equal(await tok.stop(), 0);
  assert.equal(await silent.stop(), 0);
});

test("what others say has no effect, here and there", { timeout: 120000 }, async () => {
  // A frame of another site beside the room, and one with the room's own server's origin.
  const evil = await site(() =>
    html(`<script>
      const say = (to) => {
        to.postMessage({ tok: 1, type: "hello", name: "Mallory", start: [], join: true, look: { accent: "red" } }, "*");
        to.postMessage({ tok: 1, type: "ask", id: 0, act: "leave", args: [] }, "*");
        to.postMessage({ tok: 1, type: "event", event: "message", detail: { text: "evil" } }, "*");
        to.postMessage({ tok: 1, type: "event", event: "left", detail: { message: "evil" } }, "*");
        to.postMessage("evil", "*");
      };
      onmessage = () => { say(parent); for (let at = 0; at < parent.length; at++) if (parent[at] !== self) say(parent[at]); };
      window.open_ = (url) => { window.popup = open(url); };
      window.sayTo = () => say(window.popup);
    </script>`),
  );
  const noted = () => {
    window.noted = [];
    addEventListener("message", ({ origin, data }) => window.noted.push([origin, data]));
  };
  const { tok, url, stop } = await listed((tok) => {
    for (const room of ["tea", "bare"]) tok.tok("room", "create", room, "-q");
    return (path) =>
      path === "/"
        ? html(`${element(tok, "tea", 'name="Ada" start="joined"')}
            <iframe id="bare" src="${tok.url}/r/bare#embedded" allow="camera; microphone"></iframe><iframe id="evil" src="${evil.url}"></iframe>`)
        : undefined;
  });
  const ada = await open(url, (page) => page.addInitScript(noted));
  await ada.evaluate(kept);
  const frame = await within(ada, tok);
  await frame.locator("#call").waitFor();
  const bare = await (await ada.locator("#bare").elementHandle()).contentFrame();
  // This one waits for its site's greeting.
  assert.ok(await bare.locator("#lobby").isHidden());
  await ada.evaluate(() => document.getElementById("evil").contentWindow.postMessage("go", "*"));
  const heard = (of) => of.waitForFunction((origin) => window.noted.some(([from, data]) => from === origin && data === "evil"), evil.url);
  await Promise.all([heard(ada), heard(bare)]);
  assert.ok(await bare.locator("#lobby").isHidden());
  assert.deepEqual(await ada.evaluate(() => window.told.filter(([, detail]) => JSON.stringify(detail).includes("evil"))), []);
  // The same from the right place, but of another version or without an origin's word, is nothing either.
  await ada.evaluate((origin) => {
    const { contentWindow } = document.getElementById("bare");
    contentWindow.postMessage({ tok: 2, type: "hello", name: "Ada" }, origin);
    contentWindow.postMessage({ tok: 1, type: "ask", id: 7, act: "leave", args: [] }, origin);
    contentWindow.postMessage("second", origin);
  }, tok.url);
  await bare.waitForFunction(() => window.noted.some(([, data]) => data === "second"));
  assert.ok(await bare.locator("#lobby").isHidden());
  assert.deepEqual(await ada.evaluate((origin) => window.noted.filter(([from, data]) => from === origin && data.id === 7), tok.url), []);
  // The room's page says nothing but to the page around it, and that page's greeting works still.
  await ada.evaluate((origin) => document.getElementById("bare").contentWindow.postMessage({ tok: 1, type: "hello", name: "Eve", start: [] }, origin), tok.url);
  await bare.locator("#lobby").waitFor();
  assert.equal(await bare.getByLabel("Your name").inputValue(), "Eve");
  assert.equal(await ada.evaluate(() => document.querySelector("tok-room").mute()), true);
  assert.ok(await frame.locator("#call").isVisible());
  // Whoever opens the page in a window of its own is not heard at all.
  const other = await open(evil.url, (page) => page.context().addInitScript(noted));
  const opening = other.waitForEvent("popup");
  await other.evaluate((url) => window.open_(url), `${tok.url}/r/tea#embedded`);
  const popup = await opening;
  await popup.locator("#lobby").waitFor();
  await other.evaluate(() => window.sayTo());
  await popup.waitForFunction(() => window.noted.some(([, data]) => data === "evil"));
  assert.ok(await popup.locator("#lobby").isVisible());
  assert.equal(await popup.getByLabel("Your name").inputValue(), "");
  evil.close();
  await stop();
});

test("the room works in a frame that may store nothing", { timeout: 60000 }, async () => {
  const { tok, url, stop } = await listed((tok) => {
    tok.tok("room", "create", "tea", "-q");
    return (path) => (path === "/" ? html(element(tok, "tea", 'name="Ada"')) : undefined);
  });
  const ada = await open(url, (page) =>
    page.addInitScript(() => {
      if (window.parent === window) return;
      const refuse = () => {
        throw new DOMException("access is denied", "SecurityError");
      };
      for (const name of ["localStorage", "sessionStorage", "caches", "indexedDB"]) Object.defineProperty(window, name, { get: refuse });
      Object.defineProperty(Navigator.prototype, "serviceWorker", { get: refuse });
    }),
  );
  const frame = await within(ada, tok);
  await join(frame, "Ada");
  const bob = await open(`${tok.url}/r/tea`);
  await join(bob, "Bob");
  await Promise.all([moves(bob, "Ada"), moves(frame, "Bob")]);
  assert.ok(await frame.locator("#closed").isHidden());
  assert.deepEqual(ada.complaints, []);
  await stop();
});
