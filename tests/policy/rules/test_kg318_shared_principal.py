import pytest
from governed import ONE, TWO, access, findings, messages, team, topic

PAYMENTS, LOGISTICS = team("payments"), team("logistics")
READ = "role: consumer, topic: orders.a, group: {}"


def app(name: str, principal: str = "User:shared", owner: str = "", group: str = "") -> str:
    return access(name, principal, READ.format(group or name), owner=owner)


def said(*documents: str, project: str = ONE) -> list[str]:
    return messages(findings("KG318", *documents, project=project))


def test_two_owners_of_one_principal_are_two_applications() -> None:
    (finding,) = findings(
        "KG318", PAYMENTS, LOGISTICS, app("billing", owner="payments"), app("shipping", owner="logistics")
    )
    assert finding.message == (
        'User:shared is also the principal of Access/billing of "payments" (acls/a.yaml:15:14)'
    )
    assert (str(finding.resource), finding.place.line) == ("Access/shipping", 23)


def test_one_owner_with_two_manifests_of_one_application_shares_nothing() -> None:
    assert said(PAYMENTS, app("billing", owner="payments"), app("billing-report", owner="payments")) == []
    writes = access("ledger", "User:shared", "role: producer, topic: orders.a", owner="payments")
    assert said(PAYMENTS, app("billing", owner="payments"), writes) == []


def test_one_owner_with_two_applications_under_one_principal_is_told() -> None:
    (message,) = said(PAYMENTS, app("billing", owner="payments"), app("shipping", owner="payments"))
    assert message.startswith('User:shared is also the principal of Access/billing of "payments" (')


def test_a_team_that_lets_a_principal_read_its_own_topics_shares_data() -> None:
    mine = topic("orders.a", "payments")
    shares = app("orders-readers", owner="payments")
    assert said(PAYMENTS, LOGISTICS, mine, shares, app("shipping", owner="logistics", group="s")) == []
    prefix = access("orders-readers", "User:shared", "role: consumer, topicPrefix: orders.", owner="sales")
    sales = team("sales", "{owns: {prefixes: [orders.]}}")
    assert said(sales, LOGISTICS, prefix, app("shipping", owner="logistics")) == []


def test_a_team_that_lists_the_principal_is_never_only_sharing() -> None:
    lists = team("payments", "{owns: {domains: [orders]}, principals: ['User:shared']}")
    assert (
        len(said(lists, LOGISTICS, app("billing", owner="payments"), app("shipping", owner="logistics"))) == 1
    )


def test_writing_or_reading_what_nobody_owns_is_no_sharing() -> None:
    mine = topic("orders.a", "payments")
    writes = access("billing", "User:shared", "role: producer, topic: orders.a", owner="payments")
    assert len(said(PAYMENTS, LOGISTICS, mine, writes, app("shipping", owner="logistics"))) == 1
    prefix = access("billing", "User:shared", "role: consumer, topicPrefix: orders.", owner="payments")
    assert len(said(PAYMENTS, LOGISTICS, prefix, app("shipping", owner="logistics"))) == 1
    groups = access("billing", "User:shared", "role: DeveloperRead, group: g", owner="payments")
    assert len(said(PAYMENTS, LOGISTICS, groups, app("shipping", owner="logistics"))) == 1


def test_what_several_principals_have_in_common_is_no_application() -> None:
    common = access("common", "User:shared, User:other", READ.format("g"), owner="payments")
    assert said(PAYMENTS, LOGISTICS, common, app("shipping", owner="logistics")) == []


def test_operators_empty_manifests_and_unknown_owners_do_not_count() -> None:
    platform = team("platform", "{operators: true}")
    shipping = app("shipping", owner="logistics")
    assert said(platform, LOGISTICS, app("watch", owner="platform"), shipping) == []
    assert said(PAYMENTS, LOGISTICS, access("none", "User:shared", owner="payments"), shipping) == []
    assert said(LOGISTICS, app("billing", owner="unknown"), shipping) == []
    tools = team("tools", "{operators: true, principals: ['User:shared']}")
    assert said(PAYMENTS, LOGISTICS, tools, app("billing", owner="payments"), shipping) == []


def test_without_owners_groups_tell_applications_apart() -> None:
    assert said(app("billing"), app("shipping")) == [
        "User:shared is also the principal of Access/billing (acls/a.yaml:5:14)"
    ]
    assert said(app("billing", group="g"), app("shipping", group="g")) == []
    assert said(app("billing"), access("writes", "User:shared", "role: producer, topic: t")) == []


@pytest.mark.parametrize(
    "names", [("shared-orders", "shared-payments"), ("shared", "shared-dlq"), ("billing", "billing-retries")]
)
def test_parts_of_one_application_are_named_alike(names) -> None:
    assert said(*(app(name) for name in names)) == []


def test_a_principal_of_two_teams_is_shared() -> None:
    teams = (team(name, "{principals: ['User:shared']}") for name in ("payments", "logistics"))
    (finding,) = findings("KG318", *teams, app("billing", owner="payments"), app("shipping", owner="logistics"))
    assert finding.message == 'User:shared is a principal of "payments" (acls/a.yaml:3:18) and of "logistics"'
    assert str(finding.resource) == "Team/logistics"


@pytest.mark.parametrize(
    "principal",
    [
        "User:billing-dev",
        "User:dev.billing",
        "User:development_billing",
        "User:CN=billing,OU=dev,O=shop",
        "User:Dev",
    ],
)
def test_a_principal_named_after_another_environment_is_told(principal) -> None:
    found = findings("KG318", app("billing", principal), project=TWO)
    assert [(f.environment, f.message) for f in found] == [
        ("prod", f'{principal} is named after "dev", and is given access in "prod"')
    ]


def test_in_production_other_environments_need_not_be_declared() -> None:
    assert said(app("billing", "User:sa-wiki-staging")) == [
        'User:sa-wiki-staging is named after "staging", and is given access in "prod"'
    ]
    assert said(app("billing", "User:qa-portal")) == []
    assert said(app("billing", "User:-")) == []
    assert said(app("billing", "User:billing-uat"), project=ONE.replace("production: true, ", "")) == []


def test_a_principal_of_its_own_for_each_environment_is_fine() -> None:
    overlay = '  environments:\n    dev: {principal: "User:billing-dev"}\n'
    both = access("billing", "User:billing-prod", READ.format("g"), more=overlay)
    assert said(both, project=TWO) == []
    assert said(app("billing", "User:billing"), project=TWO) == []


def test_an_environment_whose_name_holds_that_of_another_is_not_the_other() -> None:
    project = ONE.replace("  prod:", "  prod: {}\n  prod-eu:")
    assert said(app("billing", "User:billing-prod"), project=project) == []
