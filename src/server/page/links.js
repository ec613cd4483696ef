// Addresses in what people write.

const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
// What ends a sentence belongs to no address.
const ENDS = /[.,;:!?'’”»*_~]+$/;
/** @type {Record<string, string>} */
const PAIRS = { ")": "(", "]": "[", "}": "{" };

/** @param {string} address */
function trimmed(address) {
  for (;;) {
    const bare = address.replace(ENDS, "");
    const last = bare.at(-1) ?? "";
    const opener = PAIRS[last];
    if (!opener || bare.split(opener).length >= bare.split(last).length) return bare;
    address = bare.slice(0, -1);
  }
}

/** @typedef {{text: string, href?: string}} Piece */

/**
 * A text in pieces, with `href` where it is an address.
 * @param {string} text
 * @returns {Piece[]}
 */
function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(match);
    if (!URL.canParse(address) || !new URL(address).hostname) continue;
    if (index > from) found.push({ text: text.slice(from, index) });
    found.push({ text: address, href: address });
    from = index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
