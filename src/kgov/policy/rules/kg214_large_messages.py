"""KG214: messages larger than brokers and consumers are made for."""

from collections.abc import Iterator
from typing import Final

from kgov.capacity.keeping import number
from kgov.model.finding import Problem, Severity
from kgov.model.units import format_size
from kgov.policy.blame import blamed
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_KEY: Final = "max.message.bytes"
_MOST: Final = 10 * 1024**2


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        size = number(topic, _KEY)
        if size is not None and size > _MOST and not topic.retired:
            source = topic.config[_KEY].source
            message = (
                f"{_KEY} {format_size(size)} is over 10MiB: brokers and consumers must be set up for it too"
            )
            hint = (
                "put large objects into a store and send their address; else check replica.fetch.max.bytes, "
                "fetch.max.bytes, max.partition.fetch.bytes and the producers' max.request.size"
            )
            yield Problem("KG214", message, source.place, blamed(topic, source), hint)


RULE = Rule(
    code="KG214",
    name="large-messages",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic, or the `defaults` of an environment, sets `max.message.bytes` over 10 MiB. Retired topics are not
checked.""",
        why="""\
The topic's limit is one of several. A producer sends no more than its `max.request.size`, 1 MiB by default.
Brokers and consumers do carry a record that is over their fetch limits, but one at a time and whole in
memory: one such record can kill a consumer that has run for years. Eight topics of one public repository
allowed 100 MiB.""",
        fix="""\
Put large objects into an object store and send their address. If records really are that large, compress
them, raise the limit no further than needed, and check the settings of brokers, producers and consumers.""",
        failing=(
            Example(
                files={
                    "topics/bills.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: bills.printed.v1}
spec:
  config: {max.message.bytes: 104857600}
"""
                },
                says="max.message.bytes 100MiB is over 10MiB: brokers and consumers must be set up for it too",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/bills.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: bills.printed.v1}
spec:
  config: {max.message.bytes: 2MiB}
"""
                },
            ),
        ),
        see=("KG202", "KG215"),
    ),
)
