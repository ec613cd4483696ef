// The least a socket.io server can do for a room: the same fan-out, in memory only.

import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/e2e/", import.meta.url));
const { Server } = require("socket.io");
// Who is where by the hash of the room's name, as the original knows rooms over HTTP.
const people = new Map();
const http = createServer((request, response) => {
  let body = "";
  request.on("data", (more) => (body += more));
  request.on("end", () => {
    const { from, to, content } = JSON.parse(body);
    const socket = people.get(request.url.split("/")[2])?.get(from.id);
    const data = socket?.data.key === from.key ? tell(socket, to, content) : null;
    const text = JSON.stringify({ success: data !== null, error: null, data });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
const io = new Server(http, { maxHttpBufferSize: 256 * 1024 });
let next = 0;

function tell(socket, to, content) {
  const id = String(next++).padStart(12, "0");
  const message = { id, from: socket.id, to, message: id, content, reactions: [], created: Date.now(), name: "P" };
  socket.to(socket.data.room).emit("new-room-message", message);
  return message;
}

io.on("connection", (socket) => {
  socket.on("join-room", (room, _person, _keys, ack) => {
    const hash = createHash("md5").update(room).digest("hex");
    if (!people.has(hash)) people.set(hash, new Map());
    people.get(hash).set(socket.id, socket);
    Object.assign(socket.data, { room, key: randomUUID() });
    socket.join(room);
    ack({ success: true, data: { id: socket.id, key: socket.data.key } });
  });
  socket.on("send-message", (to, content, ack) => {
    ack({ success: true, error: null, status: 200, data: tell(socket, to, content) });
  });
});
http.listen(0, "127.0.0.1", () => console.log(`listening http://127.0.0.1:${http.address().port}`));
