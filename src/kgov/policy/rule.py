"""What a rule is made of: code, severity, check and page, in one value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from kgov.capacity.topics import Sum, sum_of
from kgov.model.access import Bindings
from kgov.model.desired import Desired
from kgov.model.finding import Finding, Problem, Severity
from kgov.model.live import Live, NotLookedAt
from kgov.model.place import ResourceId
from kgov.model.project import Environment
from kgov.model.unread import Unread
from kgov.policy.filing import Filing
from kgov.policy.ownership import Ownership, Teams

IN_PRODUCTION: Final = "production"
"""The default severity of rules that are errors in production and warnings elsewhere."""


Agreements = Mapping[ResourceId, frozenset[str]]
"""The teams that have agreed to a resource."""

NOBODY_AGREED: Final[Agreements] = MappingProxyType({})


class Stage(StrEnum):
    """When a rule speaks: while files are read, on what is desired, or on a plan."""

    READING = "reading"
    DESIRED = "desired"
    PLANNING = "planning"


class LiveMatters(StrEnum):
    """When live data change what a rule says of the manifests alone.

    ``ALWAYS``: nothing is known. ``WHERE_FOUND``: they only take findings away or put them into other words:
    where there was none, there is none. ``WITH_OTHER_TOPICS``: it looks at topics that no manifest declares.
    """

    ALWAYS = "always"
    WHERE_FOUND = "where found"
    WITH_OTHER_TOPICS = "with other topics"


@dataclass(frozen=True)
class Case:
    """What a check is given: what is desired of one environment, and the day of the judgement.

    What several rules ask for is worked out once for all of them, when the first one asks. ``live`` is there in
    plan and audit, as far as it was proved to be visible; a rule that uses it says so (``Rule.sees_live``) and
    does without it in ``kgov validate``. ``agreed`` are the teams whose members have approved a resource as it
    is.
    """

    desired: Desired
    today: date
    live: Live | None = None
    agreed: Agreements = field(default_factory=lambda: NOBODY_AGREED)

    @cached_property
    def access(self) -> Bindings:
        """The desired bindings, indexed by what covers or forbids what."""
        return Bindings.of(self.desired.bindings)

    @cached_property
    def filing(self) -> Filing:
        """The desired bindings by what they are about."""
        return Filing.of(self.desired.bindings)

    @cached_property
    def ownership(self) -> Ownership:
        """Whose topics and principals are."""
        return Ownership.of(self.desired)

    @cached_property
    def owners(self) -> Mapping[str, Teams]:
        """Whose each topic is that is there, declared or seen on the cluster; retired ones aside."""
        live = self.live.other_topics if self.live is not None else ()
        others = () if isinstance(live, NotLookedAt) else live
        declared = (topic.name for topic in self.desired.topics.values() if not topic.retired)
        owners_of = self.ownership.owners_of
        return {name: whose for name in (*declared, *others) if (whose := owners_of(name))}

    @cached_property
    def sums(self) -> Sum:
        """What all topics that are to stay ask of brokers, disks and links."""
        return sum_of(self.desired)


Check = Callable[[Case], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a check of findings is given: what is desired of every environment, and all that was found.

    ``findings`` are those of reading and of each environment, waived ones included; ``rules`` are all, by code.
    """

    rules: Mapping[str, "Rule"]
    desired: Mapping[str, Desired]
    findings: tuple[Finding, ...]
    today: date


CheckFindings = Callable[[Verdicts], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Example:
    """A small repository, and the message of the one finding that it gives (empty: none).

    ``files`` maps paths to texts. Where ``kgov.yaml`` is not among them, the plain one of the page module
    stands in, whose one environment ``prod`` is marked ``production: true``.
    """

    files: Mapping[str, str]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A situation that needs a cluster, told in Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule's page tells, in Markdown. ``see`` are the codes of related rules."""

    what: str
    why: str
    fix: str
    failing: tuple[Example | Scene, ...]
    passing: tuple[Example | Scene, ...]
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    ``check`` is ``None`` where the problems are found elsewhere: while reading or while planning.
    ``check_findings`` judges what the others found in all environments. ``fixed`` says why ``rules:`` of
    kgov.yaml can neither lower nor silence it, ``unwaivable`` why no Waiver can name it; empty where they can.
    A finding gives way where one of ``yields_to``, no less severe, stands on the same resource, or one of
    ``yields_at`` at the very same place: mending that one is what is needed first. ``sees_live`` says that the
    check looks at live data where there are any: plan and audit judge it again, where that matters
    (``live_matters``). ``needs`` are the kinds whose manifests could take a finding away: where one of them
    could not be read, that is to be mended first, and the rule is silent.
    """

    code: str
    name: str
    severity: Severity | Literal["production"]
    stage: Stage
    page: Page
    check: Check | None = None
    check_findings: CheckFindings | None = None
    fixed: str = ""
    unwaivable: str = ""
    yields_to: tuple[str, ...] = ()
    yields_at: tuple[str, ...] = ()
    sees_live: bool = False
    live_matters: LiveMatters = LiveMatters.ALWAYS
    needs: tuple[str, ...] = ()

    def can_judge(self, unread: Unread) -> bool:
        """Say whether all was read that could take a finding away."""
        return not unread.touches(*self.needs)

    def severity_in(self, environment: Environment | None) -> Severity:
        """Find its severity before anything is tuned; without an environment it is as in production."""
        if self.severity != IN_PRODUCTION:
            return self.severity
        return Severity.ERROR if environment is None or environment.production else Severity.WARNING
