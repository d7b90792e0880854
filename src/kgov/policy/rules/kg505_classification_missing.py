"""KG505: a topic without a classification, in an environment that asks for one."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.topic_facts import Classification
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed

_WORDS = listed(Classification, "or")


def _check(case: Case) -> Iterator[Problem]:
    if not case.desired.environment.require_classification:
        return
    for topic in case.desired.topics.values():
        if topic.data.classification is None and not topic.retired:
            yield Problem(
                "KG505",
                "the manifest does not say how closely its data must be kept, and the environment asks for it",
                topic.where("data"),
                topic.resource,
                f"say data: {{classification: …}} with {_WORDS}",
            )


_PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  prod:
    production: true
    requireClassification: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
"""

RULE = Rule(
    code="KG505",
    name="classification-missing",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what=f"""\
kgov.yaml says `requireClassification: true` for an environment, and a topic of it has no
`data.classification` ({_WORDS}). Without that setting nothing is asked for. Retired topics are not checked.""",
        why="""\
Who may read a topic, and whether its fields must be encrypted, depends on what is in it, and the team that
writes the records knows best. If nobody says, the next team that asks for access gets it.""",
        fix="""\
Say how closely the data must be kept: `data: {classification: internal}`. If they are about people, say
that as well (`personal: true`); KG501 tells what else is needed then.""",
        failing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {retention: 7d}
""",
                },
                says="the manifest does not say how closely its data must be kept, "
                "and the environment asks for it",
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {retention: 7d, data: {classification: internal}}
""",
                },
            ),
        ),
        see=("KG501", "KG503"),
    ),
)
