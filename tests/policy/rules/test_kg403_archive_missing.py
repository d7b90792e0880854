import pytest
from judged import judged, messages, of
from manifests import manifest, topic

from kgov.model.place import ResourceId

KEEP = manifest(
    "RetentionCategory", "legal", "{retention: 30d, archive: {required: true, keep: 7y, target: vault}}"
)
ANY = manifest("RetentionCategory", "legal", "{retention: 30d, archive: {required: true}}")
MAY = manifest("RetentionCategory", "legal", "{retention: 30d, archive: {keep: 7y}}")


def test_a_category_that_requires_an_archive_and_none_is_an_error() -> None:
    (finding,) = of("KG403", judged(KEEP, topic("{category: legal}")))
    assert finding.message == 'category "legal" requires an archive for 7y, and the topic names none'
    assert finding.resource == ResourceId("Topic", "a.b")
    assert (finding.place.line, finding.place.column) == (9, 18)
    (finding,) = of("KG403", judged(ANY, topic("{category: legal}")))
    assert finding.message == 'category "legal" requires an archive, and the topic names none'


@pytest.mark.parametrize("keep", ["6y", "0"])
def test_an_archive_that_keeps_records_for_too_short_is_none(keep) -> None:
    found = judged(KEEP, topic(f"{{category: legal, archive: {{target: lake, keep: {keep}}}}}"))
    assert "and category" in messages("KG403", found)[0]


@pytest.mark.parametrize("archive", ["", ", keep: 7y", ", keep: 10y", ", keep: unlimited"])
def test_an_archive_that_keeps_them_long_enough_is_fine(archive) -> None:
    assert messages("KG403", judged(KEEP, topic(f"{{category: legal, archive: {{target: x{archive}}}}}"))) == []


def test_for_ever_is_longer_than_any_term() -> None:
    forever = KEEP.replace("7y", "unlimited")
    found = judged(forever, topic("{category: legal, archive: {target: lake, keep: 100y}}"))
    assert messages("KG403", found) == [
        'the archive keeps records for 100y, and category "legal" requires unlimited'
    ]


@pytest.mark.parametrize("spec", ["{category: legal, lifecycle: {state: retired}}", "{retention: 1d}"])
def test_retired_topics_and_those_of_no_category_are_not_judged(spec) -> None:
    assert messages("KG403", judged(KEEP, topic(spec))) == []


def test_a_category_that_only_allows_an_archive_asks_for_nothing() -> None:
    assert messages("KG403", judged(MAY, topic("{category: legal}"))) == []
    assert messages("KG403", judged(ANY, topic("{category: legal, archive: {target: x, keep: 1d}}"))) == []
