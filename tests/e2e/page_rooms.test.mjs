// What becomes of rooms that go with their host, when the host has the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { comeIn, useBrowser } from "./pages.mjs";
import { Client, until } from "./people.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser();

test("a host who reloads the page ends no call, and one who leaves it does", { timeout: 120000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "15s" });
  const maker = new Client(tok.url);
  const { data } = await maker.ask("create-room", "Team");
  const ada = await browser.open();
  await ada.goto(`${tok.url}/r/${data.id}`);
  await comeIn(ada, "Ada");
  const bob = new Client(tok.url);
  await bob.join(data.id, "Bob");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("Ada (you) · host").waitFor();
  await ada.reload();
  await comeIn(ada, "Ada");
  await ada.getByRole("button", { name: "People" }).click();
  await ada.getByText("Ada (you) · host").waitFor();
  await ada.getByText("(2)").waitFor();
  assert.ok(!bob.has("room-ended"));
  // Whoever is gone for longer than they are waited for is gone.
  await ada.close();
  await until("it is over", () => bob.has("room-ended", "host_left"), 60000);
  for (const client of [maker, bob]) client.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("clients that do not come back by themselves end it at once, as at the original", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "60s" });
  for (const [resumes, patience] of [[undefined, 20000], [true, 0]]) {
    const ada = new Client(tok.url);
    const { data } = await ada.ask("create-room", "Team");
    await ada.join(data.id, "Ada", { resumes });
    const bob = new Client(tok.url);
    await bob.join(data.id, "Bob");
    // The line breaks without a goodbye.
    ada.socket.io.engine.close();
    if (patience) await until("it is over", () => bob.has("room-ended", "host_left"), patience);
    else {
      const again = new Client(tok.url);
      const { resumed } = await again.join(data.id, "Ada", { id: ada.me.id, key: ada.me.key, resumes });
      assert.ok(resumed && !bob.has("room-ended"));
      again.socket.disconnect();
    }
    bob.socket.disconnect();
  }
  assert.equal(await tok.stop(), 0);
});

test("who may open no WebSocket comes in all the same", { timeout: 60000 }, async () => {
  const tok = await serve({ TOK_SIGNALLING__GRACE: "60s" });
  tok.tok("room", "create", "office");
  const page = await browser.open();
  await page.addInitScript(() => {
    window.tried = 0;
    window.WebSocket = class {
      constructor() {
        window.tried += 1;
        setTimeout(() => this.onclose?.({}), 10);
      }
      send() {}
      close() {}
    };
  });
  await page.goto(`${tok.url}/r/office`);
  await comeIn(page, "Ada");
  const bob = new Client(tok.url);
  await bob.join("office", "Bob");
  await page.locator("#grid li", { hasText: "Bob" }).waitFor();
  assert.equal(await page.evaluate(() => window.tried), 2);
  await page.getByRole("button", { name: "Chat" }).click();
  await page.getByLabel("Message", { exact: true }).fill("by requests");
  await page.keyboard.press("Enter");
  await until("it arrives", () => bob.heard.some(([event, message]) => event === "new-room-message" && message.content === "by requests"));
  await bob.ask("send-message", "everyone", "and back");
  await page.locator("#messages li", { hasText: "and back" }).waitFor();
  // Who leaves is gone for the others at once.
  await page.getByRole("button", { name: "Leave" }).click();
  await until("she is gone", () => bob.heard.some(([event]) => event === "participant-left"));
  bob.socket.disconnect();
  assert.equal(await tok.stop(), 0);
});

test("a link in capitals or with a slash at its end leads to the room, with all that it says", { timeout: 60000 }, async () => {
  const tok = await serve();
  tok.tok("room", "create", "tea", "BAR", "bar");
  const invitation = JSON.parse(tok.tok("token", "create", "tea", "--user-id", "ada", "--user-name", "Ada", "--json")).token;
  for (const way of ["/r/tea/", "/r/TEA", "/r/Tea/"]) {
    const page = await browser.open();
    await page.goto(`${tok.url}${way}?lang=de#token=${invitation}`);
    assert.equal(page.url(), `${tok.url}/r/tea?lang=de`, "the token is read and put away");
    assert.equal(await page.getByLabel("Dein Name").inputValue(), "Ada");
    await page.context().close();
  }
  for (const exact of ["BAR", "bar"]) {
    const page = await browser.open();
    await page.goto(`${tok.url}/r/${exact}`);
    assert.equal(page.url(), `${tok.url}/r/${exact}`);
    await page.getByRole("heading", { name: exact, exact: true }).waitFor();
    await page.context().close();
  }
  assert.equal(await tok.stop(), 0);
});
