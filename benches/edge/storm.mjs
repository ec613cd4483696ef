// What somebody with a key feels while strangers storm the server from two thousand addresses of this
// machine: `node benches/edge/storm.mjs`, with TOK naming a release binary, as root. One run, ratios. The
// server has the first core for itself; on the other the caller goes before the strangers, so that what is
// measured is the server's doing.

import { execFileSync, fork, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SOCKETS = 4096;
const HANDSHAKES = 5500;
const KEYS_PER_SECOND = 10000;
const SECONDS = Number(process.env.SECONDS ?? 10);
const address = (n) => `127.${1 + (n % 10)}.${Math.floor(n / 10) % 200}.7`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A connection that hears what it is sent and breaks without a word.
function raw(port, n) {
  const socket = connect({ port, host: "127.0.0.1", localAddress: address(n) });
  socket.on("error", () => {});
  socket.on("data", () => {});
  return socket;
}

async function storm(port, host) {
  const websocket = (n) => {
    const socket = raw(port, n);
    const head = ["GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", `Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""];
    socket.write(head.join("\r\n"));
    // Connects to the namespace: a text frame of "40", with a mask of zeros.
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]));
    return socket;
  };
  const sockets = Array.from({ length: SOCKETS }, (_, n) => websocket(n));
  const guess = (n) => `GET /v1/rooms HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer tok_${n.toString(16).padStart(12, "0")}_nonsense\r\n\r\n`;
  const guessers = Array.from({ length: 100 }, (_, n) => raw(port, n * 7));
  let guesses = 0;
  let handshakes = 0;
  let looked = 0;
  const since = Date.now();
  process.send("begun");
  for (let turn = 0; ; turn++) {
    // As many as are due by the clock, however late this turn is.
    const seconds = (Date.now() - since) / 1000;
    for (; guesses < seconds * KEYS_PER_SECOND; guesses++) {
      const n = guesses % guessers.length;
      if (guessers[n].destroyed) guessers[n] = raw(port, n * 7 + guesses);
      guessers[n].write(guess(guesses));
    }
    // Over and over, all of them in five seconds.
    for (; handshakes < (seconds * HANDSHAKES) / 5; handshakes++) {
      const socket = raw(port, handshakes);
      socket.write(`GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      setTimeout(() => socket.destroy(), 500);
    }
    if (turn % 500 === 0) process.send({ guesses, handshakes, open: sockets.filter((socket) => !socket.destroyed).length });
    // Each socket that was broken comes back within some ten seconds.
    for (; looked < seconds * (SOCKETS / 10); looked++) {
      const n = looked % SOCKETS;
      if (sockets[n].destroyed) sockets[n] = websocket(n);
    }
    await pause(2);
  }
}

// Calls with a key, one after the other; some over a connection of their own.
async function caller(url, key, seconds) {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  const refused = {};
  const end = Date.now() + seconds * 1000;
  for (let n = 0; Date.now() < end; n++) {
    const since = process.hrtime.bigint();
    const status = await new Promise((resolve) => {
      const options = { agent: n % 10 ? kept : new Agent(), headers: { authorization: `Bearer ${key}` } };
      const asked = get(`${url}/v1/rooms/storm`, options, (answer) => answer.resume().on("end", () => resolve(answer.statusCode)));
      asked.on("error", (error) => resolve(error.code));
    });
    times.push(Number(process.hrtime.bigint() - since) / 1e6);
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
    await pause(2);
  }
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(times.length * part)];
  return { calls: times.length, median: at(0.5), p99: at(0.99), refused };
}

async function main() {
  const home = mkdtempSync(join(tmpdir(), "tok-storm-"));
  const env = { HOME: home, PATH: process.env.PATH, TOK_LOG: "warn", TOK_AUTH__MODE: "keys", TOK_SERVER__TRUSTED_PROXIES: "192.0.2.1" };
  const tok = (...args) => execFileSync(process.env.TOK, args, { env, cwd: home, encoding: "utf8" });
  tok("room", "create", "storm");
  const { secret } = JSON.parse(tok("key", "create", "bench", "--json"));
  const server = spawn("taskset", ["-c", "0", process.env.TOK, "serve", "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"], { env, cwd: home, stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((resolve) => createInterface({ input: server.stderr }).on("line", (line) => {
    const served = line.match(/^tok serves (http:\S+)/);
    if (served) resolve(served[1]);
  }));
  const memory = () => Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  setPriority(constants.priority.PRIORITY_HIGHEST);
  await caller(url, secret, 1);
  const peace = await caller(url, secret, Math.min(SECONDS, 60));
  const { port, host } = new URL(url);
  const cpu = () => {
    const [, fields] = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ");
    const [user, system] = fields.split(" ").slice(11, 13).map(Number);
    return (user + system) / 100;
  };
  const strangers = fork(import.meta.filename, [port, host]);
  setPriority(strangers.pid, constants.priority.PRIORITY_NORMAL);
  await new Promise((resolve) => strangers.once("message", resolve));
  let sent = {};
  strangers.on("message", (now) => (sent = now));
  await pause(3000);
  const first = sent;
  const resident = [memory()];
  const samples = setInterval(() => resident.push(memory()), (SECONDS * 1000) / 10);
  const spent = cpu();
  const stormed = await caller(url, secret, SECONDS);
  clearInterval(samples);
  const busy = (cpu() - spent) / SECONDS;
  const each = (of) => Math.round((sent[of] - first[of]) / SECONDS);
  const did = `${each("guesses")} failed keys and ${each("handshakes")} handshakes a second beside ${sent.open} sockets`;
  strangers.kill("SIGKILL");
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
  rmSync(home, { recursive: true });
  console.log("in peace ", peace);
  console.log("in storm ", stormed, did);
  console.log(`p99 in the storm is ${(stormed.p99 / peace.p99).toFixed(2)} times that in peace (bar: 3); refused ${JSON.stringify(stormed.refused)} (bar: none); MB resident: ${resident.map((mb) => mb.toFixed(0)).join(" ")}; the server was busy ${(busy * 100).toFixed(0)} % of its core`);
}

if (process.send) await storm(Number(process.argv[2]), process.argv[3]);
else await main();
