// Starts `tok` in an empty home and waits until it listens.

import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

function start(home, env, bind) {
  const child = spawn(process.env.TOK, ["serve", "--bind", bind, "--ops-bind", "127.0.0.1:0"], {
    cwd: home,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface({ input: child.stderr });
  return new Promise((resolve, reject) => {
    const said = [];
    let url;
    lines.on("line", (line) => {
      said.push(line);
      url ??= line.match(/^tok serves (http:\S+)/)?.[1];
      const ops = line.match(/^health and metrics at (http:\S+)/)?.[1];
      if (ops) resolve({ child, url, ops, said });
    });
    child.once("exit", (code) => reject(new Error(`tok ended with ${code}: ${said.join("\n")}`)));
  });
}

// A server; `home` of another one shares its store.
export async function serve(environment = {}, { home: shared } = {}) {
  const home = shared ?? mkdtempSync(join(tmpdir(), "tok-e2e-"));
  const env = { HOME: home, PATH: process.env.PATH, ...environment };
  let running = await start(home, env, "127.0.0.1:0");
  const end = async (signal) => {
    const { child } = running;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return ended;
  };
  return {
    home,
    get url() {
      return running.url;
    },
    get ops() {
      return running.ops;
    },
    // What it said until now, line by line.
    get said() {
      return running.said;
    },
    get pid() {
      return running.child.pid;
    },
    // The same while this process goes on, for those whom it answers.
    run: async (...args) =>
      (await promisify(execFile)(process.env.TOK, args, { cwd: home, env, encoding: "utf8" })).stdout,
    tok: (...args) => execFileSync(process.env.TOK, args, { cwd: home, env, encoding: "utf8" }),
    end,
    // Ends the server and starts it again at the same address.
    async restart(signal = "SIGTERM") {
      const address = new URL(running.url).host;
      await end(signal);
      running = await start(home, env, address);
    },
    async stop() {
      const code = await end("SIGTERM");
      if (!shared) rmSync(home, { recursive: true });
      return code;
    },
  };
}
