// The call: from the lobby into the room and out again.

const { room, title, problem } = document.body.dataset;
const remembered = `tok:${room}`;
const token = invitation();

const devices = new Devices();
const people = new People((event, ...args) => ask(event, ...args));
const chat = new Chat(people, (event, ...args) => ask(event, ...args), (event, ...args) => send(event, ...args), entitle);
const speakers = new Speakers();
let socket = null;
let peers = null;
let mine = null;
let inside = false;
// Signals that came before the call began here.
const early = [];

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));

// The token of the link. It goes out of the address bar at once: whoever copies the link copies
// nobody's right. A reload finds it again, another page or tab does not.
function invitation() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  const kept = `${remembered}:token`;
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (given !== null) history.replaceState(history.state, "", location.pathname + location.search);
  if (given === null && type === "reload") return recall("sessionStorage", kept) ?? undefined;
  remember("sessionStorage", kept, given);
  return given ?? undefined;
}

// Another invitation to the same room, typed or pasted into this tab.
addEventListener("hashchange", () => new URLSearchParams(location.hash.slice(1)).has("token") && location.reload());

// Who this tab was in the room before.
function credential() {
  try {
    return JSON.parse(recall("sessionStorage", remembered) ?? "{}");
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

// How long an answer is waited for until it counts as lost, in milliseconds.
const LOST = 5000;

// Asks the server until it answers, over one line after the other, as long as this page is in the call:
// for what may be asked twice. Gives nothing when the page is out.
async function send(event, ...args) {
  for (const [call, me] = [socket, mine]; socket && socket === call && mine?.id === me.id; await rest(500)) {
    if (!call.connected || !inside) continue;
    const lost = rest(LOST).then(() => null);
    const answer = await Promise.race([call.ask(event, ...args).catch(() => null), lost]);
    if (answer) return answer;
  }
  return null;
}

function tell(text) {
  const inCall = $("lobby").hidden;
  $("status").textContent = inCall ? text : "";
  $("joining").textContent = inCall ? "" : text;
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
  quiet();
  early.length = 0;
  unmeasured();
  peers?.close();
  peers = null;
  socket?.close();
  socket = null;
  devices.close();
}

// The lobby: what the others will see and hear.
async function lobby() {
  show("lobby");
  // Whom their invitation names need not say it again.
  $("name").value = claimsOf(token).name ?? recall("localStorage", "tok:name") ?? "";
  let stop = () => {};
  let asking = true;
  const check = () => {
    stop();
    press("lobby-microphone", devices.isOn("microphone"), "the microphone");
    press("lobby-camera", devices.isOn("camera"), "the camera");
    $("preview").srcObject = devices.camera ? new MediaStream([devices.camera]) : null;
    const wrong = Object.entries(devices.problems).map(([line, why]) => `No ${line}: ${why}`);
    const fine = asking ? "Asking for camera and microphone…" : "Camera and microphone work.";
    $("devices").textContent = wrong.join(" ") || fine;
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
    if (socket) return;
    stop();
    devices.changed = sendState;
    remember("localStorage", "tok:name", $("name").value);
    tell("Joining…");
    enter($("name").value);
  };
  check();
  await devices.open();
  asking = false;
  if (!socket) check();
}

const REASONS = {
  404: "No such room",
  403: "You cannot come in",
  409: "The call cannot be joined now",
  429: "Too many people at once",
  503: "The server is busy",
};
// What may be otherwise in a moment.
const PASSING = [409, 429, 500, 503];

function enter(name) {
  socket = new Socket(location.href, token ? { token } : {});
  const broke = () => tell("The connection broke; trying again.");
  socket.on("connect", () => join(name));
  socket.on("disconnect", broke);
  socket.on("connect_error", broke);
  listen(name);
}

async function join(name, keys = credential()) {
  let answer;
  // What came over an earlier connection is of calls that may be over.
  early.length = 0;
  try {
    answer = await socket.ask("join-room", room, name, { ...keys, token });
  } catch {
    return; // It comes again with the next connection.
  }
  if (answer.success) return joined(answer.data);
  const { status, error, reason } = answer;
  // Who was sent out, but not for good, comes in as somebody new.
  if (status === 403 && keys.key) {
    remember("sessionStorage", remembered, null);
    return join(name, {});
  }
  // Nobody is thrown out of a call because the server was busy as they came back.
  if (inside && PASSING.includes(status)) {
    tell(`${error}; trying again.`);
    setTimeout(() => socket?.connected && join(name), 2000 + 2000 * Math.random());
    return;
  }
  const heading = reason === "room_full" ? "The room is full" : REASONS[status] ?? "The call cannot be joined";
  notice(heading, error, status !== 404);
}

function joined({ id, key, role, waiting, resumed, iceServers, media }) {
  // The others closed their ends of calls with somebody who was gone.
  if (!resumed) peers?.clear();
  mine = { id, key, role, iceServers, media };
  remember("sessionStorage", remembered, JSON.stringify({ id, key }));
  offer();
  if (waiting) {
    show("call");
    tell("Waiting to be let in by a host.");
    mine.iceServers = null;
    $("leave").focus();
  } else {
    started();
  }
}

// Viewers are offered nothing by which they would be seen, heard or read.
function offer() {
  const viewer = mine.role === "viewer";
  if (viewer) devices.stop();
  for (const control of [...LINES, "write", "choose"]) $(control).hidden = viewer;
  if (!devices.showsScreens) $("screen").hidden = true;
}

// Passes a signal on: what `make` gives, until it is passed on or `make` gives nothing any more. What
// cannot be passed on now, because the line broke or nodes cannot hear each other, is tried again for
// as long as that; what cannot be passed on at all is for somebody who is gone.
async function pass(to, make) {
  for (let data = make(); data; data = make()) {
    try {
      const { status } = await socket.ask("signal", to, data);
      if (!PASSING.includes(status)) return;
    } catch {
      // Perhaps over the next connection.
    }
    await rest(1000);
  }
}

// Answers and summaries come in any order; the call begins with the later of them.
let summary = null;
function started() {
  if (!mine || summary?.me !== mine.id) return;
  if (!mine.iceServers) return reach(mine);
  tell("");
  if (inside) sendMedia();
  else begin();
  peers.servers = mine.iceServers;
  const others = people.present.filter(({ id, isWaiting }) => id !== mine.id && !isWaiting);
  peers.meet(others.map(({ id }) => id), mine.media ?? "mesh");
}

// From here on whoever calls is heard: nothing may be waited for, or their calls are lost.
function begin() {
  inside = true;
  show("call");
  offerClosed(token);
  const streams = (...of) => people.stream(...of);
  peers = new Ways(mine.id, mine.iceServers, pass, streams, stands, offerMedia, muted);
  people.arranged = (seen) => peers?.wish(seen);
  for (const line of LINES) sendState(line);
  for (const [from, data] of early.splice(0)) peers.signal(from, data);
  stayAwake();
  $("microphone").focus();
}

// The server's answer to an offer of this browser; nothing if there is none now.
async function offerMedia(sdp) {
  try {
    const answer = await socket.ask("media-offer", sdp);
    return answer.success ? answer.data.sdp : null;
  } catch {
    return null;
  }
}

// A host muted this microphone, or does not any more.
function muted(is) {
  if (is) tell("A host muted you; nobody hears you until they let you speak.");
}

// Who waited is told how to reach the others with the word that they are in; who missed it asks.
async function reach(me) {
  await rest(1000);
  if (me !== mine || me.iceServers || !socket) return;
  const servers = (await ask("ice-servers")) ?? [];
  me.iceServers ??= servers;
  if (me === mine && socket) started();
}

// The credentials of the servers are short-lived; fresh ones come before they end.
function renew(servers) {
  if (!mine?.iceServers) return;
  mine.iceServers = servers;
  peers?.renew(servers);
}

// Tells how the call with somebody is, also to people who do not see it.
function stands(id, how) {
  if (people.stands(id, how) && how) say(`${people.name(id) ?? "Somebody"}: ${how}`);
}

function sendMedia() {
  people.put({ id: mine.id, mediaState: devices.state });
  if (mine.role !== "viewer") socket?.emit("update-mediaState", devices.state);
}

async function sendState(line) {
  const streamOf = (track) => (track ? new MediaStream([track]) : null);
  press(line, devices.isOn(line), `the ${line}`);
  if (!inside || !peers) return;
  const sent = (line) => (mine.role === "viewer" ? null : devices[line]);
  if (line === "microphone") measure();
  await peers.set(line, sent(line));
  if (line === "screen") await peers.set("sound", sent("sound"));
  people.stream(mine.id, streamOf(devices.camera), streamOf(devices.screen));
  sendMedia();
}

// How loud this microphone is, and who speaks.
let loudness = 0;
let unmeasured = () => {};
function measure() {
  unmeasured();
  loudness = 0;
  unmeasured = devices.meter((loud) => (loudness = loud));
}
setInterval(() => {
  if (!peers) return;
  const levels = peers.levels();
  levels.set(mine.id, loudness);
  people.speak(speakers.hear(levels, performance.now()));
}, 100);

function listen(name) {
  socket.on("room-summary", ({ name: title, participants, messages, more }) => {
    titled = title;
    entitle();
    const me = participants.find((person) => person.isMe);
    summary = { me: me?.id };
    people.reset(participants);
    chat.reset(messages, more);
    started();
  });
  socket.on("new-participant", (person) => {
    people.put({ ...person, isWaiting: false });
    peers?.came(person.id);
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
    if (id !== mine?.id) return;
    mine.role = role;
    offer();
    if (role === "host") tell("You are the host now.");
  });
  socket.on("signal", (from, data) => {
    if (data?.going) return people.goes(from);
    people.comes(from);
    if (peers) peers.signal(from, data);
    else early.push([from, data]);
  });
  for (const kind of ["room", "direct"]) {
    socket.on(`new-${kind}-message`, (message) => chat.put(message, true));
    socket.on(`edit-${kind}-message`, (message) => chat.change(message));
    socket.on(`delete-${kind}-message`, (message) => chat.remove(message));
  }
  socket.on("new-waiting-room-participant", ({ participant }) => {
    people.put({ ...participant, isWaiting: true });
    tell(`${participant.name} waits to be let in; see People.`);
  });
  socket.on("waiting-room-left", (id) => people.gone(id));
  socket.on("waiting-room-accept", ({ iceServers } = {}) => {
    if (mine) mine.iceServers ??= iceServers;
    started();
  });
  socket.on("waiting-room-rejection", () => out("You cannot come in", "The host did not let you in."));
  socket.on("place-lost", () => join(name));
  socket.on("replaced", () => notice("You are here twice", "This call goes on in another tab, or with the same invitation elsewhere.", true));
  socket.on("kicked", () => out("You were removed", "A host removed you from the call."));
  socket.on("token-ended", (why) => out(...(TOKEN_ENDINGS[why] ?? TOKEN_ENDINGS.expired)));
  socket.on("ice-servers", (servers) => renew(servers));
  socket.on("room-ended", (why) => notice("The call is over", ENDINGS[why] ?? "The call was ended."));
  socket.on("mute-request", async (by) => {
    await devices.turn("microphone", false);
    tell(`${people.name(by) ?? "A host"} asked you to mute; your microphone is off.`);
  });
  socket.on("mute-lifted", (by) => tell(`${people.name(by) ?? "A host"} lets you speak again.`));
  socket.on("notification", ring);
}

// Only who is inside is told what the room is called. What was missed stands before it.
let titled = title;
function entitle() {
  document.title = (chat.missed ? `(${chat.missed}) ` : "") + titled;
  for (const heading of document.querySelectorAll(".room-title")) heading.textContent = titled;
}

// The key of who was sent out opens nothing any more.
function out(heading, text) {
  remember("sessionStorage", remembered, null);
  notice(heading, text);
}

const TOKEN_ENDINGS = {
  expired: ["Your invitation has ended", "Ask for a new one to go on."],
  withdrawn: ["Your invitation was withdrawn", "Ask for a new one to go on."],
  displaced: ["You are here twice", "Somebody came in with the same invitation."],
};

const ENDINGS = {
  expired: "The room's time ran out.",
  deleted: "The room was deleted.",
  host_left: "The host left.",
};

for (const line of LINES) {
  $(line).onclick = async () => {
    await devices.turn(line, !devices.isOn(line));
    const why = devices.problems[line];
    if (why) tell(`No ${line}: ${why}`);
  };
}
devices.ended = (line) => {
  const text = line === "screen" ? "Your screen is not shown any more." : `Your ${line} was disconnected.`;
  tell(text);
  say(text);
};
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
// Whoever leaves is gone for themselves at once, whatever the line does: the goodbye of the socket says
// the rest, and nobody waits for its answer.
$("leave").onclick = () => {
  remember("sessionStorage", remembered, null);
  notice("You left", "Nobody sees or hears you any more.", true);
};
$("again").onclick = () => location.reload();
// A reload is no leaving: the seat is kept for a moment. The others need not look at a picture that
// stands still meanwhile.
addEventListener("pagehide", () => {
  for (const id of peers?.ids ?? []) socket?.emit("signal", id, { going: true });
  socket?.abandon();
});
// A page that is shown again out of the browser's memory is out of the call.
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (wanted && token) {
  pickUp(wanted);
} else if (problem) {
  notice(title, problem);
} else {
  lobby();
}
