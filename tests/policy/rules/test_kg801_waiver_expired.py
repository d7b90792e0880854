from datetime import timedelta

from kgov.model.place import ResourceId

ORDERS = ResourceId("Topic", "orders")


def test_an_expired_waiver_says_who_which_and_since_when(world, today) -> None:
    waiver = world.waiver("KG101", ORDERS, today - timedelta(days=1))
    (finding,) = world.judge()
    assert (finding.code, finding.place) == ("KG801", waiver.where["expires"])
    assert finding.resource == ResourceId("Waiver", "w")
    assert finding.message == (
        'the waiver of KG101 for Topic/orders by "team-a" ended on 2026-06-14, and sets nothing aside any more'
    )


def test_the_last_day_still_counts(world, today) -> None:
    world.waiver("KG101", ORDERS, today)
    world.consent(ORDERS, today)
    assert world.judge() == ()


def test_an_expired_consent_is_told_too(world, today) -> None:
    consent = world.consent(ORDERS, today - timedelta(days=1))
    (finding,) = world.judge()
    assert (finding.code, finding.place) == ("KG801", consent.place)
    assert finding.message == (
        'the consent to data-loss for Topic/orders by "team-a" ended on 2026-06-14, '
        "and lets nothing through any more"
    )
