"""KG802: a waiver that sets nothing aside, or a consent that lets nothing through."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kgov.model.finding import Problem, Severity
from kgov.model.place import ResourceId
from kgov.model.policies import Waiver
from kgov.policy.exceptions import doubled_waiver, is_judged_offline, unused_waiver
from kgov.policy.rule import Example, Page, Rule, Stage, Verdicts


def _check(verdicts: Verdicts) -> Iterator[Problem]:
    found = _where_found(verdicts)
    waivers = next((desired.waivers for desired in verdicts.desired.values()), ())
    lasting = [waiver for waiver in waivers if waiver.expires >= verdicts.today]
    # Only those for the same environments stand in for each other.
    longest = {_scope(waiver): waiver for waiver in sorted(lasting, key=lambda w: (w.expires, w.name))}
    for waiver in lasting:
        rule = verdicts.rules.get(waiver.rule)
        # One that names something that is not there is to be mended first.
        if rule is None or rule.unwaivable or ("KG008", ResourceId("Waiver", waiver.name)) in found:
            continue
        other = longest[_scope(waiver)]
        if other is not waiver:
            yield doubled_waiver(waiver, other)
        elif is_judged_offline(rule) and not _is_used(waiver, rule, found):
            yield unused_waiver(waiver)


_Found = Mapping[tuple[str, ResourceId | None], set[str | None]]
"""In which environments a code was found on a resource; ``None`` is all of them."""


def _where_found(verdicts: Verdicts) -> _Found:
    found: dict[tuple[str, ResourceId | None], set[str | None]] = defaultdict(set)
    for finding in verdicts.findings:
        found[finding.code, finding.resource].add(finding.environment)
    return found


def _scope(waiver: Waiver) -> tuple[str, ResourceId, frozenset[str]]:
    return waiver.rule, waiver.resource, frozenset(waiver.environments)


def _is_used(waiver: Waiver, rule: Rule, found: _Found) -> bool:
    # What gives way to another finding is there all the same, and comes forth when that one is mended.
    return any(
        name is None or waiver.holds_in(name)
        for code in (rule.code, *rule.yields_to, *rule.yields_at)
        for name in found.get((code, waiver.resource), ())
    )


RULE = Rule(
    code="KG802",
    name="waiver-unused",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check_findings=_check,
    needs=("Topic", "Access", "Acl", "Role", "Team", "RetentionCategory", "NamingConvention"),
    unwaivable="take the waiver away",
    page=Page(
        what="""\
A Waiver names a rule and a resource, and in no environment for which it holds does that rule find anything
there. `kgov validate` without `--env`, which checks all environments, looks for this.

What only a cluster can tell is not judged by validate: waivers of rules that see live data, or that are
about a plan (KG902, KG903), and Consents. A plan of a repository with one environment tells of those, too:
a Consent that nothing in the whole plan needs, a Waiver of such a rule that finds nothing. With several
environments, the plan of one cannot know what the others need, and says nothing.

Of several Waivers of one rule for one resource and the same environments, only the one that lasts longest
is needed; the others are named.

An expired Waiver is KG801; one that names what does not exist is KG008. Where a manifest could not be read,
nobody can tell what the rules would find: that is to be mended first.""",
        why="""\
A waiver that nobody needs waits for somebody to make the same mistake again, and then hides it. It also
makes the list of exceptions longer than the truth, and auditors read that list.""",
        fix="""\
Take it away: what it was for is mended. If it is still needed, look at its `rule` and `resource`: a slip
there makes it miss. A Consent whose change was made has done its work, and goes too.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicas: 3}
""",
                    "policies/waivers.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {members: ["alice@example.com"]}
---
apiVersion: kgov/v1
kind: Waiver
metadata: {name: one-replica}
spec:
  rule: KG204
  resource: Topic/orders.created.v1
  reason: one broker until the new cluster is there
  owner: orders
  expires: 2027-03-31
""",
                },
                says="KG204 finds nothing on Topic/orders.created.v1: the waiver sets nothing aside",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec: {replicas: 1, config: {min.insync.replicas: 1}}
""",
                    "policies/waivers.yaml": """\
apiVersion: kgov/v1
kind: Team
metadata: {name: orders}
spec: {members: ["alice@example.com"]}
---
apiVersion: kgov/v1
kind: Waiver
metadata: {name: one-replica}
spec:
  rule: KG204
  resource: Topic/orders.created.v1
  reason: one broker until the new cluster is there
  owner: orders
  expires: 2027-03-31
""",
                },
            ),
        ),
        see=("KG008", "KG801"),
    ),
)
