"""People with tokens in Firebase's form: Google's own verifier and tok must judge each alike."""

import base64
import datetime
import hmac
import http.server
import json
import os
import tempfile
import threading
import time
import unittest
import unittest.mock
import urllib.error
import urllib.request

import firebase_admin
import firebase_admin.auth
import firebase_admin.credentials
import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from served import serve

PROJECT = "demo-project"
ISSUER = f"https://securetoken.google.com/{PROJECT}"
KID = "first"


def certificate(key):
    """The public key as Google publishes it to its own libraries."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "securetoken")])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - day).not_valid_after(now + day).sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


class Keys(http.server.BaseHTTPRequestHandler):
    """The public key as Google publishes it to everybody else."""

    document = b""

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "public, max-age=3600")
        self.send_header("content-length", str(len(self.document)))
        self.end_headers()
        self.wfile.write(self.document)

    def log_message(self, *_):
        pass


class SignIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        cls.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(cls.key.public_key()))
        Keys.document = json.dumps({"keys": [{**jwk, "kid": KID, "alg": "RS256", "use": "sig"}]}).encode()
        keys = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        threading.Thread(target=keys.serve_forever, daemon=True).start()
        cls.addClassCleanup(keys.server_close)
        cls.addClassCleanup(keys.shutdown)
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        config = os.path.join(home.name, "tok.toml")
        with open(config, "w") as file:
            file.write(
                f'[auth]\nmode = "oidc"\n[[auth.issuers]]\nalias = "firebase"\nissuer = "{ISSUER}"\n'
                f'audience = ["{PROJECT}"]\njwks_url = "http://127.0.0.1:{keys.server_port}/"\nplain_ids = true\n'
            )
        cls.url = serve(cls, home.name, {"HOME": home.name, "TOK_LOG": "error"}, "--config", config)
        certificates = {KID: certificate(cls.key)}
        fetched = unittest.mock.patch("google.oauth2.id_token._fetch_certs", lambda *_: certificates)
        fetched.start()
        cls.addClassCleanup(fetched.stop)
        nobody = unittest.mock.Mock(spec=firebase_admin.credentials.Base)
        cls.app = firebase_admin.initialize_app(nobody, {"projectId": PROJECT}, name="sign-in")
        cls.addClassCleanup(firebase_admin.delete_app, cls.app)

    def claims(self, **changed):
        now = int(time.time())
        whole = {
            "iss": ISSUER, "aud": PROJECT, "auth_time": now - 10, "user_id": "Ada7", "sub": "Ada7", "iat": now - 10,
            "exp": now + 3590, "email": "ada@example.com", "email_verified": False,
            "firebase": {"identities": {"email": ["ada@example.com"]}, "sign_in_provider": "password"},
            **changed,
        }
        return {name: value for name, value in whole.items() if value is not None}

    def signed(self, key=None, kid=KID, algorithm="RS256", **changed):
        return jwt.encode(self.claims(**changed), key or self.key, algorithm, headers={"kid": kid})

    def keyed(self, secret):
        """Signed with a secret, whatever that is: the library refuses to take a certificate for one."""
        head = {"alg": "HS256", "typ": "JWT", "kid": KID}
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, self.claims())]
        message = b".".join(parts)
        signature = hmac.digest(secret, message, "sha256")
        return (message + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()

    def google_takes(self, token):
        try:
            firebase_admin.auth.verify_id_token(token, self.app)
            return True
        except (firebase_admin.exceptions.FirebaseError, ValueError):
            return False

    def tok_takes(self, token):
        asked = urllib.request.Request(f"{self.url}/v1/calls", headers={"authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status == 200
        except urllib.error.HTTPError as refused:
            with refused:
                self.assertEqual(refused.code, 401, refused.read())
            return False

    def both(self, token, right, what):
        self.assertEqual(self.google_takes(token), right, f"Google's library: {what}")
        self.assertEqual(self.tok_takes(token), right, f"tok: {what}")

    def test_a_token_of_the_project_is_taken_by_both(self):
        self.both(self.signed(), True, "as the app gets it")
        self.both(self.signed(sub="x" * 128, user_id="x" * 128), True, "the longest id")
        self.both(self.signed(email=None, firebase=None), True, "nothing but what must be there")

    def test_a_token_of_elsewhere_is_refused_by_both(self):
        other = "https://securetoken.google.com/other"
        self.both(self.signed(aud="other"), False, "another project")
        self.both(self.signed(iss=other), False, "another issuer")
        self.both(self.signed(iss=ISSUER + "/"), False, "an issuer with a slash")
        self.both(self.signed(key=self.stranger), False, "another key")
        self.both(self.signed(kid="second"), False, "an unknown key")
        secret = "a secret of more than thirty-two bytes"
        self.both(self.signed(key=secret, algorithm="HS256"), False, "another algorithm")
        # What everybody may know is no secret.
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        for what, known in ("certificate", certificate(self.key).encode()), ("public key", public):
            self.both(self.keyed(known), False, f"signed with the {what}")

    def test_a_token_of_another_time_or_of_nobody_is_refused_by_both(self):
        now = int(time.time())
        self.both(self.signed(iat=now - 7300, exp=now - 3700), False, "it has ended")
        self.both(self.signed(iat=now + 900, exp=now + 4500), False, "it has not begun")
        self.both(self.signed(sub="", user_id=""), False, "no id")
        self.both(self.signed(sub=None), False, "without an id")
        self.both(self.signed(sub="x" * 129), False, "an id that is too long")

    def test_a_token_that_was_changed_is_refused_by_both(self):
        head, body, signature = self.signed().split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        other = json.dumps({**claims, "sub": "Eve8"}).encode()
        forged = base64.urlsafe_b64encode(other).rstrip(b"=").decode()
        self.both(f"{head}.{forged}.{signature}", False, "another person")
        none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
        self.both(f"{none}.{body}.", False, "unsigned")


if __name__ == "__main__":
    unittest.main()
