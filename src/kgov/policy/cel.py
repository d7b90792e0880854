"""CEL, wrapped: the one module that imports cel-expr-python and protobuf.

CEL (https://cel.dev) is what Kubernetes' ValidatingAdmissionPolicy is written in: expressions that always end.
This is the whole of what the rest of kgov needs::

    language = Language.of("Topic")                     # Topic, Access or Acl: the type of `object`
    compiled = language.compile("object.spec.data.personal", Answer.BOOL)
    if isinstance(compiled, Mistakes):                  # misspelt field, syntax, wrong type, unbounded
        for each in compiled.all: ...                   # each has message, line, column (from 1), hint
    else:
        scene = Scene(record("Topic", topic_values(topic)))   # of kgov.policy.cel_values
        answer = compiled.evaluate(scene)               # a bool, a str for Answer.STRING, or a Failure

``Language.of`` raises ``CelMissingError`` where the platform has no CEL: call it only when there is an
expression to compile, so that those who have none need none.

A record is made of a plain mapping in the fields of ``kgov.policy.cel_types``; ``record`` raises ``UnfitError``
for what does not fit, such as a text that is too long. A scene is made once for an object and shared by all
expressions about it. A field that is not said reads as empty (0, "", false, [], {}) and ``has`` tells the
difference; ``oldObject`` and ``team`` that are not there are ``null``.

A ``Failure`` is what cannot be answered: an absent key, a division by zero, more than 10,000 rounds of loops.
Whoever asks must take it for a no (for an approval: for "it is needed"). Regular expressions are RE2's, whose
time is linear.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from kgov.errors import ExitCode, KgovError
from kgov.model.units import parse_duration, parse_size
from kgov.policy.cel_bounds import pattern_too_large, too_much
from kgov.policy.cel_messages import FILE, PACKAGE, Plain, UnfitError, descriptor, encode
from kgov.policy.cel_tree import Call, Comprehension, Constant, Literal, Name, Tree, every, object_paths, parse
from kgov.policy.cel_types import LARGEST, LONGEST_TEXT
from kgov.policy.cel_wording import VARIABLES, Mistake, failure, mistakes_of, type_in_words

LONGEST: Final = 4_000
"""Letters of an expression."""

MOST_GATHERED: Final = 2_000
"""Items that ``map`` and ``filter`` may walk over: CEL copies what they have gathered in every round."""

_MOST_MISTAKES: Final = 5

_SHARED_EVALUATIONS: Final = 2_000
_OF_A_LOOP: Final = 20
"""How often a view of all resources is used before it is made anew, an expression with loops counting for many:
what was evaluated with it stays in memory until it goes."""


class CelMissingError(KgovError):
    """There are expressions, and nothing to evaluate them with: to go on would be to skip a policy."""

    exit_code = ExitCode.FAILED


class Answer(StrEnum):
    """What an expression must come to."""

    BOOL = "true or false"
    STRING = "text"


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Why a text is no expression; at least one."""

    all: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an expression has no answer."""

    why: str


class Record:
    """One message for expressions. CEL asks it for its name and its bytes, as it would one of protobuf.

    ``items`` is the length of the longest list or map within.
    """

    __slots__ = ("DESCRIPTOR", "_content", "items")

    def __init__(self, message: str, content: bytes, items: int) -> None:
        self.DESCRIPTOR = _descriptor(message)
        self.items = items
        self._content = content

    def SerializePartialToString(self) -> bytes:  # noqa: N802 (protobuf's name)
        """Give the bytes."""
        return self._content


@dataclass(frozen=True, slots=True)
class _Descriptor:
    full_name: str


@cache
def _descriptor(message: str) -> _Descriptor:
    return _Descriptor(f"{PACKAGE}.{message}")


def record(message: str, values: Plain) -> Record:
    """Encode a message of ``cel_types.MESSAGES``; raises ``UnfitError`` for what does not fit."""
    return Record(message, encode(message, values), _longest(values))


def _longest(value: object) -> int:
    below: Iterable[object]
    if isinstance(value, Mapping):
        below = value.values()
    elif isinstance(value, list | tuple):
        below = value
    else:
        return 0
    return max(len(value), *map(_longest, below)) if value else 0


class Surroundings:
    """All other resources, shared by the scenes of one environment.

    ``everything`` makes a record of ``All`` when it is first looked at; it may raise ``UnfitError``.
    """

    def __init__(self, everything: Callable[[], Record]) -> None:
        self._everything = everything
        self._record: Record | None = None
        self._activation: Any = None
        self._left = 0

    def record(self) -> Record:
        """Give all of them; raises ``UnfitError`` where one does not fit."""
        if self._record is None:
            self._record = self._everything()
        return self._record

    def view(self, scene: "Scene", weight: int) -> Any:
        """Give variables for one evaluation in which ``all`` is converted already.

        ``weight`` is how much the evaluation leaves in memory.
        """
        if self._left <= 0:
            data = {"all": self.record(), "environment": scene.environment}
            self._activation = _runtime().around.Activation(data)
            self._left = _SHARED_EVALUATIONS
        self._left -= weight
        return self._activation


class Scene:
    """What the variables stand for while one object is judged."""

    __slots__ = ("_activation", "environment", "object", "old", "surroundings", "team")

    def __init__(
        self,
        object: Record,  # noqa: A002 (the name that expressions use)
        old: Record | None = None,
        environment: Record | None = None,
        team: Record | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.object = object
        self.old = old
        self.environment = environment or record("Environment", {})
        self.team = team
        self.surroundings = surroundings or Surroundings(lambda: record("All", {}))
        self._activation: Any = None

    def variables(self) -> Any:
        """Give the variables but ``all``, converted once for all expressions."""
        if self._activation is None:
            self._activation = _runtime().plain.Activation(
                {
                    "object": self.object,
                    "oldObject": self.old,
                    "environment": self.environment,
                    "team": self.team,
                }
            )
        return self._activation


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    ``variables`` are those that it names; ``paths`` the dotted paths below ``object`` that it reads, in the
    order of the text.
    """

    text: str
    answer: Answer
    variables: frozenset[str]
    paths: tuple[str, ...]
    _program: Any
    _weight: int
    _gathers: bool

    def evaluate(self, scene: Scene) -> bool | str | Failure:
        """Give its value, a ``bool`` or a ``str`` as it was compiled for, or say why there is none."""
        try:
            if self._gathers and (items := self._items(scene)) > MOST_GATHERED:
                return Failure(f"map and filter walk over at most {MOST_GATHERED} items, and there are {items}")
            if "all" in self.variables:
                runtime = _runtime()
                runtime.scene = scene
                value = self._program.eval(scene.surroundings.view(scene, self._weight))
            else:
                value = self._program.eval(scene.variables())
        except RuntimeError as error:
            return Failure(failure(str(error)))
        except UnfitError as error:
            return Failure(str(error))
        # The type is asked first: of a null, the binding gives away a reference that it does not own.
        type_ = value.type().name()
        if type_ == "ERROR":
            return Failure(failure(value.value()))
        answer: bool | str = value.value()
        return answer

    def _items(self, scene: Scene) -> int:
        seen = [scene.object, scene.old, scene.team]
        if "all" in self.variables:
            seen.append(scene.surroundings.record())
        return max(each.items for each in seen if each is not None)


class Language:
    """Expressions about one kind of object."""

    def __init__(self, kind: str) -> None:
        self._runtime = _runtime()
        self._environment = self._runtime.typed(kind)

    @staticmethod
    @cache
    def of(kind: str) -> "Language":
        """Prepare to compile expressions about one of ``cel_types.KINDS``.

        Raises ``CelMissingError`` where CEL cannot be loaded.
        """
        return Language(kind)

    def compile(self, text: str, answer: Answer) -> Expression | Mistakes:
        """Check an expression and prepare it."""
        if len(text) > LONGEST:
            return _mistaken(f"is {len(text)} letters long, more than {LONGEST}")
        try:
            checked = self._environment.compile(text)
            found = checked.return_type().name()
            if found != answer.name:
                return _mistaken(f"must come to {answer.value}, not {type_in_words(found)}")
            serialized = checked.serialize()
            tree = parse(serialized)
            wrong = too_much(tree) or self._runtime.wrong_literal(tree)
            if wrong:
                return _mistaken(wrong)
            variables = frozenset(each.name for each in every(tree) if isinstance(each, Name))
            variables &= frozenset(VARIABLES)
            program = self._runtime.program(text, serialized, variables)
        except RuntimeError as error:
            return Mistakes(mistakes_of(str(error))[:_MOST_MISTAKES])
        loops = [each for each in every(tree) if isinstance(each, Comprehension)]
        weight = _OF_A_LOOP if loops else 1
        gathers = any(isinstance(loop.start, Literal) for loop in loops)
        return Expression(text, answer, variables, object_paths(tree), program, weight, gathers)


def _mistaken(message: str) -> Mistakes:
    return Mistakes((Mistake(message),))


class _Runtime:
    """The environments of CEL, made once: one for each kind to compile in, and two to evaluate in.

    Expressions are compiled with types and evaluated without, so that ``oldObject`` and ``team`` may be null.
    Those that look at ``all`` are evaluated with variables that stay the same from object to object, for its
    conversion takes longer than thousands of evaluations: they get their object from a function.
    """

    def __init__(self) -> None:
        self.cel = _load()
        self.scene: Scene | None = None
        self._pool = _Pool(descriptor())
        untyped = dict.fromkeys(VARIABLES, self.cel.Type.DYN)
        self.plain = self.cel.NewEnv(self._pool, variables=untyped, functions=self._functions())
        self.around = self.cel.NewEnv(
            self._pool,
            variables=dict.fromkeys(("all", "environment"), self.cel.Type.DYN),
            functions=[*self._functions(), *map(self._getter, _OF_SCENE)],
        )

    def typed(self, kind: str) -> Any:
        """Make the environment in which expressions about a kind are compiled."""
        types = {"object": kind, "oldObject": kind, "environment": "Environment", "team": "Team", "all": "All"}
        variables = {name: self.cel.Type(f"{PACKAGE}.{type_}") for name, type_ in types.items()}
        return self.cel.NewEnv(self._pool, variables=variables, functions=self._functions())

    def program(self, text: str, serialized: bytes, variables: frozenset[str]) -> Any:
        """Prepare what was compiled for evaluation; raises ``RuntimeError`` where it nests too deeply."""
        if "all" not in variables:
            return self.plain.deserialize(serialized)
        # The line break ends a comment that the text may end in.
        wrapped = f"({text}\n)"
        for name in sorted(variables & _OF_SCENE.keys()):
            wrapped = f"[{_OF_SCENE[name]}()].map({name}, {wrapped})[0]"
        return self.around.compile(wrapped, disable_check=True)

    def wrong_literal(self, tree: Tree) -> str:
        """Say which text that a function is given is none that it takes; empty where none is."""
        for call in every(tree):
            if isinstance(call, Call) and call.function in _LITERALS and call.arguments:
                literal = call.arguments[-1]
                text = literal.text if isinstance(literal, Constant) else None
                why = self._refusal(_LITERALS[call.function], text) if text is not None else ""
                if call.function == _MATCHES and not why:
                    why = pattern_too_large(text)
                if why:
                    return f"{call.function}: {why}"
        return ""

    def _refusal(self, trial: str, literal: str) -> str:
        value = self.plain.compile(trial).eval(data={"object": literal})
        return failure(value.value()) if value.type().name() == "ERROR" else ""

    def _functions(self) -> list[Any]:
        cel = self.cel
        text, integer = cel.Type.STRING, cel.Type.INT
        texts = cel.Type.List(text)
        return [
            _function(cel, "ms", [text], integer, _milliseconds),
            _function(cel, "octets", [text], integer, _octets),
            _method(cel, "join", [texts, text], text, _join),
            _method(cel, "lowerAscii", [text], text, str.lower),
        ]

    def _getter(self, name: str) -> Any:
        def get() -> Record | None:
            found: Record | None = getattr(self.scene, _ATTRIBUTES[name])
            return found

        return _function(self.cel, _OF_SCENE[name], [], self.cel.Type.DYN, get)


_OF_SCENE: Final = {"object": "kgovObject", "oldObject": "kgovOldObject", "team": "kgovTeam"}
"""The functions that give a variable of the scene to expressions that look at ``all``."""

_ATTRIBUTES: Final = {"object": "object", "oldObject": "old", "team": "team"}

_MATCHES: Final = "matches"

_LITERALS: Final = {
    _MATCHES: '"".matches(object)',
    "ms": "ms(object)",
    "octets": "octets(object)",
    "duration": "duration(object)",
    "timestamp": "timestamp(object)",
}
"""How to find out whether a function takes a text that is written out: it is tried at once."""


@cache
def _runtime() -> _Runtime:
    return _Runtime()


def _load() -> Any:
    try:
        # CEL ends the process where protobuf is not there: it is looked for first.
        import google.protobuf.message_factory  # noqa: F401
        from cel_expr_python import cel
    except ImportError as error:
        raise CelMissingError(
            "there are policies with CEL expressions, and CEL cannot be loaded here",
            why=f"{error}",
            todo="install cel-expr-python and protobuf; there are wheels for glibc Linux, macOS and Windows, "
            "none for musl (Alpine): run kgov on an image with glibc",
        ) from None
    return cel


class _Pool:
    """Gives CEL our types, as a descriptor pool of protobuf would."""

    def __init__(self, file: bytes) -> None:
        self._file = _File(file)

    def FindFileByName(self, name: str) -> "_File":  # noqa: N802 (protobuf's name)
        if name != FILE:
            raise KeyError(name)
        return self._file

    def FindFileContainingSymbol(self, symbol: str) -> "_File":  # noqa: N802 (protobuf's name)
        if not symbol.startswith(f"{PACKAGE}."):
            raise KeyError(symbol)
        return self._file


@dataclass(frozen=True, slots=True)
class _File:
    serialized_pb: bytes


def _function(cel: Any, name: str, takes: list[Any], gives: Any, does: Callable[..., object]) -> Any:
    overload = cel.Overload(f"kgov_{name}", return_type=gives, parameters=takes, impl=does)
    return cel.FunctionDecl(name, [overload])


def _method(cel: Any, name: str, takes: list[Any], gives: Any, does: Callable[..., object]) -> Any:
    overload = cel.Overload(f"kgov_{name}", return_type=gives, parameters=takes, is_member=True, impl=does)
    return cel.FunctionDecl(name, [overload])


def _milliseconds(text: str) -> int:
    return _unlimited(parse_duration(text))


def _octets(text: str) -> int:
    return _unlimited(parse_size(text))


def _unlimited(value: int) -> int:
    return LARGEST if value < 0 else value


def _join(texts: list[object], between: str) -> str:
    """Join what fits one text; the rest is left out, for it is read by people."""
    joined = ""
    for index, each in enumerate(texts):
        joined += (between if index else "") + str(each)
        if len(joined) > LONGEST_TEXT:
            return joined[: LONGEST_TEXT - 1] + "…"
    return joined
