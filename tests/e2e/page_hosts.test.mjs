// Who runs the call, who is called what, and what those hear who wait at the door.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, comeIn, useBrowser } from "./pages.mjs";
import { Client, insiders, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

async function enter(url, name) {
  const page = await browser.open();
  await page.goto(url);
  await comeIn(page, name);
  return page;
}
const token = (tok, room, ...more) => JSON.parse(tok.tok("token", "create", room, ...more, "--json")).token;
const client = async (tok, room, name, keys) => {
  const made = new Client(tok.url);
  await made.join(room, name, keys);
  return made;
};
const door = (tok) => tok.tok("room", "create", "door", "--property", "waiting_room=true", "--property", "title=The round");

test("who waits longest runs the room when its only host leaves, and nobody walks past", { timeout: 60000 }, async () => {
  const tok = await serve();
  door(tok);
  const ada = await enter(`${tok.url}/r/door`, "Ada");
  const bob = await enter(`${tok.url}/r/door`, "Bob");
  await bob.getByText("The hosts of “The round” were told that you are here.").waitFor();
  const carol = await client(tok, "door", "Carol");
  assert.ok(carol.me.waiting);
  // What is told stands for some seconds only: it is looked for from before.
  const told = bob.locator("#status", { hasText: "You are the host now." }).waitFor();
  await ada.getByRole("button", { name: "Leave" }).click();
  await told;
  await bob.locator("#grid li", { hasText: "Bob (you)" }).waitFor();
  assert.deepEqual(insiders(tok, "door"), ["Bob"]);
  // Whoever comes by the link now knocks like everybody.
  const dan = await client(tok, "door", "Dan");
  assert.deepEqual([dan.me.waiting, dan.me.role], [true, "participant"]);
  await bob.getByRole("button", { name: "People" }).click();
  await bob.getByText("Bob (you) · host").waitFor();
  await bob.getByRole("button", { name: "Let Dan in" }).waitFor();
  await bob.getByRole("button", { name: "Let Carol in" }).click();
  await until("she is in", () => carol.has("waiting-room-accept"));
  for (const of of [carol, dan]) of.socket.disconnect();
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("where hosts have tokens, who waits hears that none is there, and that one is there again", { timeout: 60000 }, async () => {
  const tok = await serve();
  door(tok);
  const boss = await client(tok, "door", "Boss", { token: token(tok, "door", "--role", "host") });
  const bob = await enter(`${tok.url}/r/door`, "Bob");
  await bob.getByText("The hosts of “The round” were told that you are here.").waitFor();
  boss.socket.disconnect();
  const nobody = "No host is here now; you can come in as soon as one is there again.";
  await bob.locator("#waiting-text", { hasText: nobody }).waitFor();
  await until("it is said", async () => (await bob.locator("#said").textContent()) === nobody);
  await accessible(bob, "waiting for nobody");
  // Who comes now waits as well, and knows it, as does who comes back.
  const eve = await client(tok, "door", "Eve");
  assert.ok(eve.me.waiting && eve.has("waiting-room-host", "away"));
  await bob.reload();
  await comeIn(bob, "Bob");
  await bob.locator("#waiting-text", { hasText: nobody }).waitFor();
  const again = await client(tok, "door", "Boss", { token: token(tok, "door", "--role", "host") });
  await bob.locator("#waiting-text", { hasText: "The hosts of “The round” were told that you are here." }).waitFor();
  await until("she hears it", () => eve.has("waiting-room-host", "there"));
  await until("he is asked for", () => again.heard.filter(([event]) => event === "new-waiting-room-participant").length === 2);
  for (const of of [again, eve]) of.socket.disconnect();
  assert.deepEqual(bob.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("whom an invitation names and knows is called so, whatever they type", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const named = token(tok, "tea", "--user-id", "ada", "--user-name", "Ada");
  const page = await browser.open();
  await page.addInitScript(() => localStorage.setItem("tok:name", "Mallory"));
  await page.goto(`${tok.url}/r/tea#token=${named}`);
  const name = page.getByLabel("Your name");
  assert.deepEqual([await name.inputValue(), await name.isEditable()], ["Ada", false]);
  await accessible(page, "a name that is given");
  await comeIn(page, "Mallory");
  await page.locator("#grid li", { hasText: "Ada (you)" }).waitFor();
  await page.getByRole("button", { name: "People" }).click();
  await page.getByText("Ada (you)").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Rename yourself" }).count(), 0);
  // A client of another make is called so as well.
  const eve = await client(tok, "tea", "Mallory", { token: token(tok, "tea", "--user-id", "eve", "--user-name", "Eve") });
  assert.deepEqual(insiders(tok, "tea"), ["Ada", "Eve"]);
  const { status, reason } = await eve.ask("update-name", "Mallory");
  assert.deepEqual([status, reason, insiders(tok, "tea")], [403, "name_given", ["Ada", "Eve"]]);
  // Where only one of both is said, people say the other.
  const zoe = await client(tok, "tea", "Zoe", { token: token(tok, "tea", "--user-id", "zoe") });
  assert.ok((await zoe.ask("update-name", "Zoë")).success);
  for (const of of [eve, zoe]) of.socket.disconnect();
  assert.deepEqual(page.complaints, []);
  assert.equal(await tok.stop(), 0);
});

test("a host ends the call for everybody, after being asked, and nobody else can", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  const bob = await enter(`${tok.url}/r/tea`, "Bob");
  const eve = await client(tok, "tea", "Eve");
  const { status, reason } = await eve.ask("end-room");
  assert.deepEqual([status, reason], [403, "only_hosts"]);
  await bob.getByRole("button", { name: "People" }).click();
  assert.ok(await bob.locator("#end-all").isHidden());
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByRole("button", { name: "End the call for all" }).click();
  await ada.getByText("Everybody is out of the call then.").waitFor();
  await accessible(ada, "asked about the end");
  assert.equal(await ada.evaluate(() => document.activeElement.id), "end-not");
  await ada.getByRole("button", { name: "Go on" }).click();
  assert.ok(await ada.getByText("Everybody is out of the call then.").isHidden());
  assert.deepEqual(insiders(tok, "tea"), ["Ada", "Bob", "Eve"]);
  await ada.getByRole("button", { name: "End the call for all" }).click();
  await ada.getByRole("button", { name: "End it for all" }).click();
  for (const page of [ada, bob]) await page.getByRole("heading", { name: "The call is over" }).waitFor();
  await until("she is out", () => eve.has("room-ended", "ended"));
  assert.deepEqual(insiders(tok, "tea"), []);
  eve.socket.disconnect();
  assert.deepEqual([ada.complaints, bob.complaints], [[], []]);
  assert.equal(await tok.stop(), 0);
});

test("a host locks the room: nobody new comes in, all see that, and who was there comes back", { timeout: 90000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea`, "Ada");
  const bob = await enter(`${tok.url}/r/tea`, "Bob");
  assert.ok(await ada.locator("#locked").isHidden());
  await bob.getByRole("button", { name: "People" }).click();
  assert.ok(await bob.locator("#lock").isHidden());
  await ada.getByRole("button", { name: "People" }).click();
  // What is told stands for some seconds only: it is looked for from before.
  const told = [ada, bob].map((page) => page.locator("#status", { hasText: "Ada locked the room; nobody new comes in." }).waitFor());
  await ada.getByRole("button", { name: "Lock the room" }).click();
  await Promise.all(told);
  for (const page of [ada, bob]) await page.getByRole("img", { name: "Locked" }).waitFor();
  await accessible(ada, "a locked room");
  // Who comes now is told so, in their language, and comes in once it is open.
  const eve = await browser.open({ locale: "de-DE" });
  await eve.goto(`${tok.url}/r/tea`);
  await eve.getByLabel("Dein Name").fill("Eve");
  await eve.getByRole("button", { name: "Beitreten" }).click();
  await eve.getByRole("heading", { name: "Der Raum ist abgeschlossen" }).waitFor();
  await eve.getByText("Die Leitung hat ihn abgeschlossen").waitFor();
  await accessible(eve, "locked out");
  const zoe = new Client(tok.url);
  const { status, reason, error } = await zoe.ask("join-room", "tea", "Zoe");
  assert.deepEqual([status, reason], [409, "room_locked"]);
  await until("as the original tells it", () => zoe.has("error-event", "join", error, "J409"));
  await bob.reload();
  await comeIn(bob, "Bob");
  await bob.getByRole("img", { name: "Locked" }).waitFor();
  const boss = await client(tok, "tea", "Boss", { token: token(tok, "tea", "--role", "host") });
  assert.deepEqual(insiders(tok, "tea"), ["Ada", "Bob", "Boss"]);
  assert.ok(boss.heard.some(([event, { locked } = {}]) => event === "room-summary" && locked));
  await ada.getByRole("button", { name: "Unlock the room" }).click();
  for (const page of [ada, bob]) await page.locator("#locked").waitFor({ state: "hidden" });
  await until("she hears it", () => boss.has("room-locked", false));
  await eve.getByRole("button", { name: "Wieder beitreten" }).click();
  await eve.getByLabel("Dein Name").fill("Eve");
  await eve.getByRole("button", { name: "Beitreten" }).click();
  await eve.locator("#grid li", { hasText: "Eve (du)" }).waitFor();
  // On a phone the mark leaves the rest its place.
  await Promise.all([ada.locator("#status", { hasText: "A host locked the room" }).waitFor(), tok.run("room", "lock", "tea")]);
  await ada.setViewportSize({ width: 360, height: 640 });
  const box = await ada.locator("#call header").boundingBox();
  assert.ok(box.height < 60, `${box.height}`);
  await ada.getByRole("img", { name: "Locked" }).waitFor();
  const history = JSON.parse(tok.tok("room", "history", "tea", "--json")).filter(({ event }) => event.endsWith("locked"));
  assert.deepEqual(history.map(({ event, user_name }) => [event, user_name]), [["locked", "Ada"], ["unlocked", "Ada"], ["locked", undefined]]);
  for (const of of [boss, zoe]) of.socket.disconnect();
  assert.deepEqual([ada.complaints, bob.complaints, eve.complaints], [[], [], []]);
  assert.equal(await tok.stop(), 0);
});

test("beside a name that somebody typed stands who they are, and a name that a token gives stands alone", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea");
  const ada = await enter(`${tok.url}/r/tea#token=${token(tok, "tea", "--user-id", "u-1")}`, "Ada");
  const others = [
    await client(tok, "tea", "Mallory", { token: token(tok, "tea", "--user-id", "u-2") }),
    await client(tok, "tea", "Zoe", { token: token(tok, "tea", "--user-id", "u-3", "--user-name", "Eve") }),
    await client(tok, "tea", "Guest"),
  ];
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("(4)").waitFor();
  const lines = async () => Object.fromEntries(await ada.locator("#people > li").evaluateAll((lines) => lines.map((line) => [line.firstChild.textContent.split(",")[0], line.querySelector(".user")?.textContent])));
  assert.deepEqual(await lines(), { "Ada (you)": undefined, Mallory: "known as u-2", Eve: undefined, Guest: undefined });
  await accessible(ada, "who they are");
  // Whatever they call themselves.
  await others[0].ask("update-name", "Boss");
  await ada.locator("#people li", { hasText: "Boss" }).waitFor();
  assert.equal((await lines()).Boss, "known as u-2");
  for (const of of others) of.socket.disconnect();
  assert.deepEqual(ada.complaints, []);
  assert.equal(await tok.stop(), 0);
});
