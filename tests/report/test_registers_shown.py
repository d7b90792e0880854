"""Registers as text, Markdown, CSV and JSON."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from judged import project
from manifests import desired, manifest, topic
from worlds import allow, live

from kgov.model.live import NotLookedAt
from kgov.model.placement import Placement, Placements
from kgov.plan.documents.encoding import to_text
from kgov.register.privacy import PrivacyRegister, privacy_register
from kgov.register.resilience import resilience_register
from kgov.report.register import (
    privacy_document,
    privacy_table,
    resilience_document,
    resilience_table,
    table_csv,
    table_markdown,
    table_text,
)
from kgov.report.register.formats import csv_text
from kgov.report.register.table import Table
from kgov.report.style import Style

PLAIN = Style(colour=False, width=80)
DATA = (
    "data: {classification: restricted, personal: true, legalBasis: contract, encrypted: field,"
    " subjects: [customers, employees]}"
)
TOPICS = (
    topic(
        f"{{purpose: Who they are., keyed: true, {DATA}, archive: {{target: vault, keep: 7y}},"
        " retention: 30d, config: {cleanup.policy: [compact, delete], retention.bytes: 1GB}}",
        "shop.customers",
    ),
    topic("{data: {personal: true}, lifecycle: {state: retired}}", "shop.old"),
    topic("{data: {personal: true}, retention: unlimited, archive: {target: lake}}", "shop.ever"),
    topic("{data: {personal: true}, config: {cleanup.policy: compact}, keyed: false}", "shop.odd"),
    topic("{}", "shop.silent"),
)
GRANTS = (
    manifest("Team", "sales", "{principals: ['User:crm', 'User:mirror'], operators: true}"),
    manifest(
        "Acl",
        "crm",
        "{principal: 'User:crm', bindings:"
        " [{resource: Topic, name: shop., pattern: prefixed, operations: [Read], host: 10.0.0.7}]}",
    ),
    manifest(
        "Acl", "all", "{principal: 'User:mirror', bindings: [{resource: Topic, name: '*', operations: [Read]}]}"
    ),
    manifest(
        "Acl",
        "one",
        "{principal: 'User:app', bindings: [{resource: Topic, name: shop.customers, operations: [Read]}]}",
    ),
)


def register(*documents: str, **given: object) -> PrivacyRegister:
    world = desired(*(documents or (*TOPICS, *GRANTS)), environment="prod", project=project())
    return privacy_register(world, **given)  # type: ignore[arg-type]


def test_the_register_of_personal_data_as_text() -> None:
    text = table_text(privacy_table(register()), PLAIN)
    assert text.startswith("Personal data in prod: 4 topics\n\nshop.customers\n  Owner           not said\n")
    assert "  About           customers\n                  employees\n" in text
    assert "  Kept            30d\n                  at most 1GB for each partition\n" in text
    assert (
        "                  the newest record of each key\n  Erased          after 30d, up to 7d later" in text
    )
    assert "                  by a record without value for its key\n  Archive         vault, 7y\n" in text
    assert "  Read by         User:app (by Acl/one)\n" in text
    assert "User:crm (sales, operator, all that begins with shop.," in text
    assert "from 10.0.0.7, by Acl/crm)" in " ".join(text.split())
    assert "User:mirror (sales, operator, all topics, by Acl/all)" in " ".join(text.split())
    assert "  Kept            for ever\n" in text
    assert "  Kept            retired: to be deleted\n" in text
    assert "not said: the broker decides" in text
    assert "compacted, without keys" in text
    assert "note: 1 other topic does not say whether data are personal (data.personal)\n" in text
    assert max(map(len, text.splitlines())) <= 80


FULL = (
    manifest("Team", "sales", "{members: [ann@example.com, bob@example.com]}"),
    manifest("RetentionCategory", "legal", "{retention: 30d, min: 7d, max: 90d}"),
    manifest("RetentionCategory", "free", "{retention: 30d}"),
    topic(
        "{category: legal, config: {segment.ms: 1d}, data: {personal: true, categories: [names],"
        " transfers: [{to: DE, safeguard: agreement}, {to: US}]}}",
        "a.full",
    ).replace("name: a.full", "name: a.full, owner: sales"),
    topic("{category: free, data: {personal: true, transfers: []}}", "b.free"),
)
HEAD_OF_REGISTER = "{controller: Example Inc., contact: privacy@example.com}"


def test_what_an_auditor_asks_for_is_said_owner_kinds_bounds_erasure_and_recipients_outside() -> None:
    world = desired(*FULL, environment="prod", project=project(privacy=HEAD_OF_REGISTER))
    table = privacy_table(privacy_register(world))
    full, free = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert full["Owner"] == ("sales (ann@example.com and bob@example.com)",)
    assert full["Data"] == ("names",)
    assert full["Kept"] == ("30d", "category legal, at least 7d, at most 90d")
    assert full["Erased"] == ("after 30d, up to 1d later (segment.ms)",)
    assert full["Goes to"] == ("DE (agreement)", "US (no safeguard is said)")
    assert (free["Kept"], free["Goes to"]) == (("30d", "category free"), ("nobody outside",))
    assert table.notes[0] == "controller: Example Inc. (privacy@example.com)"
    document = privacy_document(privacy_register(world))
    assert document["controller"] == {"name": "Example Inc.", "contact": "privacy@example.com"}
    assert document["topics"][0]["retention"]["category"] == {
        "name": "legal",
        "minimum": 7 * 86_400_000,
        "maximum": 90 * 86_400_000,
    }
    assert document["topics"][0]["transfers"] == [
        {"to": "DE", "safeguard": "agreement"},
        {"to": "US", "safeguard": None},
    ]


def test_a_controller_without_a_contact_says_so() -> None:
    world = desired(
        FULL[-1], FULL[2], environment="prod", project=project(privacy="{controller: Example Inc.}")
    )
    assert privacy_table(privacy_register(world)).notes[0] == "controller: Example Inc. (no contact is said)"
    assert privacy_table(register()).notes[0].startswith("kgov.yaml does not say who answers for these data")


def test_on_a_page_columns_share_one_with_their_titles_above_each() -> None:
    page = table_markdown(privacy_table(register()))
    assert "\n| Topic | Processing | Data | Kept | Recipients | Not said |\n" in page
    assert "**Read by:** User:app (by Acl/one)<br>" in page


def test_without_manifests_of_access_nobody_is_said_to_read_nothing() -> None:
    text = table_text(privacy_table(register(*TOPICS)), PLAIN)
    assert "not governed by manifests" in text
    assert "note: no Access or Acl manifest says who may read\n" in text
    nobody = table_text(
        privacy_table(register(*TOPICS, manifest("Acl", "x", "{principal: 'User:x', bindings: []}"))), PLAIN
    )
    assert "nobody, by the manifests" in nobody


def test_whom_a_deny_keeps_out_and_keys_of_which_nothing_is_said_are_told() -> None:
    everybody = manifest(
        "Acl", "all", "{principal: 'User:*', bindings: [{resource: Topic, name: shop.x, operations: [Read]}]}"
    )
    but = "{resource: Topic, name: shop.x, operations: [Read], permission: deny}"
    spec = "{data: {personal: true}, config: {cleanup.policy: compact}}"
    found = register(
        topic(spec, "shop.x"),
        everybody,
        manifest("Acl", "one", f"{{principal: 'User:lab', bindings: [{but}]}}"),
    )
    text = " ".join(table_text(privacy_table(found), PLAIN).split())
    assert "Read by everybody (but not User:lab, by Acl/all)" in text
    assert "Erased by key only if records have keys, which is not said" in text
    (first,) = privacy_document(found)["topics"]
    assert first["erased"] == {"byAge": False, "byKey": None}
    assert first["readers"][0]["exceptPrincipals"] == ["User:lab"]


def test_what_the_cluster_says_is_a_column_of_its_own() -> None:
    seen = live(
        bindings=[
            allow("User:app", "Read", "shop.customers"),
            allow("User:mirror", "Read", "*"),
            allow("User:*", "Read", "shop.odd"),
        ],
        unknown=3,
    )
    table = privacy_table(register(live=seen))
    assert table.columns[-1] == "On the cluster"
    cells = {row[0][0]: row[-1] for row in table.rows}
    assert cells["shop.customers"] == ("declared, and cannot read: User:crm from 10.0.0.7",)
    assert cells["shop.odd"] == ("reads, and no manifest says so: everybody",)
    notes = " ".join(table.notes)
    assert "held against the ACLs of cluster cluster-1; super users of the brokers need none" in notes
    assert "not looked at: 3 ACLs of a type that the client does not know" in notes


def test_a_cluster_that_is_as_declared_and_one_with_protected_principals() -> None:
    bindings = [allow("User:app", "Read", "shop.customers"), allow("User:mirror", "Read", "*")]
    world = desired(TOPICS[0], *GRANTS[2:], environment="prod", project=project())
    (row,) = privacy_table(privacy_register(world, live(bindings=bindings, unknown=None))).rows
    assert row[-1] == ("as declared",)
    table = privacy_table(privacy_register(world, live(bindings=bindings, unknown=None)))
    assert any("not looked at: some ACLs" in note for note in table.notes)
    guarded = replace(
        world,
        project=replace(world.project, scope=replace(world.project.scope, protects_principals=("User:a*n",))),
    )
    (row,) = privacy_table(
        privacy_register(guarded, live(bindings=[*bindings, allow("User:admin", "All", "*")]))
    ).rows
    assert row[-1] == ("reads, kept out of the manifests: User:admin (all topics)", "as declared")


def test_the_register_as_csv_is_one_line_a_topic() -> None:
    rows = list(csv.reader(StringIO(table_csv(privacy_table(register())))))
    assert rows[0][:4] == ["Topic", "Owner", "Purpose", "Legal basis"]
    assert [row[0] for row in rows[1:]] == ["shop.customers", "shop.ever", "shop.odd", "shop.old"]
    assert rows[1][4] == "customers; employees"


@pytest.mark.parametrize("raw", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\uff1d1", "=cmd|' /C calc'!A0"])
def test_nothing_of_a_manifest_becomes_a_formula(raw) -> None:
    assert csv_text(raw).startswith("'")
    text = table_csv(Table("t", "row", ("Topic", "x"), (((raw,), ("fine", raw)),)))
    cells = list(csv.reader(StringIO(text)))[1]
    assert cells == [f"'{raw}", f"fine; '{raw}"]


@pytest.mark.parametrize(("raw", "shown"), [("a=b", "a=b"), ("", ""), (" ", " "), ("a\tb\r\n", r"a\tb\r\n")])
def test_other_texts_stay_as_they_are_and_in_one_line(raw, shown) -> None:
    assert csv_text(raw) == shown


def test_markup_of_others_does_not_come_through() -> None:
    evil = topic("{purpose: '<script>x</script> [a](https://b) | c', data: {personal: true}}", "shop.evil")
    page = table_markdown(privacy_table(register(evil)))
    assert "<script>" not in page
    assert "](https" not in page
    assert page.count("\n| ") == 3
    assert "## Personal data in prod" in page


@pytest.mark.parametrize(
    "field", ["categories: ['{}']", "subjects: ['{}']", "transfers: [{{to: '{}', safeguard: '{}'}}]"]
)
def test_nothing_that_is_said_of_data_steers_a_page_or_a_terminal(field) -> None:
    said = field.format("<b>[a](https://b)|`", "<b>[a](https://b)|`")
    evil = topic(f"{{data: {{personal: true, {said}}}}}", "shop.evil")
    named = project(privacy="{controller: '<b>[a](https://b)|`', contact: '::error::x'}")
    table = privacy_table(privacy_register(desired(evil, environment="prod", project=named)))
    page = table_markdown(table)
    assert "<b>" not in page
    assert "](https" not in page
    assert not any(line.lstrip().startswith("::") for line in table_text(table, PLAIN).splitlines())


def test_a_register_without_topics_is_a_register() -> None:
    table = privacy_table(register(topic("{}")))
    assert table_text(table, PLAIN).startswith("Personal data in prod: 0 topics\n")
    assert "**0 topics**" in table_markdown(table)
    assert table_csv(table).count("\r\n") == 1
    bare = Table("t", "row", ("Topic",), ((("a",),),))
    assert table_text(bare, PLAIN) == "t: 1 row\n\na\n"


def test_the_register_as_json() -> None:
    document = json.loads(to_text(privacy_document(register())))
    assert (document["format"], document["environment"]) == ("kgov-privacy/1", "prod")
    assert (document["cluster"], document["governsAccess"]) == ({"id": None}, True)
    assert document["summary"] == {"topics": 4, "silent": 1, "differing": 0, "unknownAcls": 0}
    first, ever, *_ = document["topics"]
    assert first["retention"] == {
        "ms": 30 * 86_400_000,
        "bytes": 10**9,
        "cleanup": "compact,delete",
        "segmentMs": 7 * 86_400_000,
        "category": None,
    }
    assert first["erased"] == {"byAge": True, "byKey": True}
    assert (first["contacts"], first["categories"], first["transfers"]) == ([], [], None)
    assert document["controller"] is None
    assert first["archive"] == {"target": "vault", "keep": 7 * 365 * 86_400_000}
    assert first["readers"][0] == {
        "principal": "User:app",
        "teams": [],
        "operator": False,
        "through": ["Topic LITERAL shop.customers"],
        "hosts": ["*"],
        "exceptHosts": [],
        "exceptPrincipals": [],
        "grantedBy": ["Acl/one"],
    }
    assert (first["live"], first["state"]) == (None, "active")
    assert (ever["retention"]["ms"], ever["erased"]) == (-1, {"byAge": False, "byKey": False})
    assert ever["missing"] == [
        "a purpose",
        "an owner",
        "a legal basis",
        "whom the data are about",
        "which kinds of data",
        "a classification",
        "an end of the retention",
    ]


def test_the_document_says_how_the_cluster_differs() -> None:
    document = privacy_document(register(live=live(bindings=[allow("User:spy", "Read", "*")])))
    found = document["topics"][0]["live"]
    assert [reader["principal"] for reader in found["undeclared"]] == ["User:spy"]
    assert (found["missing"], found["protected"]) == (["User:app", "User:crm", "User:mirror"], [])
    assert document["summary"]["differing"] == 4


RESILIENT = (
    topic("{criticality: critical, replicas: 3, retention: 7d, config: {min.insync.replicas: 2}}", "a"),
    topic("{criticality: standard, retention: 7d}", "b"),
    topic("{}", "c"),
)


def test_the_register_of_tiers_says_what_each_topic_lacks() -> None:
    world = desired(*RESILIENT, environment="prod", project=project())
    table = resilience_table(resilience_register(world))
    assert table.columns == (
        "Topic",
        "Tier",
        "Replicas",
        "In sync",
        "Racks",
        "Recovery site",
        "Retention",
        "Lacks",
    )
    assert table.rows[0][-1] == ("racks: not said (needs 3)", "recovery site: none (needs one)")
    assert table.rows[1][-1] == ("nothing",)
    assert (table.rows[2][1], table.rows[2][-1]) == (("not said",), ())
    assert table.notes == (
        "critical: 1 topic, 1 of them lacking something",
        "standard: 1 topic, none of them lacking something",
        "1 topic without a criticality: nothing is asked of them",
        "kgov.yaml names no recovery site of prod (recovery: {site: …})",
        "kgov.yaml does not say in how many racks brokers of prod stand (capacity.racks)",
        "racks and replicas are what manifests and kgov.yaml say; with --live they are looked at",
    )


def test_a_site_and_racks_that_are_stated_are_shown() -> None:
    stated = project("capacity: {brokers: 3, racks: 3}, recovery: {site: laval, topics: [a]}")
    world = desired(RESILIENT[0], environment="prod", project=stated)
    table = resilience_table(resilience_register(world))
    assert table.rows[0][4:] == (("3",), ("laval",), ("7d",), ("nothing",))
    assert table.notes[1:] == (
        "recovery site: laval, as kgov.yaml says; kgov does not look at the copies",
        "racks and replicas are what manifests and kgov.yaml say; with --live they are looked at",
    )
    document = resilience_document(resilience_register(world))
    assert document["recovery"] == {"site": "laval", "topics": ["a"]}
    assert document["summary"] == {"topics": 1, "lacking": 0, "lackingLive": 0, "withoutTier": 0}
    assert document["topics"][0]["concerns"][3] == {
        "concern": "recovery site",
        "has": "laval",
        "needs": "one",
        "lacking": False,
        "live": None,
    }


def test_the_document_of_tiers_counts_what_lacks() -> None:
    document = resilience_document(
        resilience_register(desired(*RESILIENT, environment="prod", project=project()))
    )
    assert (document["format"], document["recovery"]) == ("kgov-resilience/1", None)
    assert document["summary"] == {"topics": 3, "lacking": 1, "lackingLive": 0, "withoutTier": 1}
    assert document["topics"][2]["tier"] is None
    assert document["topics"][2]["concerns"][0] == {
        "concern": "replicas",
        "has": "not said",
        "needs": None,
        "lacking": False,
        "live": None,
    }


def test_what_the_cluster_has_stands_below_what_is_desired() -> None:
    stated = project("capacity: {brokers: 3, racks: 3}, recovery: {site: laval}")
    world = desired(*RESILIENT, environment="prod", project=stated)
    first, second, _ = (entry.topic.name for entry in resilience_register(world).entries)
    held = {first: Placement(3, 3, 2, 1), second: Placement(1, 1, None, 1)}
    seen = Placements("cluster-1", held, down=(4,))
    register = resilience_register(world, seen)
    table = resilience_table(register)
    assert table.rows[0][4] == ("3", "on the cluster: 1 (needs 3)")
    assert table.rows[0][-1] == ("racks, on the cluster: 1 (needs 3)",)
    assert table.rows[1][3][-1] == "on the cluster: not known, 1 in sync now"
    assert table.rows[2][-1] == ("not on the cluster",)
    assert table.notes[0] == "critical: 1 topic, none of them lacking something, 1 on the cluster"
    assert table.notes[-2:] == (
        "held against cluster cluster-1; of each topic, the partition that is worst off",
        "not alive: broker 4; replicas there are not in sync and count for no rack",
    )
    document = resilience_document(register)
    assert (document["cluster"], document["racksNotLookedAt"]) == ({"id": "cluster-1"}, None)
    assert document["brokersDown"] == [4]
    assert document["summary"]["lackingLive"] == 1
    assert [topic["onCluster"] for topic in document["topics"]] == [True, True, False]
    assert document["topics"][0]["concerns"][2]["live"] == {"has": "1", "lacking": True}


def test_on_a_page_tiers_have_a_column_for_each_concern() -> None:
    page = table_markdown(
        resilience_table(resilience_register(desired(*RESILIENT, environment="prod", project=project())))
    )
    assert "\n| Topic | Tier | Replicas | In sync | Racks | Recovery site | Retention | Lacks |\n" in page


def test_racks_that_are_not_known_are_said_with_the_reason() -> None:
    world = desired(*RESILIENT, environment="prod", project=project())
    why = NotLookedAt("needs DescribeConfigs on Cluster kafka-cluster")
    register = resilience_register(world, Placements("cluster-1", {}, why, (1, 2)))
    assert "not alive: brokers 1 and 2;" in " ".join(resilience_table(register).notes)
    assert resilience_table(register).notes[-1] == f"racks of the cluster are not known: {why.reason}"
    assert resilience_document(register)["racksNotLookedAt"] == why.reason
