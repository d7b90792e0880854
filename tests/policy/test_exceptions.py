"""Waivers and consents are spoken of before they end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from worlds import TODAY, consent, desired, waiver

from kgov.model.place import ResourceId
from kgov.model.policies import Lift
from kgov.policy.exceptions import SOON, endings

T = ResourceId("Topic", "t")


def said(expires: date) -> list[str]:
    return list(endings(desired(waivers=[waiver("KG204", T, expires)]), TODAY))


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (0, "today, 2026-11-24"),
        (1, "in 1 day, on 2026-11-25"),
        (SOON, "in 14 days, on 2026-12-08"),
    ],
)
def test_a_waiver_that_ends_soon_is_named_with_its_owner_and_its_day(days, left) -> None:
    assert said(TODAY + timedelta(days=days)) == [f"Waiver/set-aside of team ends {left}"]


def test_one_that_has_ended_or_lasts_is_not() -> None:
    assert said(TODAY - timedelta(days=1)) == said(TODAY + timedelta(days=SOON + 1)) == []


def test_a_consent_is_named_alike() -> None:
    agreed = replace(consent(Lift.DATA_LOSS, T), expires=TODAY + timedelta(days=2))
    assert list(endings(desired(consents=[agreed]), TODAY)) == [
        "Consent/agreed of team ends in 2 days, on 2026-11-26"
    ]
