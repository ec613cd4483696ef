// The page's scripts and its worker's, as the compiler of TypeScript reads their types.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const page = fileURLToPath(new URL("../../src/server/page/", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const compile = (...args) => spawnSync(process.execPath, [compiler, ...args], { encoding: "utf8" });

test("every part of the page is used as it is declared", { timeout: 120000 }, () => {
  for (const config of ["tsconfig.json", "tsconfig.worker.json"]) {
    const { status, stdout } = compile("--project", join(page, config));
    assert.deepEqual([stdout, status], ["", 0], config);
    // None is left out.
    const { stdout: listed } = compile("--project", join(page, config), "--listFilesOnly");
    const wanted = config === "tsconfig.json" ? readdirSync(page).filter((file) => file.endsWith(".js") && file !== "sw.js") : ["socket.js", "subscription.js", "sw.js", "texts.js"];
    const files = listed.split("\n").filter((file) => file.startsWith(page)).map((file) => file.slice(page.length));
    assert.deepEqual(files.sort(), wanted.sort());
  }
});

test("the compiler sees a wrong type", { timeout: 60000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tok-types-"));
  const config = JSON.parse(readFileSync(join(page, "tsconfig.json"), "utf8"));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: config.compilerOptions, files: ["layout.js", "wrong.js"] }));
  writeFileSync(join(folder, "layout.js"), readFileSync(join(page, "layout.js")));
  writeFileSync(join(folder, "wrong.js"), 'layout({ width: "360", height: 600 }, []);\n');
  const { status, stdout } = compile("--project", folder);
  assert.match(stdout, /wrong\.js\(1,10\): error TS2322/);
  assert.notEqual(status, 0);
  rmSync(folder, { recursive: true });
});

test("no two parts of the page declare one name: they are put together into one script", () => {
  const declared = new Map();
  const twice = [];
  for (const file of readdirSync(page).filter((file) => file.endsWith(".js") && file !== "sw.js")) {
    const { statements } = ts.createSourceFile(file, readFileSync(join(page, file), "utf8"), ts.ScriptTarget.Latest, true);
    const names = [];
    const take = (name) => (ts.isIdentifier(name) ? names.push(name.text) : name.elements.forEach((element) => take(element.name)));
    for (const statement of statements) {
      if (ts.isVariableStatement(statement)) statement.declarationList.declarations.forEach(({ name }) => take(name));
      else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) take(statement.name);
    }
    for (const name of names) {
      if (declared.has(name)) twice.push(`${name} is declared by ${file} and ${declared.get(name)}`);
      declared.set(name, file);
    }
  }
  assert.deepEqual(twice, []);
  assert.ok(declared.size > 100, `${declared.size} names`);
});
