// What one may send: paid by whoever sends it, never by whoever hears it.

import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { Client, dropped, insiders, metric, silentWay, until } from "./people.mjs";
import { serve } from "./serve.mjs";

// Addresses of this machine are as strange as any.
const STRANGERS = { TOK_SERVER__TRUSTED_PROXIES: "192.0.2.1", TOK_SIGNALLING__MESSAGE_RATE: "off", TOK_SIGNALLING__ROOM_RATE: "off" };
const at = (n) => ({ agent: new Agent({ localAddress: `127.0.1.${n}` }) });

test("long messages are paid by the address they come from, and by the room", { timeout: 60000 }, async () => {
  const tok = await serve({ ...STRANGERS, TOK_SIGNALLING__MESSAGE_BYTES: "1KiB", TOK_SIGNALLING__ROOM_BYTES: "1500B" });
  tok.tok("room", "create", "loud");
  tok.tok("room", "create", "quiet");
  const [ada, again, bob, eve] = [new Client(tok.url, at(1)), new Client(tok.url, at(1)), new Client(tok.url, at(2)), new Client(tok.url, at(3))];
  await Promise.all([ada, again, bob, eve].map((client, n) => client.join("loud", `Person ${n}`)));
  const say = async (client, bytes) => (await client.ask("send-message", "everyone", "x".repeat(bytes))).status;
  // 64 seconds' worth at once, whoever of the address writes, and however short it is.
  for (let n = 0; n < 4; n++) assert.equal(await say(n % 2 ? ada : again, 16000), 200);
  for (const client of [ada, again]) assert.equal(await say(client, 16000), 429);
  for (let n = 0; n < 2; n++) assert.equal(await say(bob, 15000), 200);
  assert.equal(await say(eve, 16000), 429, "the room has had enough");
  const carol = new Client(tok.url, at(3));
  await carol.join("quiet", "Carol");
  assert.equal(await say(carol, 16000), 200);
  const edited = await ada.ask("edit-message", "000000000001", "x".repeat(16000));
  assert.equal(edited.status, 429);
  for (const client of [ada, again, bob, eve, carol]) client.socket.disconnect();
  await tok.stop();
});

test("nobody is thrown out by signals of others", { timeout: 120000 }, async () => {
  const tok = await serve(STRANGERS);
  tok.tok("room", "create", "call");
  const way = await silentWay(tok.url, { bytesPerSecond: 1.25e6 });
  const victim = new Client(way.url);
  const { id } = await victim.join("call", "Victim");
  const crowd = Array.from({ length: 10 }, (_, n) => new Client(tok.url, at(n + 1)));
  for (const [n, client] of crowd.entries()) await client.join("call", `Stranger ${n}`);
  const large = { sdp: "x".repeat(60000) };
  const huge = await crowd[0].ask("signal", id, { sdp: "x".repeat(66000) });
  assert.equal(huge.status, 400, "longer than any");
  // Small ones by the thousand as well as large ones.
  const floods = crowd.flatMap((client, n) => Array.from({ length: n ? 40 : 400 }, () => client.ask("signal", id, n ? large : { n })));
  const told = (await Promise.all(floods)).map(({ status }) => status);
  const refused = told.filter((status) => status === 429).length;
  assert.ok(refused > 0 && told.every((status) => status === 200 || status === 429), `${refused}`);
  assert.ok((await crowd[1].ask("send-message", "everyone", "are you there?")).success);
  await until("the victim hears it", () => victim.heard.some(([event, message]) => event === "new-room-message" && message.content === "are you there?"), 60000);
  assert.equal(await dropped(tok, "slow"), 0);
  assert.ok(victim.socket.connected && insiders(tok, "call").includes("Victim"));
  assert.ok((await metric(tok, "tok_signals_dropped_total")) > 0);
  way.close();
  for (const client of [victim, ...crowd]) client.socket.disconnect();
  await tok.stop();
});
