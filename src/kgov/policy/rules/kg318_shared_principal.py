"""KG318: one principal for several applications, or for several environments."""

from collections.abc import Iterator
from typing import Final

from kgov.model.desired import Desired
from kgov.model.finding import Problem, Severity
from kgov.model.place import ResourceId
from kgov.policy.applications import Applications
from kgov.policy.rule import Case, Example, Page, Rule, Stage
from kgov.policy.wording import quoted

_HINT: Final = "give each application a principal of its own, or say that it is one, in one manifest"

_ALIASES: Final = {
    "development": "dev",
    "integration": "int",
    "preproduction": "preprod",
    "prd": "prod",
    "production": "prod",
    "stage": "staging",
    "stg": "staging",
    "tst": "test",
}
"""Other names of environments."""

_NOT_PRODUCTION: Final = frozenset({"dev", "preprod", "qa", "staging", "uat"})
"""What no principal of production is called at its end, whether kgov.yaml names such an environment or not."""

_PROJECT: Final = """\
apiVersion: kgov/v1
kind: Project
environments:
  dev: {}
  prod: {production: true}
"""
_TEAMS: Final = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: payments}
---
apiVersion: kgov/v1
kind: Team
metadata: {name: logistics}
"""


def _check(case: Case) -> Iterator[Problem]:
    ownership = case.ownership
    yield from _of_another_environment(case.desired)
    of_teams = {name for name, teams in ownership.principals.items() if len(teams) > 1} - case.desired.operators
    for principal in sorted(of_teams):
        first, second, *_ = sorted(
            (case.desired.teams[name] for name in ownership.principals[principal]), key=lambda team: team.place
        )
        yield Problem(
            "KG318",
            f"{principal} is a principal of {quoted(first.name)} ({first.place}) and of {quoted(second.name)}",
            second.place,
            ResourceId("Team", second.name),
            hint=_HINT,
        )
    for principal, one, other in Applications.of(case.desired, ownership).shared():
        if principal not in of_teams:
            whose = f" of {quoted(one.owner)}" if one.owner else ""
            yield Problem(
                "KG318",
                f"{principal} is also the principal of {one.resource}{whose} ({one.place})",
                other.place,
                other.resource,
                hint=_HINT,
            )


def _of_another_environment(desired: Desired) -> Iterator[Problem]:
    here = desired.environment
    own = _words(here.name)
    others = {
        name: words for name in desired.project.environments if not set(words := _words(name)) <= set(own)
    }
    for principal, declarations in desired.principals.items():
        parts = [_words(part.rpartition("=")[2]) for part in principal.partition(":")[2].split(",")]
        if _is_named_after(parts, own):
            continue
        names = [name for name, words in others.items() if _is_named_after(parts, words)]
        if here.production and not names:
            names = [part[-1] for part in parts if part[-1:] and part[-1] in _NOT_PRODUCTION]
        if names:
            yield Problem(
                "KG318",
                f"{principal} is named after {quoted(names[0])}, and is given access in {quoted(here.name)}",
                declarations[0].place,
                declarations[0].resource,
                hint="give each environment a principal of its own: an overlay can name it",
            )


def _words(text: str) -> tuple[str, ...]:
    """Cut a name into words, each environment by one name."""
    letters = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return tuple(_ALIASES.get(word, word) for word in letters.split())


def _is_named_after(parts: list[tuple[str, ...]], words: tuple[str, ...]) -> bool:
    """Say whether the words begin or end the name, or a part of a distinguished name."""
    return any(words in {part[: len(words)], part[-len(words) :]} for part in parts)


RULE = Rule(
    code="KG318",
    name="shared-principal",
    severity=Severity.WARNING,
    stage=Stage.DESIRED,
    check=_check,
    needs=("Team",),
    page=Page(
        what="""\
One principal stands for several applications or several environments, as far as the manifests let one see
it:

- Its name begins or ends with the name of another environment of kgov.yaml: `User:billing-dev` is given
  access in `prod`. In an environment marked `production: true`, a name that ends in `dev`, `qa`, `uat`,
  `staging` or `preprod` is enough. An overlay of the environment that names another principal, or `null`,
  is what is expected.
- Two Teams list it under `principals`.
- Two manifests with different owners name it alone. One by which a team only lets it read that team's own
  topics does not count: that is sharing data. Nor does one of a Team with `operators: true`.
- Two manifests of one owner, or without any, name it alone, each with groups or transactional ids of its
  own, and their names have no word in common, with each other or both with the principal; `service` and the
  like are none.

That the same name is used in every environment is no finding: each environment is a cluster of its own,
with its own password behind the name, and kgov cannot see passwords. Whether two programs run under one
name without saying so, nobody can see either. Operators may have several manifests and teams.""",
        why="""\
Kafka knows principals, not applications. What two applications share, each may do, and neither's access can
be taken away without stopping the other. A principal of `dev` that works in `prod` puts production's data
behind a password that many people know.""",
        fix="""\
Give each application, and each environment, a principal of its own. Where one manifest serves all
environments, name the principal in an overlay: `environments: {prod: {principal: "User:billing"}}`. Where
it is one application after all, put its grants into one manifest, or name the manifests after it.""",
        failing=(
            Example(
                files={
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing, owner: payments}
spec:
  principal: User:shared
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: shipping, owner: logistics}
spec:
  principal: User:shared
  grants:
    - {role: consumer, topic: orders.created.v1, group: shipping}
""",
                    "policies/teams.yaml": _TEAMS,
                },
                says='User:shared is also the principal of Access/billing of "payments" '
                "(acls/services.yaml:5:14)",
            ),
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "acls/billing.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing, owner: payments}
spec:
  principal: User:billing-dev
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
""",
                    "policies/teams.yaml": _TEAMS,
                },
                says='User:billing-dev is named after "dev", and is given access in "prod"',
            ),
        ),
        passing=(
            Example(
                files={
                    "kgov.yaml": _PROJECT,
                    "acls/services.yaml": """\
apiVersion: kgov/v1
kind: Access
metadata: {name: billing, owner: payments}
spec:
  principal: User:billing
  grants:
    - {role: consumer, topic: orders.created.v1, group: billing}
  environments:
    dev: {principal: "User:billing-dev"}
---
apiVersion: kgov/v1
kind: Access
metadata: {name: shipping, owner: logistics}
spec:
  principal: User:shipping
  grants:
    - {role: consumer, topic: orders.created.v1, group: shipping}
""",
                    "policies/teams.yaml": _TEAMS,
                },
            ),
        ),
        see=("KG108", "KG310", "KG311"),
    ),
)
