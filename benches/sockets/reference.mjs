// The least a socket.io server can do for a room: the same fan-out, in memory only.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../tests/e2e/", import.meta.url));
const { Server } = require("socket.io");
const http = createServer();
const io = new Server(http, { maxHttpBufferSize: 256 * 1024 });
let next = 0;

io.on("connection", (socket) => {
  let room;
  socket.on("join-room", (name, _person, _keys, ack) => {
    room = name;
    socket.join(room);
    ack({ success: true, data: { id: socket.id } });
  });
  socket.on("send-message", (to, content, ack) => {
    const id = String(next++).padStart(12, "0");
    const message = { id, from: socket.id, to, message: id, content, reactions: [], created: Date.now(), name: "P" };
    socket.to(room).emit("new-room-message", message);
    ack({ success: true, error: null, status: 200, data: message });
  });
});
http.listen(0, "127.0.0.1", () => console.log(`listening http://127.0.0.1:${http.address().port}`));
