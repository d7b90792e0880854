"""KG501: personal data, and nobody says on what legal basis, or about whom."""

from collections.abc import Iterator

from kgov.model.finding import Problem, Severity
from kgov.model.leftover import leftover
from kgov.model.topic_facts import Data
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import listed


def _check(case: Case) -> Iterator[Problem]:
    for topic in case.desired.topics.values():
        missing = () if topic.retired or not topic.data.personal else tuple(_missing(topic.data))
        if missing:
            yield Problem(
                "KG501",
                f"personal data without {listed(missing)}",
                topic.where("data.personal"),
                topic.resource,
                f"say {listed(f'data.{field}' for field in missing)}; whoever answers for privacy knows",
            )


def _missing(data: Data) -> Iterator[str]:
    if not data.legal_basis or leftover(data.legal_basis):
        yield "legalBasis"
    if not data.subjects or any(map(leftover, data.subjects)):
        yield "subjects"


RULE = Rule(
    code="KG501",
    name="personal-without-basis",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A topic says that it holds personal data (`data: {personal: true}`), and not on what legal basis they are
processed (`legalBasis`), or not whom they are about (`subjects`). What a template left behind, such as
`TODO` or `n/a`, says nothing either. Retired topics are not checked.""",
        why="""\
Processing data about people needs a reason that the law knows, such as a contract, a consent or a legal
obligation: without one it is unlawful under the GDPR (article 6), and Quebec's Law 25 asks for the purpose
before anything is collected. The record of processing (article 30) asks about whom the data are. `kgov
report privacy` writes that record, and can only write what manifests say.""",
        fix="""\
Ask whoever answers for privacy in your company, and write it down: `data: {personal: true, legalBasis:
contract, subjects: [customers]}`. The words are yours; use the same ones everywhere.""",
        failing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 7d
  data: {classification: confidential, personal: true}
"""
                },
                says="personal data without legalBasis and subjects",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/profiles.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: customers.profile.v1}
spec:
  retention: 7d
  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}
"""
                },
            ),
        ),
        see=("KG502", "KG504", "KG505"),
    ),
)
