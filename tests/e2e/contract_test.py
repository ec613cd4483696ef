"""The API does what its own description says, whatever is sent to it."""

import os
import subprocess
import tempfile
import threading
import unittest

TOK = os.environ["TOK"]
PYTHON = os.environ["PYTHON"]
CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemathesis.toml")


class Contract(unittest.TestCase):
    def test_the_description_holds(self):
        with tempfile.TemporaryDirectory() as home:
            server = subprocess.Popen(
                [TOK, "serve", "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"],
                cwd=home,
                env={"HOME": home, "TOK_SERVER__RATE_LIMIT": "off", "TOK_LOG": "error"},
                stderr=subprocess.PIPE,
                text=True,
            )
            try:
                url = server.stderr.readline().split()[2]
                # A log that nobody reads would stop the server.
                threading.Thread(target=server.stderr.read, daemon=True).start()
                result = subprocess.run(
                    [
                        PYTHON, "-m", "schemathesis.cli", "--config-file", CONFIG, "run", f"{url}/openapi.json",
                        "--checks", "not_a_server_error,content_type_conformance,response_schema_conformance",
                        "--max-examples", "20", "--seed", "1", "--no-color",
                    ],
                    cwd=home,
                    capture_output=True,
                    text=True,
                    timeout=1800,
                )
                self.assertEqual(result.returncode, 0, result.stdout[-6000:] + result.stderr[-2000:])
            finally:
                server.terminate()
                self.assertEqual(server.wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main()
