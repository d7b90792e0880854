"""What an ApprovalPolicy asks about: conditions in CEL, and those that are built in."""

import pytest
from approving import ALICE, BOB, DANA, TODAY, X, topic
from governed import access, acl, findings, team
from manifests import HEAD, load_texts, manifest

from kgov.approval.gather import without_history
from kgov.plan.review import review

PROJECT = f"{HEAD}kind: Project\nenvironments:\n  dev: {{}}\n  prod: {{production: true}}\n"
TEAMS = (
    team("billing", '{principals: ["User:billing"], members: ["b@example.com"]}'),
    team("orders", '{owns: {domains: [commerce]}, members: ["o@example.com"]}'),
    team("office", '{members: ["d@example.com"]}'),
)
ORDERS = topic("commerce.orders.created.v1", '  consumers: ["User:billing"]\n').replace(
    "owner: customers", "owner: orders"
)
READS = access(
    "billing",
    "User:billing",
    "role: consumer, topic: commerce.orders.created.v1, group: billing",
    owner="billing",
)
RAW = acl("raw", "User:raw", "resource: Topic, name: commerce., pattern: prefixed, operations: [Read]")


def asked(policy, *documents, environments=("prod",)):
    """List what a policy asks about, and why."""
    asking = manifest("ApprovalPolicy", "p", policy)
    repository = load_texts(
        {"kgov.yaml": PROJECT, "topics/all.yaml": "---\n".join((*TEAMS, asking, *documents))}
    )
    assert repository.problems == ()
    examined = review(repository, environments, TODAY).examined
    rulings = [ruling for each in examined.values() for ruling in each.rulings]
    assert all(ruling.missing == ruling.requirement.minimum for ruling in rulings)
    return {str(r.requirement.subject.resource): (r.requirement.why, r.requirement.approvers) for r in rulings}


OFFICE = ("office",)
TOPIC = {"Topic/commerce.orders.created.v1"}
EVERY = {*TOPIC, "Access/billing", "Acl/raw"}


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ("{when: object.spec.data.personal, approvers: [office]}", TOPIC),
        ("{when: object.spec.partitions > 6, approvers: [office]}", set()),
        ("{when: 'true', match: {kind: Access}, approvers: [office]}", {"Access/billing"}),
        (
            "{when: 'object.bindings.exists(b, b.pattern != \"\")', match: {kind: Acl}, approvers: [office]}",
            {"Acl/raw"},
        ),
        ("{when: team.metadata.name == 'orders', approvers: [office]}", TOPIC),
        ("{when: 'team != null', match: {kind: Acl}, approvers: [office]}", set()),
        (
            "{when: 'size(all.topics) * size(all.access) * size(all.acls) == 1', approvers: [office]}",
            TOPIC,
        ),
        ("{when: oldObject == null, approvers: [office]}", TOPIC),
        ("{when: environment.production, approvers: [office]}", TOPIC),
        ("{when: 'true', match: {environments: [dev]}, approvers: [office]}", set()),
        ("{concerns: [personal-data], approvers: [office]}", EVERY),
        ("{concerns: [personal-data], match: {kind: Topic}, approvers: [office]}", TOPIC),
        ("{concerns: [restricted-data], approvers: [office]}", set()),
        ("{concerns: [foreign-data], approvers: [office]}", {"Access/billing"}),
        ("{concerns: [data-loss], approvers: [office]}", set()),
    ],
)
def test_a_condition_is_asked_of_what_it_is_about(policy, found):
    assert set(asked(policy, ORDERS, READS, RAW)) == found


def test_a_concern_is_told_in_words():
    found = asked("{concerns: [personal-data], approvers: [office]}", ORDERS, READS)
    assert found == {
        "Topic/commerce.orders.created.v1": ("personal data", OFFICE),
        "Access/billing": ("access to personal data", OFFICE),
    }
    restricted = ORDERS.replace("confidential", "restricted")
    assert asked("{concerns: [restricted-data], match: {kind: Topic}, approvers: [office]}", restricted) == {
        "Topic/commerce.orders.created.v1": ("restricted data", OFFICE)
    }


def test_without_approvers_each_owner_of_the_data_must_agree():
    assert asked("{concerns: [foreign-data]}", ORDERS, READS) == {
        "Access/billing": ("data of another team", ("orders",))
    }


def test_a_retired_topic_holds_no_data_that_anybody_must_agree_to():
    gone = ORDERS + "  lifecycle: {state: retired}\n"
    assert asked("{concerns: [personal-data], approvers: [office]}", gone) == {}
    assert set(asked("{when: object.spec.lifecycle.state == 'retired', approvers: [office]}", gone)) == {
        "Topic/commerce.orders.created.v1"
    }


def test_what_cannot_be_evaluated_is_asked_about():
    ((why, _),) = asked("{when: \"object.spec.labels['tier'] == 'a'\", approvers: [office]}", ORDERS).values()
    assert "its condition has no answer" in why
    long = ORDERS + f"  purpose: {'x ' * 3000}x\n"
    ((why, _),) = asked("{when: 'false', approvers: [office]}", long).values()
    assert "its condition cannot be asked" in why
    ((why, _),) = asked("{when: size(all.topics) > 5, approvers: [office]}", long).values()
    assert "its condition cannot be asked" in why


def test_a_long_condition_is_cut_in_messages():
    condition = " || ".join(["object.spec.data.personal"] * 9)
    ((why, _),) = asked(f"{{when: {condition}, approvers: [office]}}", ORDERS).values()
    assert len(why) == 60
    assert why.endswith("…")


def test_a_misspelt_condition_is_a_finding_at_its_own_line():
    spec = "\n  when: object.spec.data.persona\n  approvers: [office]"
    policy = manifest("ApprovalPolicy", "p", spec)
    found = findings("KG004", *TEAMS, policy, ORDERS, READS)
    assert [(f.place.line, str(f.resource)) for f in found] == [(20, "ApprovalPolicy/p")]
    assert "spec.when: unknown field persona of Data" in found[0].message
    assert "personal" in found[0].help
    assert findings("KG506", *TEAMS, policy, ORDERS, READS) == []


def test_an_environment_that_is_none_is_told():
    policy = manifest(
        "ApprovalPolicy", "p", "{when: 'true', match: {environments: [prodd]}, approvers: [office]}"
    )
    (found,) = findings("KG008", *TEAMS, policy, ORDERS, READS)
    assert found.message == '"prodd" is no environment of kgov.yaml'
    assert "did you mean prod?" in found.help
    assert found.place.line > 10
    (found,) = findings("KG008", *TEAMS, policy.replace("prodd", "elsewhere"), ORDERS, READS)
    assert "kgov.yaml has prod" in found.help


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("{approvers: [office]}", "must say under which condition"),
        ("{when: 'true', concerns: [data-loss], approvers: [office]}", "must say under which condition"),
        ("{when: 'true'}", "must name `approvers`"),
        ("{concerns: [foreign-data, data-loss]}", "must name `approvers`"),
        ("{when: 'true', approvers: [office], minimum: 0}", "minimum"),
        ("{when: 'true', approvers: [office], days: 5000}", "days"),
        ("{when: 'true', approvers: [nobody]}", '"nobody" is no declared Team'),
        ("{when: 'true', approvers: [office], scope: some}", "scope"),
    ],
)
def test_a_policy_says_one_condition_and_who_approves(spec, words):
    repository = load_texts(
        {
            "kgov.yaml": PROJECT,
            "topics/all.yaml": "---\n".join((*TEAMS, ORDERS, manifest("ApprovalPolicy", "p", spec))),
        }
    )
    (problem,) = repository.problems
    assert words in problem.message


def test_nothing_is_asked_for_where_nobody_asks():
    repository = load_texts({"kgov.yaml": PROJECT, "topics/all.yaml": "---\n".join((*TEAMS, ORDERS))})
    approvals = without_history(repository)
    reviewed = review(repository, ["prod"], TODAY, approvals=approvals)
    assert reviewed.examined["prod"].rulings == ()
    assert approvals.of_losses(reviewed.desired["prod"], [X], TODAY) == ()


def test_a_base_policy_that_does_not_compile_asks_about_everything(company):
    broken = manifest("ApprovalPolicy", "broken", "{when: object.nothing, approvers: [data-governance]}")
    company.write("policies/broken.yaml", broken)
    company.commit("admin@example.com")
    company.write("policies/broken.yaml", "")
    company.commit(ALICE)
    assert "its condition does not compile" in company.message()


def test_who_takes_a_topic_over_can_be_asked_about(company):
    asks = "oldObject != null && object.metadata.owner != oldObject.metadata.owner"
    policy = manifest("ApprovalPolicy", "owner", f"{{when: {asks}, approvers: [data-governance]}}")
    company.write("policies/owner.yaml", policy)
    company.commit("admin@example.com")
    carts = (company.root / "topics/carts.yaml").read_text()
    company.propose(topic().replace("personal: true", "personal: false"))
    assert company.missing() == []
    company.write("topics/carts.yaml", carts.replace("owner: customers", "owner: data-governance"))
    company.commit()
    found = {(f.code, str(f.resource)) for f in company.review().findings if f.blocks}
    assert found == {(code, "Topic/commerce.carts.created.v1") for code in ("KG105", "KG506")}


def test_scope_changes_asks_about_what_is_new_alone(company):
    company.write(
        "policies/personal-data.yaml",
        (company.root / "policies/personal-data.yaml")
        .read_text()
        .replace("approvers", "scope: changes, approvers"),
    )
    company.commit("admin@example.com")
    company.propose()
    assert "nobody has agreed" in company.message()
    company.commit(message="merged all the same")
    assert company.message() == ""
    company.propose(topic(partitions=12))
    assert "nobody has agreed" in company.message()


FOREIGN = access(
    "billing", "User:billing", f"role: consumer, topic: {X.name}, group: billing", owner="data-governance"
)


def test_the_team_whose_data_are_read_can_agree_to_that(company):
    from kgov.model.place import ResourceId

    resource = ResourceId("Access", "billing")
    company.write("acls/billing.yaml", FOREIGN)
    company.propose(topic().replace("personal: true", "personal: false"), author="carol@example.com")

    def kg314():
        return [f for f in company.review().findings if f.code == "KG314"]

    assert len(kg314()) == 1
    both = [company.subject("dev", resource), company.subject("prod", resource)]
    company.sign(DANA, *both)
    assert len(kg314()) == 1
    company.sign(BOB, both[0])
    assert [finding.environment for finding in kg314()] == ["prod"]
    company.sign(BOB, both[1])
    assert kg314() == []
    company.write("acls/billing.yaml", FOREIGN.replace("group: billing", "groupPrefix: bill"))
    assert len(kg314()) == 1


def test_an_owner_who_lets_themselves_in_has_not_agreed(company):
    from kgov.model.place import ResourceId

    company.write("acls/billing.yaml", FOREIGN)
    company.propose(topic().replace("personal: true", "personal: false"), author=BOB)
    company.git("commit", "-q", "--amend", "--author", f"x <{BOB}>", "--no-edit")
    company.sign(BOB, *(company.subject(name, ResourceId("Access", "billing")) for name in ("dev", "prod")))
    assert len([f for f in company.review().findings if f.code == "KG314"]) == 1


def test_a_pull_request_cannot_hide_whose_data_it_reads_by_editing_teams(company):
    policy = f"{HEAD}kind: ApprovalPolicy\nmetadata: {{name: others}}\nspec: {{concerns: [foreign-data]}}\n"
    company.write("policies/others.yaml", policy)
    company.propose(topic().replace("personal: true", "personal: false"))
    company.write("acls/billing.yaml", FOREIGN)
    teams = (company.root / "policies/teams.yaml").read_text()
    company.write(
        "policies/teams.yaml", teams.replace("owns: {domains: [commerce]}", 'principals: ["User:billing"]')
    )
    company.commit()
    assert {'of "customers"' in finding.message for finding in company.missing()} == {True}
