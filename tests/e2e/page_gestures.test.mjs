// Raised hands and reactions: who sees them, in what order, and what strangers can make of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Hands, isHand } from "../../src/server/page/hands.js";
import { accessible, comeIn, complainsAloud, shots, useBrowser } from "./pages.mjs";
import { Client, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

async function enter(url, name, options = {}) {
  const page = await browser.open(options);
  complainsAloud(page);
  await page.goto(url);
  await page.getByText("Camera and microphone work.").waitFor();
  await page.getByRole("button", { name: "Camera" }).click();
  await comeIn(page, name);
  return page;
}

const handOf = (page, name) => page.locator("#grid li:not(.screen)", { hasText: name }).locator(".hand");
const stands = (page, name, text) => until(`${name} has ${text}`, async () => (await handOf(page, name).textContent()) === text);

test("hands stand in the order in which they were raised, for everybody alike", () => {
  const [one, two] = [new Hands(), new Hands()];
  assert.equal(one.next, 1);
  assert.ok(one.put("b", one.next));
  assert.ok(!one.put("b", 1), "it is up already");
  const number = one.next;
  one.put("a", number);
  // The other one hears of them the other way round, and of one that was raised at the same time.
  for (const [id, at] of [["c", number], ["a", number], ["b", 1]]) two.put(id, at);
  one.put("c", number);
  for (const hands of [one, two]) assert.deepEqual(["b", "a", "c"].map((id) => hands.place(id)), [1, 2, 3]);
  one.put("b", 0);
  assert.deepEqual(["b", "a", "c"].map((id) => one.place(id)), [0, 1, 2]);
  assert.equal(one.next, number + 1);
  one.keep("c");
  assert.deepEqual(["a", "c"].map((id) => one.place(id)), [0, 1]);
  // Whatever others claim, there is a next one.
  one.put("x", 1_000_000_000);
  assert.ok(isHand(one.next));
});

test("what is no hand is none", () => {
  for (const wrong of [-1, 0.5, NaN, Infinity, "1", null, undefined, true, {}, [1], 1e10]) assert.ok(!isHand(wrong), String(wrong));
  for (const right of [0, 1, 1_000_000_000]) assert.ok(isHand(right));
});

test("a raised hand is seen by all, also by who comes later, and lowered by oneself or the host", { timeout: 90000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "class");
  const host = JSON.parse(tok.tok("token", "create", "class", "--role", "host", "--json")).token;
  const link = `${tok.url}/r/class`;
  const ada = await enter(`${link}#token=${host}`, "Ada");
  const bob = await enter(link, "Bob", { colorScheme: "dark" });
  await handOf(ada, "Bob").waitFor({ state: "attached" });
  await bob.keyboard.press("h");
  await stands(ada, "Bob", "✋ 1");
  await stands(bob, "Bob", "✋ 1");
  await ada.getByRole("button", { name: "React" }).click();
  await accessible(ada, "reactions");
  await ada.getByRole("button", { name: "Hand" }).click();
  await stands(bob, "Ada", "✋ 2");
  // Who comes later, and who comes back, sees them too.
  const eve = await enter(link, "Eve", { viewport: { width: 360, height: 740 } });
  await stands(eve, "Bob", "✋ 1");
  await stands(eve, "Ada", "✋ 2");
  await eve.getByRole("button", { name: "React" }).click();
  await accessible(eve, "reactions on a phone");
  await eve.screenshot({ path: `${shots}reactions-phone.png` });
  await eve.keyboard.press("Escape");
  assert.ok(await eve.locator("#reactions").isHidden());
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("Hand 1").waitFor();
  await accessible(ada, "hands in the list");
  await accessible(bob, "hands in the dark");
  await ada.screenshot({ path: `${shots}hands-desktop.png` });
  // Only hosts lower hands of others.
  await eve.getByRole("button", { name: "People" }).click();
  assert.equal(await eve.getByRole("button", { name: /Lower the hand of/ }).count(), 0);
  await ada.getByRole("button", { name: "Lower the hand of Bob" }).click();
  await bob.getByText("A host lowered your hand.").first().waitFor();
  for (const page of [ada, bob, eve]) {
    await stands(page, "Bob", "");
    await stands(page, "Ada", "✋ 1");
  }
  await ada.keyboard.press("h");
  await stands(eve, "Ada", "");
  assert.deepEqual([ada.complaints, bob.complaints, eve.complaints], [[], [], []]);
  assert.equal(await tok.stop(), 0);
});

test("a reaction stands over the picture for a moment, and nobody can flood with them", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "stage");
  const link = `${tok.url}/r/stage`;
  const [ada, bob] = [await enter(link, "Ada"), await enter(link, "Bob", { reducedMotion: "reduce" })];
  const over = (page, name) => page.locator("#grid li", { hasText: name }).locator(".reaction");
  await bob.keyboard.press("r");
  // It stands for a moment only: it is looked for from before.
  const stood = [ada, bob].map((page) => over(page, "Bob").filter({ hasText: /^🎉$/ }).waitFor());
  await bob.getByRole("button", { name: "Celebrate" }).click();
  await Promise.all(stood);
  await ada.screenshot({ path: `${shots}reaction-desktop.png` });
  await until("it is said", async () => (await ada.locator("#said").textContent()) === "Bob: Celebrate");
  assert.equal(await bob.evaluate(() => document.activeElement.id), "react");
  await over(ada, "Bob").waitFor({ state: "detached" });
  // A client of its own that sends whatever it likes.
  const eve = new Client(tok.url);
  await eve.join("stage", "Eve");
  const { participants } = eve.heard.find(([event]) => event === "room-summary")[1];
  const { id } = participants.find(({ name }) => name === "Ada");
  const tile = ada.locator("#grid li", { hasText: "Eve" });
  await tile.waitFor();
  await ada.evaluate(() => {
    window.shown = [];
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node.className === "reaction") window.shown.push(performance.now());
    }).observe(document.getElementById("grid"), { childList: true, subtree: true });
  });
  for (let n = 0; n < 50; n++) eve.socket.emit("signal", id, { reaction: n % 8 });
  for (const reaction of [8, -1, "1", 1.5, null, { length: 1 }, "constructor"]) eve.socket.emit("signal", id, { reaction });
  for (const hand of [-1, 1e12, "1", null, {}]) eve.socket.emit("signal", id, { hand });
  // Nobody but a host lowers a hand.
  await ada.keyboard.press("h");
  eve.socket.emit("signal", id, { lower: true });
  await eve.ask("signal", id, { hand: 7 });
  await stands(ada, "Eve", "✋ 2");
  await stands(ada, "Ada", "✋ 1");
  // A few in a second, however long it takes until all have come.
  const shown = await ada.evaluate(() => window.shown);
  const took = shown.at(-1) - shown[0];
  assert.ok(shown.length >= 1 && shown.length <= 2 + took / 300, `${shown.length} of 50 were shown in ${took} ms`);
  assert.ok((await over(ada, "Eve").count()) <= 1);
  eve.socket.disconnect();
  await tile.waitFor({ state: "detached" });
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});
