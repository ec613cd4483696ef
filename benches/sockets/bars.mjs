// What sockets cost: tok, which keeps everything, beside a minimal socket.io server of Node, which
// keeps nothing. Ratios inside one run, on one machine, under the same load.
//
//   cargo build --release && npm --prefix tests/e2e install && node benches/sockets/bars.mjs
//
// Exits with 1 when a bar is missed. With names as arguments only those bars are measured.

import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { open } from "./clients.mjs";

const TOK = process.env.TOK ?? new URL("../../target/release/tok", import.meta.url).pathname;
const TICK = Number(execFileSync("getconf", ["CLK_TCK"]));

async function start(command, args, options, pattern) {
  const whole = apart ? ["taskset", "--cpu-list", "1", command, ...args] : [command, ...args];
  const child = spawn(whole[0], whole.slice(1), { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const url = await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        const found = line.match(pattern);
        if (found) resolve(found[1]);
      });
    }
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}`)));
  });
  return {
    url,
    // Seconds of the processor until now.
    cpu() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1].split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICK;
    },
    memory() {
      return Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const TEXT = "x".repeat(100);

// Whether the server has one core and this program, which is the load, another, where there are two.
let apart = false;
const TWO = availableParallelism() > 1;
function standApart() {
  if (!TWO) return;
  apart = true;
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", "0", process.pid], { stdio: "ignore" });
}

async function tok() {
  const home = mkdtempSync(join(tmpdir(), "tok-bars-"));
  const off = Object.fromEntries(["MESSAGE_RATE", "EVENT_RATE", "ROOM_RATE", "CREATE_RATE"].map((name) => [`TOK_SIGNALLING__${name}`, "off"]));
  const env = { HOME: home, PATH: process.env.PATH, TOK_LOG: "warn", TOK_SERVER__MAX_CONNECTIONS: "20000", TOK_SERVER__RATE_LIMIT: "off", TOK_SIGNALLING__QUEUE: "4096", TOK_SIGNALLING__ROOM_BYTES: "0B", ...off };
  const run = (...args) => execFileSync(TOK, args, { env, cwd: home, encoding: "utf8" });
  const server = await start(TOK, ["serve", "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"], { env, cwd: home }, /tok serves (http:\S+)/);
  return {
    ...server,
    rooms: (names) => execFileSync(TOK, ["room", "create", "-", "-q"], { env, cwd: home, input: names.join("\n") }),
    run,
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true });
    },
  };
}

async function node() {
  const script = new URL("./reference.mjs", import.meta.url).pathname;
  const server = await start(process.execPath, [script], {}, /listening (http:\S+)/);
  return { ...server, rooms() {} };
}

async function fill(server, rooms, size) {
  const names = Array.from({ length: rooms }, (_, n) => `room-${n}`);
  server.rooms(names);
  const clients = await open(server.url, rooms * size);
  await Promise.all(clients.map(async (client, n) => {
    const answer = await client.ask("join-room", names[n % rooms], "P", null);
    if (!answer.success) throw new Error(answer.error);
    client.me = answer.data;
    client.me.hash = createHash("md5").update(names[n % rooms]).digest("hex");
  }));
  return { clients, rooms: names.map((_, room) => clients.filter((_, n) => n % rooms === room)) };
}

// One message over a client's own socket.
const bySocket = (client) => client.ask("send-message", "everyone", TEXT);

// One message over HTTP, as the app's own server sends them.
const agent = new Agent({ keepAlive: true });
function byRequest(client, server) {
  const { id, key, hash } = client.me;
  const body = JSON.stringify({ from: { id, key }, to: "everyone", content: TEXT });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}/api/${hash}/send`, { agent, method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (more) => (text += more)).on("end", () => resolve(JSON.parse(text)));
    });
    sent.on("error", reject).end(body);
  });
}

// One writer in each room, eight messages of each under way.
async function fanOut(make, count, send, seconds = 8) {
  const server = await make();
  const { clients, rooms } = await fill(server, count, 50);
  const delivered = () => clients.reduce((sum, client) => sum + client.delivered, 0);
  let end = Infinity;
  const write = async (writer) => {
    while (performance.now() < end) {
      const { success, error } = await send(writer, server);
      if (!success) throw new Error(error);
    }
  };
  const writing = rooms.flatMap(([writer]) => Array.from({ length: 8 }, () => write(writer)));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const [from, cpu, before] = [performance.now(), server.cpu(), delivered()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [took, spent, done] = [(performance.now() - from) / 1000, server.cpu() - cpu, delivered() - before];
  end = 0;
  await Promise.all(writing);
  if (clients.some((client) => client.closed)) throw new Error("a client was disconnected");
  const memory = server.memory();
  for (const client of clients) client.web.terminate();
  await server.stop();
  return { perSecond: done / took, perCpu: done / spent, memory };
}

async function idle(make, count) {
  const server = await make();
  const clients = await open(server.url, count);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const memory = server.memory();
  for (const client of clients) client.web.terminate();
  await server.stop();
  return memory;
}

// 5 000 connections in rooms of 10, one message for each room every second, all kept.
async function latency(seconds = 15) {
  const server = await tok();
  const { clients, rooms } = await fill(server, 500, 10);
  const late = [];
  for (const client of clients) {
    client.heard = (data) => {
      const at = String(data).match(/"content":"(\d+\.?\d*)"/);
      if (at) late.push(performance.now() - Number(at[1]));
    };
  }
  const end = performance.now() + seconds * 1000;
  await Promise.all(rooms.map(async (room, n) => {
    await new Promise((resolve) => setTimeout(resolve, (n / rooms.length) * 1000));
    for (let round = 0; performance.now() < end; round++) {
      await room[round % room.length].ask("send-message", "everyone", String(performance.now()));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }));
  const memory = server.memory();
  await server.stop();
  late.sort((a, b) => a - b);
  return { p99: late[Math.floor(late.length * 0.99)], count: late.length, memory };
}

// Joining a room in which 10 000 messages were written.
async function join10k() {
  const server = await tok();
  server.rooms(["long"]);
  const [writer] = await open(server.url, 1);
  await writer.ask("join-room", "long", "P", null);
  const part = async () => {
    for (let n = 0; n < 1250; n++) await writer.ask("send-message", "everyone", `message ${n}`);
  };
  await Promise.all(Array.from({ length: 8 }, part));
  const joins = 50;
  const newcomers = await open(server.url, joins);
  const before = server.cpu();
  for (const client of newcomers) await client.ask("join-room", "long", "Q", null);
  const spent = ((server.cpu() - before) / joins) * 1000;
  await server.stop();
  return spent;
}

const missed = [];
function bar(name, measured, limit, atLeast, note = "") {
  const met = atLeast ? measured >= limit : measured <= limit;
  if (!met) missed.push(name);
  console.log(`${met ? "ok  " : "MISS"} ${name}: ${measured.toFixed(2)} (bar ${atLeast ? ">=" : "<="} ${limit}) ${note}`);
}

const wanted = (name) => process.argv.length < 3 || process.argv.slice(2).includes(name);
const rate = (value) => `${Math.round(value / 1000)}k`;

const memories = (ours, theirs) => `; ${ours.memory.toFixed(0)} vs ${theirs.memory.toFixed(0)} MB`;

if (wanted("fan-out")) {
  const [ours, theirs] = [await fanOut(tok, 10, bySocket), await fanOut(node, 10, bySocket)];
  bar("fan-out: deliveries per second of server CPU, tok / Node", ours.perCpu / theirs.perCpu, 1, true, `${rate(ours.perCpu)} vs ${rate(theirs.perCpu)}`);
  bar("fan-out: deliveries per second, tok / Node", ours.perSecond / theirs.perSecond, 1.5, true, `${rate(ours.perSecond)} vs ${rate(theirs.perSecond)}`);
}
for (const count of [1000, 5000]) {
  if (!wanted(`idle-${count}`)) continue;
  const [ours, theirs] = [await idle(tok, count), await idle(node, count)];
  bar(`memory with ${count} idle connections, tok / Node`, ours / theirs, 1, false, `${ours.toFixed(1)} vs ${theirs.toFixed(1)} MB`);
}
if (wanted("latency")) {
  const { p99, count, memory } = await latency();
  bar("5 000 connections in rooms of 10: 99 % of deliveries under ms", p99, 100, false, `${count} deliveries, ${memory.toFixed(0)} MB`);
}
if (wanted("join")) bar("joining a room with 10 000 messages, ms of server CPU", await join10k(), 20, false);
// Last: from here on nothing has two cores.
for (const [name, send, limit] of [["by-request", byRequest, 1.2], ["by-socket", bySocket, 2]]) {
  if (!wanted(name)) continue;
  standApart();
  const [ours, theirs] = [await fanOut(tok, 4, send), await fanOut(node, 4, send)];
  bar(`messages ${name}, 4 rooms of 50: deliveries per second of server CPU, tok / Node`, ours.perCpu / theirs.perCpu, limit, true, `${rate(ours.perCpu)} vs ${rate(theirs.perCpu)}${memories(ours, theirs)}`);
}
process.exit(missed.length ? 1 : 0);
