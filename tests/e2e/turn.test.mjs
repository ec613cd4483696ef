// The servers that help people find a way to each other, tried by `tok doctor` at a real one.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "./redis.mjs";

const SECRET = "shared by both";
let directory, port, tlsPort, server;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "tok-turn-"));
  [port, tlsPort] = [await freePort(), await freePort()];
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", `${directory}/key.pem`, "-out", `${directory}/cert.pem`, "-days", "2", "-subj", "/CN=turn of ours", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]);
  assert.equal(made.status, 0, String(made.stderr));
  const options = ["-n", "--no-cli", "--no-dtls", `--tls-listening-port=${tlsPort}`, `--cert=${directory}/cert.pem`, `--pkey=${directory}/key.pem`, "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${port}`, "--allow-loopback-peers", "--realm=example.org", "--use-auth-secret", `--static-auth-secret=${SECRET}`, "--log-file=stdout", "--simple-log", `--pidfile=${directory}/pid`, `--userdb=${directory}/db`];
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
    TOK_SIGNALLING__TURN_URLS: `turn:127.0.0.1:${port}?transport=udp,turn:127.0.0.1:${port}?transport=tcp,turns:127.0.0.1:${tlsPort}`,
    SSL_CERT_FILE: `${directory}/cert.pem`,
    TOK_SIGNALLING__TURN_SECRET: SECRET,
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
  for (const { message } of TURN) assert.match(message, /gives a relay, at 127\.0\.0\.1:\d+$/);
});

test("another secret, and nobody at the address, are told apart", async () => {
  const { TURN } = doctor({ TOK_SIGNALLING__TURN_SECRET: "another one" });
  assert.equal(TURN.length, 3);
  for (const { health, message, advice } of TURN) {
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

test("a certificate that is not trusted, and one for another name, are told", () => {
  const [untrusted] = doctor({ TOK_SIGNALLING__TURN_URLS: `turns:127.0.0.1:${tlsPort}`, SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" }).TURN;
  assert.equal(untrusted.health, "fail");
  assert.match(untrusted.message, /cannot be trusted: its certificate is not trusted/);
  assert.match(untrusted.advice, /browsers trust/);
  const [other] = doctor({ TOK_SIGNALLING__TURN_URLS: `turns:localhost:${tlsPort}` }).TURN;
  assert.equal(other.health, "fail");
  assert.match(other.message, /is for another name/);
  assert.match(other.advice, /signalling\.turn_urls/);
});
