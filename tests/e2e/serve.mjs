// Starts `tok` in an empty home and waits until it listens.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export async function serve(environment = {}) {
  const home = mkdtempSync(join(tmpdir(), "tok-e2e-"));
  const env = { HOME: home, PATH: process.env.PATH, ...environment };
  const child = spawn(process.env.TOK, ["serve", "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"], {
    cwd: home,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise((resolve, reject) => {
    const said = [];
    lines.on("line", (line) => {
      said.push(line);
      const found = line.match(/^tok serves (http:\S+)/);
      if (found) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`tok ended with ${code}: ${said.join("\n")}`)));
  });
  return {
    url,
    tok: (...args) => execFileSync(process.env.TOK, args, { cwd: home, env, encoding: "utf8" }),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const code = await ended;
      rmSync(home, { recursive: true });
      return code;
    },
  };
}
