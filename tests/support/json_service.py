"""Asking programs that answer in JSON over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any


def ask_json(url: str, body: Mapping[str, str] | None, *, method: str, seconds: float) -> Any:
    """Ask, with a body if any; ``None`` where nobody answers, or the answer is that it cannot be done."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return json.load(answer)
    except OSError as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        return None
