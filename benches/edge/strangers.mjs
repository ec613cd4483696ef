// Everything that strangers can try at the same time, as much of it as is due by the clock: sockets that do
// nothing, handshakes, invented keys and tokens, guesses of rooms, junk callbacks, forwarding headers that nobody
// believes, and people in a public room who send whatever they may and more.

import { connect } from "node:net";
import { Person, pause } from "./person.mjs";

const SOCKETS = 4096;
const HOSTILE = 40;
// So many of each in a second, or such a part of them: for a server that is no release.
const LOAD = Number(process.env.LOAD ?? 1);
const RATES = {
  // Ten thousand failed keys and tokens a second; handshakes that come to nothing stand for five seconds.
  flood: { keys: 8500, tokens: 1500, handshakes: 1100 },
  everything: { keys: 6000, tokens: 1500, rooms: 1500, callbacks: 800, handshakes: 1100, joins: 300, messages: 400, signals: 400 },
};
const LINES = 100;

// A connection that hears what it is sent and breaks without a word.
function raw(port, address) {
  const socket = connect({ port, host: "127.0.0.1", localAddress: address });
  socket.on("error", () => {});
  socket.on("data", () => {});
  return socket;
}

// Headers that say that somebody else asks, in whatever way.
function forwarded(n) {
  const made = `198.51.${n % 256}.${(n >> 8) % 256}`;
  return [
    `X-Forwarded-For: ${made}`,
    `X-Forwarded-For: ${made}, 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1`,
    `Forwarded: for="[2001:db8::${(n % 65536).toString(16)}]:4711";by=192.0.2.1`,
    `X-Forwarded-For: ${"10.0.0.1, ".repeat(50)}${made}\r\nForwarded: for=${made}`,
    `X-Forwarded-For: \u00ff,,;unknown`,
  ][n % 5];
}

export async function storm(url, addresses, what, forged) {
  const rates = RATES[what];
  const { port, host } = new URL(url);
  const address = (n) => `127.${1 + ((n % addresses) % 10)}.${Math.floor((n % addresses) / 10) % 200}.7`;
  const request = (method, path, n, ...more) => [`${method} ${path} HTTP/1.1`, `Host: ${host}`, forwarded(n), ...more, "", ""].join("\r\n");
  const post = (path, n, body) => request("POST", path, n, "Content-Type: application/json", `Content-Length: ${body.length}`) + body;
  const lines = Array.from({ length: LINES }, (_, n) => raw(port, address(n * 7)));
  const write = (n, bytes) => {
    const at = n % LINES;
    if (lines[at].destroyed) lines[at] = raw(port, address(at * 7 + n));
    lines[at].write(bytes);
  };
  const idle = Array.from({ length: SOCKETS }, (_, n) => new Person(port, address(n)));
  const crowd = [];
  const enter = async (n) => {
    const person = new Person(port, address(n * 13), [forwarded(n)]);
    crowd[n % HOSTILE] = { person };
    await person.connected;
    const told = await person.ask("join-room", "party", `Eve ${n}`);
    crowd[n % HOSTILE] = { person, id: told.data?.id };
  };
  if (rates.messages) for (let n = 0; n < HOSTILE; n++) enter(n);
  const hostile = (n) => {
    const one = crowd[n % HOSTILE];
    if (one.person.over) enter(n);
    return one;
  };
  const does = {
    keys: (n) => write(n, request("GET", "/v1/rooms", n, `Authorization: Bearer tok_${n.toString(16).padStart(12, "0")}_nonsense`)),
    tokens: (n) => write(n, request("GET", "/v1/rooms", n, `Authorization: Bearer ${forged(n)}`)),
    rooms: (n) => write(n, request("GET", n % 3 ? `/r/guess-${n}` : "/r/party", n)),
    callbacks: (n) => write(n, post(`/webhooks/${["daily", "100ms", "nobody"][n % 3]}`, n, JSON.stringify({ junk: "x".repeat(n % 2000) }))),
    handshakes: (n) => {
      const socket = raw(port, address(n));
      socket.write(request("GET", "/socket.io/?EIO=4&transport=polling", n));
      setTimeout(() => socket.destroy(), 500);
    },
    joins: (n) => idle[n % SOCKETS].say("join-room", `${100000000 + n}`),
    messages: (n) => hostile(n).person.say("send-message", "everyone", "x".repeat(n % 16000)),
    signals: (n) => {
      const to = hostile(n + 1).id;
      hostile(n).person.say("signal", to ?? "nobody", { sdp: "x".repeat((n % 8) * 8000) });
    },
  };
  const done = Object.fromEntries(Object.keys(rates).map((one) => [one, 0]));
  const since = Date.now();
  let looked = 0;
  process.send("begun");
  for (let turn = 0; ; turn++) {
    // As many as are due by the clock, however late this turn is.
    const seconds = (Date.now() - since) / 1000;
    for (const [one, rate] of Object.entries(rates)) {
      for (; done[one] < seconds * rate * LOAD; done[one]++) does[one](done[one]);
    }
    if (turn % 500 === 0) process.send({ ...done, open: idle.filter((person) => !person.over).length });
    // Each socket that was broken comes back within some ten seconds.
    for (; looked < seconds * (SOCKETS / 10); looked++) {
      const n = looked % SOCKETS;
      if (idle[n].over) idle[n] = new Person(port, address(n));
    }
    await pause(2);
  }
}
