"""A forge on localhost: answers what it is told to, and remembers what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]


@dataclass
class FakeForge:
    """``answers`` maps a path with its query to a document, or to (status, headers, document)."""

    address: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """Give what was asked for, in order."""
        return [each.path for each in self.asked]

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Work out an answer; what nobody has told it of is not there."""
        found = self.answers.get(path, (404, {}, {"message": "Not Found"}))
        status, headers, document = found if isinstance(found, tuple) else (200, {}, found)
        return status, headers, document if isinstance(document, bytes) else json.dumps(document).encode()


@contextmanager
def fake_forge() -> Iterator[FakeForge]:
    """Serve on a free port until the test is over."""
    forge = FakeForge()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            forge.asked.append(Asked(self.path, {key.lower(): value for key, value in self.headers.items()}))
            status, headers, content = forge.answer(self.path)
            self.send_response(status)
            for key, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
