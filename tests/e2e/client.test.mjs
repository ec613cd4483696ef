// The typed client of clients/typescript, made anew from the description of the API, against a server.

import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { serve } from "./serve.mjs";

const client = new URL("../../clients/typescript/", import.meta.url);

test("an app in TypeScript does its work by the typed client", async () => {
  const npm = (...args) => execFileSync("npm", args, { cwd: client, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  npm("install", "--silent");
  // What is called is what the description names, and what it refuses is refused by the compiler.
  npm("run", "build");
  const { tour } = await import(new URL("dist/test/tour.js", client));
  const app = await serve({ TOK_AUTH__MODE: "keys" });
  try {
    const scopes = ["rooms:read", "rooms:write", "tokens", "users:read", "users:write", "notifications:read", "notifications:write", "search:read", "search:write"];
    const key = app.tok("key", "create", "app", "--max-role", "host", ...scopes.flatMap((scope) => ["--scope", scope]), "-o", "name").trim();
    await tour(app.url, key);
  } finally {
    await app.stop();
  }
});
