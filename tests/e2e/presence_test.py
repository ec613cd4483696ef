"""Google's own client finds the stand-in for the Realtime Database to be one, and tok follows it."""

import json
import os
import subprocess
import tempfile
import threading
import unittest

import firebase_admin
from firebase_admin import db


class PresenceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.peers = subprocess.Popen(
            [os.environ["PEERS"], "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        address = json.loads(cls.peers.stdout.readline())["database"]
        os.environ["FIREBASE_DATABASE_EMULATOR_HOST"] = address
        cls.url = f"http://{address}/?ns=demo"
        firebase_admin.initialize_app(options={"databaseURL": cls.url, "projectId": "demo-tok"})

    @classmethod
    def tearDownClass(cls):
        cls.peers.kill()
        cls.peers.wait()
        cls.peers.stdin.close()
        cls.peers.stdout.close()

    def test_the_client_reads_writes_and_compares(self):
        place = db.reference("/check/ada")
        place.set({"state": "online", "last_changed": 1})
        self.assertEqual(place.get(), {"state": "online", "last_changed": 1})
        place.update({"state": "offline"})
        value, etag = place.get(etag=True)
        self.assertEqual(value["state"], "offline")
        self.assertFalse(place.set_if_unchanged("wrong", {})[0])
        self.assertTrue(place.set_if_unchanged(etag, {"state": "online"})[0])
        self.assertEqual(db.reference("/check").get(shallow=True), {"ada": True})
        place.delete()
        self.assertIsNone(place.get())

    def test_the_client_listens(self):
        place = db.reference("/listened")
        place.set({"ada": "online"})
        events, enough = [], threading.Event()

        def hear(event):
            events.append((event.event_type, event.path, event.data))
            if len(events) == 3:
                enough.set()

        listening = place.listen(hear)
        while not events:
            enough.wait(0.05)
        place.child("ada").set("offline")
        place.update({"bob": "online"})
        self.assertTrue(enough.wait(20), events)
        # The client notices that it is closed with the next event.
        ending = threading.Timer(0.1, lambda: place.child("eve").set("online"))
        ending.start()
        # Its reading thread then trips over the closed connection, which is its own affair.
        self.addCleanup(setattr, threading, "excepthook", threading.excepthook)
        threading.excepthook = lambda _: None
        listening.close()
        ending.join()
        self.assertEqual(
            events[:3],
            [
                ("put", "/", {"ada": "online"}),
                ("put", "/ada", "offline"),
                ("patch", "/", {"bob": "online"}),
            ],
        )

    def test_tok_tells_what_the_client_writes(self):
        with tempfile.TemporaryDirectory() as home:
            env = {
                "HOME": home,
                "TOK_PRESENCE__BACKEND": "realtime_database",
                "TOK_REALTIME_DATABASE__URL": self.url,
            }
            db.reference("/status/ada").set({"state": "online", "last_changed": 1000})
            watch = subprocess.Popen(
                [os.environ["TOK"], "presence", "watch"],
                cwd=home,
                env=env,
                stdout=subprocess.PIPE,
                text=True,
            )
            told = json.loads(watch.stdout.readline())
            self.assertEqual((told["id"], told["state"]), ("ada", "online"))
            db.reference("/status/ada").update({"state": "offline", "last_changed": 2000})
            while told["state"] != "offline":
                told = json.loads(watch.stdout.readline())
            self.assertEqual(told["last_changed"], "1970-01-01T00:00:02Z")
            watch.terminate()
            self.assertEqual(watch.wait(), 0)
            watch.stdout.close()


if __name__ == "__main__":
    unittest.main()
