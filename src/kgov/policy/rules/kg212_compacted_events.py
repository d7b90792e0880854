"""KG212: compaction of events, of which then only the last of each key stays."""

from collections.abc import Iterator
from typing import Final

from kgov.capacity.keeping import CLEANUP, is_compacted
from kgov.model.finding import Problem, Severity
from kgov.model.topic import Topic
from kgov.policy.names import unversioned, words
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_EVENT_WORDS: Final = """
accepted added approved arrived assigned authorized booked cancelled canceled captured charged clicked
closed completed confirmed created declined deleted delivered departed detected dispatched ended expired
failed finished forgot fulfilled invited issued joined left logged measured moved opened ordered paid
picked placed posted published purchased read reading readings received refunded registered rejected
removed requested reset resolved returned reversed scanned sent settled shipped signed started stopped
submitted triggered uploaded validated verified viewed visited withdrawn
"""
_EVENTS: Final = frozenset(_EVENT_WORDS.split())
"""What happened once. ``updated`` and ``changed`` are not among them: they often carry the new state."""

_STATE_WORDS: Final = (
    "by cache changelog compacted current latest lookup snapshot snapshots state states table view"
)
_STATES: Final = frozenset(_STATE_WORDS.split())
"""Words of a name that say that the last record of each key is what is wanted."""


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if not is_compacted(topic) or topic.retired:
            continue
        event = _event(topic)
        if event:
            message = f"{quoted(event)} events are compacted: of each key only the last one stays"
            hint = (
                "write cleanup.policy: delete with a retention, or name the topic after the state that it keeps"
            )
            yield Problem("KG212", message, topic.where(f"config.{CLEANUP}"), topic.resource, hint)


def _event(topic: Topic) -> str:
    """Find the word that says what happened: the segment ``type``, or else an end of the name's last part."""
    said = words(topic.name)
    if not _STATES.isdisjoint(said):
        return ""
    last = topic.segments.get("type") or unversioned(topic.name).rpartition(".")[2]
    ends = words(last)
    return next((word for word in (*ends[-1:], *ends[:1]) if word in _EVENTS), "")


RULE = Rule(
    code="KG212",
    name="compacted-events",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic is compacted, and its name says that it holds events: the segment `type` of the naming convention,
or the first or last word of what follows the last dot (not counting the version), is a word such as
`created`, `completed`, `paid`, `reading` or `forgot`. Words that can carry a whole state (`updated`,
`changed`) are fine, and so are names that say `state`, `latest`, `snapshot`, `table`, `view` or
`compacted`. Retired topics are not checked.""",
        why="""\
Compaction keeps the last record of each key and throws the ones before it away. That is right for a state: the
newest profile replaces the older one. Of events all count: the second password reset of a customer does not
undo the first, and whoever reads later sees a history with holes.""",
        fix="""\
Write `cleanup.policy: delete` and say with `retention` how long events stay; what must stay longer goes to an
archive. If each key has one record only, or the last is all that anybody wants, give the topic a name that
says so, or set the rule aside with a Waiver.""",
        failing=(
            Example(
                files={
                    "topics/users.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: user.registered.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact}
"""
                },
                says='"registered" events are compacted: of each key only the last one stays',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/users.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: user.profile.updated.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact}
---
apiVersion: kgov/v1
kind: Topic
metadata: {name: user.registered.v1}
spec:
  keyed: true
  config: {cleanup.policy: delete}
"""
                },
            ),
        ),
        see=("KG210", "KG211"),
    ),
)
