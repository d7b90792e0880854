"""Certificates and keys as text: mend what properties files and environments do to their line ends."""

import re

_BLOCK = re.compile(r"-----BEGIN (?P<label>[A-Z0-9 ]+)-----(?P<body>.*?)-----END (?P=label)-----", re.DOTALL)
_WIDTH = 64


def mend_pem(text: str) -> str:
    r"""Give every block the line ends that OpenSSL needs.

    Java reads a certificate that stands on one line, or whose lines are held together by blanks or by the two
    characters ``\n``; OpenSSL does not. Blocks with headers (old encrypted keys) and text without any block
    are left alone.
    """
    unescaped = text.replace("\\n", "\n")
    blocks = [_mend(match) for match in _BLOCK.finditer(unescaped)]
    return "".join(blocks) if blocks else text


def _mend(match: re.Match[str]) -> str:
    label, body = match["label"], match["body"]
    if ":" in body:
        return f"{match[0]}\n"
    packed = "".join(body.split())
    lines = [packed[start : start + _WIDTH] for start in range(0, len(packed), _WIDTH)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
