"""Somebody in a room by `aiortc`: a stack of its own, which shares no code with browsers or with tok. They send a
tone and a picture that moves, and decode what the others send, as docs/group-calls.md has it.

As a program, `media_person.py URL ROOM NAME TONE` answers each line on stdin with what came until then, as a line
of JSON, and leaves with its stdin."""

import array
import asyncio
import collections
import fractions
import json
import math
import statistics
import sys

import av
import socketio
from aiortc import MediaStreamTrack, RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.mediastreams import MediaStreamError

RATE = 48000
# Sound is sent in pieces of 20 ms, and measured in windows of 100 ms: the last ten of them.
PIECE = RATE // 50
WINDOW = RATE // 10
WINDOWS = 10
# A window whose mean is below this is silent, of 32767.
SILENT = 200
LOUD = 8000
# What has not come by then does not come, in seconds.
PATIENCE = 60
WIDTH, HEIGHT = 320, 240


class Tone(MediaStreamTrack):
    """A sine of so many hertz."""

    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self.hertz, self.sent, self.began = hertz, 0, None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.began = loop.time() if self.began is None else self.began
        await asyncio.sleep(self.began + self.sent / RATE - loop.time())
        turn = 2 * math.pi * self.hertz / RATE
        samples = array.array("h", (round(LOUD * math.sin(turn * at)) for at in range(self.sent, self.sent + PIECE)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=PIECE)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.sent, fractions.Fraction(1, RATE)
        self.sent += PIECE
        return frame


class Moving(VideoStreamTrack):
    """A bright bar that goes down a dark picture."""

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        bar = pts // 3000 * 4 % HEIGHT
        for plane, (dark, bright) in zip(frame.planes, [(40, 220), (110, 90), (140, 160)]):
            high, at = plane.height, bar * plane.height // HEIGHT
            rows = (bright if at <= row < at + high // 8 else dark for row in range(high))
            plane.update(b"".join(bytes([row]) * plane.line_size for row in rows))
        frame.pts, frame.time_base = pts, time_base
        return frame


class Again(MediaStreamTrack):
    """What was encoded once, so many packets a second, over and over."""

    def __init__(self, kind, packets, rate):
        super().__init__()
        self.kind, self.packets, self.rate, self.sent, self.began = kind, packets, rate, 0, None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.began = loop.time() if self.began is None else self.began
        await asyncio.sleep(self.began + self.sent / self.rate - loop.time())
        packet = av.Packet(self.packets[self.sent % len(self.packets)])
        packet.pts, packet.time_base = self.sent, fractions.Fraction(1, self.rate)
        self.sent += 1
        return packet


class Heard:
    """What was decoded of somebody's sound."""

    def __init__(self):
        self.frames, self.rest = 0, array.array("h")
        self.windows = collections.deque(maxlen=WINDOWS)

    def take(self, frame):
        self.frames += 1
        samples = array.array("h", bytes(frame.planes[0])[: frame.samples * 2 * len(frame.layout.channels)])
        self.rest.extend(samples[:: len(frame.layout.channels)])
        while len(self.rest) >= WINDOW:
            window, self.rest = self.rest[:WINDOW], self.rest[WINDOW:]
            rises = sum(before < 0 <= now for before, now in zip(window, window[1:]))
            self.windows.append((sum(map(abs, window)) / WINDOW, rises * RATE / WINDOW))

    @property
    def loudness(self):
        return max((loudness for loudness, _ in self.windows), default=0)

    @property
    def hertz(self):
        """The middle one of the windows in which there was something."""
        loud = [hertz for loudness, hertz in self.windows if loudness > SILENT]
        return statistics.median(loud) if loud else 0


class Seen:
    """What was decoded of somebody's picture."""

    def __init__(self):
        self.frames, self.changed, self.width, self.last = 0, 0, 0, None

    def take(self, frame):
        self.frames, self.width = self.frames + 1, frame.width
        plane = bytes(frame.planes[0])
        self.changed += self.last is not None and self.last != plane
        self.last = plane


class MediaPerson:
    """A client of our own, by the words of docs/group-calls.md."""

    def __init__(self, name, hertz=0, tracks=None, receives=True):
        self.name, self.hertz, self.id, self.receives = name, hertz, None, receives
        self.tracks = tracks or {"microphone": Tone(hertz), "camera": Moving()}
        self.socket = socketio.AsyncClient(reconnection=False)
        # With any other policy it leaves some sections at a connection that it has closed (1.16).
        self.connection = RTCPeerConnection(RTCConfiguration(bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        # Told whenever anything happened.
        self.news = asyncio.Condition()
        self.events, self.words, self.sections = [], [], {}
        self.heard, self.seen = collections.defaultdict(Heard), collections.defaultdict(Seen)
        self.offering, self.begun, self.offered = asyncio.Lock(), set(), False
        self.socket.on("*", self.hear_event)

    async def enter(self, url, room):
        await self.socket.connect(url, transports=["websocket"], wait_timeout=60)
        answer = await self.ask("join-room", room, self.name)
        self.id = answer["id"]
        await self.socket.emit("update-mediaState", {"cameraEnabled": True, "microphoneEnabled": True})
        self.ups = {source: self.connection.addTransceiver(track, "sendonly") for source, track in self.tracks.items()}
        self.downs = []
        self.channel = self.connection.createDataChannel("tok")
        self.channel.on("open", self.ready)
        self.channel.on("message", lambda text: self.hear(json.loads(text)))
        self.connection.on("connectionstatechange", lambda: self.begin(self.tell()))
        # One of each: for more people it has to offer again.
        await self.widen({"audio": 1, "video": 1} if self.receives else {})

    async def ask(self, event, *args):
        answer = await self.socket.call(event, args, timeout=60)
        assert answer["success"], answer
        return answer["data"]

    def begin(self, work):
        task = asyncio.get_running_loop().create_task(work)
        self.begun.add(task)
        task.add_done_callback(self.begun.discard)

    async def tell(self):
        async with self.news:
            self.news.notify_all()

    async def until(self, so, what):
        async def wait():
            async with self.news:
                await self.news.wait_for(so)

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"never: {what}; {self.name}: {self.report()}") from None

    async def hear_event(self, event, *args):
        self.events.append((event, *args))
        await self.tell()

    async def widen(self, need):
        """Offers as many sections as it takes."""
        async with self.offering:
            kinds = [down.kind for down in self.downs]
            missing = [kind for kind, count in need.items() for _ in range(count - kinds.count(kind))]
            if self.offered and not missing:
                return
            self.offered = True
            more = [self.connection.addTransceiver(kind, "recvonly") for kind in missing]
            self.downs += more
            await self.connection.setLocalDescription(await self.connection.createOffer())
            answer = await self.ask("media-offer", self.connection.localDescription.sdp)
            await self.connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
            for down in more:
                self.begin(self.receive(down))
            if self.channel.readyState == "open":
                self.ready()

    def ready(self):
        mids = lambda kind: [down.mid for down in self.downs if down.kind == kind]
        send = {source: up.mid for source, up in self.ups.items()}
        self.say({"type": "ready", "send": send, "receive": {"audio": mids("audio"), "video": mids("video")}})

    def say(self, word):
        self.channel.send(json.dumps(word))

    def hear(self, word):
        self.words.append(word)
        if word["type"] == "tracks":
            self.sections = {of["mid"]: (of["participant"], of["source"]) for of in word["sections"]}
            if self.receives:
                self.begin(self.widen(word["need"]))
        self.begin(self.tell())

    async def receive(self, down):
        try:
            while True:
                frame = await down.receiver.track.recv()
                participant, source = self.sections.get(down.mid, (None, None))
                if participant:
                    (self.heard if down.kind == "audio" else self.seen)[participant, source].take(frame)
                await self.tell()
        except MediaStreamError:
            await self.tell()

    def word(self, kind):
        return next((word for word in reversed(self.words) if word["type"] == kind), None)

    @property
    def state(self):
        return self.connection.connectionState

    def hears(self, other):
        return self.heard[other, "microphone"]

    def sees(self, other):
        return self.seen[other, "camera"]

    def report(self):
        return {
            "id": self.id,
            "state": self.state,
            "sections": len(self.downs),
            "people": (self.word("tracks") or {}).get("people", []),
            "heard": {of: {"frames": heard.frames, "loudness": round(heard.loudness), "hertz": heard.hertz} for (of, _), heard in self.heard.items()},
            "seen": {of: {"frames": seen.frames, "changed": seen.changed, "width": seen.width} for (of, _), seen in self.seen.items()},
        }

    async def leave(self):
        await self.socket.disconnect()
        await self.connection.close()
        for task in list(self.begun):
            task.cancel()
        await asyncio.gather(*self.begun, return_exceptions=True)


async def main(url, room, name, hertz):
    person = MediaPerson(name, float(hertz))
    await person.enter(url, room)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(person.report()), flush=True)
    await person.leave()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
