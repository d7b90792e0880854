"""Texts that a template left behind: ``TODO``, ``because ...``, ``your-team``, ``<reason>``."""

from typing import Final

_WHOLE: Final = frozenset(
    {
        "add a description",
        "asdf",
        "because",
        "change me",
        "change-me",
        "changeme",
        "describe the topic",
        "describe this topic",
        "description",
        "description of the topic",
        "dummy",
        "dummy text",
        "enter a description",
        "example",
        "example purpose",
        "example reason",
        "fill in",
        "fill me in",
        "fixme",
        "foo",
        "my-team",
        "my_team",
        "n/a",
        "placeholder",
        "purpose",
        "purpose of the topic",
        "purpose of this topic",
        "reason",
        "sample",
        "sample text",
        "some reason",
        "some text",
        "tba",
        "tbc",
        "tbd",
        "team-name",
        "team_name",
        "to be defined",
        "to be determined",
        "to be done",
        "to be filled in",
        "to be written",
        "to be completed",
        "to be confirmed",
        "todo",
        "xxx",
        "xxxx",
    }
)
"""What is a left-over where nothing else is said, in small letters."""

_MARKS: Final = frozenset({"TODO", "TBD", "FIXME"})
"""What is one at the beginning or the end of a text, and before a colon; in small letters these are words."""

_DANGLING: Final = frozenset({"a", "as", "because", "by", "due", "for", "of", "since", "that", "the", "to"})
"""Words on which no sentence ends: with an ellipsis behind them, somebody was to go on."""

_ASKING: Final = frozenset(
    {"add", "describe", "enter", "explain", "fill", "insert", "put", "say", "type", "write", "your"}
)
"""Words with which a form begins to say what belongs in a field; it ends with ``here``."""

_LONGEST_ASKING: Final = 8
"""Words of such a request: a longer text is a sentence about something."""

_BRACES: Final = ("{{", "${", "[insert ", "[describe ", "[your ")
_YOUR: Final = ("your-", "your_")
_AROUND: Final = "\"'`*_()[]<>{}.,;:!?…-\u2013\u2014 "
_LONGEST: Final = 400
"""Letters at either end of a text that are looked at."""


def leftover(text: str) -> str:
    """Find what a template left behind in a text; empty where nothing is.

    An empty text is none. Only what nobody would write on purpose counts: a sentence about a to-do list passes.
    """
    text = text if len(text) <= 2 * _LONGEST else f"{text[:_LONGEST]} {text[-_LONGEST:]}"
    bare = text.strip(_AROUND)
    if not bare:
        return text.strip()
    if " ".join(bare.casefold().split()) in _WHOLE or bare.casefold().startswith("lorem ipsum"):
        return text.strip()
    words = text.split()
    if _is_asking(bare.casefold().split()):
        return text.strip()
    return _unfinished(words) or _mark(words) or _opened(text, words)


def _is_asking(words: list[str]) -> bool:
    """Say whether a form is still asking: ``Describe the topic here``, ``reason goes here``."""
    if words[-1] != "here" or len(words) > _LONGEST_ASKING:
        return False
    return words[0] in _ASKING or words[-2:-1] == ["goes"]


def _unfinished(words: list[str]) -> str:
    """Find a sentence that breaks off: ``because ...``, ``because…``."""
    ending = 2 if words[-1] in {"...", "…"} else 1
    last = " ".join(words[-ending:])
    stem = last.rstrip(".… ")
    broken = last.endswith(("...", "…")) and stem.casefold() in _DANGLING
    return last if broken else ""


def _mark(words: list[str]) -> str:
    """Find a ``TODO`` at either end, or one that something follows behind a colon."""
    for word in (words[0], words[-1], *(word for word in words if word.endswith(":"))):
        if word.strip(_AROUND) in _MARKS:
            return word.strip(_AROUND)
    return ""


def _opened(text: str, words: list[str]) -> str:
    """Find what was to be filled in: ``your-team``, ``<reason>``, ``{{ team }}``, ``[describe it]``."""
    small = text.casefold()
    if not ("<" in small or "{" in small or "[" in small or _YOUR[0] in small or _YOUR[1] in small):
        return ""
    if _YOUR[0] in small or _YOUR[1] in small:
        for word in words:
            bare = word.strip(_AROUND)
            if bare.casefold().startswith(_YOUR) and len(bare) > len(_YOUR[0]):
                return bare
    for brace in _BRACES:
        if brace in small:
            return brace.strip()
    return _angled(text)


def _angled(text: str) -> str:
    """Find words in angle brackets that stand by themselves: no ``List<Order>``, no ``a < b``."""
    begin = text.find("<")
    while begin >= 0:
        end = text.find(">", begin)
        if end < 0:
            return ""
        inside = text[begin + 1 : end]
        alone = begin == 0 or not text[begin - 1].isalnum()
        if alone and inside[:1].isalpha() and all(letter.isalnum() or letter in " -_'" for letter in inside):
            return text[begin : end + 1]
        begin = text.find("<", begin + 1)
    return ""
