"""Many people in a room by `aiortc`, who take little: they send sound and a picture that were encoded once, and
receive nothing. `media_crowd.py URL ROOM COUNT` says a line once all are connected, and leaves with its stdin."""

import array
import asyncio
import fractions
import json
import math
import sys

import av

from media_person import PIECE, RATE, Again, MediaPerson

PICTURES = 10
WIDTH, HEIGHT = 320, 240
BITS = 150_000


def encoded(codec, frames):
    return [bytes(packet) for frame in [*frames, None] for packet in codec.encode(frame)]


def picture():
    """Two seconds of a bar that goes down; the first of each second stands for itself."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt, codec.bit_rate = WIDTH, HEIGHT, "yuv420p", BITS
    codec.time_base, codec.gop_size = fractions.Fraction(1, PICTURES), PICTURES
    codec.options = {"deadline": "realtime", "lag-in-frames": "0", "cpu-used": "8"}
    frames = []
    for at in range(2 * PICTURES):
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, (dark, bright) in zip(frame.planes, [(60, 220), (110, 90), (140, 160)]):
            bar = at * plane.height // (2 * PICTURES)
            rows = (bright if bar <= row < bar + plane.height // 8 else dark for row in range(plane.height))
            plane.update(b"".join(bytes([row]) * plane.line_size for row in rows))
        frame.pts, frame.time_base = at, codec.time_base
        frames.append(frame)
    return encoded(codec, frames)


def sound():
    """A second of a low hum."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "mono", "s16", 24_000
    codec.time_base, codec.options = fractions.Fraction(1, RATE), {"frame_duration": "20", "application": "voip"}
    frames = []
    for at in range(RATE // PIECE):
        turn = 2 * math.pi * 200 / RATE
        samples = array.array("h", (round(2000 * math.sin(turn * (at * PIECE + n))) for n in range(PIECE)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=PIECE)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, at * PIECE, codec.time_base
        frames.append(frame)
    return encoded(codec, frames)


async def main(url, room, count):
    voice, camera = sound(), picture()
    people = []
    for number in range(int(count)):
        tracks = {"microphone": Again("audio", voice, RATE // PIECE), "camera": Again("video", camera, PICTURES)}
        person = MediaPerson(f"Guest {number + 1:02}", tracks=tracks, receives=False)
        people.append(person)
        await person.enter(url, room)
    for person in people:
        await person.until(lambda: person.state == "connected", "is connected")
    print(json.dumps([person.id for person in people]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for person in people:
        await person.leave()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
