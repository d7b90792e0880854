"""KG215: a number that is a digit away from a round size or time."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.topic import ConfigValue
from kgov.policy.blame import blamed
from kgov.policy.round_numbers import Slip, size_slip, time_slip
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    judged: dict[tuple[str, str], Slip | None] = {}
    for topic in case.desired.topics.values():
        if topic.retired:
            continue
        for key, value in topic.config.items():
            # Most values are words, or have a unit: whoever writes 7d has not miscounted zeros.
            if not value.written.isdecimal():
                continue
            name = (key, value.written)
            if name not in judged:
                judged[name] = _slip(key, value)
            if slip := judged[name]:
                message = f"{key} {value.written} is {slip.shown}: {slip.how}"
                meant = f"write {slip.meant} if that was meant, and this number with a unit if not"
                hint = meant if slip.meant else "write it with a unit, so that everybody sees what it is"
                yield Problem("KG215", message, value.source.place, blamed(topic, value.source), hint)


def _slip(key: str, value: ConfigValue) -> Slip | None:
    if value.problem or not value.written.isascii():
        return None
    if key.endswith(".bytes"):
        return size_slip(value.written)
    return time_slip(value.written) if key.endswith(".ms") else None


RULE = Rule(
    code="KG215",
    name="suspicious-number",
    severity=Severity.INFO,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A config that is a size or a time is written as a bare number that is nearly a round one: one digit is
another, is missing or is too much, two swapped places, or the two numbers are less than 0.01 % apart. A
number of seconds where Kafka takes milliseconds counts too (`604800`). The finding says what the number is
and what was probably meant. Where nothing round is near, but the number itself is not round either (a time
of ten minutes or more with odd seconds, a size of 1 MiB or more that is no whole number of KiB), it says
what the number is. Numbers with a unit (`5MiB`, `7d`), round ones and Kafka's own defaults are left alone.
Retired topics are not checked.""",
        why="""\
Nobody sees a wrong digit in `5542880`. It was meant to be `5242880`, 5 MiB, stands in the example of a public
tool, and was copied from there into other companies' topics; `7340116` and `524294` are others. Some slips cost
more: `retention.ms: 604800`, a week in seconds, deletes records after ten minutes.""",
        fix="""\
Write the value with a unit: `5MiB`, `7d`. kgov reads both, and so does the reviewer.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {max.message.bytes: 5542880}
"""
                },
                says="max.message.bytes 5542880 is 5.3 MiB: one digit away from 5242880, 5MiB",
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {retention: 604800}
"""
                },
                says="retention.ms 604800 is 10m4s800ms: so many seconds are 7d",
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {retention: 999000}
"""
                },
                says="retention.ms 999000 is 16m39s: no round time",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  retention: 7d
  config: {max.message.bytes: 5242880}
"""
                },
            ),
        ),
        see=("KG202", "KG209", "KG214"),
    ),
)
