"""A cluster that holds far less than was known of it is not believed."""

from datetime import UTC, datetime

import pytest
from worlds import allow, desired, live, live_topic, retired, topic

from kgov.diff.compare import compare
from kgov.errors import ExitCode, RefusedError
from kgov.model.known import Known
from kgov.model.live import LiveCount
from kgov.plan.build import Circumstances, build_plan
from kgov.plan.plan import ManifestSource
from kgov.plan.plausibility import Totals, as_finding, disbelief, require_plausible, shortfalls, vanished

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HALF = 0.5
AROUND = Circumstances("0.1.0", NOW, ManifestSource(None, dirty=False, digest="d"), None)


def known(objects=None, **counts):
    return Known("cluster-1", NOW, LiveCount(**counts), objects)


def everything(topics=0, acls=0, unmanaged=0):
    return LiveCount(topics, acls, unmanaged, 0, 0, 0)


def said(before, now, changes=(), share=HALF):
    return [str(found) for found in shortfalls(before, now, changes, share)]


def creations(topics=0, acls=0):
    wanted = desired(
        [topic(f"t{n}") for n in range(topics)], [allow("User:a", "Read", f"t{n}") for n in range(acls)]
    )
    return compare(wanted, live()).changes


def deletions(topics=0, acls=0):
    names = [f"t{n}" for n in range(topics)]
    world = live([live_topic(name) for name in names], [allow("User:a", "Read", f"t{n}") for n in range(acls)])
    wanted = desired([retired(name) for name in names], principals=["User:a"])
    return compare(wanted, world).changes


def test_nothing_at_all_is_never_believed_where_something_was_known():
    before = Known("c", NOW, everything(topics=1, acls=1))
    assert said(before, everything()) == [
        "the one topic that was known is not there",
        "the one ACL that was known is not there",
    ]
    assert said(before, everything(), share=0.0) == said(before, everything())
    assert said(Known("c", NOW, everything()), everything()) == []


@pytest.mark.parametrize(
    ("before", "now", "share", "believed"),
    [
        (9, 1, HALF, True),
        (10, 4, HALF, False),
        (10, 5, HALF, True),
        (100, 49, HALF, False),
        (100, 29, 0.29, True),
        (100, 28, 0.29, False),
        (100, 99, 1.0, False),
        (100, 1, 0.0, True),
        (10, 200, HALF, True),
    ],
)
def test_less_than_the_share_is_not_believed_from_ten_objects_up(before, now, share, believed):
    found = said(Known("c", NOW, everything(topics=before)), everything(topics=now), share=share)
    assert (found == []) is believed


def test_all_topics_count_whosever_they_are():
    before = Known("c", NOW, everything(topics=10, unmanaged=90))
    assert said(before, everything(topics=4, unmanaged=6)) == ["10 of the 100 topics that were known are there"]


def test_a_manifest_that_is_gone_makes_a_topic_unmanaged_and_not_missing():
    before = Known("c", NOW, everything(topics=100))
    assert said(before, everything(topics=10, unmanaged=90)) == []


def test_our_topics_are_missed_where_many_of_others_are_left():
    before = Known("c", NOW, everything(topics=80, unmanaged=5000))
    asked = creations(topics=80)
    assert said(before, everything(unmanaged=5000), asked) == [
        "none of the 80 managed topics that were known is there"
    ]
    assert said(before, everything(topics=30, unmanaged=5000), creations(topics=50)) == [
        "30 of the 80 managed topics that were known are there"
    ]


def test_what_the_manifests_ask_for_no_more_is_not_missed():
    before = Known("c", NOW, everything(topics=80, unmanaged=5000))
    assert said(before, everything(topics=4, unmanaged=5000)) == []
    assert said(known(topics=80), LiveCount(topics=4)) == []


def test_a_few_that_are_gone_are_no_sign_of_another_cluster_where_the_rest_is_well():
    before = Known("c", NOW, everything(topics=2, unmanaged=50))
    assert said(before, everything(unmanaged=50), creations(topics=2)) == []


def test_where_only_ours_were_looked_at_they_are_compared_alone():
    assert said(known(topics=3), LiveCount(topics=0), creations(topics=3)) == [
        "none of the 3 managed topics that were known is there"
    ]
    assert said(known(topics=3), everything(topics=0), creations(topics=3)) != []


def test_what_only_one_of_them_knows_is_not_compared():
    assert said(known(), everything()) == []
    assert said(Known("c", NOW, everything(topics=9, acls=9)), LiveCount()) == []
    topics = LiveCount(topics=9, unmanaged_topics=0, protected_topics=0)
    assert said(Known("c", NOW, everything(topics=9, acls=9)), topics) == []


def test_acls_are_compared_apart_from_topics():
    before = Known("c", NOW, everything(topics=20, acls=40))
    assert said(before, everything(topics=20, acls=1), creations(acls=39)) == [
        "1 of the 40 ACLs that were known is there"
    ]


def test_an_audit_of_an_older_kgov_is_compared_by_what_it_counted():
    before = known(objects=20)
    assert said(before, everything(topics=2, acls=2), creations(topics=16)) == [
        "4 of the 20 managed objects that were known are there"
    ]
    assert said(before, everything(topics=10, acls=5), creations(topics=5)) == []
    assert said(before, LiveCount(topics=0), creations(topics=20)) == []


def gone(before, topics, acls, done=(), share=HALF):
    return [str(found) for found in vanished(before, Totals(topics, acls), done, share)]


def test_a_saved_plan_is_held_against_all_that_was_there():
    before = everything(topics=5, unmanaged=35, acls=20)
    assert gone(before, 40, 20) == []
    assert gone(before, 0, 20) == ["none of the 40 topics that were known is there"]
    assert gone(before, 40, 9) == ["9 of the 20 ACLs that were known are there"]
    assert gone(before, None, None) == []
    assert gone(LiveCount(), 0, 0) == []


def test_what_the_plan_itself_deleted_is_not_missed():
    before = everything(topics=40, acls=30)
    done = deletions(topics=40, acls=30)
    assert gone(before, 0, 0, done) == []
    assert gone(before, 0, 0, deletions(topics=30, acls=30)) == [
        "none of the 10 topics that were known is there"
    ]
    assert gone(before, 0, 0, creations(topics=40)) != []


def test_the_refusal_names_both_numbers_what_to_check_and_how_to_go_on():
    found = shortfalls(Known("c", NOW, everything(topics=240, acls=12)), everything(acls=2), (), HALF)
    refused = disbelief(found, "the audit of yesterday", HALF, "plan without --previous")
    assert (refused.exit_code, refused.code) == (ExitCode.REFUSED, "KG909")
    assert "none of the 240 topics that were known is there, 2 of the 12 ACLs" in refused.what
    assert refused.what.endswith("nothing was changed")
    assert "the audit of yesterday" in refused.why
    assert "50%" in refused.why
    for word in ("right cluster", "listener", "backup", "rights", "metadata", "plan without --previous"):
        assert word in refused.todo


def test_an_audit_says_it_as_a_finding_that_does_not_end_it():
    before = Known("c", NOW, everything(topics=240))
    finding = as_finding(shortfalls(before, everything(), (), HALF), before, "prod")
    assert (finding.code, finding.name, finding.environment) == ("KG909", "implausible-cluster", "prod")
    assert "2026-11-24T06:00:00Z: none of the 240 topics" in finding.message
    assert not finding.blocks


def test_a_plan_that_saw_far_less_than_was_known_is_refused():
    wanted = desired([topic("a")])
    made = build_plan(wanted, live(), compare(wanted, live()), AROUND)
    with pytest.raises(RefusedError) as refused:
        require_plausible(made, known(topics=1))
    assert refused.value.code == "KG909"
    assert "--previous of 2026-11-24T06:00:00Z" in refused.value.why
    require_plausible(made, known(topics=0))
