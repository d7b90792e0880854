"""Build the tree of one document from the events of PyYAML's C parser."""

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import yaml
from yaml._yaml import CParser

from kgov.manifest import templates
from kgov.manifest.nodes import (
    UNREADABLE,
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    ScalarValue,
    SequenceNode,
    Unreadable,
)
from kgov.manifest.scalars import NUMBER_STARTS, former_reading, resolve
from kgov.manifest.wording import shown
from kgov.model.finding import Problem
from kgov.model.place import Place

Event = Any
"""PyYAML's stubs type the events of its pure Python parser only, with marks that may be missing."""

DEEPEST: Final = 50
"""How many mappings and lists may stand inside one another."""

_OFF_IS_A_WORD: Final = ("KG", "Policy/")
"""Keys that begin so are codes of rules, whose setting ``off`` is unmistakable."""


_SCALAR: Final = yaml.ScalarEvent
_MAPPING_END: Final = yaml.MappingEndEvent

_LONGEST_TEMPLATE: Final = 200

_LONGEST_WORD: Final = 64
"""Letters of a scalar that is likely to come again."""


_WORDS: Final[dict[str, str]] = {}
"""Keys of which there is nothing to say, met before: names of fields, mostly."""

_MOST_WORDS: Final = 4096

_entry: Final = tuple.__new__


class _Plain(NamedTuple):
    """A plain scalar of which there is nothing to say; ``text`` is one object for all that are equal."""

    value: ScalarValue
    text: str


@lru_cache(maxsize=4096)
def _plain(text: str) -> _Plain | None:
    """Read a plain scalar; ``None`` where something may have to be said about it.

    The words of manifests are few and come again in every file: they are looked at once, and kept once.
    """
    value = resolve(text)
    if value is None or text == "<<" or "{" in text or former_reading(text):
        return None
    text = sys.intern(text)
    return _Plain(text if isinstance(value, str) else value, text)


class TooDeepError(Exception):
    """A document nests too deeply to be read on; ``line`` is from 0."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Builder:
    """Builds document after document; ``broken`` and ``has_null`` are about the last one.

    ``template_told`` says that a placeholder was found: of one file only the first is told.

    ``first_line`` is the line (from 0) of the file where ``data`` begins. What is refused is left out of the
    tree, or stands in it as ``UNREADABLE``, and is told in ``problems``.
    """

    def __init__(
        self, file: str, data: bytes, first_line: int, problems: list[Problem], *, template_told: bool
    ) -> None:
        self.broken = False
        self.has_null = False
        self._file = file
        self._data = data
        self._before = first_line + 1
        self._problems = problems
        self._key = ""
        self.template_told = template_told
        # The parser alone: a loader around it would also prepare to construct, for every file anew.
        self._next: Callable[[], Event] = CParser(data).get_event

    def document(self) -> Node | None:
        """Read the next document that is not empty; ``None`` at the end of the stream.

        Raises ``TooDeepError``, ``yaml.YAMLError`` or (an undecodable tag) ``ValueError``.
        """
        while True:
            event = self._next()
            kind = event.__class__
            if kind is yaml.StreamEndEvent:
                return None
            if kind is yaml.StreamStartEvent or kind is yaml.DocumentEndEvent:
                continue
            # A DocumentStartEvent: its root follows.
            self.broken = self.has_null = False
            self._key = ""
            root = self._node(self._next(), 0)
            if not (isinstance(root, ScalarNode) and root.value is None and root.text == ""):
                return root

    def _node(self, event: Event, depth: int) -> Node:
        kind = event.__class__
        if kind is _SCALAR:
            return self._scalar(event)
        mark = event.start_mark
        if kind is yaml.AliasEvent:
            self._refuse(f"alias *{event.anchor[:40]} is not allowed", event, "write the value out")
            return ScalarNode(UNREADABLE, "", mark.line + self._before, mark.column + 1)
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        if depth >= DEEPEST:
            self._refuse(f"nested more than {DEEPEST} deep", event, "nothing in a manifest nests so deeply")
            raise TooDeepError(mark.line)
        node = self._mapping(event, depth) if kind is yaml.MappingStartEvent else self._sequence(event, depth)
        return node if event.tag is None else ScalarNode(UNREADABLE, "", node.line, node.column)

    def _sequence(self, event: Event, depth: int) -> SequenceNode:
        items: list[Node] = []
        key = self._key
        while (item := self._next()).__class__ is not yaml.SequenceEndEvent:
            self._key = key
            items.append(self._node(item, depth + 1))
        return SequenceNode(items, event.start_mark.line + self._before, event.start_mark.column + 1)

    def _mapping(self, event: Event, depth: int) -> Node:
        entries: dict[str, Entry] = {}
        refused = False
        following, before = self._next, self._before
        while (key := following()).__class__ is not _MAPPING_END:
            mark = key.start_mark
            # Nearly all keys are known words and nearly all values scalars, and every call counts: a large
            # repository has half a million.
            name = _WORDS.get(key.value) if key.__class__ is _SCALAR else None
            if name is None or key.anchor is not None or key.tag is not None:
                name = self._key_text(key, event, depth)
            self._key = name or ""
            value = following()
            node = self._scalar(value) if value.__class__ is _SCALAR else self._node(value, depth + 1)
            if name is None:
                refused = True
            elif name in entries:
                first = entries[name]
                other = Place(self._file, first.line, first.column)
                self._refuse(f"key {shown(name)} stands twice, first at {other}", key, "keep one of them")
            else:
                entries[name] = _entry(Entry, (mark.line + before, mark.column + 1, node))
        line, column = event.start_mark.line + before, event.start_mark.column + 1
        if refused and not entries:
            return ScalarNode(UNREADABLE, "", line, column)
        return MappingNode(entries, line, column)

    def _key_text(self, event: Event, mapping: Event, depth: int) -> str | None:
        """Read a key; ``None`` where it is not to be used."""
        if event.__class__ is not _SCALAR:
            self._refuse_key(event, mapping, depth)
            return None
        text: str = event.value
        plain = _plain(text) if len(text) <= _LONGEST_WORD else None
        if plain is not None and plain.value is plain.text and event.anchor is None and event.tag is None:
            if len(_WORDS) < _MOST_WORDS:
                _WORDS[plain.text] = plain.text
            return plain.text
        self._key = ""
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        if event.implicit[0]:
            if text == "<<":
                self._refuse("merge key << is not allowed", event, "write the keys out")
                return None
            value = resolve(text)
            if value is not text:
                what = f"key {text[:40] or '(empty)'} is no text"
                self._refuse(what, event, "put the key in quotes" if text else "write a key before the colon")
                return None
            self._warn_where_ambiguous(text, event)
        if "{" in text and self._template(text, event):
            return None
        return sys.intern(text)

    def _scalar(self, event: Event) -> ScalarNode:
        text: str = event.value
        if event.implicit[0] and len(text) <= _LONGEST_WORD and event.anchor is None and event.tag is None:
            plain = _plain(text)
            if plain is not None:
                mark = event.start_mark
                return ScalarNode(plain.value, plain.text, mark.line + self._before, mark.column + 1)
        value: ScalarValue | Unreadable = text
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        # A plain scalar: it is no text by its style alone.
        if event.implicit[0]:
            value = resolve(text)
            if value is text:
                self._warn_where_ambiguous(text, event)
            elif value is None:
                self.has_null = True
        if event.tag is not None:
            # What was meant to be of another type is not judged by the type that it has.
            value = UNREADABLE
        elif "{" in text and self._key not in templates.FREE_TEXT and self._template(text, event):
            value = UNREADABLE
        mark = event.start_mark
        return ScalarNode(value, text, mark.line + self._before, mark.column + 1)

    def _warn_where_ambiguous(self, text: str, event: Event) -> None:
        if len(text) > 3 and text[0] not in NUMBER_STARTS:
            return
        former = former_reading(text)
        if not former or (text == "off" and self._key.startswith(_OFF_IS_A_WORD)):
            return
        what = f"{text} without quotes is text here, and {former} to other readers of YAML"
        hint = f'write "{text}"' + (f", or {former}" if former in {"true", "false"} else "")
        self._problems.append(Problem("KG005", what, self._place(event), hint=hint))

    def _template(self, text: str, event: Event) -> bool:
        """Refuse a placeholder in ``text``; one is told for a file."""
        found = templates.in_scalar(text)
        if not found:
            return False
        self.broken = True
        if not self.template_told:
            self.template_told = True
            what = templates.not_rendered(found)
            self._problems.append(Problem("KG001", what, self._place(event), hint=templates.RENDER_FIRST))
        return True

    def _refuse_key(self, event: Event, mapping: Event, depth: int) -> None:
        """Refuse a key that is no scalar: `{{ x }}` reads as one, a mapping that is the key of a mapping."""
        already = len(self._problems)
        self._node(event, depth + 1)
        if len(self._problems) > already or (self.broken and self.template_told):
            return
        if mapping.flow_style and self._template(self._text_at(mapping), mapping):
            return
        self._refuse("a list or mapping cannot be a key", event, "keys are single words")

    def _text_at(self, event: Event) -> str:
        """Cut out what is written from the start of the event on, as much as a template takes."""
        start = event.start_mark.index
        return self._data.decode("utf-8")[start : start + _LONGEST_TEMPLATE]

    def _refuse_properties(self, event: Event) -> None:
        if event.anchor is not None:
            what = f"anchor &{event.anchor[:40]} is not allowed"
            self._refuse(what, event, "write the value out wherever it is needed")
        if event.tag is not None:
            self._refuse(
                f"tag {shown(event.tag)} is not allowed", event, "leave the tag out; put text in quotes"
            )

    def _refuse(self, what: str, event: Event, hint: str) -> None:
        self.broken = True
        self._problems.append(Problem("KG002", what, self._place(event), hint=hint))

    def _place(self, event: Event) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + self._before, mark.column + 1)
