// What happens to a call by way of the server while the server stops, or its store is away.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { comeIn, moves, useBrowser } from "./pages.mjs";
import { serve } from "./serve.mjs";

const browser = useBrowser({ rate: 20 });

async function enter(tok, room, name) {
  const page = await browser.open();
  await page.goto(`${tok.url}/r/${room}`);
  await comeIn(page, name);
  return page;
}

test("a server that is stopped and started again is found again", { timeout: 150000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "again");
  const ada = await enter(tok, "again", "Ada");
  const bob = await enter(tok, "again", "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  await tok.restart("SIGTERM");
  const since = Date.now();
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  console.log(`back after ${Date.now() - since} ms`);
  assert.equal(await tok.stop(), 0);
});

test("media goes on while the store is away", { timeout: 150000 }, async () => {
  const tok = await serve({ TOK_ROOMS__MEDIA: "relayed" });
  tok.tok("room", "create", "away");
  const ada = await enter(tok, "away", "Ada");
  const bob = await enter(tok, "away", "Bob");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  // Somebody keeps the store from everybody who wants to write.
  const held = [
    "import sqlite3, sys",
    "store = sqlite3.connect(sys.argv[1], isolation_level=None)",
    "store.execute('BEGIN EXCLUSIVE')",
    "print('held')",
    "sys.stdin.read()",
  ].join("\n");
  const holder = spawn(process.env.PYTHON ?? "python3", ["-u", "-c", held, join(tok.home, ".local/share/tok/tok.db")]);
  await once(holder.stdout, "data");
  await assert.rejects(tok.run("room", "create", "another"), "the store is away");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  holder.stdin.end();
  await once(holder, "exit");
  await tok.run("room", "create", "another");
  await Promise.all([moves(ada, "Bob"), moves(bob, "Ada")]);
  assert.equal(await tok.stop(), 0);
});
