// The panels beside the pictures: people and what hosts do with them, one's own name, whom one writes to, and
// what fits on each screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, comeIn, useBrowser } from "./pages.mjs";
import { Client, insiders, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

async function enter(url, name, options = {}) {
  const page = await browser.open(options);
  await page.goto(url);
  await page.locator("#name").fill(name);
  await page.locator("#join .primary").click();
  await page.locator("#grid li").first().waitFor();
  return page;
}

const others = async (tok, room, ...names) => {
  const clients = [];
  for (const name of names) {
    const client = new Client(tok.url);
    await client.join(room, name);
    clients.push(client);
  }
  return clients;
};
const host = (tok, room) => JSON.parse(tok.tok("token", "create", room, "--role", "host", "--json")).token;

test("somebody takes another name in the call, and keeps it when the line breaks", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  const [bob] = await others(tok, "tea", "Bob");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "Rename yourself" }).click();
  const name = ada.getByLabel("New name");
  assert.equal(await name.inputValue(), "Ada");
  await accessible(ada, "another name");
  await name.fill("Ada Lovelace");
  // What others do takes nothing of it away.
  bob.socket.emit("update-mediaState", { cameraEnabled: false, microphoneEnabled: true, screenEnabled: false });
  await ada.locator("#people li", { hasText: "Bob" }).filter({ hasNotText: "muted" }).waitFor();
  assert.deepEqual([await name.inputValue(), await ada.evaluate(() => document.activeElement.id)], ["Ada Lovelace", "new-name"]);
  await ada.keyboard.press("Enter");
  await ada.getByText("Ada Lovelace (you)").first().waitFor();
  await until("Bob knows", () => bob.heard.some(([event, , to]) => event === "participant-changed-name" && to === "Ada Lovelace"));
  assert.ok(await ada.locator("#rename").isHidden());
  await tok.restart();
  await until("she is back", () => insiders(tok, "tea").includes("Ada Lovelace"), 30000);
  await ada.reload();
  await until("it is remembered", async () => (await ada.locator("#name").inputValue()) === "Ada Lovelace");
  bob.socket.disconnect();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("hosts mute everybody at once, and what is hard stands behind a press that stays", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea#token=${host(tok, "tea")}`, "Ada");
  const [bob, eve] = await others(tok, "tea", "Bob", "Eve");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "Mute all" }).click();
  for (const client of [bob, eve]) await until("all are asked", () => client.has("mute-request"));
  assert.ok(await ada.getByRole("button", { name: "Remove Eve" }).isHidden());
  await ada.getByLabel("More for Eve").click();
  const remove = ada.getByRole("button", { name: "Remove Eve" });
  await remove.waitFor();
  await accessible(ada, "more");
  // A press counts though somebody turns something on meanwhile.
  const { x, y } = await remove.boundingBox();
  await ada.mouse.move(x + 5, y + 5);
  await ada.mouse.down();
  bob.socket.emit("update-mediaState", { cameraEnabled: false, microphoneEnabled: true, screenEnabled: false });
  await ada.locator("#people li", { hasText: "Bob" }).filter({ hasNotText: "muted" }).waitFor();
  await ada.mouse.up();
  await until("Eve is out", () => eve.has("kicked"));
  assert.ok(!bob.has("kicked"));
  for (const client of [bob, eve]) client.socket.disconnect();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("whom one writes to is drawn anew only when somebody comes or goes", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  const [bob, eve] = await others(tok, "tea", "Bob", "Eve");
  await ada.getByRole("button", { name: "Chat" }).click();
  await ada.getByLabel("To", { exact: true }).selectOption({ label: "Eve only" });
  await ada.evaluate(() => {
    window.drawn = 0;
    new MutationObserver((changes) => (window.drawn += changes.length)).observe(document.getElementById("to"), { childList: true });
  });
  bob.socket.emit("update-mediaState", { cameraEnabled: false, microphoneEnabled: true, screenEnabled: false });
  await ada.locator("#grid .caption", { hasText: /^Bob$/ }).waitFor();
  assert.equal(await ada.evaluate(() => window.drawn), 0);
  const [dan] = await others(tok, "tea", "Dan");
  await ada.locator("#to option", { hasText: "Dan only" }).waitFor({ state: "attached" });
  assert.equal(await ada.locator("#to option:checked").textContent(), "Eve only");
  for (const client of [bob, eve, dan]) client.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("on every screen the controls stand in one row, and of the chat only its messages scroll", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__ROOM_RATE: "off" });
  tok.tok("room", "create", "tea", "--property", "title=The weekly round of everybody who works on the garden");
  for (const locale of ["en-US", "de-DE"]) {
    const ada = await enter(`${tok.url}/r/tea`, "Ada", { locale });
    const [bob] = await others(tok, "tea", "Bob");
    for (let n = 0; n < 30; n++) await bob.ask("send-message", "everyone", `line ${n}`);
    await ada.locator("#show-chat").click();
    for (const [width, height] of [[360, 740], [740, 360], [768, 1024], [1000, 700], [1056, 700], [1440, 900]]) {
      await ada.setViewportSize({ width, height });
      const where = `${locale} ${width}x${height}`;
      const seen = await ada.evaluate(() => {
        const box = (of) => document.querySelector(of).getBoundingClientRect();
        const controls = [...document.querySelectorAll("#call footer > button")].filter((button) => button.checkVisibility()).map((button) => button.getBoundingClientRect());
        const [panel, form, list] = ["#chat-panel", "#write", "#messages"].map((of) => document.querySelector(of));
        const tiles = () => [...document.querySelectorAll("#grid li")].map(({ style }) => style.cssText).join();
        const before = tiles();
        document.getElementById("status").textContent = "The connection broke; trying again. ".repeat(3);
        return {
          rows: new Set(controls.map(({ top }) => Math.round(top))).size,
          header: box("#call header").height,
          scrolls: panel.scrollHeight > panel.clientHeight + 1,
          reads: list.clientHeight,
          form: form.getBoundingClientRect().height,
          cut: form.getBoundingClientRect().bottom > panel.getBoundingClientRect().bottom,
          jumps: before !== tiles(),
          link: box("#copy-link").height,
        };
      });
      const { rows, header, scrolls, reads, form, cut, jumps, link } = seen;
      assert.deepEqual({ rows, scrolls, cut, jumps }, { rows: 1, scrolls: false, cut: false, jumps: false }, where);
      assert.ok(header < 60 && link < 40 && form < 80 && reads > form, `${where}: ${JSON.stringify(seen)}`);
    }
    await ada.evaluate(() => (document.getElementById("status").textContent = ""));
    bob.socket.disconnect();
    await ada.context().close();
  }
  assert.equal(await tok.stop(), 0);
});

test("who sees themselves sees a mirror, and what a camera shows of the place is no mirror", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const turns = async (facing) => {
    const page = await browser.open();
    await page.addInitScript((facing) => {
      const { getSettings } = MediaStreamTrack.prototype;
      MediaStreamTrack.prototype.getSettings = function () {
        return { ...getSettings.call(this), facingMode: this.kind === "video" ? facing : undefined };
      };
    }, facing);
    await page.goto(`${tok.url}/r/tea`);
    await page.getByText("Camera and microphone work.").waitFor();
    const lobby = await page.locator("#preview").evaluate((of) => getComputedStyle(of).transform);
    await comeIn(page, facing);
    const call = await page.locator("#grid .mine video").evaluate((of) => getComputedStyle(of).transform);
    await page.context().close();
    return [lobby, call];
  };
  const mirror = "matrix(-1, 0, 0, 1, 0, 0)";
  assert.deepEqual(await turns("user"), [mirror, mirror]);
  assert.deepEqual(await turns("environment"), ["none", "none"]);
  assert.equal(await tok.stop(), 0);
});

// Texts that a page would take for its own, if it did not look.
const MARKUP = [
  '<img src=x onerror="taken=1">',
  "<svg/onload=taken=1><script>taken=1</script>",
  '"><iframe srcdoc="<script>parent.taken=1</script>">',
  "' onfocus='taken=1' autofocus='",
  "javascript:taken=1 {name} ${taken=1}",
];

test("what people call themselves and write is text, whatever stands in it", { timeout: 90000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__MESSAGE_RATE: "off" });
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, MARKUP[0]);
  const clients = await others(tok, "tea", ...MARKUP);
  await ada.getByRole("button", { name: "Chat" }).click();
  for (const [n, client] of clients.entries()) assert.ok((await client.ask("send-message", "everyone", MARKUP[n])).success);
  const address = 'https://example.com/"onmouseover="taken=1';
  assert.ok((await clients[0].ask("send-message", "everyone", `look: ${address} <b>now</b>`)).success);
  const has = async (where, text) => (await ada.locator(where).allTextContents()).some((found) => found.includes(text));
  for (const text of [...MARKUP, "<b>now</b>"]) await until(`${text} is read`, () => has("#messages li", text));
  await ada.getByRole("button", { name: "People" }).click();
  for (const text of MARKUP) for (const where of ["#people li", "#grid li", "#to option"]) await until(`${text} in ${where}`, () => has(where, text));
  const strange = await ada.locator("#call").evaluate((call) => {
    const drawn = [...call.querySelectorAll("img, script, iframe, b, [onerror], [onload], [onfocus], [onmouseover], [autofocus], [srcdoc]")];
    return drawn.map((element) => element.outerHTML);
  });
  assert.deepEqual(strange, []);
  const links = await ada.locator("#messages a").evaluateAll((all) => all.map((link) => [link.protocol, link.host, link.rel, link.getAttributeNames().sort()]));
  assert.deepEqual(links, [["https:", "example.com", "noopener noreferrer nofollow", ["href", "rel", "target"]]]);
  assert.equal(await ada.evaluate(() => globalThis.taken), undefined);
  assert.deepEqual(ada.complaints, []);
  for (const client of clients) client.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});
