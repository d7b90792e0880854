import pytest
from judged import judged, messages, of, project
from manifests import topic

from kgov.model.finding import Severity

ASKS = project("requireClassification: true")


@pytest.mark.parametrize("spec", ["{}", "{data: {personal: false}}"])
def test_an_environment_that_asks_gets_a_warning_for_each_topic_that_does_not_say(spec) -> None:
    (finding,) = of("KG505", judged(topic(spec), project=ASKS))
    assert finding.severity is Severity.WARNING
    assert finding.help.startswith(
        "say data: {classification: …} with public, internal, confidential or restricted"
    )


@pytest.mark.parametrize("spec", ["{data: {classification: public}}", "{lifecycle: {state: retired}}"])
def test_topics_that_say_and_retired_ones_are_fine(spec) -> None:
    assert messages("KG505", judged(topic(spec), project=ASKS)) == []


def test_where_nobody_asks_nothing_is_said() -> None:
    assert messages("KG505", judged(topic("{}"))) == []
