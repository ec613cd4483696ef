// Starts the stand-ins of the tests, and `tok` with a configuration that names them.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// The last that each worker said, for the tests that fail.
const sayings = [];
const LINES = 40;

export async function peers() {
  const child = spawn(process.env.PEERS, ["--serve"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const addresses = await next();
  return {
    ...addresses,
    async seen() {
      child.stdin.write("\n");
      return next();
    },
    stop: () => child.kill("SIGKILL"),
  };
}

export function home(environment = {}) {
  const directory = mkdtempSync(join(tmpdir(), "tok-e2e-"));
  const env = { HOME: directory, PATH: process.env.PATH, ...environment };
  const run = (...args) =>
    execFileSync(process.env.TOK, args, { cwd: directory, env, encoding: "utf8" });
  return {
    env,
    tok: run,
    json: (...args) => JSON.parse(run(...args, "--json")),
    async work(...more) {
      const args = ["work", "--ops-bind", "127.0.0.1:0", ...more];
      const child = spawn(process.env.TOK, args, {
        cwd: directory,
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      const said = createInterface({ input: child.stderr });
      const saying = [`tok work ${more.join(" ")}:`];
      sayings.push(saying);
      said.on("line", (line) => {
        saying.push(line);
        if (saying.length > LINES) saying.splice(1, 1);
      });
      await new Promise((resolve, reject) => {
        said.once("line", resolve);
        child.once("exit", (code) => reject(new Error(`tok ended with ${code}`)));
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      return {
        async end(signal) {
          child.kill(signal);
          return ended;
        },
      };
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

// Looks until it is so; the limit is generous for slow machines.
export async function until(look, what, patience = 120_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error([`never: ${what}`, ...sayings.flat()].join("\n"));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
