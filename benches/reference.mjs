// What the originals do for a known room and for a token, by Node alone: no framework, no log, no
// database. Prints where it listens.

import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const [project, secret] = ["45828062", "opentok-secret"];
const session = "2_MX40NTgyODA2Mn5-MTcwMDAwMDAwMDAwMH4wLjEyMzQ1Njc4OTAxMjM0NTZ-";
const rooms = new Map([["standup", session]]);

function token(sessionId) {
  const now = Math.floor(Date.now() / 1000);
  const fields = new URLSearchParams({ session_id: sessionId, create_time: now, expire_time: now + 86400, role: "publisher", nonce: Math.random(), initial_layout_class_list: "" });
  const signed = createHmac("sha1", secret).update(fields.toString()).digest("hex");
  return `T1==${Buffer.from(`partner_id=${project}&sig=${signed}:${fields}`).toString("base64")}`;
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function jwt({ room_id, user_id, role }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { access_key: "hms-access-key", room_id, user_id, role, type: "app", version: 2, iat: now, nbf: now, exp: now + 86400, jti: randomUUID() };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", "hms-secret-of-some-length").update(text).digest("base64url")}`;
}

function answer(response, body) {
  const text = JSON.stringify(body);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const server = createServer((request, response) => {
  const sessionId = rooms.get(request.url.slice("/room/".length));
  if (sessionId) return answer(response, { apiKey: project, sessionId, token: token(sessionId) });
  let body = "";
  request.on("data", (more) => (body += more));
  request.on("end", () => answer(response, body ? { token: jwt(JSON.parse(body)) } : {}));
});
server.listen(0, "127.0.0.1", () => console.log(`127.0.0.1:${server.address().port}`));
