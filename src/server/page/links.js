// Addresses in what people write.

const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
// What ends a sentence belongs to no address.
const ENDS = /[.,;:!?'’”»*_~]+$/;
const PAIRS = { ")": "(", "]": "[", "}": "{" };

function trimmed(address) {
  for (;;) {
    const bare = address.replace(ENDS, "");
    const last = bare.at(-1);
    const opened = PAIRS[last] && bare.split(PAIRS[last]).length < bare.split(last).length;
    if (!opened) return bare;
    address = bare.slice(0, -1);
  }
}

// A text in pieces: `{text}`, or `{text, href}` where it is an address.
function pieces(text) {
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
