"""Policies at work: what they find, where, how it is tuned and waived."""

from datetime import date
from textwrap import dedent

import pytest

from kgov.manifest.compose import compose
from kgov.manifest.repository import load_files
from kgov.model.desired import NoBase
from kgov.model.place import Place
from kgov.model.placed_text import PlacedText
from kgov.plan.review import review

TODAY = date(2026, 6, 15)

PROJECT = """\
apiVersion: kgov/v1
kind: Project
environments:
  dev: {defaults: {replicas: 1}}
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
"""
HEAD = "apiVersion: kgov/v1\nkind: Policy\n"
TEAMS = """\
apiVersion: kgov/v1
kind: Team
metadata: {name: shop}
spec: {members: [a, b], owns: {domains: [commerce]}, principals: ["User:shop"]}
"""


def policy(name, spec):
    lines = dedent(spec).strip("\n").split("\n")
    return f"{HEAD}metadata: {{name: {name}}}\nspec:\n" + "".join(f"  {line}\n" for line in lines)


def topic(name="orders", spec="{partitions: 6}", owner=None):
    metadata = f"{{name: {name}}}" if owner is None else f"{{name: {name}, owner: {owner}}}"
    return f"apiVersion: kgov/v1\nkind: Topic\nmetadata: {metadata}\nspec: {spec}\n"


def repository(*policies, topics=(), acls="", teams=TEAMS, project=PROJECT):
    files = {"kgov.yaml": project, "policies/teams.yaml": teams, "policies/own.yaml": "---\n".join(policies)}
    files |= {f"topics/t{n}.yaml": text for n, text in enumerate(topics or (topic(),))}
    if acls:
        files["acls/all.yaml"] = acls
    return load_files({path: text.encode() for path, text in files.items()})


def found(loaded, environments=("dev", "prod"), before=None, codes=("Policy/", "KG004", "KG008")):
    reviewed = review(loaded, environments, TODAY, lambda now: before)
    return [finding for finding in reviewed.findings if finding.code.startswith(codes)]


CEILING = policy(
    "ceiling",
    """
    match: {kind: Topic}
    rules: [{check: object.spec.partitions <= 5, message: at most 5}]
    """,
)


def test_a_policy_finds_what_is_not_so_where_it_is_written():
    (finding,) = found(repository(CEILING))
    assert (finding.code, finding.name, finding.severity) == ("Policy/ceiling", "ceiling", "error")
    assert finding.message == "at most 5"
    assert finding.title == "Policy/ceiling"
    assert str(finding.resource) == "Topic/orders"
    assert finding.place == Place("topics/t0.yaml", 4, 20)
    assert finding.help == "see kgov explain Policy/ceiling"
    assert finding.environment is None


@pytest.mark.parametrize(
    ("match", "environments"),
    [
        ("{kind: Topic}", {None}),
        ("{kind: Topic, environments: [prod]}", {"prod"}),
        ("{kind: Topic, production: false}", {"dev"}),
        ('{kind: Topic, names: ["ord*"]}', {None}),
        ('{kind: Topic, names: ["x*"]}', set()),
        ("{kind: Topic, teams: [shop]}", set()),
        ("{kind: Access}", set()),
    ],
)
def test_a_policy_judges_what_it_matches(match, environments):
    text = policy("p", f"match: {match}\nrules: [{{check: 'false'}}]")
    findings = found(repository(text))
    assert {finding.environment for finding in findings} == environments
    assert {finding.message for finding in findings} <= {"is not so: false"}


def test_overlays_defaults_and_owners_are_worked_in():
    text = policy(
        "p",
        """
        match: {kind: Topic, teams: [shop]}
        rules:
          - check: |
              object.spec.replicas == (environment.production ? 3 : 1) && "shop" == team.metadata.name
          - check: object.spec.config["retention.ms"] == "604800000"
          - check: object.spec.lifecycle.since == "2026-01-31"
          - check: object.spec.archive.keep == ms("1y") && object.spec.schema.compatibility == "FULL"
          - check: object.spec.data.transfers[0].to == "Norway" && object.spec.volume.messageSize == 1024
          - check: object.spec.criticality != "standard"
        """,
    )
    spec = (
        "{retention: 7d, lifecycle: {state: active, since: 2026-01-31}, archive: {target: lake, keep: 1y}, "
        "schema: {compatibility: FULL}, data: {transfers: [{to: Norway}]}, "
        "volume: {rate: 5/s, messageSize: 1KiB}, "
        "consumers: [shop], environments: {prod: {criticality: standard}}}"
    )
    (finding,) = found(repository(text, topics=[topic(spec=spec, owner="shop")]))
    assert finding.environment == "prod"
    assert finding.place.line == 4


def test_access_and_acls_are_judged_by_what_they_come_to():
    texts = [
        policy(
            "writers",
            """
            match: {kind: Access}
            rules:
              - check: object.spec.grants.all(g, g.role != "producer") && object.spec.principal != ""
                messageExpression: '"writes " + object.bindings.map(b, b.operation).join("/")'
            """,
        ),
        policy("raw", "match: {kind: Acl}\nrules:\n  - check: object.bindings.all(b, b.operation != 'All')"),
        policy("owned", "match: {kind: Acl}\nrules: [{check: object.metadata.owner != ''}]"),
        policy("odd", "match: {kind: Acl}\nrules:\n  - check: object.spec.bindings.all(b, b.name == 'x')"),
    ]
    acls = """\
apiVersion: kgov/v1
kind: Access
metadata: {name: a}
spec:
  principal: User:a
  grants: [{role: producer, topic: orders}]
---
apiVersion: kgov/v1
kind: Acl
metadata: {name: b}
spec:
  principal: User:b
  bindings: [{resource: Topic, name: orders, operations: [All]}]
"""
    findings = {finding.code: finding for finding in found(repository(*texts, acls=acls))}
    assert findings["Policy/writers"].message.startswith("writes Write")
    assert findings["Policy/writers"].place == Place("acls/all.yaml", 6, 3)
    assert findings["Policy/raw"].place == Place("acls/all.yaml", 10, 18)
    assert findings["Policy/owned"].place == Place("acls/all.yaml", 10, 18)
    assert findings["Policy/odd"].place == Place("acls/all.yaml", 13, 3)


def test_topics_are_counted_and_told_apart_without_a_loop():
    text = policy(
        "p",
        """
        match: {kind: Topic}
        rules:
          - check: size(all.topicsByOwner[object.metadata.owner]) == 2
            messageExpression: all.topicsByOwner[object.metadata.owner].join(" ")
          - check: size(all.topicsByLowerName[object.metadata.name.lowerAscii()]) == 1
            messageExpression: string(all.topicsByLowerName["orders"][1])
        """,
    )
    loaded = repository(text, topics=[topic(name, "{partitions: 7}") for name in ("orders", "Orders", "carts")])
    said = sorted((str(finding.resource), finding.message) for finding in found(loaded))
    assert said == [
        ("Topic/Orders", "Orders"),
        ("Topic/Orders", "orders Orders carts"),
        ("Topic/carts", "orders Orders carts"),
        ("Topic/orders", "Orders"),
        ("Topic/orders", "orders Orders carts"),
    ]


def test_others_are_seen():
    text = policy(
        "p",
        """
        match: {kind: Topic}
        rules:
          - check: size(all.topics) == 2 && "shop" in all.teams && "a" in all.access && "b" in all.acls
          - check: all.topics.exists(n, n != object.metadata.name && all.topics[n].spec.partitions == 7)
        """,
    )
    acls = """\
apiVersion: kgov/v1
kind: Access
metadata: {name: a}
spec: {principal: "User:a", grants: []}
---
apiVersion: kgov/v1
kind: Acl
metadata: {name: b}
spec: {principal: "User:b", bindings: []}
"""
    loaded = repository(text, topics=[topic("a", "{partitions: 7}"), topic("b", "{partitions: 7}")], acls=acls)
    assert found(loaded) == []


@pytest.mark.parametrize(
    ("check", "place", "message", "hint"),
    [
        (
            "object.spec.partitons <= 5",
            (8, 26),
            "spec.rules[0].check: unknown field partitons of TopicSpec",
            "partitions?",
        ),
        ('"objct.spec == 1"', (8, 15), "spec.rules[0].check: unknown name objct", "did you mean object?"),
        (
            "|\n        true &&\n          object.foo",
            (10, 18),
            "spec.rules[0].check: unknown field foo of Topic",
            "",
        ),
        (
            ">-\n        true &&\n        object.foo",
            (10, 16),
            "spec.rules[0].check: unknown field foo of Topic",
            "",
        ),
        ("'true && ''a'' == object.foo'", (8, 39), "spec.rules[0].check: unknown field foo of Topic", ""),
    ],
)
def test_a_misspelt_field_is_told_in_the_line_of_the_policy(check, place, message, hint):
    text = policy("p", "match: {kind: Topic}\nseverity: warning\nrules:\n  - check: CHECK").replace(
        "CHECK", check
    )
    (finding,) = found(repository(text))
    assert (finding.code, finding.severity) == ("KG004", "error")
    assert finding.message == message
    assert hint in finding.help
    assert finding.place == Place("policies/own.yaml", *place)
    assert str(finding.resource) == "Policy/p"


def test_a_wrong_message_is_told_too_and_silences_nothing_else():
    text = policy(
        "p",
        """
        match: {kind: Topic}
        rules:
          - {check: 'false', messageExpression: object.foo}
          - {check: 'false', message: told}
        """,
    )
    wrong, told = found(repository(text))
    assert wrong.message == "spec.rules[0].messageExpression: unknown field foo of Topic"
    assert told.message == "told"


def test_environments_that_do_not_exist_are_told():
    text = policy("p", "match: {kind: Topic, environments: [prd, zzz]}\nrules: [{check: 'true'}]")
    one, other = found(repository(text))
    assert one.code == "KG008"
    assert one.message == '"prd" is no environment of kgov.yaml'
    assert "prod?" in one.help
    assert one.place == Place("policies/own.yaml", 5, 39)
    assert "did you mean" not in other.help


def test_teams_that_do_not_exist_are_told():
    (finding,) = found(repository(policy("p", "match: {kind: Topic, teams: [shp]}\nrules: [{check: 'true'}]")))
    assert finding.code == "KG008"
    assert "shop" in finding.help


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{check: 1 / 0 == 1}", "cannot be judged: divide by zero"),
        (
            "{check: 'false', messageExpression: string(1 / 0)}",
            "is not so: false (its message has no text: divide by zero)",
        ),
        (
            "{check: 'false', messageExpression: object.spec.purpose}",
            "is not so: false (its message has no text: it is empty)",
        ),
    ],
)
def test_what_cannot_be_judged_is_found(rule, message):
    (finding,) = found(repository(policy("p", f"match: {{kind: Topic}}\nrules: [{rule}]")))
    assert finding.message == message
    assert finding.severity == "error"


def test_an_object_that_does_not_fit_is_found_by_every_policy_about_it():
    around = policy("around", "match: {kind: Topic}\nrules: [{check: size(all.topics) == 2}]")
    topics = [topic("a", f"{{purpose: {'x' * 5000}}}"), topic("b")]
    findings = found(repository(CEILING, around, topics=topics), environments=("prod",))
    long = "spec.purpose is 5000 letters long: expressions look at no more than 4096"
    assert {(str(each.resource), each.code, each.message) for each in findings} == {
        ("Topic/a", "Policy/ceiling", f"cannot be judged: {long}"),
        ("Topic/a", "Policy/around", f"cannot be judged: {long}"),
        ("Topic/b", "Policy/around", f"cannot be judged: all: Topic/a: {long}"),
        ("Topic/b", "Policy/ceiling", "at most 5"),
    }


SHRINK = policy(
    "shrink",
    """
    match: {kind: Topic}
    rules:
      - check: oldObject == null || object.spec.partitions >= oldObject.spec.partitions
        message: fewer
    """,
)


def test_a_change_is_judged_against_the_base():
    now = repository(SHRINK, topics=[topic("a"), topic("new", "{partitions: 1}")])
    before = repository(topics=[topic("a", "{partitions: 9}")])
    (finding,) = found(now, before=before)
    assert finding.message == "fewer"
    assert str(finding.resource) == "Topic/a"
    assert found(now) == []
    assert found(now, before=repository(topics=[topic("a", "{partitions: 6}")])) == []


def test_access_is_judged_against_the_base():
    text = policy(
        "p",
        "match: {kind: Access}\nrules:\n"
        "  - check: oldObject == null || size(oldObject.spec.grants) <= size(object.spec.grants)",
    )
    access = (
        "apiVersion: kgov/v1\nkind: Access\nmetadata: {{name: {}}}\nspec: {{principal: 'User:a', grants: {}}}\n"
    )
    now = repository(text, acls=access.format("a", "[]") + "---\n" + access.format("b", "[]"))
    before = repository(acls=access.format("a", "[{role: producer, topic: orders}]"))
    assert [str(finding.resource) for finding in found(now, before=before)] == ["Access/a"]


def test_an_environment_that_is_new_was_empty_before():
    before = load_files({"kgov.yaml": b"apiVersion: kgov/v1\nkind: Project\nenvironments: {old: {}}\n"})
    assert found(repository(SHRINK), before=before) == []


def test_without_the_base_a_policy_that_compares_says_so():
    other = policy("other", "match: {kind: Topic}\nrules: [{check: 'true'}]")
    missing = NoBase("Git does not have the first parent of HEAD", "fetch two commits")
    (finding,) = found(repository(SHRINK, other), before=missing)
    assert finding.code == "Policy/shrink"
    assert finding.message.startswith("compares with the base revision, which is not here: Git does not")
    assert finding.help.startswith("fetch two commits")
    assert str(finding.resource) == "Policy/shrink"
    (finding,) = found(repository(SHRINK), before=load_files({}))
    assert "kgov.yaml cannot be read" in finding.message


def test_the_base_is_not_looked_for_where_nothing_compares():
    def fail(now):
        raise AssertionError

    review(repository(CEILING), ("dev",), TODAY, fail)


def test_an_old_object_that_does_not_fit_is_found():
    now = repository(SHRINK, topics=[topic("a")])
    before = repository(topics=[topic("a", f"{{partitions: 6, purpose: {'x' * 5000}}}")])
    (finding,) = found(now, before=before)
    assert finding.message.startswith("cannot be judged: spec.purpose")


def test_kgov_yaml_tunes_policies():
    project = PROJECT + "rules: {Policy/ceiling: warning}\n"
    (finding,) = found(repository(CEILING, project=project))
    assert finding.severity == "warning"
    off = PROJECT + "rules: {Policy/ceiling: off}\n"
    loaded = repository(CEILING, project=off)
    assert found(loaded) == []
    assert loaded.problems == ()
    (finding,) = found(
        repository(CEILING, project=PROJECT + "rules: {Policy/ceilin: off}\n"),
        environments=("dev",),
        codes=("KG004",),
    )
    assert finding.message == 'rules: there is no rule "Policy/ceilin"'
    assert "did you mean Policy/ceiling?" in finding.help


def waiver(rule, resource="Topic/orders"):
    return f"""\
apiVersion: kgov/v1
kind: Waiver
metadata: {{name: w}}
spec: {{rule: {rule}, resource: {resource}, reason: because it is old, owner: shop, expires: 2026-12-31}}
"""


def test_a_policy_is_waived_for_one_resource():
    (finding,) = found(repository(CEILING, waiver("Policy/ceiling")))
    assert finding.waived is not None
    assert finding.waived.waiver == "w"


def test_a_waiver_of_a_policy_that_finds_nothing_is_unused():
    loaded = repository(CEILING, waiver("Policy/ceiling"), topics=[topic(spec="{partitions: 1}")])
    (finding,) = found(loaded, codes=("KG802",))
    assert finding.message.startswith("Policy/ceiling finds nothing on Topic/orders")


def test_a_waiver_of_no_policy_is_told():
    (finding,) = found(repository(CEILING, waiver("Policy/ceilng")), codes=("KG008",))
    assert "did you mean Policy/ceiling?" in finding.help


def test_the_same_repository_gives_the_same_findings():
    texts = [CEILING, SHRINK]
    one = found(repository(*texts, topics=[topic("a"), topic("b")]))
    assert one == found(repository(*texts, topics=[topic("a"), topic("b")]))
    assert len(one) == 2


def test_a_place_behind_the_end_is_the_last_letter():
    text = PlacedText("a &&", Place("p.yaml", 1, 4), ("x: a &&",))
    assert text.at(1, 9) == Place("p.yaml", 1, 7)
    assert PlacedText("ab", Place("p.yaml", 3, 1), ()).at(1, 2) == Place("p.yaml", 3, 1)
    assert PlacedText("ab", Place("p.yaml", 1, 1), ("a",)).at(1, 2) == Place("p.yaml", 1, 1)


def test_without_policies_nothing_is_evaluated():
    loaded = repository()
    desired, _ = compose(loaded, "prod")
    from kgov.policy.cel_judge import policy_problems

    assert list(policy_problems(desired, None, frozenset())) == []


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{check: ' '}", "spec.rules[0].check is empty"),
        (f"{{check: {'x' * 4001}}}", "spec.rules[0].check is 4001 letters long, more than 4000"),
        (
            "{check: 'true', message: a, messageExpression: '\"b\"'}",
            "spec.rules[0].messageExpression must have a message or a messageExpression, not both",
        ),
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_told(rule, message):
    loaded = repository(policy("p", f"match: {{kind: Topic}}\nrules: [{rule}]"))
    assert message in {problem.message for problem in loaded.problems}


def test_where_no_change_is_judged_everything_is_new():
    assert review(repository(SHRINK), ("dev",), TODAY).findings is not None
    judged = review(repository(SHRINK), ("dev",), TODAY).findings
    assert not [finding for finding in judged if finding.code == "Policy/shrink"]
