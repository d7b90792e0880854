"""KG211: compaction of records that have no keys, or of which nobody says that they have."""

from collections.abc import Iterator

from kgov.capacity.keeping import CLEANUP, is_compacted
from kgov.model.finding import Problem, Severity
from kgov.policy.rule import Case, Example, Page, Rule, Stage


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        if topic.keyed or not is_compacted(topic) or topic.retired:
            continue
        policy = topic.config[CLEANUP].text
        if topic.keyed is None:
            message = f"cleanup.policy is {policy}, and the manifest does not say that records have keys"
            hint = "write keyed: true if every record has a key; Kafka refuses one without"
            place = topic.where(f"config.{CLEANUP}")
            yield Problem("KG211", message, place, topic.resource, hint, Severity.WARNING)
        else:
            message = (
                f"cleanup.policy is {policy}, and keyed is false: Kafka refuses every record without a key"
            )
            hint = "take compact out of cleanup.policy, or write keyed: true if every record has a key"
            yield Problem("KG211", message, topic.where("keyed"), topic.resource, hint, Severity.ERROR)


RULE = Rule(
    code="KG211",
    name="compaction-without-keys",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG502",),
    page=Page(
        what="""\
A topic is compacted (`compact`, with or without `delete`), and its manifest says `keyed: false`: an error.
Where `keyed` is not said at all, it is a warning. Retired topics are not checked.""",
        why="""\
Compaction keeps the last record of each key. A broker refuses a record without a key on a compacted topic, so
that the first write of such a producer fails. When a topic that holds records without keys is switched to
compaction, the cleaner throws those away.""",
        fix="""\
If every record has a key, write `keyed: true`. If not, the topic is a log of events: `cleanup.policy: delete`
and a `retention` are right for it.""",
        failing=(
            Example(
                files={
                    "topics/clicks.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: clicks.page.v1}
spec:
  keyed: false
  config: {cleanup.policy: compact}
"""
                },
                says="cleanup.policy is compact, and keyed is false: Kafka refuses every record without a key",
            ),
            Example(
                files={
                    "topics/customers.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  config: {cleanup.policy: compact}
"""
                },
                says="cleanup.policy is compact, and the manifest does not say that records have keys",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/customers.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  keyed: true
  config: {cleanup.policy: compact}
"""
                },
            ),
        ),
        see=("KG210", "KG212", "KG908"),
    ),
)
