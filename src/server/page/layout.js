// Where each picture stands on the screen: one function of who is there and how large the place is. No
// two lie over each other, all fit, and faces keep a camera's shape.

// Width to height of a camera, upright and broad.
const NARROWEST = 4 / 3;
const BROADEST = 16 / 9;
// Of two people on an upright screen the other one may be cut to this.
const UPRIGHT = 3 / 4;
// The part that a shown screen or a pinned picture has of a broad place, and of an upright one.
const STAGE_WIDTH = 0.8;
const STAGE_HEIGHT = 0.65;
// An empty place in a grid is worth so much of the size of its pictures.
const EVEN = 0.04;

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{key: string, screen: boolean, mine: boolean, pinned: boolean}} Tile */
/** @typedef {Map<string, Box>} Places */

/** @param {Size} size */
const gapOf = ({ width, height }) => Math.max(2, Math.min(8, Math.min(width, height) / 50));

/**
 * The largest shape of a camera that fits.
 * @param {number} width
 * @param {number} height
 * @returns {Size}
 */
function shaped(width, height, narrowest = NARROWEST) {
  if (width / height > BROADEST) return { width: height * BROADEST, height };
  if (width / height < narrowest) return { width, height: width / narrowest };
  return { width, height };
}

/**
 * How many columns make the pictures largest, and how large they are then.
 * @param {Size} box
 * @param {number} count
 */
function grid(box, count) {
  const gap = gapOf(box);
  let best = null;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = (box.width - gap * (columns - 1)) / columns;
    const height = (box.height - gap * (rows - 1)) / rows;
    if (width <= 0 || height <= 0) continue;
    const size = shaped(width, height);
    const worth = size.width * size.height * (1 - EVEN * (columns * rows - count));
    if (!best || worth > best.worth) best = { ...size, columns, rows, gap, worth };
  }
  return best;
}

/**
 * All of the same size, in rows from the middle; the last row stands in the middle as well.
 * @param {Places} places
 * @param {Box} box
 * @param {Tile[]} tiles
 */
function inGrid(places, box, tiles) {
  const size = grid(box, tiles.length);
  if (!size) return;
  const { width, height, columns, rows, gap } = size;
  const top = box.y + (box.height - rows * height - (rows - 1) * gap) / 2;
  for (const [at, { key }] of tiles.entries()) {
    const row = Math.floor(at / columns);
    const inRow = Math.min(columns, tiles.length - row * columns);
    const left = box.x + (box.width - inRow * width - (inRow - 1) * gap) / 2;
    places.set(key, { x: left + (at % columns) * (width + gap), y: top + row * (height + gap), width, height });
  }
}

/**
 * What is shown has any shape: nothing is cut off it.
 * @param {Places} places
 * @param {Box} box
 * @param {Tile[]} tiles
 */
function onStage(places, box, tiles) {
  const gap = gapOf(box);
  const broad = box.width >= box.height;
  const width = broad ? (box.width - gap * (tiles.length - 1)) / tiles.length : box.width;
  const height = broad ? box.height : (box.height - gap * (tiles.length - 1)) / tiles.length;
  for (const [at, { key }] of tiles.entries()) {
    const along = at * ((broad ? width : height) + gap);
    places.set(key, { x: box.x + (broad ? along : 0), y: box.y + (broad ? 0 : along), width, height });
  }
}

/**
 * The other one as large as can be, oneself small in the corner: below, or beside on a broad screen.
 * @param {Places} places
 * @param {Box} box
 * @param {Tile} mine
 * @param {Tile} other
 */
function inPair(places, box, mine, other) {
  const gap = gapOf(box);
  if (box.width >= box.height) return besides(places, box, mine, other);
  const own = shaped(box.width / 3, box.height / 5);
  const large = shaped(box.width, box.height - own.height - gap, UPRIGHT);
  const top = box.y + (box.height - large.height - gap - own.height) / 2;
  places.set(other.key, { x: box.x + (box.width - large.width) / 2, y: top, ...large });
  places.set(mine.key, { x: box.x + box.width - own.width, y: top + large.height + gap, ...own });
}

/**
 * @param {Places} places
 * @param {Box} box
 * @param {Tile} mine
 * @param {Tile} other
 */
function besides(places, box, mine, other) {
  const gap = gapOf(box);
  const own = shaped(box.width / 5, box.height / 3);
  const large = shaped(box.width - own.width - gap, box.height);
  const left = box.x + (box.width - large.width - gap - own.width) / 2;
  const top = box.y + (box.height - large.height) / 2;
  places.set(other.key, { x: left, y: top, ...large });
  places.set(mine.key, { x: left + large.width + gap, y: top + large.height - own.height, ...own });
}

/**
 * Whole pixels: what lies side by side does so on every screen.
 * @param {Box} box
 * @returns {Box}
 */
function whole({ x, y, width, height }) {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, width: Math.max(1, Math.floor(width)), height: Math.max(1, Math.floor(height)) };
}

/**
 * Places for `tiles`, in their order, by their keys. What is pinned, or else a screen that somebody else
 * shows, is the stage; the others stand in a strip beside it, or below it on an upright screen.
 * @param {Size} size
 * @param {Tile[]} tiles
 * @returns {Places}
 */
function layout({ width, height }, tiles) {
  /** @type {Places} */
  const places = new Map();
  if (!tiles.length || width <= 0 || height <= 0) return places;
  const pinned = tiles.filter((tile) => tile.pinned);
  const shown = pinned.length ? pinned : tiles.filter((tile) => tile.screen && !tile.mine);
  const rest = tiles.filter((tile) => !shown.includes(tile));
  const box = { x: 0, y: 0, width, height };
  const gap = gapOf(box);
  const upright = height > width;
  const [mine] = tiles.filter((tile) => tile.mine && !tile.screen);
  const other = tiles.find((tile) => tile !== mine);
  if (!shown.length && tiles.length === 2 && mine && other && !other.screen) {
    inPair(places, box, mine, other);
  } else if (!shown.length) {
    inGrid(places, box, tiles);
  } else if (!rest.length) {
    onStage(places, box, shown);
  } else if (upright) {
    const stage = Math.min(height * STAGE_HEIGHT, (width / NARROWEST) * shown.length);
    onStage(places, { ...box, height: stage }, shown);
    inGrid(places, { ...box, y: stage + gap, height: height - stage - gap }, rest);
  } else {
    const stage = width * STAGE_WIDTH;
    onStage(places, { ...box, width: stage }, shown);
    inGrid(places, { ...box, x: stage + gap, width: width - stage - gap }, rest);
  }
  for (const [key, place] of places) places.set(key, whole(place));
  return places;
}
