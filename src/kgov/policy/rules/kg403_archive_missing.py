"""KG403: the category requires an archive, and the topic has none, or one that keeps records for too short."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.policies import RetentionCategory
from kgov.model.topic import Topic
from kgov.model.units import format_duration
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_UNLIMITED = -1


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        category = case.desired.categories.get(topic.category or "")
        if category is not None and category.archive_required and not topic.retired:
            yield from _judge(topic, category)


def _judge(topic: Topic, category: RetentionCategory) -> Iterator[Problem]:
    asked, archive = category.archive_keep, topic.archive
    term = "" if asked is None else f" for {format_duration(asked)}"
    if archive is None:
        message = f"category {quoted(category.name)} requires an archive{term}, and the topic names none"
        hint = (
            f"say archive: {{target: …}} once something copies the records there; {category.place} asks for it"
        )
        yield Problem("KG403", message, topic.where("category"), topic.resource, hint)
    elif asked is not None and archive.keep is not None and _reach(archive.keep) < _reach(asked):
        message = (
            f"the archive keeps records for {format_duration(archive.keep)}, "
            f"and category {quoted(category.name)} requires {format_duration(asked)}"
        )
        hint = f"keep them as long as {category.place} asks for, or choose another category"
        yield Problem("KG403", message, topic.where("archive.keep"), topic.resource, hint)


def _reach(ms: int) -> float:
    return float("inf") if ms == _UNLIMITED else ms


RULE = Rule(
    code="KG403",
    name="archive-missing",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic names a RetentionCategory with `archive: {required: true}`, and its manifest has no `archive`. The
usual `target` of the category does not count: it only tells people where such archives are, and each topic
names its own. An archive that keeps records for less than the category's `keep` is reported as well; one
that does not say `keep` has the category's. Retired topics are not checked.""",
        why="""\
Kafka deletes the records of such a topic after some weeks, and the law or the business wants them for
years. Naming the archive is how the team says that something copies them there; if nobody does, they are
gone on the day on which somebody asks.""",
        fix="""\
Set up what copies the records (a sink connector, say), and name where they go: `archive: {target:
archive-finance}`. If these records need no archive, they belong to another category.""",
        failing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec: {category: business-transaction}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: business-transaction}
spec: {retention: 30d, cleanup: delete, archive: {required: true, keep: 7y}}
""",
                },
                says='category "business-transaction" requires an archive for 7y, and the topic names none',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/payments.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: payments.completed.v1}
spec: {category: business-transaction, archive: {target: archive-finance}}
""",
                    "policies/categories.yaml": """\
apiVersion: kgov/v1
kind: RetentionCategory
metadata: {name: business-transaction}
spec: {retention: 30d, cleanup: delete, archive: {required: true, keep: 7y}}
""",
                },
            ),
        ),
        see=("KG401", "KG402"),
    ),
)
