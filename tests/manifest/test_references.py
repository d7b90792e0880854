import pytest
from manifests import HEAD, TEAM, TOPIC, codes, load_texts, manifest, only, problems, repository, topic, where

CATEGORY = manifest("RetentionCategory", "events", "{retention: 7d}")
TERMS = "reason: because, owner: team-a, expires: 2027-01-31"
ACL = manifest("Acl", "raw", "{principal: 'User:raw', bindings: []}")


def owned(kind: str, name: str, owner: str, spec: str) -> str:
    return f"{HEAD}kind: {kind}\nmetadata: {{name: {name}, owner: {owner}}}\nspec: {spec}\n"


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Topic", "{}"),
        ("Access", "{principal: 'User:x', grants: []}"),
        ("Acl", "{principal: 'User:x', bindings: []}"),
    ],
)
def test_an_owner_is_a_declared_team(kind, spec):
    assert problems(TEAM, owned(kind, "x", "team-a", spec)) == ()
    problem = only(TEAM, owned(kind, "x", "teem-a", spec))
    assert (problem.code, problem.message, problem.hint) == (
        "KG008",
        'owner "teem-a" is no declared Team',
        "did you mean team-a?",
    )
    assert where(problem)[1] == 28


def test_an_owner_without_any_team_is_told_how_to_declare_one():
    problem = only(owned("Topic", "x", "team-a", "{}"))
    assert problem.hint == "declare it with kind: Team"


@pytest.mark.parametrize(
    ("spec", "message", "hint", "column"),
    [
        ("{category: event}", '"event" is no declared RetentionCategory', "did you mean events?", 18),
        ("{lifecycle: {replacedBy: a.bb}}", '"a.bb" is no declared Topic', "did you mean a.b?", 32),
        ("{consumers: [{team: team-b}]}", '"team-b" is no declared Team', "did you mean team-a?", 27),
        (
            "{schema: {value: schemas/no.avsc}}",
            '"schemas/no.avsc" is no file in the repository',
            "paths begin at the folder of kgov.yaml",
            24,
        ),
        (
            "{schema: {key: ../x.avsc}}",
            '"../x.avsc" is outside of the repository',
            "paths begin at the folder of kgov.yaml",
            22,
        ),
        (
            "{schema: {key: /etc/passwd}}",
            '"/etc/passwd" is outside of the repository',
            "paths begin at the folder of kgov.yaml",
            22,
        ),
        (
            "{schema: {key: schemas/../..}}",
            '"schemas/../.." is outside of the repository',
            "paths begin at the folder of kgov.yaml",
            22,
        ),
    ],
)
def test_what_a_topic_names_must_exist(spec, message, hint, column):
    problem = only(topic(spec), CATEGORY, TEAM)
    assert (problem.code, problem.message, problem.hint, where(problem)) == (
        "KG008",
        message,
        hint,
        (4, column),
    )


def test_a_schema_that_is_there_is_fine():
    assert (
        repository(topic("{schema: {value: ./schemas/../schemas/v.avsc, compatibility: FULL}}"), v=b"").problems
        == ()
    )
    assert repository(topic("{schema: {compatibility: FULL}}")).problems == ()


def access(grant: str) -> str:
    return manifest("Access", "x", f"{{principal: 'User:x', grants: [{{{grant}}}]}}")


@pytest.mark.parametrize(
    ("grant", "code", "message", "hint"),
    [
        ("role: consumr, topic: a", "KG008", '"consumr" is no declared Role', "did you mean consumer?"),
        (
            "role: consumer, group: g",
            "KG004",
            "spec.grants[0]: role consumer needs topic",
            "its parameters are topic or group (or topicPrefix …)",
        ),
        (
            "role: consumer, topic: a, groups: g",
            "KG004",
            'spec.grants[0]: role consumer has no parameter "groups"',
            "did you mean group?",
        ),
        (
            "role: producer, topic: a, zzz: g",
            "KG004",
            'spec.grants[0]: role producer has no parameter "zzz"',
            "its parameters are topic (or topicPrefix …)",
        ),
        (
            "role: producer, topic: []",
            "KG004",
            "spec.grants[0]: topic is an empty list",
            "give at least one name",
        ),
        (
            "role: streams, applicationIdPrefix: a",
            "KG004",
            "spec.grants[0]: role streams takes no prefix for applicationId",
            "give applicationId",
        ),
        (
            "role: Admin",
            "KG004",
            "spec.grants[0]: role Admin is given on nothing",
            "its parameters are topic, group or transactionalId (or topicPrefix …)",
        ),
        (
            "role: nothing, topic: a",
            "KG004",
            'spec.grants[0]: role nothing has no parameter "topic"',
            "its parameters are none",
        ),
    ],
)
def test_a_grant_must_fit_its_role(grant, code, message, hint):
    role = manifest("Role", "nothing", "{bindings: [{resource: Cluster, operations: [Describe]}]}")
    problem = only(access(grant), role)
    assert (problem.code, problem.message, problem.hint) == (code, message, hint)


@pytest.mark.parametrize("grant", ["role: nothing", "role: schema-reader", "role: Admin, groupPrefix: g."])
def test_a_role_may_need_no_parameter(grant):
    role = manifest("Role", "nothing", "{bindings: [{resource: Cluster, operations: [Describe]}]}")
    assert problems(access(grant), role) == ()


def test_a_role_with_mistakes_is_declared_all_the_same():
    role = manifest("Role", "mine", "{bindings: []}")
    assert codes(problems(access("role: mine"), role)) == ["KG004"]


def test_access_for_a_team_needs_its_principals():
    grants = "{team: team-a, grants: []}"
    assert problems(TEAM, manifest("Access", "x", grants)) == ()
    problem = only(manifest("Team", "team-a", "{}"), manifest("Access", "x", grants))
    assert (problem.code, problem.message) == ("KG004", 'Team "team-a" has no principals to give anything to')
    problem = only(manifest("Access", "x", grants))
    assert (problem.code, problem.message) == ("KG008", '"team-a" is no declared Team')


@pytest.mark.parametrize("resource", ["Topic/a.b", "Acl/raw", "Team/team-a", "Waiver/w"])
def test_a_waiver_may_be_for_any_manifest(resource):
    assert (
        problems(TOPIC, ACL, TEAM, manifest("Waiver", "w", f"{{rule: KG101, resource: {resource}, {TERMS}}}"))
        == ()
    )


@pytest.mark.parametrize(
    ("resource", "message", "hint"),
    [
        ("Topic/a.bb", '"a.bb" is no declared Topic', "did you mean a.b?"),
        ("Topik/a.b", '"Topik/a.b" names no manifest', "did you mean Topic?"),
        ("Principal/User:raw", '"Principal/User:raw" names no manifest', ""),
        ("Access/x", '"x" is no declared Access', "declare it with kind: Access"),
    ],
)
def test_a_waiver_is_for_something_that_exists(resource, message, hint):
    problem = only(
        TOPIC, ACL, TEAM, manifest("Waiver", "w", f"{{rule: KG101, resource: '{resource}', {TERMS}}}")
    )
    assert (problem.code, problem.message, problem.hint) == ("KG008", message, hint)


@pytest.mark.parametrize(
    "resource",
    [
        "Topic/a.b",
        "Acl/raw",
        "Principal/User:raw",
        "Principal/User:a",
        "Acl/User:raw ALLOW Read on Topic LITERAL orders from *",
        "Acl/User:b DENY Read on Topic LITERAL orders from *",
    ],
)
def test_a_consent_may_be_for_a_principal_or_a_binding_of_one(resource):
    consent = manifest("Consent", "c", f"{{allow: disruptive, resource: '{resource}', {TERMS}}}")
    assert problems(TOPIC, ACL, TEAM, consent) == ()


@pytest.mark.parametrize(
    "resource", ["Topic/zzz", "Principal/User:zzz", "Acl/User:zzz ALLOW Read on Topic LITERAL a from *"]
)
def test_a_consent_is_for_a_declared_principal(resource):
    consent = manifest("Consent", "c", f"{{allow: disruptive, resource: '{resource}', {TERMS}}}")
    assert codes(problems(TOPIC, ACL, TEAM, consent)) == ["KG008"]


def test_the_owner_of_a_waiver_is_a_declared_team():
    problem = only(TOPIC, manifest("Waiver", "w", f"{{rule: KG101, resource: Topic/a.b, {TERMS}}}"))
    assert (problem.code, problem.message) == ("KG008", '"team-a" is no declared Team')


def test_references_across_files_are_found():
    loaded = load_texts(
        {
            "kgov.yaml": f"{HEAD}kind: Project\nenvironments: {{dev: }}\n",
            "topics/a/a.yaml": topic("{category: events}"),
            "policies/x.yml": CATEGORY,
        }
    )
    assert loaded.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        owned("Topic", "x", "your-team", "{}"),
        f"{TOPIC}---\n"
        + manifest("Waiver", "w", f"{{rule: KG204, resource: Topic/a.b, {TERMS}}}").replace("team-a", "<team>"),
    ],
)
def test_an_owner_that_a_template_left_behind_is_told_as_that_alone(text):
    assert problems(text) == ()


@pytest.mark.parametrize("resource", ["Topic/*", "Topic/a.*", "Team/*"])
def test_an_exception_knows_no_patterns(resource) -> None:
    waiver = manifest("Waiver", "w", f"{{rule: KG101, resource: '{resource}', {TERMS}}}")
    assert only(TOPIC, TEAM, waiver).hint == "name one resource: a Waiver knows no patterns"
    consent = manifest("Consent", "c", f"{{allow: data-loss, resource: '{resource}', {TERMS}}}")
    found = only(TOPIC, TEAM, consent)
    assert (found.code, found.hint) == ("KG008", "name one resource: a Consent knows no patterns")
