"""A waiver or consent without a reason is read: that the reason is missing is a finding of its own (KG804)."""

import pytest
from manifests import TEAM, TOPIC, manifest, only, repository

from kgov.manifest.schema import json_schema

TERMS = {
    "Waiver": "rule: KG101, resource: Topic/a.b, owner: team-a, expires: 2027-01-31",
    "Consent": "allow: data-loss, resource: Topic/a.b, owner: team-a, expires: 2027-01-31",
}


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize("reason", ["", ", reason: ", ", reason: ''", ", reason: '  '", ", reason: null"])
def test_nothing_is_read_as_no_reason(kind, reason):
    loaded = repository(TEAM, TOPIC, manifest(kind, "x", f"{{{TERMS[kind]}{reason}}}"))
    assert loaded.problems == ()
    (only_one,) = loaded.policies.waivers or loaded.policies.consents
    assert only_one.reason == ""
    assert only_one.where["reason"].line == 14


@pytest.mark.parametrize("kind", TERMS)
def test_a_reason_is_still_one_line(kind):
    problem = only(TEAM, TOPIC, manifest(kind, "x", f'{{{TERMS[kind]}, reason: "a\\nb"}}'))
    assert problem.code == "KG004"


@pytest.mark.parametrize("kind", TERMS)
def test_editors_ask_for_a_reason(kind):
    assert "reason" in json_schema(kind)["$defs"][f"{kind}Spec"]["required"]
