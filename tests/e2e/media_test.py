"""A room whose media goes by the server, with clients of another stack than browsers have."""

import asyncio
import subprocess
import tempfile
import unittest

from media_person import SILENT, WIDTH, MediaPerson
from served import TOK, serve

# How far what was measured may be off, in hertz: a window of 100 ms tells no less.
OFF = 15


class MediaTest(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        cls.home, cls.env = home.name, {"HOME": home.name, "TOK_ROOMS__MEDIA": "relayed"}
        cls.url = serve(cls, cls.home, cls.env)

    async def tok(self, *args):
        child = await asyncio.create_subprocess_exec(
            TOK, *args, cwd=self.home, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said, _ = await child.communicate()
        self.assertEqual(child.returncode, 0, said)

    async def room(self, name, **tones):
        await self.tok("room", "create", name, "-q")
        people = [MediaPerson(name, hertz) for name, hertz in tones.items()]
        for person in people:
            self.addAsyncCleanup(person.leave)
            await person.enter(self.url, name)
        return people

    async def receives(self, one, other):
        """From now on one sees the other move and hears their tone."""
        heard, seen = one.hears(other.id), one.sees(other.id)
        frames, changed = seen.frames, seen.changed
        windows = heard.frames
        moves = lambda: seen.frames >= frames + 30 and seen.changed >= changed + 20
        await one.until(moves, f"{other.name} moves")
        self.assertEqual(seen.width, WIDTH)
        in_tune = lambda: heard.frames >= windows + 60 and heard.loudness > SILENT and abs(heard.hertz - other.hertz) < OFF
        await one.until(in_tune, f"{other.name} is heard at {other.hertz} hertz")

    async def test_each_sees_and_hears_the_other(self):
        ada, bob = await self.room("two", Ada=440, Bob=1000)
        await asyncio.gather(self.receives(ada, bob), self.receives(bob, ada))
        self.assertEqual(sorted(ada.word("tracks")["people"]), sorted([ada.id, bob.id]))
        await ada.until(lambda: (ada.word("speakers") or {}).get("ids"), "the server says who speaks")

    async def test_with_the_third_there_are_more_sections(self):
        ada, bob, eve = people = await self.room("three", Ada=440, Bob=1000, Eve=700)
        await asyncio.gather(*(self.receives(one, other) for one in people for other in people if one is not other))
        self.assertEqual([len(person.downs) for person in people], [4, 4, 4])

    async def test_who_is_muted_is_not_heard_until_they_may_speak(self):
        ada, bob = await self.room("muted", Ada=440, Bob=1000)
        await self.receives(ada, bob)
        await self.tok("participant", "mute", "muted", bob.id)
        await bob.until(lambda: bob.word("muted") == {"type": "muted", "muted": True}, "Bob is told")
        # He sends on; what was on its way has come once some more pictures have.
        seen, heard = ada.sees(bob.id), ada.hears(bob.id)
        first = seen.frames
        await ada.until(lambda: seen.frames >= first + 15, "what was on its way")
        silent, first = heard.frames, seen.frames
        await ada.until(lambda: seen.frames >= first + 30, "Bob moves on")
        self.assertLess(heard.frames - silent, 3)
        await self.tok("participant", "mute", "muted", bob.id, "--lift")
        await bob.until(lambda: bob.word("muted")["muted"] is False, "Bob is told again")
        await self.receives(ada, bob)

    async def test_who_is_removed_is_gone(self):
        ada, bob = await self.room("kicked", Ada=440, Bob=1000)
        await asyncio.gather(self.receives(ada, bob), self.receives(bob, ada))
        await self.tok("participant", "kick", "kicked", bob.id, "--yes")
        await bob.until(lambda: bob.state == "closed", "Bob's connection is closed")
        await bob.until(lambda: any(event == "kicked" for event, *_ in bob.events), "Bob is told")
        await ada.until(lambda: ada.word("tracks")["people"] == [ada.id], "only Ada is there")
        await ada.until(lambda: not ada.sections, "nothing comes any more")
        self.assertEqual(ada.state, "connected")


if __name__ == "__main__":
    unittest.main()
