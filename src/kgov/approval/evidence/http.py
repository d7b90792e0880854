"""Asks the API of a forge over HTTP: little, with bounds, and the same server only."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, Final

_SECONDS: Final = 15
_LARGEST: Final = 8 * 1024 * 1024
_MOST_PAGES: Final = 50
_NEXT: Final = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?next"?')
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_PORTS: Final = {"https": 443, "http": 80}


class ForgeError(Exception):
    """The forge does not answer as it should: in a few words, without a secret."""


class Api:
    """One server with one token. ``address`` comes from CI or the command line, never from a manifest.

    Raises ``ForgeError`` where the token would travel unprotected.
    """

    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise ForgeError("its address is not https://")
        self._address = address.rstrip("/")
        self._server = _server(address)
        self._headers = {"User-Agent": "kgov", **headers}
        self._opener = urllib.request.build_opener(_SameServer(self._server))

    def get(self, path: str) -> Any:
        """Ask for one document. Raises ``ForgeError``."""
        return self._get(self._address + path)[0]

    def pages(self, path: str) -> Iterator[Any]:
        """Ask for a list that may stand on several pages (``Link: …; rel="next"``). Raises ``ForgeError``."""
        address: str | None = self._address + path
        for _ in range(_MOST_PAGES):
            if address is None:
                return
            found, address = self._get(address)
            if not isinstance(found, list):
                raise ForgeError("it answers with something else than a list")
            yield from found
        if address is not None:
            raise ForgeError(f"it has more than {_MOST_PAGES} pages")

    def _get(self, address: str) -> tuple[Any, str | None]:
        if _server(address) != self._server:
            raise ForgeError("it points to another server")
        request = urllib.request.Request(address, headers=self._headers)  # noqa: S310 (checked above)
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                content = answer.read(_LARGEST + 1)
                following = _NEXT.search(answer.headers.get("Link") or "")
        except urllib.error.HTTPError as error:
            error.close()
            raise ForgeError(f"it answers {error.code} to GET {urllib.parse.urlsplit(address).path}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise ForgeError(f"it cannot be asked: {reason}") from None
        if len(content) > _LARGEST:
            raise ForgeError("its answer is too large")
        try:
            return json.loads(content), following.group(1) if following else None
        except (ValueError, RecursionError):
            raise ForgeError("its answer is not JSON") from None


class _SameServer(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only where it stays on the server: the token goes along."""

    def __init__(self, server: tuple[str, str, int]) -> None:
        self._server = server

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if _server(newurl) != self._server:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _server(address: str) -> tuple[str, str, int]:
    parts = urllib.parse.urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.scheme, parts.hostname or "", port or _PORTS.get(parts.scheme, 0)
