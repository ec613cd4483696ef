// What people and a program with a key feel while strangers storm the server: `just storm`, or
// `node benches/edge/storm.mjs` with TOK naming a release binary, as root. One run, ratios; it ends with 1 when
// a bar is missed. First there is a flood of sockets, handshakes and invented keys, then everything that
// strangers can try: how late the others are is judged in the flood, that nobody of them is refused in both.
// SECONDS is how long each of them lasts, ADDRESSES from how many addresses of this machine: 2000, or 1 for what
// one of them can do. The server has the first core for itself; on the other those who are measured go
// before the strangers, so that what is measured is the server's doing.

import { execFileSync, fork, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { storm } from "./strangers.mjs";
import { Person, pause } from "./person.mjs";

const SECONDS = Number(process.env.SECONDS ?? 10);
const ADDRESSES = Number(process.env.ADDRESSES ?? 2000);
const SAMPLES = 20;
// The worst of a hundred may take so many times as long as in peace,
const SLOWER = 3;
// and the memory at the end be so many times that after the first quarter.
const GROWTH = 1.1;

const sorted = (times) => times.sort((a, b) => a - b);
const at = (times, part) => times[Math.floor(times.length * part)];

function tally(counts, what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

// Calls with a key, one after the other; some over a connection of their own.
async function caller(url, key, end) {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  const refused = {};
  for (let n = 0; Date.now() < end; n++) {
    const since = process.hrtime.bigint();
    const status = await new Promise((resolve) => {
      const options = { agent: n % 10 ? kept : new Agent(), headers: { authorization: `Bearer ${key}` } };
      const asked = get(`${url}/v1/rooms/storm`, options, (answer) => answer.resume().on("end", () => resolve(answer.statusCode)));
      asked.on("error", (error) => resolve(error.code));
    });
    times.push(Number(process.hrtime.bigint() - since) / 1e6);
    if (status !== 200) tally(refused, status);
    await pause(2);
  }
  kept.destroy();
  sorted(times);
  return { calls: times.length, median: at(times, 0.5), p99: at(times, 0.99), refused };
}

// Two people in a call: signals, messages and what their browsers say of themselves go on; now and then one of
// them comes back over another connection.
async function conversation(port, room, end) {
  const times = [];
  const refused = {};
  const enter = async (name, seat) => {
    const person = new Person(port, "127.0.0.1");
    await person.connected;
    const told = await person.ask("join-room", room, name, seat);
    if (!told.success) tally(refused, `join ${told.status ?? "broken"}`);
    return { person, seat: told.success ? { id: told.data.id, key: told.data.key } : seat };
  };
  const people = [await enter("Ada"), await enter("Bob")];
  for (let n = 0; Date.now() < end; n++) {
    const [from, to] = n % 2 ? people : [people[1], people[0]];
    const since = process.hrtime.bigint();
    const told = await (n % 20 === 7
      ? from.person.ask("send-message", "everyone", `Can you hear me? ${n}`)
      : from.person.ask("signal", to.seat?.id, { candidate: n }));
    times.push(Number(process.hrtime.bigint() - since) / 1e6);
    if (!told.success) tally(refused, `${told.status ?? "broken"}`);
    if (n % 200 === 150 || from.person.over) {
      if (from.person.over) tally(refused, "cut off");
      from.person.close();
      people[people.indexOf(from)] = await enter("Ada", from.seat);
    }
    await pause(50);
  }
  for (const { person } of people) person.close();
  sorted(times);
  return { events: times.length, median: at(times, 0.5), p99: at(times, 0.99), refused };
}

async function legitimate(url, key, seconds) {
  const end = Date.now() + seconds * 1000;
  const { port } = new URL(url);
  const [calls, events] = await Promise.all([caller(url, key, end), conversation(port, "talk", end)]);
  return { calls, events };
}

async function begin() {
  const home = mkdtempSync(join(tmpdir(), "tok-storm-"));
  const secret = join(home, "issuer.secret");
  writeFileSync(secret, "a secret of an issuer, of which strangers know nothing", { mode: 0o600 });
  const config = join(home, "tok.toml");
  writeFileSync(config, `[auth]\nmode = "oidc"\n[[auth.issuers]]\nalias = "app"\nissuer = "https://issuer.example.com"\naudience = ["calls"]\nsecret_file = "${secret}"\n`);
  const env = { HOME: home, PATH: process.env.PATH, TOK_LOG: "warn", TOK_CONFIG: config, TOK_SERVER__TRUSTED_PROXIES: "192.0.2.1", TOK_DAILY__WEBHOOK_SECRET: Buffer.from("a secret of Daily's").toString("base64") };
  const tok = (...args) => execFileSync(process.env.TOK, args, { env, cwd: home, encoding: "utf8" });
  for (const room of ["storm", "talk", "party"]) tok("room", "create", room, "--backend", "local");
  const { secret: key } = JSON.parse(tok("key", "create", "bench", "--json"));
  const server = spawn("taskset", ["-c", "0", process.env.TOK, "serve", "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"], { env, cwd: home, stdio: ["ignore", "ignore", "pipe"] });
  const said = [];
  const told = new Map();
  let ops;
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: server.stderr }).on("line", (line) => {
      if (said.length < 20) said.push(line);
      if (line.startsWith("{")) {
        const { level, fields } = JSON.parse(line);
        const what = [`${level} ${fields.message}`, fields.error, fields.causes].filter(Boolean).join(": ");
        told.set(what, (told.get(what) ?? 0) + 1);
      }
      ops ??= line.match(/^health and metrics at (http:\S+)/)?.[1];
      const served = line.match(/^tok serves (http:\S+)/);
      if (served) resolve(served[1]);
    });
    server.once("exit", () => reject(new Error(said.join("\n"))));
  });
  const memory = () => Number(readFileSync(`/proc/${server.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  const cpu = () => {
    const [, fields] = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ");
    const [user, system] = fields.split(" ").slice(11, 13).map(Number);
    return (user + system) / 100;
  };
  // Whom it dropped until now, and why.
  const dropped = async () => {
    const lines = (await (await fetch(`${ops}/metrics`)).text()).split("\n");
    return lines.filter((line) => /^tok_(sockets_dropped|slots_taken_away|connections_refused)_total/.test(line));
  };
  const end = async () => {
    server.removeAllListeners("exit");
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
    rmSync(home, { recursive: true });
  };
  return { url, key, memory, cpu, dropped, end, told };
}

// A storm, from before its strangers are there until they are gone.
async function storms(server, what) {
  const strangers = fork(import.meta.filename, [server.url, String(ADDRESSES), what]);
  setPriority(strangers.pid, constants.priority.PRIORITY_NORMAL);
  await new Promise((resolve) => strangers.once("message", resolve));
  let sent = {};
  strangers.on("message", (now) => (sent = now));
  await pause(3000);
  const first = sent;
  const resident = [];
  const samples = setInterval(() => resident.push(server.memory()), (SECONDS * 1000) / SAMPLES);
  const spent = server.cpu();
  const felt = await legitimate(server.url, server.key, SECONDS);
  clearInterval(samples);
  resident.push(server.memory());
  const busy = (server.cpu() - spent) / SECONDS;
  strangers.kill("SIGKILL");
  const each = Object.keys(sent).filter((one) => one !== "open");
  const rates = each.map((one) => `${Math.round((sent[one] - (first[one] ?? 0)) / SECONDS)} ${one}`);
  console.log(`${what}: ${JSON.stringify(felt)}`);
  console.log(`a second, from ${ADDRESSES} addresses: ${rates.join(", ")}; beside ${sent.open} sockets`);
  console.log(`MB resident: ${resident.map((mb) => mb.toFixed(0)).join(" ")}; the server was busy ${(busy * 100).toFixed(0)} % of its core`);
  return { ...felt, growth: resident.at(-1) / resident[Math.floor(resident.length / 4)] };
}

const count = (refused) => Object.values(refused).reduce((a, b) => a + b, 0);

async function main() {
  const server = await begin();
  setPriority(constants.priority.PRIORITY_HIGHEST);
  await legitimate(server.url, server.key, 1);
  const peace = await legitimate(server.url, server.key, Math.min(SECONDS, 60));
  console.log(`in peace: ${JSON.stringify(peace)}`);
  const bars = [];
  for (const what of ["flood", "everything"]) {
    const felt = await storms(server, what);
    const late = what === "flood" ? SLOWER : Infinity;
    bars.push(
      [`${what}: p99 of calls, to that in peace`, felt.calls.p99 / peace.calls.p99, late],
      [`${what}: p99 of events, to that in peace`, felt.events.p99 / peace.events.p99, late],
      [`${what}: refused calls`, count(felt.calls.refused), 0],
      [`${what}: refused events`, count(felt.events.refused), 0],
      [`${what}: memory at the end, to that after a quarter`, felt.growth, GROWTH],
    );
  }
  for (const line of await server.dropped()) console.log(line);
  await server.end();
  for (const [line, times] of server.told) console.log(`in its log, ${times} times: ${line}`);
  for (const [what, is, bar] of bars) {
    const missed = !(is <= bar);
    console.log(`${missed ? "MISSED" : bar === Infinity ? "      " : "holds "} ${what}: ${is.toFixed(2)} (bar: ${bar === Infinity ? "none" : bar})`);
    if (missed) process.exitCode = 1;
  }
}

// Tokens that nobody signed who may.
function forged(n) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://issuer.example.com", aud: "calls", sub: `eve-${n}`, iat: now, exp: now + 3600 };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", `guess ${n}`).update(signed).digest("base64url")}`;
}

if (process.send) await storm(process.argv[2], Number(process.argv[3]), process.argv[4], forged);
else await main();
