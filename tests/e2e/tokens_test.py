"""Join tokens, read by a stock JWT library."""

import http.server
import json
import os
import subprocess
import tempfile
import threading
import unittest

import jwt

TOK = os.environ["TOK"]
KEY = "a-daily-api-key-of-the-usual-length-of-64-characters-0123456789ab"
DOMAIN = "0d0a7c1e-6f0e-4d3b-9a52-111111111111"


class Vendor(http.server.BaseHTTPRequestHandler):
    """Knows what it answers to whoever is genuine, and nothing else."""

    def do_GET(self):
        known = self.answers.get(self.path.rstrip("/")) if self.genuine() else None
        if not known:
            self.wrong.append(self.path)
        body = json.dumps(known or {})
        self.send_response(200 if known else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


class Daily(Vendor):
    """Knows `GET /` and one room with the right key."""

    wrong = []
    answers = {
        "/v1": {"domain_name": "e2e", "domain_id": DOMAIN, "config": {}},
        "/v1/rooms/gate": {
            "id": "987b5eb5-d116-4a4e-8e2c-14fcb5710966", "name": "gate", "api_created": True, "privacy": "private",
            "url": "https://e2e.daily.co/gate", "created_at": "2026-01-26T09:01:22.000Z", "config": {},
        },
    }

    def genuine(self):
        return self.headers["authorization"] == f"Bearer {KEY}"


class HundredMs(Vendor):
    """Knows one room, for a management token."""

    room = "65f000000000000000000001"
    wrong = []
    answers = {
        f"/v2/rooms/{room}": {
            "id": room, "name": "standup", "enabled": True, "customer_id": "cust", "template_id": "tmpl",
            "created_at": "2026-01-26T09:01:22.000000Z", "updated_at": "2026-01-26T09:01:22.000000Z",
        },
    }

    def genuine(self):
        token = self.headers["authorization"].removeprefix("Bearer ")
        return jwt.decode(token, KEY, algorithms=["HS256"], leeway=5)["type"] == "management"


class Tokens(unittest.TestCase):
    def tok(self, *arguments, **environment):
        result = subprocess.run(
            [TOK, *arguments],
            cwd=self.home,
            env={"HOME": self.home, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.home = directory.name

    def serve(self, vendor):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), vendor)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    def test_a_daily_token_is_what_daily_documents(self):
        url = self.serve(Daily)
        token = self.tok(
            "token", "create", "gate", "--role", "host", "--user-name", "Zoë", "--ttl", "10m", "-o", "name",
            TOK_ROOMS__BACKEND="daily",
            DAILY_API_KEY=KEY,
            TOK_DAILY__BASE_URL=f"{url}/v1",
        )
        claims = jwt.decode(token, KEY, algorithms=["HS256"], options={"require": ["exp", "iat"]})
        self.assertEqual(jwt.get_unverified_header(token)["alg"], "HS256")
        self.assertEqual(claims["r"], "gate")
        self.assertEqual(claims["d"], DOMAIN)
        self.assertIs(claims["o"], True)
        self.assertEqual(claims["u"], "Zoë")
        self.assertEqual(claims["exp"] - claims["iat"], 600)
        self.assertEqual(Daily.wrong, [])
        with self.assertRaises(jwt.InvalidSignatureError):
            jwt.decode(token, KEY + "x", algorithms=["HS256"])

    def test_a_100ms_token_is_what_100ms_documents(self):
        room = HundredMs.room
        url = self.serve(HundredMs)
        token = self.tok(
            "token", "create", room, "--backend", "hundred_ms", "--user-id", "ada",
            "--property", "role=speaker", "--ttl", "10m", "-o", "name",
            APP_ACCESS_KEY="access", APP_SECRET=KEY, TOK_HUNDRED_MS__BASE_URL=f"{url}/v2",
        )
        self.assertEqual(HundredMs.wrong, [])
        required = ["exp", "iat", "nbf", "jti"]
        claims = jwt.decode(token, KEY, algorithms=["HS256"], options={"require": required})
        self.assertEqual(jwt.get_unverified_header(token), {"alg": "HS256", "typ": "JWT"})
        known = {name: claims[name] for name in ("access_key", "room_id", "user_id", "role", "type", "version")}
        self.assertEqual(known, {
            "access_key": "access", "room_id": room, "user_id": "ada", "role": "speaker",
            "type": "app", "version": 2,
        })
        self.assertEqual(claims["exp"] - claims["iat"], 600)

    def test_a_local_token_names_its_room_and_its_end(self):
        self.tok("room", "create", "gate")
        token = self.tok("token", "create", "gate", "-o", "name")
        claims = jwt.decode(token, options={"verify_signature": False})
        self.assertEqual((claims["iss"], claims["room"], claims["role"]), ("tok", "gate", "participant"))
        self.assertEqual(claims["exp"] - claims["iat"], 3600)


if __name__ == "__main__":
    unittest.main()
