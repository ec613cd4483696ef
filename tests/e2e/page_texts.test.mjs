// What the page says: in one file, whole in each language, and nowhere else.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import { TEXTS, filled, languageOf } from "../../src/server/page/texts.js";

const folder = new URL("../../src/server/page/", import.meta.url);
const read = (file) => readFileSync(new URL(file, folder), "utf8");
const scripts = readdirSync(folder).filter((file) => file.endsWith(".js") && file !== "texts.js");

const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("both languages say the same things", () => {
  const keys = Object.keys(TEXTS.en);
  assert.ok(keys.length > 100, `${keys.length} texts`);
  for (const [language, texts] of Object.entries(TEXTS)) {
    assert.deepEqual(Object.keys(texts).sort(), [...keys].sort(), language);
    for (const key of keys) {
      assert.ok(texts[key].trim(), `${key} in ${language}`);
      assert.deepEqual(places(texts[key]), places(TEXTS.en[key]), `${key} in ${language}`);
    }
  }
});

test("the language is the first that is wanted and known, or English", () => {
  assert.equal(languageOf(["de-AT", "en"]), "de");
  assert.equal(languageOf([null, "fr-FR", "en-GB", "de"]), "en");
  assert.equal(languageOf(["DE", "en-US"]), "de");
  assert.equal(languageOf(["", null, "en", "de"]), "en");
  assert.equal(languageOf(["constructor", "toString"]), "en");
  assert.equal(languageOf([]), "en");
});

test("what people write is filled in as it is", () => {
  const name = "$& {text} $1";
  assert.equal(filled(TEXTS.en, "wrote", { name, text: "{name}" }), `${name} wrote: {name}`);
  assert.equal(filled(TEXTS.de, "you", { name: "Ada" }), "Ada (du)");
});

// Whether something looks like words for people: several, or one that begins with a capital letter.
const isText = (text) => /\p{L}[,.:;…!?]? +\p{L}/u.test(text) || /^\s*\p{Lu}\p{Ll}+[…!?.]?\s*$/u.test(text);
// Names of keys and of errors that browsers give.
const isName = (text) => /^[A-Z]\w+Error$/.test(text) || ["Enter", "Escape"].includes(text);
// Calls whose texts are for programs and for who reads a console.
const SILENT = ["querySelector", "querySelectorAll", "closest", "warn", "Error", "isAt", "DOMException"];

function textsOf(file, source) {
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
      if (SILENT.includes(name)) return ts.forEachChild(node.expression, visit);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) return visit(node.right);
    // What goes on after a value is the end of a name, unless something stands between.
    const goesOn = ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (goesOn && /^[,:;]? +\p{L}/u.test(node.text)) found.push(node.text);
    else if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && isText(node.text) && !isName(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

test("no other file says anything to people", () => {
  // What looks so and is none: what links are, and what a token begins with.
  const others = { "chat.js": (text) => text === "noopener noreferrer nofollow", "subscription.js": (text) => text === "Bearer " };
  for (const file of scripts) {
    let found = textsOf(file, read(file)).filter((text) => !others[file]?.(text));
    // A part that stands alone has its own words where it is given none.
    if (file === "peers.js") found = found.filter((text) => ![TEXTS.en.connecting, TEXTS.en.reconnecting].includes(text));
    assert.deepEqual(found, [], file);
  }
  // It does find them.
  assert.deepEqual(textsOf("a.js", 'tell("Hello there"); say(`${name} has left`); $("a").textContent = "Go"; console.warn("no call");'), ["Hello there", " has left", "Go"]);
});

test("the page itself has no words but those of the room and of who has no scripts", () => {
  const body = read("room.html").replace(/<noscript>.*?<\/noscript>/s, "").replace(/<style>.*?<\/style>|<script.*?<\/script>/gs, "");
  const words = body.replace(/<kbd>.<\/kbd>/g, "").replace(/<[^>]*>/g, "").replace(/\{\{\w+\}\}/g, "").trim();
  assert.doesNotMatch(words, /\p{L}/u);
  assert.doesNotMatch(body, / (aria-label|title|placeholder|alt)="/);
});

test("each text is said somewhere, and each that is said is there", () => {
  const all = scripts.map(read).join("\n");
  const html = read("room.html");
  const rust = read("mod.rs");
  for (const key of Object.keys(TEXTS.en)) {
    const said = all.includes(`"${key}"`) || html.includes(`="${key}"`) || rust.includes(`"${key}"`);
    const plural = /_(one|other)$/.test(key);
    const ofLine = /^(microphone|camera|screen|speaker)(Gone|Number)$/.test(key);
    assert.ok(said || plural || ofLine, `${key} is never said`);
  }
  for (const [, key] of html.matchAll(/data-(?:text|label)="(\w+)"/g)) assert.ok(key in TEXTS.en, key);
  for (const key of ["roomExpired", "roomNotOpen"]) assert.ok(rust.includes(`"${key}"`) && key in TEXTS.en, key);
});
