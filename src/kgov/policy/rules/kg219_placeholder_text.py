"""KG219: a purpose, a reason or an owner that a template left behind."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.leftover import leftover
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Consent, Waiver
from kgov.model.topic import Topic
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_HINTS: Final[Mapping[str, str]] = {
    "purpose": "say in one sentence what the records are and who needs them",
    "reason": "say why this exception is needed, and what ends it",
    "owner": "name the Team that answers for it",
    "clusterId": "write the id that `kgov plan` names first, or take the line out",
}


def _check(case: Case) -> Iterator[Problem]:
    desired = case.desired
    # Copied manifests share their texts, and templates do even more.
    found = cache(leftover)
    if left := leftover(desired.environment.cluster_id or ""):
        yield _problem("clusterId", left, desired.environment.place_of("clusterId"), None)
    for topic in desired.topics.values():
        if not topic.retired:
            yield from _of_topic(topic, found)
    yield from _of_owners(case, found)
    for waiver in desired.waivers:
        yield from _of_agreement(waiver, ResourceId("Waiver", waiver.name), case)
    for consent in desired.consents:
        yield from _of_agreement(consent, ResourceId("Consent", consent.name), case)


def _of_topic(topic: Topic, found: Callable[[str], str]) -> Iterator[Problem]:
    if topic.purpose and (left := found(topic.purpose)):
        yield _problem("purpose", left, topic.where("purpose"), topic.resource)
    for key, text in topic.labels.items():
        if key.casefold().endswith("reason") and (left := found(text)):
            yield _problem("reason", left, topic.where(f"labels.{key}"), topic.resource)


def _of_owners(case: Case, found: Callable[[str], str]) -> Iterator[Problem]:
    """Read the owners that are no Team: one that is declared is real, whatever it is called."""
    teams = case.desired.teams
    for topic in case.desired.topics.values():
        if topic.owner and topic.owner not in teams and not topic.retired and (left := found(topic.owner)):
            yield _problem("owner", left, topic.where("owner"), topic.resource)
    for each in case.desired.declarations:
        if each.owner and each.owner not in teams and (left := found(each.owner)):
            yield _problem("owner", left, each.find_owner(), each.resource)


def _of_agreement(agreed: Waiver | Consent, resource: ResourceId, case: Case) -> Iterator[Problem]:
    if left := leftover(agreed.reason):
        yield _problem("reason", left, agreed.where.get("reason", agreed.place), resource)
    if agreed.owner not in case.desired.teams and (left := leftover(agreed.owner)):
        yield _problem("owner", left, agreed.where.get("owner", agreed.place), resource)


def _problem(field: str, left: str, place: Place, resource: ResourceId | None) -> Problem:
    return Problem(
        "KG219", f"{field} is a template's left-over: {quoted(left)}", place, resource, _HINTS[field]
    )


RULE = Rule(
    code="KG219",
    name="placeholder-text",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    yields_to=("KG804",),
    page=Page(
        what="""\
A text that people need was left as its template has it:

- the `purpose` of a topic, and a label that gives a reason (`reason`, `retention-reason`);
- the `owner` of a topic, an Access or an Acl, where no Team of that name is declared;
- the `reason` of a Waiver or a Consent, and its `owner`;
- the `clusterId` of an environment in kgov.yaml.

Left-overs are texts that are nothing but `TODO`, `TBD`, `example`, `changeme`, `n/a`, dots or the like;
sentences that break off (`because ...`); `TODO` at the beginning or end of a text; `your-team` and other words
with `your-`; `<reason>`, `{{ team }}`, `${team}`, `[describe it]`; what a form asks for (`Describe the topic
here`); *lorem ipsum*. Only what nobody would write on purpose counts. A text that is not there is not judged,
nor is a retired topic.""",
        why="""\
Purposes and reasons are what an auditor reads, what a register of personal data is made from, and what the next
person decides by. A left-over passes every check of a form and says nothing: of 107 exceptions to a rule in one
public repository, 105 gave the reason `because ...`.""",
        fix="""\
Write the sentence that was asked for: what the records are and who needs them, or why the exception is needed
and what ends it. If there is no reason, there is no exception.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {purpose: "TODO: describe what it is for"}
"""
                },
                says='purpose is a template\'s left-over: "TODO"',
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: legacy_orders}
spec: {partitions: 6}
""",
                    "policies/waivers.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
---
apiVersion: kgov/v1
kind: Waiver
metadata: {name: legacy-orders}
spec:
  rule: KG101
  resource: Topic/legacy_orders
  reason: the warehouse reads this name until it is replaced in spring
  owner: your-team
  expires: 2027-03-31
""",
                },
                says='owner is a template\'s left-over: "your-team"',
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {purpose: "One event for every order that is accepted, for billing and shipping."}
"""
                },
            ),
        ),
        see=("KG008", "KG804"),
    ),
)
