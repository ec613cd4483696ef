// The pure parts of the room page, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// A part of the page's script as a module of its own.
const part = (file, ...names) => {
  const source = readFileSync(new URL(`../../src/server/page/${file}`, import.meta.url), "utf8");
  return new Function(`${source}\nreturn { ${names.join(", ")} };`)();
};
const { layout } = part("layout.js", "layout");
const { pieces } = part("links.js", "pieces");
const { Speakers } = part("speakers.js", "Speakers");

const WIDTHS = [320, 344, 360, 390, 740, 768, 820, 1024, 1440, 1920, 2560];
const HEIGHTS = [200, 287, 360, 600, 740, 844, 900, 1080, 1440];

const people = (count) => Array.from({ length: count }, (_, n) => ({ key: `p${n}`, screen: false, mine: n === 0, pinned: false }));
const screen = (n, more = {}) => ({ key: `s${n}`, screen: true, mine: false, pinned: false, ...more });

// Every place, with what stands in it.
function* cases() {
  for (const width of WIDTHS) {
    for (const height of HEIGHTS) {
      for (let count = 1; count <= 25; count++) {
        const crowd = people(count);
        yield { width, height, tiles: crowd };
        yield { width, height, tiles: [...crowd, screen(1)] };
        yield { width, height, tiles: [screen(1, { mine: true }), ...crowd] };
        yield { width, height, tiles: [...crowd, screen(1), screen(2)] };
        yield { width, height, tiles: crowd.map((tile, n) => ({ ...tile, pinned: n === count - 1 })) };
      }
    }
  }
}

const told = ({ width, height, tiles }) => `${width}x${height}, ${tiles.map(({ key, pinned }) => key + (pinned ? "*" : "")).join(" ")}`;

test("every picture has a place of its own, within the screen", () => {
  let seen = 0;
  for (const one of cases()) {
    const places = [...layout(one, one.tiles)];
    assert.equal(places.length, one.tiles.length, told(one));
    for (const [at, [key, { x, y, width, height }]] of places.entries()) {
      assert.ok([x, y, width, height].every(Number.isInteger), told(one));
      assert.ok(x >= 0 && y >= 0 && width > 0 && height > 0, `${key} in ${told(one)}`);
      assert.ok(x + width <= one.width && y + height <= one.height, `${key} in ${told(one)}`);
      for (const [other, of] of places.slice(at + 1)) {
        const apart = x + width <= of.x || of.x + of.width <= x || y + height <= of.y || of.y + of.height <= y;
        assert.ok(apart, `${key} and ${other} in ${told(one)}`);
      }
    }
    seen += 1;
  }
  assert.equal(seen, WIDTHS.length * HEIGHTS.length * 25 * 5);
});

test("faces keep a camera's shape", () => {
  for (const one of cases()) {
    const pair = one.tiles.length === 2 && one.height > one.width && one.tiles.every((tile) => !tile.screen && !tile.pinned);
    for (const tile of one.tiles) {
      const { width, height } = layout(one, one.tiles).get(tile.key);
      // Nothing is cut off what is on the stage.
      if (tile.screen || tile.pinned) continue;
      const shape = width / height;
      // A pixel more or less is much of a small picture.
      const slack = 1.5 / height;
      assert.ok(shape >= (pair ? 3 / 4 : 4 / 3) - slack && shape <= 16 / 9 + 2 * slack, `${tile.key} ${width}x${height} in ${told(one)}`);
    }
  }
});

test("a shown screen has most of the place, and its own line of people beside it", () => {
  for (const one of cases()) {
    const shown = one.tiles.filter((tile) => tile.screen && !tile.mine);
    if (shown.length !== 1) continue;
    const { width, height } = layout(one, one.tiles).get(shown[0].key);
    if (one.width >= one.height) assert.ok(width >= 0.75 * one.width && height === one.height, told(one));
    else assert.ok(width === one.width && height >= Math.min(0.6 * one.height, (width * 9) / 16), told(one));
  }
});

test("rows are even, and the last one stands in the middle", () => {
  const rows = (width, height, count) => {
    const places = [...layout({ width, height }, people(count)).values()];
    const tops = [...new Set(places.map(({ y }) => y))];
    return tops.map((top) => places.filter(({ y }) => y === top));
  };
  const counts = (...given) => rows(...given).map((row) => row.length);
  assert.deepEqual(counts(1440, 765, 6), [3, 3]);
  assert.deepEqual(counts(1440, 765, 4), [2, 2]);
  assert.deepEqual(counts(1440, 765, 9), [3, 3, 3]);
  assert.deepEqual(counts(1440, 765, 25), [5, 5, 5, 5, 5]);
  assert.deepEqual(counts(360, 600, 12), [2, 2, 2, 2, 2, 2]);
  const last = rows(1440, 765, 5).at(-1);
  assert.equal(last.length, 2);
  const middle = (last[0].x + last[1].x + last[1].width) / 2;
  assert.ok(Math.abs(middle - 720) <= 1, `${middle}`);
});

test("of two on a phone the other is large and oneself is small", () => {
  const [mine, other] = people(2);
  const places = layout({ width: 360, height: 600 }, [mine, other]);
  const area = ({ key }) => places.get(key).width * places.get(key).height;
  assert.ok(area(other) > 8 * area(mine), `${area(other)} and ${area(mine)}`);
  assert.equal(places.get(other.key).width, 360);
});

test("of two on a broad screen the other is large and oneself is small, in the corner", () => {
  const [mine, other] = people(2);
  for (const [width, height] of [[1440, 765], [740, 250], [992, 590], [600, 600]]) {
    const places = layout({ width, height }, [mine, other]);
    const [own, large] = [places.get(mine.key), places.get(other.key)];
    assert.ok(large.width * large.height > 5 * own.width * own.height, `${width}x${height}`);
    assert.ok(own.x >= large.x + large.width && Math.abs(own.y + own.height - large.y - large.height) <= 1, `${width}x${height}`);
  }
});

test("without anybody, or without a place, there is nothing", () => {
  assert.equal(layout({ width: 800, height: 600 }, []).size, 0);
  assert.equal(layout({ width: 0, height: 600 }, people(3)).size, 0);
});

test("addresses in a text are found, without what ends the sentence", () => {
  const links = (text) => pieces(text).filter(({ href }) => href).map(({ href }) => href);
  const cases = [
    ["see https://example.org/a, then go", ["https://example.org/a"]],
    ["(https://example.org/wiki/Call_(telephone))", ["https://example.org/wiki/Call_(telephone)"]],
    ["https://example.org/?q=a&b=c#d. HTTP://EXAMPLE.ORG!", ["https://example.org/?q=a&b=c#d", "HTTP://EXAMPLE.ORG"]],
    ["«https://例え.jp/道»", ["https://例え.jp/道"]],
    ["javascript:alert(1) data:text/html,x ftp://example.org www.example.org", []],
    ["https:// http://: nothing", []],
    ["**https://example.org/x**", ["https://example.org/x"]],
    ["https://example.org/<script>", ["https://example.org/"]],
    ['https://example.org/"onclick="x', ["https://example.org/"]],
    ["no address", []],
    ["", []],
  ];
  for (const [text, wanted] of cases) {
    assert.deepEqual(links(text), wanted, text);
    assert.equal(pieces(text).map((piece) => piece.text).join(""), text, "nothing is lost");
  }
});

test("who speaks is told through the pauses between words, and no longer", () => {
  const speakers = new Speakers();
  const hear = (at, levels) => [...speakers.hear(new Map(Object.entries(levels)), at)].sort().join();
  assert.equal(hear(0, { ada: 0.3, bob: 0 }), "ada");
  assert.equal(hear(200, { ada: 0, bob: 0.05 }), "ada,bob");
  assert.equal(hear(600, { ada: 0.001, bob: 0 }), "ada,bob");
  assert.equal(hear(700, { ada: 0, bob: 0 }), "bob");
  assert.equal(hear(1000, { ada: 0.9, bob: 0 }), "ada");
  assert.equal(hear(1100, { bob: 0 }), "", "who is gone does not speak");
});
