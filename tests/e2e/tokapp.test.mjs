// The web client of TokApp, as it really calls: from Node, and from a page in a browser.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launchShell } from "./browser.mjs";
import { serve } from "./serve.mjs";

let site, origin, browser;

before(async () => {
  site = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>chat</title>");
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${site.address().port}`;
  browser = await launchShell();
});

after(async () => {
  await browser?.close();
  site?.close();
});

test("a Node client creates and deletes a room", async () => {
  const tok = await serve();
  const made = await fetch(`${tok.url}/create-room/V1StGXR8_Z5jdHi6B-myT`, { method: "POST" });
  assert.equal(made.status, 200);
  const room = await made.json();
  assert.equal(room.name, "V1StGXR8_Z5jdHi6B-myT");
  assert.match(room.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const gone = await fetch(`${tok.url}/delete-room/${room.name}`, { method: "DELETE" });
  assert.deepEqual(await gone.json(), { deleted: true, name: room.name });
  const again = await fetch(`${tok.url}/delete-room/${room.name}`, { method: "DELETE" });
  assert.equal(again.status, 404);
  assert.equal(await tok.stop(), 0);
});

test("a page of a listed origin may call, another may not", async () => {
  const tok = await serve({ TOK_SERVER__CORS_ORIGINS: origin });
  const closed = await serve();
  const page = await browser.newPage();
  await page.goto(origin);
  const call = (base) =>
    page.evaluate(async (base) => {
      try {
        const answer = await fetch(`${base}/create-room`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ name: "from-a-page" }),
        });
        return { status: answer.status, body: await answer.json() };
      } catch (error) {
        return { error: String(error) };
      }
    }, base);
  const allowed = await call(tok.url);
  assert.equal(allowed.status, 200, JSON.stringify(allowed));
  assert.equal(allowed.body.name, "from-a-page");
  const refused = await call(closed.url);
  assert.match(refused.error, /Failed to fetch/);
  assert.equal(closed.tok("room", "list", "-o", "name"), "", "the preflight stopped it");
  await page.close();
  assert.equal(await tok.stop(), 0);
  assert.equal(await closed.stop(), 0);
});

test("the documentation page shows every route and fetches nothing from elsewhere", async () => {
  const tok = await serve();
  const page = await browser.newPage();
  const elsewhere = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(tok.url) && !request.url().startsWith("data:")) {
      elsewhere.push(request.url());
    }
  });
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`${tok.url}/`);
  await page.click("text=API documentation");
  await page.waitForSelector(".opblock-summary-path");
  const paths = await page.$$eval(".opblock-summary-path", (all) =>
    all.map((one) => one.textContent.replaceAll("\u200b", "").trim()),
  );
  const described = await (await fetch(`${tok.url}/openapi.json`)).json();
  for (const path of Object.keys(described.paths)) {
    assert.ok(paths.includes(path), `${path} is not on the page: ${paths}`);
  }
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(problems, []);
  await page.close();
  assert.equal(await tok.stop(), 0);
});
