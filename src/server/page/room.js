// The call: from the lobby into the room and out again.

const { room, title, problem } = document.body.dataset;
const fragment = new URLSearchParams(location.hash.slice(1));
const token = fragment.get("token") ?? undefined;
const remembered = `tok:${room}`;

const devices = new Devices();
const people = new People((event, ...args) => ask(event, ...args));
const chat = new Chat(people, (event, ...args) => ask(event, ...args));
let socket = null;
let peers = null;
let mine = null;
let inside = false;

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(remembered) ?? "{}");
  } catch {
    return {};
  }
}

// Asks the server; says why not, if not.
async function ask(event, ...args) {
  try {
    const answer = await socket.ask(event, ...args);
    if (answer.success) return answer.data ?? true;
    tell(answer.error);
  } catch {
    tell("The connection broke; trying again.");
  }
  return null;
}

function tell(text) {
  $("status").textContent = text;
}

function notice(heading, text, again = false) {
  leave();
  show("notice");
  $("notice-title").textContent = heading;
  $("notice-text").textContent = text;
  $("again").hidden = !again;
  $("notice-title").focus();
}

function leave() {
  inside = false;
  peers?.clear();
  peers = null;
  socket?.close();
  socket = null;
  devices.close();
}

// The lobby: what the others will see and hear.
async function lobby() {
  show("lobby");
  $("name").value = localStorage.getItem("tok:name") ?? "";
  let stop = () => {};
  const check = () => {
    stop();
    press("lobby-microphone", devices.isOn("microphone"), "the microphone");
    press("lobby-camera", devices.isOn("camera"), "the camera");
    $("preview").srcObject = devices.camera ? new MediaStream([devices.camera]) : null;
    const wrong = Object.entries(devices.problems).map(([line, why]) => `No ${line}: ${why}`);
    $("devices").textContent = wrong.join(" ") || "Camera and microphone work.";
    stop = devices.meter((loud) => ($("level").value = loud));
  };
  devices.changed = check;
  for (const line of ["microphone", "camera"]) {
    $(`lobby-${line}`).onclick = async () => {
      await devices.turn(line, !devices.isOn(line));
      check();
    };
  }
  $("join").onsubmit = (event) => {
    event.preventDefault();
    stop();
    localStorage.setItem("tok:name", $("name").value);
    enter($("name").value);
  };
  await devices.open();
  check();
}

const REASONS = {
  404: ["No such room", (why) => why],
  403: ["You cannot come in", (why) => why],
  409: ["The room is full", (why) => why],
  429: ["Too many people at once", () => "Wait a moment, then try again."],
};

function enter(name) {
  socket = new Socket(location.href, token ? { token } : {});
  socket.on("connect", () => join(name));
  socket.on("disconnect", () => tell("The connection broke; trying again."));
  listen();
}

async function join(name) {
  let answer;
  try {
    answer = await socket.ask("join-room", room, name, { ...recall(), token });
  } catch {
    return; // It comes again with the next connection.
  }
  if (!answer.success) {
    const [heading, text] = REASONS[answer.status] ?? ["The call cannot be joined", (why) => why];
    return notice(heading, text(answer.error), answer.status !== 404);
  }
  const { id, key, waiting, iceServers } = answer.data;
  mine = { id, key, iceServers };
  sessionStorage.setItem(remembered, JSON.stringify({ id, key }));
  if (waiting) {
    show("call");
    tell("Waiting to be let in by a host.");
  } else {
    started();
  }
}

// Passes a signal on. What cannot be passed on now, because nodes cannot hear each other, is tried
// again; what cannot be passed on at all is for somebody who is gone.
async function pass(to, data, tries = 10) {
  try {
    const { status } = await socket.ask("signal", to, data);
    if (![429, 503].includes(status) || !tries) return;
  } catch {
    if (!tries) return;
  }
  setTimeout(() => people.get(to)?.isAlive && pass(to, data, tries - 1), 1000);
}

// Answers and summaries come in any order; the call begins with the later of them.
let summary = null;
async function started() {
  if (!mine || !summary || summary.me !== mine.id) return;
  const first = !inside;
  inside = true;
  tell("");
  if (first) {
    show("call");
    peers = new Peers(mine.id, mine.iceServers, pass, (...streams) => people.stream(...streams));
    devices.changed = sendState;
    for (const line of LINES) await sendState(line);
    $("microphone").focus();
  } else {
    sendMedia();
  }
  for (const person of people.present) {
    if (person.id !== mine.id && !person.isWaiting) peers.call(person.id).catch((error) => console.warn("no call", error));
  }
  for (const id of peers.ids) if (!people.get(id)?.isAlive) peers.remove(id);
}

function sendMedia() {
  people.put({ id: mine.id, mediaState: devices.state });
  socket?.emit("update-mediaState", devices.state);
}

async function sendState(line) {
  const streamOf = (track) => (track ? new MediaStream([track]) : null);
  press(line, devices.isOn(line), `the ${line}`);
  await peers.set(line, devices[line]);
  people.stream(mine.id, streamOf(devices.camera), streamOf(devices.screen));
  sendMedia();
}

function listen() {
  socket.on("room-summary", ({ participants, messages, more }) => {
    const me = participants.find((person) => person.isMe);
    summary = { me: me?.id };
    people.reset(participants);
    chat.reset(messages, more);
    started();
  });
  socket.on("new-participant", (person) => {
    people.put({ ...person, isWaiting: false });
    say(`${person.name} joined`);
  });
  socket.on("participant-left", (id) => {
    peers?.remove(id);
    const person = people.gone(id);
    if (person) say(`${person.name} left`);
  });
  socket.on("participant-updated-mediaState", ({ id, mediaState }) => people.put({ id, mediaState }));
  socket.on("participant-changed-name", (id, name) => people.put({ id, name }));
  socket.on("participant-updated-role", (id, role) => {
    people.put({ id, role, isHost: role === "host" });
    if (id === mine?.id && role === "host") tell("You are the host now.");
  });
  socket.on("signal", (from, data) => peers?.signal(from, data));
  for (const kind of ["room", "direct"]) {
    socket.on(`new-${kind}-message`, (message) => chat.put(message, true));
    socket.on(`edit-${kind}-message`, (message) => chat.put(message, false));
    socket.on(`delete-${kind}-message`, (message) => chat.remove(message));
  }
  socket.on("new-waiting-room-participant", ({ participant }) => {
    people.put({ ...participant, isWaiting: true });
    tell(`${participant.name} waits to be let in; see People.`);
  });
  socket.on("waiting-room-left", (id) => people.gone(id));
  socket.on("waiting-room-rejection", () => notice("You cannot come in", "The host did not let you in."));
  socket.on("replaced", () => notice("You are here twice", "This call goes on in another tab.", true));
  socket.on("kicked", () => notice("You were removed", "A host removed you from the call."));
  socket.on("room-ended", (why) => notice("The call is over", ENDINGS[why] ?? "The call was ended."));
  socket.on("mute-request", async (by) => {
    await devices.turn("microphone", false);
    tell(`${people.name(by) ?? "A host"} asked you to mute; your microphone is off.`);
  });
  socket.on("notification", ring);
}

const ENDINGS = {
  expired: "The room's time ran out.",
  deleted: "The room was deleted.",
  host_left: "The host left.",
};

// Somebody calls, or something is to be told, while this page is open.
function ring({ kind, data = {} }, taken) {
  taken?.(true);
  if (kind !== "call") {
    say(`${data.title ?? ""} ${data.body ?? ""}`);
    return tell([data.title, data.body].filter(Boolean).join(": "));
  }
  $("ring-title").textContent = data.title ?? "Somebody calls";
  $("ring-text").textContent = data.body ?? "";
  $("answer").onclick = () => {
    $("ring").close();
    if (data.url) location.assign(data.url);
  };
  $("decline").onclick = () => $("ring").close();
  $("ring").showModal();
}

for (const line of LINES) {
  $(line).onclick = async () => {
    await devices.turn(line, !devices.isOn(line));
    const why = devices.problems[line];
    if (why) tell(`No ${line}: ${why}`);
  };
}
for (const panel of ["people", "chat"]) {
  $(`show-${panel}`).onclick = () => {
    const open = $(`${panel}-panel`).hidden;
    for (const other of ["people", "chat"]) {
      const on = other === panel && open;
      $(`${other}-panel`).hidden = !on;
      $(`show-${other}`).setAttribute("aria-expanded", String(on));
    }
    if (open && panel === "chat") {
      chat.read();
      $("text").focus();
    }
  };
}
$("leave").onclick = async () => {
  await ask("leave");
  sessionStorage.removeItem(remembered);
  notice("You left", "Nobody sees or hears you any more.", true);
};
$("again").onclick = () => location.reload();
addEventListener("pagehide", () => socket?.close());
// A page that is shown again out of the browser's memory is out of the call.
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (problem) {
  notice(title, problem);
} else {
  lobby();
}
