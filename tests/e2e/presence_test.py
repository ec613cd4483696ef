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
        events, first, enough = [], threading.Event(), threading.Event()

        def hear(event):
            events.append((event.event_type, event.path, event.data))
            first.set()
            if len(events) == 3:
                enough.set()

        listening = place.listen(hear)
        self.assertTrue(first.wait(60), "nothing is told")
        place.child("ada").set("offline")
        place.update({"bob": "online"})
        self.assertTrue(enough.wait(60), events)
        # The client notices that it is closed with the next event, which must come after that.
        closed = threading.Event()

        def tell():
            times = 0
            while not closed.wait(0.1):
                times += 1
                place.child("eve").set(f"online {times}")

        ending = threading.Thread(target=tell)
        ending.start()
        self.addCleanup(closed.set)
        # Its reading thread then trips over the closed connection, which is its own affair.
        self.addCleanup(setattr, threading, "excepthook", threading.excepthook)
        threading.excepthook = lambda _: None
        listening.close()
        closed.set()
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
            # What is not told by then is never told.
            patience = threading.Timer(120, watch.kill)
            patience.start()
            self.addCleanup(patience.cancel)
            told = json.loads(watch.stdout.readline())
            self.assertEqual((told["id"], told["state"]), ("ada", "online"))
            db.reference("/status/ada").update({"state": "offline", "last_changed": 2000})
            while told["state"] != "offline":
                line = watch.stdout.readline()
                self.assertTrue(line, "that she is offline is never told")
                told = json.loads(line)
            self.assertEqual(told["last_changed"], "1970-01-01T00:00:02Z")
            watch.terminate()
            self.assertEqual(watch.wait(), 0)
            watch.stdout.close()


if __name__ == "__main__":
    unittest.main()
