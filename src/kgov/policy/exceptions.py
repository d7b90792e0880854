"""Waivers and consents, as far as rules judge them alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kgov.model.desired import Desired
from kgov.model.finding import Problem
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Consent, Waiver
from kgov.policy.rule import Rule, Stage
from kgov.policy.wording import counted

SOON: Final = 14
"""Days before its end from which an exception is spoken of."""


@dataclass(frozen=True, slots=True)
class ExceptionTerms:
    """What a waiver or a consent says; ``noun`` is which of the two it is."""

    id: ResourceId
    noun: str
    place: Place
    owner: str
    reason: str
    expires: date
    where: Mapping[str, Place]


def exceptions(desired: Desired) -> Iterator[ExceptionTerms]:
    """List the waivers, then the consents."""
    for waiver in desired.waivers:
        id_ = ResourceId("Waiver", waiver.name)
        yield ExceptionTerms(
            id_, "waiver", waiver.place, waiver.owner, waiver.reason, waiver.expires, waiver.where
        )
    for consent in desired.consents:
        id_ = ResourceId("Consent", consent.name)
        yield ExceptionTerms(
            id_, "consent", consent.place, consent.owner, consent.reason, consent.expires, consent.where
        )


def endings(desired: Desired, today: date) -> Iterator[str]:
    """Say which waivers and consents end within ``SOON`` days, so that nobody is surprised by KG801."""
    for each in exceptions(desired):
        days = (each.expires - today).days
        if 0 <= days <= SOON:
            left = f"in {counted(days, 'day')}, on {each.expires}" if days else f"today, {each.expires}"
            yield f"{each.id} of {each.owner} ends {left}"


def is_judged_offline(rule: Rule) -> bool:
    """Say whether manifests alone show all that a rule finds, and so whether a waiver of it is used."""
    return rule.stage is Stage.DESIRED and not rule.sees_live and not rule.unwaivable


def unused_waiver(waiver: Waiver) -> Problem:
    """Say that a waiver sets nothing aside (KG802)."""
    return Problem(
        "KG802",
        f"{waiver.rule} finds nothing on {waiver.resource}: the waiver sets nothing aside",
        waiver.place,
        ResourceId("Waiver", waiver.name),
        hint="take it away, or correct its rule or resource",
    )


def doubled_waiver(waiver: Waiver, longest: Waiver) -> Problem:
    """Say that another waiver sets the same aside for as long or longer (KG802)."""
    return Problem(
        "KG802",
        f"Waiver/{longest.name} sets {waiver.rule} aside on {waiver.resource} until {longest.expires}: "
        "this one sets nothing aside",
        waiver.place,
        ResourceId("Waiver", waiver.name),
        hint="take one of them away",
    )


def unused_consent(consent: Consent) -> Problem:
    """Say that a consent lets nothing through (KG802)."""
    return Problem(
        "KG802",
        f"no change needs the consent to {consent.allow} for {consent.resource}",
        consent.place,
        ResourceId("Consent", consent.name),
        hint="take it away if its change was made, or correct its resource",
    )
