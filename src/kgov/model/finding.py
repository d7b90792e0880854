"""What a rule says about manifests or a plan."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kgov.model.place import Place, ResourceId


class Severity(StrEnum):
    """How much a finding weighs: an error ends the run with exit code 3."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


OFF = "off"
"""The setting in ``rules:`` of kgov.yaml that silences a rule."""


APPROVAL_MISSING = "KG506"
"""The code of what waits for people to agree: validate ends with it, plan shows it, and apply refuses."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What was found, before the project's settings and waivers are worked in.

    ``message`` is one sentence without a full stop; ``hint`` says what to do, or is empty where the page of the
    rule says it well enough. ``severity`` is given only by rules that grade what they find themselves.
    """

    code: str
    message: str
    place: Place | None = None
    resource: ResourceId | None = None
    hint: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Waived:
    """Who set a finding aside, until which day (inclusive), and why (empty in documents of an earlier kgov)."""

    waiver: str
    owner: str
    expires: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with its rule's name, its effective severity, its environment and its waiver.

    ``environment`` is ``None`` where the finding holds in all of them.
    """

    code: str
    name: str
    severity: Severity
    message: str
    resource: ResourceId | None
    place: Place | None
    help: str
    environment: str | None = None
    waived: Waived | None = None

    @property
    def title(self) -> str:
        """The code with the name of its rule; the code of a policy of the repository's own says both."""
        return self.code if self.code.endswith(f"/{self.name}") else f"{self.code} {self.name}"

    @property
    def counts(self) -> bool:
        """Whether it stands in the summary and decides the exit code."""
        return self.waived is None

    @property
    def blocks(self) -> bool:
        """Whether it ends the run with exit code 3 (KG9xx are about a plan and never do)."""
        return self.counts and self.severity is Severity.ERROR and not self.code.startswith("KG9")

    @property
    def stops(self) -> bool:
        """Whether nothing can be planned: what waits for an approval is shown, so that it can be approved."""
        return self.blocks and self.code != APPROVAL_MISSING
