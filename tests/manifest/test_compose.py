from datetime import date

import pytest
from manifests import ACCESS_AND_MORE, HEAD, PROJECT, TEAM, TOPIC, desired, manifest, repository, topic

from kgov.errors import ExitCode, UsageError
from kgov.manifest.compose import compose
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.assessment import StandardChange
from kgov.model.change import Risk
from kgov.model.place import Layer, Place, ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Limits, UndeclaredConfig, UndeclaredGrants
from kgov.model.topic import Criticality, LifecycleState
from kgov.model.topic_facts import Archive

DEFAULTS = f"""\
{HEAD}kind: Project
environments:
  dev:
    defaults: {{replicas: 1, retention: 2d, config: {{min.insync.replicas: 1, compression.type: zstd}}}}
  prod: {{}}
"""
CATEGORY = manifest("RetentionCategory", "events", "{retention: 30d, cleanup: delete}")


def config(
    spec: str, *others: str, environment: str = "dev", project: str = PROJECT
) -> dict[str, tuple[str, Layer]]:
    found = desired(topic(spec), *others, environment=environment, project=project).topics["a.b"]
    return {key: (value.text, value.source.layer) for key, value in found.config.items()}


def test_layers_win_from_the_weakest_to_the_strongest():
    spec = (
        "{category: events, config: {compression.type: lz4, max.message.bytes: 1MiB}, "
        "environments: {dev: {config: {max.message.bytes: 2MiB}}}}"
    )
    assert config(spec, CATEGORY, project=DEFAULTS) == {
        "cleanup.policy": ("delete", Layer.CATEGORY),
        "retention.ms": ("172800000", Layer.DEFAULT),
        "min.insync.replicas": ("1", Layer.DEFAULT),
        "compression.type": ("lz4", Layer.MANIFEST),
        "max.message.bytes": ("2097152", Layer.OVERLAY),
    }
    assert config(spec, CATEGORY, project=DEFAULTS, environment="prod") == {
        "cleanup.policy": ("delete", Layer.CATEGORY),
        "retention.ms": ("2592000000", Layer.CATEGORY),
        "compression.type": ("lz4", Layer.MANIFEST),
        "max.message.bytes": ("1048576", Layer.MANIFEST),
    }


def test_null_in_an_overlay_falls_back_to_category_and_defaults():
    spec = (
        "{category: events, replicas: 3, retention: 1d, config: {compression.type: lz4}, "
        "environments: {dev: {replicas: null, retention: null, config: null}}}"
    )
    found = desired(topic(spec), CATEGORY, project=DEFAULTS).topics["a.b"]
    assert found.replicas == 1
    assert found.sources["replicas"].layer is Layer.DEFAULT
    assert {key: value.source.layer for key, value in found.config.items()} == {
        "cleanup.policy": Layer.CATEGORY,
        "retention.ms": Layer.DEFAULT,
        "min.insync.replicas": Layer.DEFAULT,
        "compression.type": Layer.DEFAULT,
    }


def test_topics_that_say_the_same_share_what_they_inherit():
    one, other = topic("{category: events}"), topic("{category: events, retention: 30d}", name="a.c")
    found = desired(one, other, topic("{category: events}", name="a.d"), CATEGORY).topics
    assert found["a.b"].config is found["a.d"].config
    assert found["a.c"].config["retention.ms"].text == found["a.b"].config["retention.ms"].text
    shared = desired(topic("{config: {a: x}}"), topic("{config: {a: x}}", name="a.c")).topics
    assert shared["a.b"].config["a"].text == shared["a.c"].config["a"].text


def test_what_nobody_says_is_nothing():
    found = desired(TOPIC).topics["a.b"]
    assert (found.partitions, found.replicas, dict(found.config)) == (None, None, {})


@pytest.mark.parametrize(
    ("cleanup", "keys"),
    [
        ("delete", {"cleanup.policy", "retention.ms"}),
        ("compact", {"cleanup.policy"}),
        ("[delete, compact]", {"cleanup.policy", "retention.ms"}),
    ],
)
def test_a_category_gives_its_retention_only_where_it_deletes(cleanup, keys):
    category = manifest("RetentionCategory", "events", f"{{retention: 30d, cleanup: {cleanup}}}")
    assert set(config("{category: events}", category)) == keys


def test_a_category_may_say_nothing_of_cleanup():
    assert set(config("{category: events}", manifest("RetentionCategory", "events", "{retention: 30d}"))) == {
        "retention.ms"
    }
    assert set(config("{category: events}", manifest("RetentionCategory", "events", "{min: 1d}"))) == set()


def test_retention_is_a_config():
    assert config("{retention: 3d}") == {"retention.ms": ("259200000", Layer.MANIFEST)}
    assert config("{retention: unlimited}") == {"retention.ms": ("-1", Layer.MANIFEST)}
    assert config("{retention: 1000}") == {"retention.ms": ("1000", Layer.MANIFEST)}


@pytest.mark.parametrize(
    "spec",
    [
        "{config: {retention.ms: 1d}, environments: {dev: {retention: 5d}}}",
        "{retention: 1d, environments: {dev: {config: {retention.ms: 5d}}}}",
    ],
)
def test_the_retention_of_an_overlay_wins_however_it_is_said(spec):
    assert config(spec) == {"retention.ms": ("432000000", Layer.OVERLAY)}


def test_retention_said_twice_alike_is_fine():
    assert config("{retention: 1d, config: {retention.ms: 86400000}}") == {
        "retention.ms": ("86400000", Layer.MANIFEST)
    }


def test_retention_said_twice_and_differently_in_one_layer_is_a_mistake():
    loaded = repository(topic("{retention: 1d, config: {retention.ms: 2d}}"))
    _, (problem,) = compose(loaded, "dev")
    assert (problem.code, problem.resource) == ("KG004", ResourceId("Topic", "a.b"))
    assert problem.message == 'retention is "1d", and config retention.ms is "2d"'
    assert problem.place == Place("topics/a.yaml", 4, 46)


def test_retention_said_twice_and_differently_in_defaults_is_a_mistake():
    project = (
        f"{HEAD}kind: Project\nenvironments:\n  dev: {{defaults: {{retention: 1d, "
        f"config: {{retention.ms: 2d}}}}}}\n"
    )
    _, (problem,) = compose(repository(TOPIC, project=project), "dev")
    assert (problem.code, problem.resource) == ("KG004", None)
    assert problem.place == Place("kgov.yaml", 4, 58)


def test_a_bad_value_is_kept_with_its_problem():
    found = desired(topic("{retention: 1M, config: {min.insync.replicas: none}}")).topics["a.b"].config
    assert (found["retention.ms"].text, found["retention.ms"].written) == ("1M", "1M")
    assert found["retention.ms"].problem
    assert found["min.insync.replicas"].problem
    assert found["min.insync.replicas"].source.place == Place("topics/a.yaml", 4, 53)


def test_values_are_kept_as_written_and_as_kafka_shows_them():
    found = desired(
        topic("{config: {cleanup.policy: [compact, delete], preallocate: True, max.message.bytes: 0x10}}")
    ).topics["a.b"]
    assert {key: (value.text, value.written) for key, value in found.config.items()} == {
        "cleanup.policy": ("compact,delete", "compact, delete"),
        "preallocate": ("true", "True"),
        "max.message.bytes": ("16", "0x10"),
    }


def test_a_topic_that_is_null_in_an_environment_is_not_there():
    spec = "{environments: {dev: null}}"
    assert desired(topic(spec)).topics == {}
    assert list(desired(topic(spec), environment="prod").topics) == ["a.b"]


def test_fields_of_a_topic_reach_the_model():
    spec = """{purpose: x, partitions: 6, replicas: 3, keyed: true, criticality: important, ignoreConfig: [a],
      archive: {target: lake}, labels: {k: v},
      lifecycle: {state: retired, since: 2026-01-31, replacedBy: a.b}}"""
    found = desired(f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team-a}}\nspec: {spec}\n", TEAM).topics[
        "a.b"
    ]
    assert (found.purpose, found.partitions, found.replicas, found.owner) == ("x", 6, 3, "team-a")
    assert (found.keyed, found.criticality, found.ignore_config) == (True, Criticality.IMPORTANT, ("a",))
    assert (found.archive, found.labels) == (Archive("lake"), {"k": "v"})
    assert (found.lifecycle.state, found.lifecycle.since, found.lifecycle.replaced_by) == (
        LifecycleState.RETIRED,
        date(2026, 1, 31),
        "a.b",
    )
    assert found.retired
    assert found.place == Place("topics/a.yaml", 3, 18)


def naming(name: str, text: str) -> str:
    return manifest("NamingConvention", name, f"{{format: '{text}'}}")


@pytest.mark.parametrize(
    ("formats", "segments"),
    [
        ((), {}),
        (("{x}.{z}",), {"x": "a", "z": "b"}),
        (("{x}.{z}", "{x}.{z}.{v}"), {"x": "a", "z": "b"}),
        (("{x}.{z}", "{p}.{q}"), {}),
        (("{x}-{z}",), {}),
    ],
)
def test_a_name_is_cut_where_one_convention_fits(formats, segments):
    conventions = [naming(f"n{number}", text) for number, text in enumerate(formats)]
    assert desired(TOPIC, *conventions).topics["a.b"].segments == segments


def test_every_value_has_its_source():
    spec = (
        "{partitions: 6, category: events, lifecycle: {state: active}, labels: {c.d: x}, "
        "environments: {dev: {partitions: 9}}}"
    )
    text = f"{HEAD}kind: Topic\nmetadata: {{name: a.b, owner: team-a}}\nspec: {spec}\n"
    found = desired(text, CATEGORY, TEAM, project=DEFAULTS).topics["a.b"]
    assert {path: source.layer for path, source in found.sources.items()} == {
        "name": Layer.MANIFEST,
        "owner": Layer.MANIFEST,
        "partitions": Layer.OVERLAY,
        "category": Layer.MANIFEST,
        "lifecycle.state": Layer.MANIFEST,
        "labels.c.d": Layer.MANIFEST,
        "replicas": Layer.DEFAULT,
        "config.cleanup.policy": Layer.CATEGORY,
        "config.retention.ms": Layer.DEFAULT,
        "config.min.insync.replicas": Layer.DEFAULT,
        "config.compression.type": Layer.DEFAULT,
    }
    assert len(found.sources) == 11
    assert found.where("partitions") == Place("topics/a.yaml", 4, 120)
    assert found.where("owner") == Place("topics/a.yaml", 3, 30)
    assert found.sources["retention"].place == Place("kgov.yaml", 5, 40)
    assert found.where("lifecycle") == Place("topics/a.yaml", 4, 41)
    assert found.where("criticality") == found.place
    assert found.where("labels.nope") == found.place
    assert found.where("labels.c.d.e") == found.place
    assert found.where("category.x") == found.place


def test_what_nobody_says_has_no_source():
    found = desired(TOPIC).topics["a.b"]
    for path in ("owner", "partitions", "config.retention.ms", "retention", "nope"):
        with pytest.raises(KeyError):
            found.sources[path]


def test_an_environment_that_does_not_exist_is_wrong_usage():
    with pytest.raises(UsageError, match='no environment "prd"') as error:
        compose(repository(TOPIC), "prd")
    assert error.value.exit_code is ExitCode.USAGE
    assert (error.value.why, error.value.todo) == ("kgov.yaml has dev or prod", "did you mean prod?")
    with pytest.raises(UsageError) as error:
        compose(repository(TOPIC, project=None), "prod")
    assert error.value.why == "kgov.yaml names no environment"


def test_raw_bindings_are_taken_as_they_are():
    acl = manifest(
        "Acl",
        "x",
        "{principal: 'User:x', bindings: [{resource: Topic, name: a., pattern: prefixed, "
        "operations: [Read, Read, Alter], host: h, permission: deny}, {resource: Cluster, "
        "operations: [Describe]}]}",
    )
    found = desired(acl)
    prefix = ResourcePattern(ResourceType.TOPIC, PatternType.PREFIXED, "a.")
    cluster = ResourcePattern(ResourceType.CLUSTER, PatternType.LITERAL, "kafka-cluster")
    assert list(found.bindings) == [
        AclBinding("User:x", Permission.DENY, Operation.READ, prefix, "h"),
        AclBinding("User:x", Permission.DENY, Operation.ALTER, prefix, "h"),
        AclBinding("User:x", Permission.ALLOW, Operation.DESCRIBE, cluster),
    ]
    (grant,) = found.bindings[AclBinding("User:x", Permission.ALLOW, Operation.DESCRIBE, cluster)]
    assert (grant.resource, grant.role, grant.owner) == (ResourceId("Acl", "x"), None, None)
    assert found.declares_access


def test_access_is_given_to_every_principal_it_names():
    access = manifest("Access", "x", "{team: team-a, grants: [{role: producer, topic: a.b}]}")
    found = desired(TEAM, access)
    assert sorted({binding.principal for binding in found.bindings}) == ["User:a", "User:b"]
    assert {grant.role for grants in found.bindings.values() for grant in grants} == {"producer"}
    assert found.principals["User:a"][0].place == Place("topics/a.yaml", 9, 14)


def test_a_grant_knows_where_it_names_resources_and_operations():
    access = manifest("Access", "x", "{principal: 'User:x', grants: [{role: consumer, topic: a, group: g}]}")
    binding = "{resource: Topic, name: b, operations: [Read]}"
    acl = manifest("Acl", "z", f"{{principal: 'User:y', bindings: [{binding}]}}")
    found = desired(access, acl)
    by_manifest = {grant.resource.name: grant for grants in found.bindings.values() for grant in grants}
    names = by_manifest["x"].names
    places = {"a": Place("topics/a.yaml", 4, 62), "g": Place("topics/a.yaml", 4, 72)}
    # Asked twice, looked for once.
    assert (dict(names), dict(names), len(names)) == (places, places, 2)
    assert dict(by_manifest["z"].names) == {"b": Place("topics/a.yaml", 9, 64)}
    assert dict(by_manifest["z"].operations) == {Operation.READ: Place("topics/a.yaml", 9, 80)}


def test_a_binding_that_two_manifests_grant_has_two_grants():
    first = manifest("Access", "x", "{principal: 'User:x', grants: [{role: consumer, topic: a}]}")
    second = manifest("Access", "z", "{principals: ['User:x'], grants: [{role: DeveloperRead, topic: a}]}")
    found = desired(first, second)
    assert {len(grants) for grants in found.bindings.values()} == {2}
    assert [declaration.resource.name for declaration in found.principals["User:x"]] == ["x", "z"]


def test_an_empty_list_of_grants_still_names_its_principal():
    found = desired(manifest("Access", "x", "{principal: 'User:x', grants: []}"))
    assert (dict(found.bindings), list(found.principals), found.declares_access) == ({}, ["User:x"], True)


def test_access_that_is_null_in_an_environment_names_nobody_there():
    access = manifest("Access", "x", "{principal: 'User:x', grants: [], environments: {dev: null}}")
    found = desired(access)
    assert (dict(found.principals), found.declares_access) == ({}, True)
    assert list(desired(access, environment="prod").principals) == ["User:x"]


def test_grants_with_mistakes_grant_nothing():
    access = manifest(
        "Access",
        "x",
        "{principal: 'User:x', grants: [{role: nope}, {role: producer}, {role: producer, topic: a}]}",
    )
    found, _ = compose(repository(access), "dev")
    assert {str(binding.resource) for binding in found.bindings} == {"Topic LITERAL a"}


def test_access_for_a_team_that_is_not_declared_names_nobody():
    found, _ = compose(repository(manifest("Access", "x", "{team: nope, grants: []}")), "dev")
    assert found.principals == {}
    assert found.declares_access


def test_without_access_manifests_none_is_declared():
    assert not desired(TOPIC).declares_access


def test_policies_reach_the_model():
    terms = "reason: because, owner: team-a, expires: 2027-01-31"
    found = desired(
        ACCESS_AND_MORE,
        manifest("Waiver", "w", f"{{rule: KG101, resource: Topic/a.b, {terms}}}"),
        manifest("Consent", "c", f"{{allow: limits, resource: Topic/a.b, {terms}}}"),
        manifest(
            "Team",
            "ops",
            "{members: [m@example.com], owns: {domains: [d], prefixes: [p.]}, operators: true, "
            "principals: ['User:ops']}",
        ),
    )
    (waiver,) = found.waivers
    assert (waiver.rule, waiver.resource, waiver.expires) == (
        "KG101",
        ResourceId("Topic", "a.b"),
        date(2027, 1, 31),
    )
    assert waiver.where["rule"].column == 14
    (consent,) = found.consents
    assert (consent.allow, consent.owner, consent.where["expires"].line) == (
        Lift.LIMITS,
        "team-a",
        waiver.place.line + 6,
    )
    team = found.teams["ops"]
    assert (team.members, team.domains, team.prefixes) == (("m@example.com",), ("d",), ("p.",))
    assert found.operators == {"User:ops"}
    category = found.categories["events"]
    assert (category.retention, category.minimum, category.maximum) == (604800000, 86400000, 1209600000)
    assert (category.cleanup, category.archive_required, category.archive_keep) == (
        "delete",
        True,
        7 * 365 * 86400000,
    )
    (convention,) = found.conventions
    assert [(segment.name, segment.values, segment.pattern) for segment in convention.segments] == [
        ("domain", ("a", "b"), None),
        ("entity", None, "[a-z]+"),
    ]
    watcher = found.roles["watcher"]
    assert [(parameter.name, parameter.required) for parameter in watcher.parameters] == [
        ("topic", True),
        ("group", False),
    ]
    assert watcher.bindings[2].name == "kafka-cluster"


def test_environments_of_kgov_yaml():
    text = f"""\
{HEAD}kind: Project
metadata: {{name: shop}}
environments:
  dev:
  prod:
    production: true
    clusterId: abc
    kafka: "4.0.1"
    requireAllow: [disruptive]
    rules: {{KG204: warning}}
    limits: {{deletes: 0, revocations: 20, changedShare: 10%, partitionsPerBroker: 4000}}
    openWithoutAcl: false
manages:
  topics: [commerce.*]
  principals: ["User:*-service"]
  undeclaredConfig: keep
  undeclaredGrants: report
  ignoreConfig: [segment.bytes]
protects: {{topics: ["*-changelog"], principals: ["User:admin"]}}
rules: {{KG101: info, KG204: error}}
waivers: {{maxDays: 30}}
openWithoutAcl: true
"""
    project = desired(TOPIC, project=text).project
    dev, prod = project.environments["dev"], project.environments["prod"]
    assert (dev.production, dev.cluster_id, dev.kafka, dev.min_replicas) == (False, None, "4.4", 1)
    assert (dev.limits, dev.open_without_acl) == (Limits(), True)
    assert (prod.production, prod.cluster_id, prod.kafka, prod.min_replicas) == (True, "abc", "4.0", 3)
    assert prod.require_allow == {Risk.DATA_LOSS, Risk.DISRUPTIVE}
    assert dev.require_allow == {Risk.DATA_LOSS}
    assert prod.rules == {"KG101": "info", "KG204": "warning"}
    assert dev.rules == {"KG101": "info", "KG204": "error"}
    assert (prod.limits, prod.open_without_acl) == (Limits(0, 20, 0.1, 4000), False)
    assert (dev.place, prod.place) == (Place("kgov.yaml", 5, 3), Place("kgov.yaml", 6, 3))
    scope = project.scope
    assert (scope.manages_topics, scope.manages_principals) == (("commerce.*",), ("User:*-service",))
    assert (scope.undeclared_config, scope.undeclared_grants) == (
        UndeclaredConfig.KEEP,
        UndeclaredGrants.REPORT,
    )
    assert (scope.ignore_config, scope.protects_topics, scope.protects_principals) == (
        ("segment.bytes",),
        ("*-changelog",),
        ("User:admin",),
    )
    assert project.waiver_max_days == 30
    assert project.rule_places == {"KG101": Place("kgov.yaml", 21, 9), "KG204": Place("kgov.yaml", 21, 22)}


def test_a_cluster_with_a_lower_limit_of_records_and_another_plausible_share_can_be_configured():
    limits = "{recordsPerRequest: 2000, plausibleShare: 80%}"
    text = f"{HEAD}kind: Project\nenvironments: {{dev: {{limits: {limits}}}, prod: {{}}}}\n"
    project = desired(TOPIC, project=text).project
    dev, prod = project.environments["dev"].limits, project.environments["prod"].limits
    assert (dev.records_per_request, dev.plausible_share) == (2000, 0.8)
    assert (prod.records_per_request, prod.plausible_share) == (9000, 0.5)


def test_a_ceiling_of_partitions_and_a_term_of_deprecation_can_be_set():
    text = (
        f"{HEAD}kind: Project\nenvironments: {{dev: {{limits: {{partitionsPerTopic: 48}}}}, prod: {{}}}}\n"
        "lifecycle: {deprecatedMaxDays: 90}\n"
    )
    project = desired(TOPIC, project=text).project
    limits = [environment.limits.partitions_per_topic for environment in project.environments.values()]
    assert (limits, project.deprecated_max_days) == ([48, None], 90)
    assert desired(TOPIC).project.deprecated_max_days == 180


def test_a_retention_knows_which_field_says_it():
    by_field = desired(topic("{retention: 7d}")).topics["a.b"].config["retention.ms"]
    by_hand = desired(topic("{config: {retention.ms: 7d}}")).topics["a.b"].config["retention.ms"]
    assert (by_field.field, by_hand.field, by_field.text) == ("retention", "config", by_hand.text)


def test_min_replicas_may_be_stated():
    text = f"{HEAD}kind: Project\nenvironments: {{dev: {{minReplicas: 2, limits: {{changedShare: 0.5}}}}}}\n"
    environment = desired(TOPIC, project=text).environment
    assert environment.min_replicas == 2
    assert environment.limits.changed_share == 0.5


@pytest.mark.parametrize(
    ("general", "own", "standard"),
    [
        ("", "", StandardChange(Risk.DISRUPTIVE, None)),
        ("", "production: true", StandardChange(Risk.SAFE, 20)),
        ("{maxChanges: 5}", "production: true", StandardChange(Risk.SAFE, 5)),
        ("{maxChanges: 5, maxRisk: safe}", "", StandardChange(Risk.SAFE, 5)),
        (
            "{maxChanges: 5, maxRisk: safe}",
            "changes: {standard: {maxRisk: disruptive}}",
            StandardChange(Risk.DISRUPTIVE, 5),
        ),
        ("{maxChanges: 5}", "production: true, changes: {}", StandardChange(Risk.SAFE, 5)),
        ('"off"', "production: true", None),
        ("{maxChanges: 5}", 'changes: {standard: "off"}', None),
        (
            '"off"',
            "production: true, changes: {standard: {maxRisk: disruptive}}",
            StandardChange(Risk.DISRUPTIVE, 20),
        ),
    ],
)
def test_what_is_standard_is_said_for_all_environments_or_for_one(general, own, standard):
    changes = f"changes: {{standard: {general}}}\n" if general else ""
    text = f"{HEAD}kind: Project\nenvironments: {{dev: {{{own}}}}}\n{changes}"
    assert desired(TOPIC, project=text).project.environments["dev"].standard == standard
