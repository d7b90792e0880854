"""What somebody reads before they agree to it."""

from kgov.model.approval import Requirement, Ruling, Subject
from kgov.model.place import ResourceId
from kgov.report.style import Style
from kgov.report.text.approve import Agreeable, approve_text

STYLE = Style(colour=False, width=100)
TOPIC = Subject("prod", ResourceId("Topic", "orders"), "sha256:12")
ACCESS = Subject("prod", ResourceId("Access", "billing"), "sha256:34")
CONTENT = {
    "format": "kgov-resource/1",
    "environment": "prod",
    "kind": "Topic",
    "name": "orders",
    "spec": {"a": 1},
}
RULING = Ruling(Requirement("p", TOPIC, "personal data", ("office",), 2, 365), ())


def test_all_of_it_is_shown_and_what_is_new_of_it_and_who_reads_it():
    before = {**CONTENT, "spec": {"a": 2}}
    assert approve_text([Agreeable(TOPIC, CONTENT, before, ("User:b (billing)",), (RULING,))], STYLE) == (
        "Topic/orders in prod\n"
        "  digest sha256:12\n"
        "  spec.a = 1\n"
        "  read by User:b (billing)\n"
        "  Against the base revision:\n"
        "    + spec.a = 1\n"
        "    - spec.a = 2\n"
        '  wanted by the ApprovalPolicy "p" (personal data): 2 members of "office", 2 missing\n'
    )


def test_what_is_new_and_what_is_as_before_say_so():
    text = approve_text(
        [
            Agreeable(TOPIC, CONTENT, None, (), ()),
            Agreeable(ACCESS, {"spec": {"bindings": []}}, {"spec": {"bindings": []}}, (), ()),
        ],
        STYLE,
    )
    assert "read by nobody that a manifest names\n  The base revision does not have it.\n" in text
    assert "\n\nAccess/billing in prod\n" in text
    assert "spec.bindings = none\n  The base revision has it with the same content.\n" in text
    assert "No ApprovalPolicy wants this to be agreed to." in text
    assert text.count("read by") == 1


def test_text_of_manifests_cannot_steer_the_terminal():
    hostile = {"spec": {"purpose": "\x1b[2J\nowner = nobody"}}
    text = approve_text([Agreeable(TOPIC, hostile, None, (), ())], STYLE)
    assert "\x1b" not in text
    assert r"\x1b[2J\nowner" in text
