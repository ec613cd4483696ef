"""A server for the tests of a class."""

import os
import subprocess
import threading

TOK = os.environ["TOK"]


def serve(cls, home, env, *arguments):
    """Starts `tok serve` in this home until the class is done, and gives its address."""
    server = subprocess.Popen(
        [TOK, "serve", *arguments, "--bind", "127.0.0.1:0", "--ops-bind", "127.0.0.1:0"],
        cwd=home, env=env, stderr=subprocess.PIPE, text=True,
    )
    cls.addClassCleanup(server.stderr.close)
    cls.addClassCleanup(lambda: server.wait(timeout=30))
    cls.addClassCleanup(server.terminate)
    said = [server.stderr.readline()]
    while not said[-1].startswith("tok serves "):
        assert said[-1], f"tok ended: {''.join(said)}"
        said.append(server.stderr.readline())
    # A log that nobody reads would stop the server.
    threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
    return said[-1].split()[2]
