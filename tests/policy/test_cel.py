"""Expressions: typed, bounded, and closed where they fail."""

import builtins
import sys

import pytest

from kgov.errors import ExitCode
from kgov.policy import cel, cel_bounds
from kgov.policy.cel import (
    Answer,
    CelMissingError,
    Expression,
    Failure,
    Language,
    Mistakes,
    Scene,
    Surroundings,
    record,
)
from kgov.policy.cel_messages import UnfitError

ORDERS = {
    "kind": "Topic",
    "metadata": {"name": "commerce.orders", "owner": "shop"},
    "spec": {
        "partitions": 6,
        "replicas": None,
        "retention": 604_800_000,
        "config": {"cleanup.policy": "delete"},
        "consumers": [{"team": "bills", "parallel": 2}, {"principal": "User:x"}],
        "data": {"personal": True, "subjects": ["customers"]},
        "volume": {"recordsPerSecond": 2, "peak": 1.5},
    },
    "segments": {"domain": "commerce"},
}
ACCESS = {
    "kind": "Access",
    "spec": {"grants": [{"role": "consumer", "parameters": {"topic": ["orders", "bills"]}}]},
    "bindings": [{"operation": "Read", "name": "orders"}],
}
OTHERS = {"topics": {"bills": {"spec": {"partitions": 3}}, "orders": {"spec": {"partitions": 6}}}}


def scene(subject=ORDERS, old=None, team=None, others=OTHERS):
    return Scene(
        record(subject["kind"], subject),
        None if old is None else record(subject["kind"], old),
        record("Environment", {"name": "prod", "production": True}),
        None if team is None else record("Team", team),
        Surroundings(lambda: record("All", others)),
    )


def compiled(text, kind="Topic", answer=Answer.BOOL):
    found = Language.of(kind).compile(text, answer)
    assert isinstance(found, Expression), found
    return found


def mistakes(text, answer=Answer.BOOL):
    found = Language.of("Topic").compile(text, answer)
    assert isinstance(found, Mistakes), found
    return found.all


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("object.spec.partitions <= 6", True),
        ("object.spec.partitions > 6", False),
        ("object.spec.replicas == 0 && !has(object.spec.replicas)", True),
        ("has(object.spec.data.personal) && object.spec.data.personal", True),
        ('object.spec.data.classification == ""', True),
        ('object.spec.retention <= ms("7d") && object.spec.retention < ms("unlimited")', True),
        ('octets("1KiB") == 1024', True),
        ('object.spec.config["cleanup.policy"] == "delete"', True),
        ('"retention.ms" in object.spec.config', False),
        ("object.spec.volume.recordsPerSecond == 2.0", True),
        ('object.spec.consumers.exists(c, c.team == "bills" && c.parallel == 2)', True),
        ('object.segments.domain == "commerce" && environment.production', True),
        ('object.metadata.name.matches("^[a-z.]+$")', True),
        ("oldObject == null || oldObject.spec.partitions < 3", True),
        ("team == null || team.spec.operators", True),
        ('"bills" in all.topics && !("x" in all.topics)', True),
        ("all.topics.all(n, all.topics[n].spec.partitions <= object.spec.partitions) // others", True),
        ("all.topics.exists(n, oldObject == null && team == null && all.topics[n].spec.partitions == 3)", True),
        ('"ABC".lowerAscii() == "abc"', True),
    ],
)
def test_an_expression_is_answered(text, answer):
    assert compiled(text).evaluate(scene()) is answer


def test_what_was_before_and_who_owns_it_are_seen():
    old = {"kind": "Topic", "spec": {"partitions": 3}}
    seen = scene(
        old=old, team={"metadata": {"name": "shop"}, "spec": {"members": ["a"], "owns": {"domains": ["c"]}}}
    )
    assert compiled("oldObject.spec.partitions < object.spec.partitions").evaluate(seen) is True
    assert compiled('team.metadata.name == "shop" && "c" in team.spec.owns.domains').evaluate(seen) is True
    around = compiled('"bills" in all.topics && oldObject.spec.partitions == 3 && size(team.spec.members) == 1')
    assert around.evaluate(seen) is True


def test_grants_and_bindings_are_seen():
    seen = scene(ACCESS)
    text = 'object.spec.grants.all(g, g.parameters["topic"].all(t, t in all.topics))'
    assert compiled(text, "Access").evaluate(seen) is True
    assert compiled('object.bindings[0].operation == "Read"', "Access").evaluate(seen) is True


def test_a_message_is_put_together():
    text = '"not " + string(object.spec.partitions) + ": " + object.spec.consumers.map(c, c.team).join(", ")'
    assert compiled(text, answer=Answer.STRING).evaluate(scene()) == "not 6: bills, "
    long = compiled('object.spec.data.subjects.join("-")', answer=Answer.STRING)
    many = {"kind": "Topic", "spec": {"data": {"subjects": ["x" * 3000] * 3}}}
    said = long.evaluate(scene(many))
    assert len(said) == 4096
    assert said.endswith("…")


def test_an_expression_knows_what_it_reads():
    found = compiled('object.spec.config["retention.ms"] != "" && object.spec.data.personal && team == null')
    assert found.paths == ("spec.config.retention.ms", "spec.data.personal")
    assert found.variables == {"object", "team"}


@pytest.mark.parametrize(
    ("text", "message", "line", "column", "hint"),
    [
        (
            "object.spec.partitons <= 48",
            "unknown field partitons of TopicSpec",
            1,
            13,
            "did you mean partitions?",
        ),
        (
            "true &&\n  object.foo",
            "unknown field foo of Topic",
            2,
            10,
            "there are kind, metadata, spec, segments",
        ),
        (
            "object.spec.volume.rate > 1",
            "unknown field rate of Volume",
            1,
            20,
            "there is recordsPerSecond or bytesPerSecond, which kgov works out",
        ),
        ("objct.spec.x", "unknown name objct", 1, 1, "did you mean object?"),
        ("foo", "unknown name foo", 1, 1, "there are object, oldObject, environment, team, all"),
        ('object.spec.partitions <= "a"', "<= does not work on (int, string)", 1, 24, ""),
        ("object.spec.partitions", "must come to true or false, not int", 1, 1, ""),
        ("object.spec", "must come to true or false, not TopicSpec", 1, 1, ""),
        ("object.spec.consumers", "must come to true or false, not list<consumer>", 1, 1, ""),
        ("object.", "Syntax error: no viable alternative at input '.'", 1, 8, ""),
        ('"a".matches("(")', "matches: invalid regular expression: missing ): (", 1, 1, ""),
        ('ms("7M") > 1', None, 1, 1, ""),
        ("x" * 4001, "is 4001 letters long, more than 4000", 1, 1, ""),
        ("(" * 40 + "true" + ")" * 40, "nests too deeply", 1, 1, ""),
        ("size(" + "+".join(["object.metadata.name"] * 40) + ") > 0", "nests too deeply", 1, 1, ""),
    ],
)
def test_a_mistake_is_told_at_its_place(text, message, line, column, hint):
    first = mistakes(text)[0]
    if message is not None:
        assert first.message == message
    assert (first.line, first.column) == (line, column)
    assert first.hint == hint


def test_every_mistake_is_told_once():
    found = mistakes("object.foo == 1 || object.foo == 2 || object.bar")
    assert [each.message for each in found] == [
        "unknown field foo of Topic",
        "unknown field foo of Topic",
        "unknown field bar of Topic",
    ]
    assert len(mistakes(" || ".join(f"object.foo{n}" for n in range(9)))) == 5


def test_what_all_is_wrapped_in_may_nest_too_deeply_as_well():
    deep = "(" * 30 + "size(all.topics) > 0 && oldObject == null" + ")" * 30
    assert isinstance(compiled("(" * 30 + "oldObject == null" + ")" * 30), Expression)
    assert mistakes(deep)[0].message == "nests too deeply"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('object.spec.config["x"] == ""', 'Key not found in map : "x"'),
        ("1 / (object.spec.partitions - 6) == 1", "divide by zero"),
        (
            "oldObject.spec.partitions == 6",
            "a field of null is asked for: oldObject is null where the object is new",
        ),
        ("ms(object.metadata.name) > 1", "is no duration"),
        ("dyn(object).foo == 1", "no_such_field"),
        ('all.topics["x"].spec.keyed', "Key not found"),
    ],
)
def test_what_cannot_be_answered_is_a_failure(text, why):
    answer = compiled(text).evaluate(scene())
    assert isinstance(answer, Failure)
    assert why in answer.why


def test_loops_end_after_ten_thousand_rounds():
    many = {"topics": {f"t{n}": {} for n in range(200)}}
    looping = compiled("all.topics.all(a, all.topics.all(b, all.topics.exists(c, c == a || c == b)))")
    answer = looping.evaluate(scene(others=many))
    assert answer == Failure("Iteration budget exceeded")


def test_what_does_not_fit_is_a_failure_of_whoever_looks():
    def unfit():
        raise UnfitError("all", "is too long")

    seen = Scene(record("Topic", ORDERS), surroundings=Surroundings(unfit))
    assert compiled('"x" in all.topics').evaluate(seen) == Failure("all is too long")
    assert compiled("object.spec.partitions == 6").evaluate(seen) is True


def test_nothing_else_is_there_unless_it_is_given():
    assert compiled("size(all.topics) == 0").evaluate(Scene(record("Topic", {}))) is True


def test_the_view_of_all_is_made_anew_after_a_while(monkeypatch):
    monkeypatch.setattr(cel, "_SHARED_EVALUATIONS", 2)
    seen = scene()
    question = compiled('"bills" in all.topics')
    assert [question.evaluate(seen) for _ in range(5)] == [True] * 5


DOUBLING = "size(a9) > 0"
for n in range(8, -1, -1):
    name = f"a{n}" if n else "object.metadata.name"
    DOUBLING = f"[{name} + {name}].all(a{n + 1}, {DOUBLING})"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DOUBLING, "texts together in each round of a loop"),
        ("all.topics.all(n, size(" + "+".join(["n"] * 14) + ") > 0)", "texts together in each round of a loop"),
        (
            "size(object.spec.consumers + object.spec.consumers) > 0",
            "puts lists together",
        ),
        (
            "all.topics.all(n, dyn(n) + dyn(n) + dyn(n) + dyn(n) + dyn(n) + dyn(n) != '')",
            "puts lists together",
        ),
        (
            "all.topics.all(n, n in [" + ",".join(["'x'"] * 201) + "])",
            "writes out lists of 201 items within loops",
        ),
        (" && ".join(["object.kind + 'x' != ''"] * 201), "puts texts or lists together 201 times"),
    ],
)
def test_what_would_take_all_memory_is_no_expression(text, message, monkeypatch):
    monkeypatch.setattr(cel, "LONGEST", 10_000)
    assert message in mistakes(text)[0].message


@pytest.mark.parametrize(
    "text",
    [
        'all.topics.filter(n, n.startsWith(object.segments.domain + ".")).size() == 0',
        'all.topics.map(n, n + "-x").map(n, n + "-y").all(n, n != "")',
        "object.spec.consumers.all(c, c.parallel + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 > 0)",
        'all.topics.all(n, (n == "x" ? n + "a" : n) != "z") || true',
        'all.topics.all(n, {"a": n + n}["a"] != "" && [n][0] != "" && has(object.spec.keyed) == false && true)',
        "[].all(x, x)",
        "[1, 2].exists_one(x, x == 1)",
        "[1.5, 2.0].exists(x, x > 1.0) && 1u == 1u && b'a' != b'b' && -5 < 0",
    ],
)
def test_what_is_bounded_is_an_expression(text):
    assert isinstance(Language.of("Topic").compile(text, Answer.BOOL), Expression)


def test_regular_expressions_take_linear_time():
    slow = compiled('object.metadata.name.matches("^(a+)+$")')
    subject = {"kind": "Topic", "metadata": {"name": "a" * 4000 + "!"}}
    assert slow.evaluate(scene(subject)) is False


def test_without_cel_a_policy_stops_the_run(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("cel_expr_python"):
            raise ImportError("No module named 'cel_expr_python'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CelMissingError) as caught:
        cel._load()
    assert caught.value.exit_code is ExitCode.FAILED
    assert "musl" in caught.value.todo


def test_types_of_others_are_not_ours():
    pool = cel._Pool(b"x")
    with pytest.raises(KeyError):
        pool.FindFileByName("other.proto")
    with pytest.raises(KeyError):
        pool.FindFileContainingSymbol("other.Message")
    assert pool.FindFileByName("kgov/policy.proto").serialized_pb == b"x"


def test_cel_is_not_loaded_where_nothing_needs_it():
    import subprocess

    loaded = "print('cel_expr_python' in sys.modules, 'google.protobuf' in sys.modules)"
    code = f"import sys, kgov.policy.engine, kgov.report.junit; {loaded}"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("abc", 3),
        ("a{3}", 3),
        ("(ab){3}c", 7),
        ("((a{1,30}b?){1,30}c?)", 962),
        ("a{3,}", 3),
        ("a{x}", 4),
        ("a{", 2),
        ("a{1,2,3}", 8),
        ("[(){5}]a", 2),
        ("[]()]x", 2),
        ("[^]()]x", 2),
        ("[[:alpha:])]x", 2),
        ("[[)]x", 2),
        (r"[\])]x", 2),
        (r"\(a\)", 3),
        ("a)b", 3),
        ("a{\u00b2}", 4),
        ("[ab", 1),
    ],
)
def test_the_steps_of_a_pattern_are_counted(pattern, steps):
    assert cel_bounds._steps(pattern) == steps


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"a".matches("(a{1,30}b){1,30}")', "matches: the pattern has 930 steps, more than 500"),
        ("object.kind.matches(object.metadata.name)", "matches: the pattern must be written out as one text"),
        (r'"a".matches(r"\Qa\E")', r"matches: the pattern may not quote with \Q"),
    ],
)
def test_patterns_are_small_and_written_out(text, message):
    assert mistakes(text)[0].message == message


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("object.spec.ignoreConfig.map(i, i).size() == 2001", None),
        ("all.topics.filter(n, n == object.kind).size() == 0", None),
        ("object.spec.ignoreConfig.all(i, i == 'x')", True),
        ("all.topics.exists(n, n == 't7')", True),
    ],
)
def test_map_and_filter_are_for_lists_that_can_be_copied(text, answer):
    many = {"kind": "Topic", "spec": {"ignoreConfig": ["x"] * 2001}}
    seen = scene(many, others={"topics": {f"t{n}": {} for n in range(2002)}})
    said = compiled(text).evaluate(seen)
    if answer is None:
        assert "map and filter walk over at most 2000 items, and there are 200" in said.why
    else:
        assert said is answer
