// The servers that help people find a way to each other, tried by `tok doctor` at a real one.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "./redis.mjs";

const SECRET = "shared by both";
let directory, port, tlsPort, server;

// A certificate for 127.0.0.1, signed by itself, in these files.
function certify(authority) {
  const file = join(directory, authority);
  const what = ["-subj", `/CN=${authority}`, "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", `${file}.key`, "-out", `${file}.crt`, ...what], { stdio: "ignore" });
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "tok-turn-"));
  port = await freePort();
  tlsPort = await freePort();
  certify("turn");
  certify("other");
  const options = ["-n", "--no-cli", "--no-dtls", `--tls-listening-port=${tlsPort}`, `--cert=${directory}/turn.crt`, `--pkey=${directory}/turn.key`, "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${port}`, "--allow-loopback-peers", "--realm=example.org", "--use-auth-secret", `--static-auth-secret=${SECRET}`, "--log-file=stdout", "--simple-log", `--pidfile=${directory}/pid`, `--userdb=${directory}/db`];
  server = spawn("turnserver", options, { cwd: directory, env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, stdio: "ignore" });
  const ended = new Promise((_, reject) => server.once("exit", (code) => reject(new Error(`turnserver ended with ${code}`))));
  ended.catch(() => {});
  // It is there when it tells an address.
  const there = async () => {
    for (let tries = 0; tries < 100; tries++) if (doctor().STUN[0].health === "ok") return;
    throw new Error("turnserver never answered");
  };
  await Promise.race([there(), ended]);
});

after(() => {
  server?.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

// What doctor finds, by check.
function doctor(more = {}) {
  const env = {
    HOME: directory,
    PATH: process.env.PATH,
    TOK_SIGNALLING__STUN_URLS: `stun:127.0.0.1:${port}`,
    TOK_SIGNALLING__TURN_URLS: `turn:127.0.0.1:${port}?transport=udp,turn:127.0.0.1:${port}?transport=tcp,turns:127.0.0.1:${tlsPort}?transport=tcp`,
    TOK_SIGNALLING__TURN_SECRET: SECRET,
    SSL_CERT_FILE: `${directory}/turn.crt`,
    ...more,
  };
  const run = spawnSync(process.env.TOK, ["doctor", "--json"], { cwd: directory, env, encoding: "utf8" });
  const { findings } = JSON.parse(run.stdout);
  return Object.groupBy ? Object.groupBy(findings, ({ check }) => check) : findings.reduce((by, one) => ({ ...by, [one.check]: [...(by[one.check] ?? []), one] }), {});
}

test("doctor gets an address and relays with its own secret", () => {
  const { STUN, TURN } = doctor();
  assert.match(STUN[0].message, /sees this machine at 127\.0\.0\.1:\d+$/);
  assert.deepEqual(TURN.map(({ health }) => health), ["ok", "ok", "ok"]);
  for (const { message } of TURN.slice(0, 2)) assert.match(message, /gives a relay, at 127\.0\.0\.1:\d+$/);
  assert.match(TURN[2].message, /answers by TLS$/);
});

test("a certificate that browsers would not take, and no TLS at all, are found", async () => {
  const [, , strange] = doctor({ SSL_CERT_FILE: `${directory}/other.crt` }).TURN;
  assert.equal(strange.health, "fail");
  assert.match(strange.message, /has no TLS that browsers take: 127\.0\.0\.1:\d+: its certificate is not trusted/);
  assert.match(strange.advice, /certificate/);
  const [named] = doctor({ TOK_SIGNALLING__TURN_URLS: `turns:localhost:${tlsPort}?transport=tcp` }).TURN;
  assert.match(named.message, /its certificate is for another name/);
  // Whoever listens there says nothing.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const [mute] = doctor({ TOK_SIGNALLING__TURN_URLS: `turns:127.0.0.1:${silent.address().port}?transport=tcp` }).TURN;
  silent.close();
  assert.equal(mute.health, "fail");
  assert.match(mute.message, /has no TLS that browsers take: .*no answer/);
});

test("another secret, and nobody at the address, are told apart", async () => {
  const { TURN } = doctor({ TOK_SIGNALLING__TURN_SECRET: "another one" });
  for (const { health, message, advice } of TURN.slice(0, 2)) {
    assert.equal(health, "fail");
    assert.match(message, /does not take our credentials/);
    assert.match(advice, /turn_secret/);
  }
  const nobody = await freePort();
  const silent = doctor({ TOK_SIGNALLING__STUN_URLS: `stun:127.0.0.1:${nobody}`, TOK_SIGNALLING__TURN_URLS: `turn:127.0.0.1:${nobody}?transport=tcp` });
  assert.match(silent.STUN[0].message, /does not answer/);
  assert.match(silent.TURN[0].message, /does not answer: .*refused/i);
  assert.match(silent.TURN[0].advice, /firewall/);
  const [{ health, message, advice }] = doctor({ TOK_SIGNALLING__TURN_URLS: `turns:127.0.0.1:${nobody}` }).TURN;
  assert.equal(health, "fail");
  assert.match(message, /does not answer: .*refused/i);
  assert.match(advice, /certificate/);
});
