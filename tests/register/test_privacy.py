"""The register of personal data, from manifests and held against live."""

import pytest
from judged import project
from manifests import HEAD, desired, manifest, topic
from worlds import allow, live

from kgov.model.desired import Desired
from kgov.model.live import NotLookedAt
from kgov.register.privacy import PersonalTopic, privacy_register

PERSONAL = (
    "data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers],"
    " categories: [names]}"
)
READER = manifest(
    "Acl", "x", "{principal: 'User:x', bindings: [{resource: Topic, name: a.b, operations: [Read]}]}"
)


def composed(*documents: str, settings: str = "") -> Desired:
    return desired(*documents, environment="prod", project=project(settings))


def entry(spec: str, *documents: str) -> PersonalTopic:
    (found,) = privacy_register(composed(topic(spec), *documents)).entries
    return found


def test_every_topic_with_personal_data_is_in_it_also_one_that_is_to_go() -> None:
    register = privacy_register(
        composed(
            topic(f"{{{PERSONAL}}}", "b"),
            topic(f"{{{PERSONAL}, lifecycle: {{state: retired}}}}", "a"),
            topic("{data: {personal: false}}", "c"),
            topic("{}", "d"),
            topic("{lifecycle: {state: retired}}", "e"),
        )
    )
    assert [found.topic.name for found in register.entries] == ["a", "b"]
    assert (register.silent, register.governs_access, register.cluster_id) == (1, False, None)
    assert not register.differs


def test_what_is_left_open_by_any_topic_is_left_open_by_the_register() -> None:
    whole = f"{{purpose: x, retention: 7d, {PERSONAL}}}"
    owned = f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team}}\nspec: {whole}\n"
    complete = (owned, manifest("Team", "team", "{}"))
    assert not privacy_register(composed(*complete)).leaves_open
    assert privacy_register(composed(*complete, topic("{}", "silent"))).leaves_open
    assert privacy_register(composed(topic(whole))).leaves_open


def test_what_the_manifest_leaves_open_is_named() -> None:
    assert entry("{data: {personal: true}}").missing == (
        "a purpose",
        "an owner",
        "a legal basis",
        "whom the data are about",
        "which kinds of data",
        "a classification",
        "a retention",
    )
    assert entry(f"{{purpose: x, retention: unlimited, {PERSONAL}}}").missing == (
        "an owner",
        "an end of the retention",
    )
    compacted = f"{{purpose: x, keyed: true, config: {{cleanup.policy: compact}}, {PERSONAL}}}"
    assert entry(compacted).missing == ("an owner",)
    # Without a key nobody can be erased from it, and nobody says that records have one (KG502).
    unkeyed = compacted.replace("keyed: true, ", "")
    assert entry(unkeyed).missing == ("an owner", "whether records have keys")
    assert entry(unkeyed.replace("compact}", "'compact,delete'}, retention: 7d")).missing == ("an owner",)


def test_the_owner_is_there_with_whom_to_ask_and_the_controller_with_its_contact() -> None:
    owned = f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team}}\nspec: {{{PERSONAL}}}\n"
    team = manifest("Team", "team", '{members: ["ann@example.com"]}')
    register = privacy_register(composed(owned, team))
    assert [found.contacts for found in register.entries] == [("ann@example.com",)]
    assert register.controller is None
    assert entry(f"{{{PERSONAL}}}").contacts == ()


def test_an_owner_that_is_there_is_not_missing() -> None:
    spec = f"{{purpose: x, retention: 7d, {PERSONAL}}}"
    owned = f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team}}\nspec: {spec}\n"
    (found,) = privacy_register(composed(owned, manifest("Team", "team", "{}"))).entries
    assert found.missing == ()


@pytest.mark.parametrize(
    ("spec", "keep"),
    [
        ("archive: {target: lake, keep: 1d}, category: legal", 86_400_000),
        ("archive: {target: lake}, category: legal", 2 * 86_400_000),
        ("archive: {target: lake}", None),
        ("category: legal", None),
    ],
)
def test_an_archive_keeps_as_long_as_the_topic_says_or_else_its_category(spec, keep) -> None:
    category = manifest("RetentionCategory", "legal", "{retention: 1d, archive: {keep: 2d}}")
    assert entry(f"{{{spec}, {PERSONAL}}}", category).archive_keep == keep


def test_readers_are_held_against_the_acls_of_the_cluster() -> None:
    world = composed(topic(f"{{{PERSONAL}}}"), READER)
    same = privacy_register(world, live(bindings=[allow("User:x", "Read", "a.b")]))
    assert (same.differs, same.cluster_id, same.unknown_acls) == (False, "cluster-1", 0)
    more = privacy_register(
        world, live(bindings=[allow("User:x", "Read", "a.b"), allow("User:spy", "Read", "a.*")], unknown=2)
    )
    (found,) = more.entries
    assert found.live is not None
    assert [reader.principal for reader in found.live.undeclared] == ["User:spy"]
    assert found.live.undeclared[0].granted_by == ()
    assert (more.differs, more.unknown_acls) == (True, 2)
    fewer = privacy_register(world, live())
    assert fewer.entries[0].live is not None
    assert [each.principal for each in fewer.entries[0].live.missing] == ["User:x"]
    assert fewer.differs


def test_principals_kept_out_of_the_manifests_are_named_and_no_difference() -> None:
    world = desired(
        topic(f"{{{PERSONAL}}}"), environment="prod", project=project(protects='{principals: ["User:admin"]}')
    )
    register = privacy_register(world, live(bindings=[allow("User:admin", "All", "*")]))
    assert register.entries[0].live is not None
    assert [reader.principal for reader in register.entries[0].live.protected] == ["User:admin"]
    assert not register.differs


def test_a_topic_without_bindings_on_an_open_cluster_is_read_by_everybody() -> None:
    world = composed(topic(f"{{{PERSONAL}}}"))
    register = privacy_register(world, live(open_without_acl=True))
    assert register.entries[0].live is not None
    assert [reader.principal for reader in register.entries[0].live.undeclared] == ["User:*"]
    guarded = privacy_register(world, live(bindings=[allow("User:x", "Write", "a.b")], open_without_acl=True))
    assert not guarded.differs


def test_acls_that_were_not_looked_at_are_never_taken_for_none() -> None:
    with pytest.raises(ValueError, match="needs Describe on the cluster"):
        privacy_register(composed(topic("{}")), live(bindings=NotLookedAt("needs Describe on the cluster")))
