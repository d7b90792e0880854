"""Makes text of manifests and clusters harmless for what it lands in.

``visible`` is the one function that everything else stands on: what it returns is one line that can neither
move a cursor, change a colour, hide or reorder letters, nor end a line or a file early.
"""

import unicodedata
from functools import lru_cache
from html import escape as html
from re import Match
from re import compile as pattern

_SPELLED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of letters that do something instead of being seen: controls, ANSI escapes and line ends; format
letters such as bidirectional overrides and zero width; surrogates of undecodable bytes; line separators."""

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters by category that show as nothing at all."""


def visible(text: str) -> str:
    r"""Spell out every letter that is not seen as itself: ``\n``, ``\x1b``, ``\u202e``.

    ``##[`` and ``##vso[`` are broken as well: build servers take them for commands wherever they stand.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_spelled, text))
    return text.replace("##[", r"#\#[").replace("##vso[", r"#\#vso[") if "##" in text else text


@lru_cache(maxsize=4096)
def _spelled(letter: str) -> str:
    code = ord(letter)
    if unicodedata.category(letter) not in _SPELLED and letter not in _BLANK and code & 0xFFFE != 0xFFFE:
        return letter
    if code < 0x100:
        return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(letter, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def xml(text: str) -> str:
    """Escape for XML 1.0, text or attribute; what that forbids even as a reference is spelled out."""
    return html(visible(text), quote=True)


def prometheus_label(text: str) -> str:
    """Escape for a label value of the text exposition format."""
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def github_message(*lines: str) -> str:
    """Escape the message of a workflow command; the lines given stay lines."""
    return "%0A".join(visible(line).replace("%", "%25") for line in lines)


def github_property(text: str) -> str:
    """Escape a property of a workflow command."""
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


_MARKUP = pattern(r'[\\`*_{}\[\]<>#|~^$&"]')
"""What means something to Markdown within a line; escaped text never begins one."""

_REFERENCE = pattern(r"[@#!$%~&^](?=\w)|(?<=:)//|(?i:\bwww)(?=\.)|(?i:\bGH)(?=-\d)|:(?=[\w+-]+:)")
_GAP = "\u200b"
"""Zero width space: what keeps ``@name``, ``#1``, ``https://`` from turning into mentions and links."""


def _entity(match: Match[str]) -> str:
    return f"&#{ord(match[0])};"


def markdown_text(text: str) -> str:
    """Escape for a line of Markdown, table cells included: no markup, no HTML, no mentions, no links."""
    return _MARKUP.sub(_entity, _REFERENCE.sub(lambda match: match[0] + _GAP, visible(text)))


def markdown_code(text: str) -> str:
    """Escape for a line of Markdown and set as code; names and values stay as they are when copied."""
    return f"<code>{_MARKUP.sub(_entity, visible(text))}</code>"


def markdown_fence(*lines: str) -> str:
    """Set lines as a block of shell code; the fence is longer than any run of backticks within."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}sh", *shown, fence))


_BACKTICKS = pattern("`+")
