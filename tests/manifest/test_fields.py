"""Every kind of slip in a field has human words, its exact place and, where one is near, what was meant."""

import pytest
from manifests import HEAD, codes, manifest, only, problems, repository, topic, where
from pydantic_core import ValidationError

from kgov.manifest.complaints import complain
from kgov.manifest.document import Written
from kgov.manifest.near_fields import model_at
from kgov.manifest.nodes import MappingNode
from kgov.manifest.reader import read
from kgov.manifest.registry import KINDS
from kgov.model.place import Place


def slip(document: str) -> tuple[str, tuple[int, int], str]:
    problem = only(document)
    assert problem.code == "KG004"
    return problem.message, where(problem), problem.hint


@pytest.mark.parametrize(
    ("spec", "message", "column", "hint"),
    [
        ("{partitions: six}", 'spec.partitions must be a whole number, not the text "six"', 20, ""),
        (
            "{partitions: '6'}",
            'spec.partitions must be a whole number, not the text "6"',
            20,
            "leave the quotes out",
        ),
        ("{partitions: 6.5}", "spec.partitions must be a whole number, not the number 6.5", 20, ""),
        ("{partitions: true}", "spec.partitions must be a whole number, not true", 20, ""),
        ("{partitions: 0}", "spec.partitions must be at least 1, not the number 0", 20, ""),
        (
            "{partitions: 99999999999}",
            "spec.partitions must be at most 2147483647, not the number 99999999999",
            20,
            "",
        ),
        ("{replicas: 40000}", "spec.replicas must be at most 32767, not the number 40000", 18, ""),
        ("{purpose: 7}", "spec.purpose must be text, not the number 7", 17, "put it in quotes"),
        ("{purpose: [a]}", "spec.purpose must be text, not a list", 8, ""),
        ("{purpose: {a: b}}", "spec.purpose must be text, not a mapping", 8, ""),
        ("{category: ''}", "spec.category is empty", 18, ""),
        ("{category: ' a '}", 'spec.category has blanks around it: " a "', 18, ""),
        ('{category: "a\\nb"}', "spec.category holds the character U+000A, which cannot be printed", 18, ""),
        ("{category: }", "spec.category has no value", 8, "give one, or leave the line out"),
        ("{keyed: 'yes'}", 'spec.keyed must be true or false, not the text "yes"', 15, "write true"),
        ("{keyed: 'Off'}", 'spec.keyed must be true or false, not the text "Off"', 15, "write false"),
        ("{keyed: maybe}", 'spec.keyed must be true or false, not the text "maybe"', 15, ""),
        ("{keyed: 1}", "spec.keyed must be true or false, not the number 1", 15, ""),
        ("{retention: [1]}", "spec.retention must be a duration such as 7d, not a list", 8, ""),
        ("{retention: true}", "spec.retention must be a duration such as 7d, not true", 19, ""),
        (
            "{config: [a]}",
            "spec.config must be a mapping (lines of key: value), not a list",
            8,
            "",
        ),
        (
            "{config: {a: {b: c}}}",
            "spec.config.a must be text, a number, true, false or a list of those, not a mapping",
            17,
            "",
        ),
        ("{config: {a: .inf}}", "spec.config.a must be a finite number", 20, ""),
        ("{ignoreConfig: a.b}", 'spec.ignoreConfig must be a list, not the text "a.b"', 22, "write [a.b]"),
        ("{ignoreConfig: 1}", "spec.ignoreConfig must be a list, not the number 1", 22, ""),
        (
            "{criticality: Important}",
            (
                "spec.criticality must be one of mission-critical, critical, important or standard, "
                'not "Important"'
            ),
            21,
            "did you mean important?",
        ),
        (
            "{criticality: 1}",
            (
                "spec.criticality must be one of mission-critical, critical, important or standard, "
                "not the number 1"
            ),
            21,
            "",
        ),
        (
            "{volume: {rate: fast}}",
            'spec.volume.rate must be a rate such as 2000/s or 5MB/s, not "fast"',
            23,
            "",
        ),
        ("{volume: {rate: 5/y}}", 'spec.volume.rate must be a rate such as 2000/s or 5MB/s, not "5/y"', 23, ""),
        ("{volume: {rate: x/s}}", 'spec.volume.rate must be a rate such as 2000/s or 5MB/s, not "x/s"', 23, ""),
        ("{volume: {peak: 0.5}}", "spec.volume.peak must be at least 1, not the number 0.5", 23, ""),
        ("{volume: {peak: x}}", 'spec.volume.peak must be a number, not the text "x"', 23, ""),
        ("{volume: {peak: .nan}}", "spec.volume.peak must be a number, not the number nan", 23, ""),
        (
            "{volume: {messageSize: 1.5}}",
            "spec.volume.messageSize must be text or a whole number, not the number 1.5",
            30,
            "",
        ),
        (
            "{volume: {messageSize: true}}",
            "spec.volume.messageSize must be text or a whole number, not true",
            30,
            "",
        ),
        (
            "{lifecycle: {since: 2026-02-30}}",
            'spec.lifecycle.since must be a day such as 2027-01-31, not the text "2026-02-30"',
            27,
            "",
        ),
        (
            "{lifecycle: {since: 20260131}}",
            "spec.lifecycle.since must be a day such as 2027-01-31, not the number 20260131",
            27,
            "",
        ),
        (
            "{lifecycle: {since: 2026-W01-1}}",
            'spec.lifecycle.since must be a day such as 2027-01-31, not the text "2026-W01-1"',
            27,
            "",
        ),
        (
            "{lifecycle: {since: '20260131'}}",
            'spec.lifecycle.since must be a day such as 2027-01-31, not the text "20260131"',
            27,
            "",
        ),
        ("{consumers: [{}]}", "spec.consumers[0] must name a principal or a team, one of the two", 20, ""),
        (
            "{consumers: [7]}",
            "spec.consumers[0] must be a mapping (lines of key: value), not the number 7",
            20,
            "",
        ),
        ("{archive: {keep: 1y}}", "spec.archive.target is missing", 8, ""),
        ("{labels: {a: 1}}", "spec.labels.a must be text, not the number 1", 20, "put it in quotes"),
        ("{data: {encrypted: all}}", 'spec.data.encrypted must be one of field or none, not "all"', 26, ""),
    ],
)
def test_a_slip_in_a_topic(spec, message, column, hint):
    assert slip(topic(spec)) == (message, (4, column), hint)


@pytest.mark.parametrize(
    ("spec", "field", "hint"),
    [
        ("{replicationFactor: 3}", "spec.replicationFactor", "did you mean replicas?"),
        ("{partition: 3}", "spec.partition", "did you mean partitions?"),
        ("{configs: {}}", "spec.configs", "did you mean config?"),
        ("{description: x}", "spec.description", "did you mean purpose?"),
        ("{owner: x}", "spec.owner", "owner belongs under metadata"),
        ("{personal: true}", "spec.personal", "personal belongs under data"),
        ("{parallel: 3}", "spec.parallel", "parallel belongs under consumers"),
        (
            "{min.insync.replicas: 2}",
            "spec.min.insync.replicas",
            "min.insync.replicas is a topic config: it belongs under config",
        ),
        ("{zzz: 1}", "spec.zzz", ""),
        ("{data: {Personal: true}}", "spec.data.Personal", "did you mean personal?"),
    ],
)
def test_an_unknown_field_of_a_spec(spec, field, hint):
    problem = only(topic(spec))
    assert (problem.code, problem.message, problem.hint) == ("KG004", f"unknown field {field}", hint)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("configs: {}", "config belongs under spec"),
        ("partitions: 3", "partitions belongs under spec"),
        ("name: x", "name belongs under metadata"),
        ("topicName: x", "name belongs under metadata"),
        ("specs: {}", "did you mean spec?"),
        ("partition: 3", "did you mean partitions, under spec?"),
        ("zzz: 3", ""),
    ],
)
def test_an_unknown_field_beside_spec(line, hint):
    problem = only(f"{HEAD}kind: Topic\nmetadata: {{name: a.b}}\n{line}\n")
    assert (where(problem), problem.hint) == ((4, 1), hint)


def test_an_unknown_field_of_metadata():
    problem = only(f"{HEAD}kind: Topic\nmetadata: {{name: a.b, Category: x}}\n")
    assert (where(problem), problem.hint) == ((3, 23), "did you mean category, under spec?")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: Topic\n", "metadata is missing"),
        ("kind: Topic\nmetadata: {}\n", "metadata.name is missing"),
        ("kind: Topic\nmetadata: {name: 7}\n", "metadata.name must be text, not the number 7"),
        ("kind: Topic\nmetadata: {name: }\n", "metadata.name has no value"),
        ("kind: Topic\nmetadata:\n", "metadata has no value"),
        ("kind: Topic\nmetadata: {name: a}\nspec:\n", "spec has no value"),
        (
            "kind: Topic\nmetadata: {name: a}\nspec: x\n",
            'spec must be a mapping (lines of key: value), not the text "x"',
        ),
        (
            "kind: Acl\nmetadata: {name: ''}\nspec: {principal: 'User:x', bindings: []}\n",
            "metadata.name is empty",
        ),
        ("kind: Access\nmetadata: {name: a}\n", "spec is missing"),
    ],
)
def test_slips_in_the_frame(text, message):
    assert slip(HEAD + text)[0] == message


def test_the_name_of_a_topic_is_judged_by_the_rules():
    loaded = repository(topic("{}", name="''"), topic("{}", name="'a b'"))
    assert loaded.problems == ()


def test_everything_a_topic_may_say_is_taken():
    spec = """
  purpose: x
  category: c
  partitions: 6
  replicas: 3
  retention: 3d
  config: {max.message.bytes: 1MiB, cleanup.policy: [compact, delete], preallocate: true, a: 0.5}
  ignoreConfig: [segment.bytes]
  keyed: true
  criticality: mission-critical
  volume: {rate: 2000/s, messageSize: 1KiB, peak: 3}
  consumers: [team-a, 'User:x', {principal: 'User:y', parallel: 6}, {team: team-a}]
  data: {classification: internal, personal: true, legalBasis: contract, subjects: [a], encrypted: field}
  schema: {key: schemas/k.avsc, value: schemas/v.avsc, compatibility: BACKWARD}
  lifecycle: {state: deprecated, since: 2026-01-31, replacedBy: a.b}
  archive: {target: lakehouse, keep: 7y}
  labels: {a: b}
  environments: {prod: {partitions: 24}, dev: null}"""
    category = manifest("RetentionCategory", "c", "{retention: 30d}")
    team = manifest("Team", "team-a", "{}")
    loaded = repository(
        f"{HEAD}kind: Topic\nmetadata: {{name: a.b}}\nspec:{spec}\n", category, team, k=b"", v=b""
    )
    assert loaded.problems == ()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{grants: []}", "spec must name one of principal, principals and team: there is none"),
        (
            "{principal: 'User:x', team: t, grants: []}",
            "spec must name one of principal, principals and team: not principal and team",
        ),
        ("{principal: 'User:x'}", "spec.grants is missing"),
        ("{principal: 'User:x', grants: }", "spec.grants has no value"),
        ("{principal: x, grants: []}", 'spec.principal must look like User:name, not "x"'),
        ("{principal: 'User:', grants: []}", 'spec.principal must look like User:name, not "User:"'),
        ("{principal: ':x', grants: []}", 'spec.principal must look like User:name, not ":x"'),
        ("{principal: 'User:x', grants: {}}", "spec.grants must be a list, not a mapping"),
        (
            "{principal: 'User:x', grants: [consumer]}",
            'spec.grants[0] must be a mapping such as {role: consumer, topic: orders}, not the text "consumer"',
        ),
        ("{principal: 'User:x', grants: [{topic: a}]}", "spec.grants[0].role is missing"),
        (
            "{principal: 'User:x', grants: [{role: consumer, topic: [a, {}]}]}",
            "spec.grants[0].topic must be text or a list of texts, not a mapping",
        ),
        (
            "{principal: 'User:x', grants: [{role: consumer, topicPrefix: ''}]}",
            "spec.grants[0].topicPrefix is empty",
        ),
        ("{principal: 'User:x', grants: [{role: consumer, topic: }]}", "spec.grants[0].topic has no value"),
    ],
)
def test_slips_in_access(spec, message):
    assert slip(manifest("Access", "x", spec))[0] == message


def test_a_text_in_place_of_a_list_of_principals():
    found = problems(manifest("Access", "x", "{principals: 'User:x', grants: []}"))
    assert [(problem.message, problem.hint) for problem in found] == [
        ('spec.principals must be a list, not the text "User:x"', "write [User:x]")
    ]


OPERATIONS = (
    "All, Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, "
    "AlterConfigs or IdempotentWrite"
)


@pytest.mark.parametrize(
    ("binding", "message", "hint"),
    [
        (
            "resource: Topic, name: a, operations: [read]",
            f'operations[0] must be one of {OPERATIONS}, not "read"',
            "did you mean Read?",
        ),
        (
            "resource: Topic, name: a, operations: [1]",
            f"operations[0] must be one of {OPERATIONS}, not the number 1",
            "",
        ),
        ("resource: Topic, name: a, operations: []", "operations must not be empty", ""),
        ("resource: Topic, name: a", "operations is missing", ""),
        ("resource: Topic, operations: [Read]", "name is missing: which Topic the binding is about", ""),
        ("resource: Topic, name: '', operations: [Read]", "name is empty", ""),
        (
            "resource: Topics, name: a, operations: [Read]",
            'resource must be one of Topic, Group, Cluster or TransactionalId, not "Topics"',
            "did you mean Topic?",
        ),
        (
            "resource: DelegationToken, name: a, operations: [Read]",
            (
                "resource is DelegationToken: kgov cannot manage such bindings, "
                "because the Kafka client does not know them"
            ),
            "",
        ),
        (
            "resource: Cluster, name: a, operations: [Read]",
            "name must be kafka-cluster, the only cluster that Kafka knows",
            "",
        ),
        (
            "resource: Cluster, pattern: prefixed, operations: [Read]",
            "pattern must be literal: there is only one cluster, kafka-cluster",
            "",
        ),
        (
            "resource: Topic, name: a, pattern: prefix, operations: [Read]",
            'pattern must be one of literal or prefixed, not "prefix"',
            "did you mean prefixed?",
        ),
    ],
)
def test_slips_in_a_binding(binding, message, hint):
    found = slip(manifest("Acl", "x", f"{{principal: 'User:x', bindings: [{{{binding}}}]}}"))
    assert (found[0], found[2]) == (f"spec.bindings[0].{message}", hint)


@pytest.mark.parametrize(
    ("kind", "spec", "message"),
    [
        ("NamingConvention", "{}", "spec.format is missing"),
        (
            "NamingConvention",
            "{format: '{a}{b}'}",
            "spec.format is wrong: nothing stands between {a} and the segment after it",
        ),
        (
            "NamingConvention",
            "{format: '{a}', segments: {b: {}}}",
            'spec.segments.b is no segment of the format "{a}"',
        ),
        (
            "NamingConvention",
            "{format: '{a}', segments: {a: {pattern: '('}}}",
            "spec.segments.a.pattern is no pattern that kgov can run (Rust regex): unclosed group",
        ),
        (
            "NamingConvention",
            "{format: '{a}', segments: {a: {pattern: b, values: [b]}}}",
            "spec.segments.a has both values and pattern: give one of the two",
        ),
        (
            "NamingConvention",
            "{format: '{a}', segments: {a: {values: []}}}",
            "spec.segments.a.values must not be empty",
        ),
        ("RetentionCategory", "{min: 7d, max: 1d}", "spec.max is 1d, less than min (7d)"),
        (
            "RetentionCategory",
            "{min: unlimited, retention: 1d}",
            "spec.retention is 1d, less than min (unlimited)",
        ),
        (
            "RetentionCategory",
            "{cleanup: erase}",
            'spec.cleanup must be delete, compact or a list of both, not the text "erase"',
        ),
        (
            "RetentionCategory",
            "{cleanup: []}",
            "spec.cleanup must be delete, compact or a list of both, not a list",
        ),
        (
            "RetentionCategory",
            "{cleanup: 1}",
            "spec.cleanup must be delete, compact or a list of both, not the number 1",
        ),
        ("Role", "{bindings: []}", "spec.bindings must not be empty"),
        (
            "Role",
            "{bindings: [{resource: Topic, operations: [Read]}]}",
            "spec.bindings[0].name is missing: which Topic it is about",
        ),
        (
            "Role",
            "{parameters: [topic], bindings: [{resource: Topic, name: '{topc}', operations: [Read]}]}",
            'spec.bindings[0].name names the parameter "topc", which the role does not have',
        ),
        (
            "Role",
            "{parameters: [a, b], bindings: [{resource: Topic, name: '{a}{b}', operations: [Read]}]}",
            'spec.bindings[0].name may hold one {parameter}, not "{a}{b}"',
        ),
        (
            "Role",
            "{bindings: [{resource: Topic, name: 'a}', operations: [Read]}]}",
            'spec.bindings[0].name may hold one {parameter}, not "a}"',
        ),
        (
            "Role",
            "{parameters: [topic, topic], bindings: [{resource: Topic, name: a, operations: [Read]}]}",
            'spec.parameters[1] is declared twice: "topic"',
        ),
        (
            "Role",
            "{parameters: {a: {Required: true}}, bindings: [{resource: Topic, name: a, operations: [Read]}]}",
            "unknown field spec.parameters.a.Required",
        ),
        (
            "Role",
            "{parameters: [{name: a b}], bindings: [{resource: Topic, name: a, operations: [Read]}]}",
            'spec.parameters[0].name must be a word of letters and digits, not "a b"',
        ),
        (
            "Role",
            "{parameters: [{name: topicPrefix}], bindings: [{resource: Topic, name: a, operations: [Read]}]}",
            (
                'spec.parameters[0].name must not be "topicPrefix": role, host, '
                "groupless and names that end in Prefix are taken"
            ),
        ),
        ("Team", "{operators: 'true'}", 'spec.operators must be true or false, not the text "true"'),
        ("Team", "{principals: [x]}", 'spec.principals[0] must look like User:name, not "x"'),
        (
            "Waiver",
            "{rule: KG101, resource: orders, reason: x, owner: y, expires: 2027-01-31}",
            'spec.resource must look like Kind/name, such as Topic/orders, not "orders"',
        ),
        (
            "Consent",
            "{allow: dataloss, resource: Topic/a, reason: x, owner: y, expires: 2027-01-31}",
            'spec.allow must be one of data-loss, disruptive or limits, not "dataloss"',
        ),
    ],
)
def test_slips_in_policies(kind, spec, message):
    found = [problem for problem in problems(topic("{}"), manifest(kind, "p", spec)) if problem.code == "KG004"]
    assert [problem.message for problem in found] == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("environments: {}\n", "environments must not be empty"),
        ("", "environments is missing"),
        ("environments: [dev]\n", "environments must be a mapping (lines of key: value), not a list"),
        ("environments: {'a b': {}}\n", 'environments.a b must be letters, digits, -, _ and . only, not "a b"'),
        (
            "environments: {dev: {kafka: '5.0'}}\n",
            "environments.dev.kafka is not right: ",
        ),
        (
            "environments: {dev: {kafka: 4.3}}\n",
            'environments.dev.kafka must be text such as "4.4", not the number 4.3: put it in quotes',
        ),
        (
            "environments: {dev: {limits: {changedShare: 130%}}}\n",
            'environments.dev.limits.changedShare must be a share such as 30% or 0.3, not the text "130%"',
        ),
        (
            "environments: {dev: {limits: {changedShare: x%}}}\n",
            'environments.dev.limits.changedShare must be a share such as 30% or 0.3, not the text "x%"',
        ),
        (
            "environments: {dev: {limits: {changedShare: 30}}}\n",
            "environments.dev.limits.changedShare must be a share such as 30% or 0.3, not the number 30",
        ),
        (
            "environments: {dev: {limits: {changedShare: true}}}\n",
            "environments.dev.limits.changedShare must be a share such as 30% or 0.3, not true",
        ),
        (
            "environments: {dev: {limits: {recordsPerRequest: 9}}}\n",
            "environments.dev.limits.recordsPerRequest must be at least 10",
        ),
        (
            "environments: {dev: {limits: {recordsPerRequest: 10001}}}\n",
            "environments.dev.limits.recordsPerRequest must be at most 10000",
        ),
        (
            "environments: {dev: {defaults: {retention: 1M}}}\n",
            "environments.dev.defaults.retention is not right: ",
        ),
        (
            "environments: {dev: {rules: {KG204: warn}}}\n",
            'environments.dev.rules.KG204 must be one of error, warning, info or off, not "warn"',
        ),
        (
            "environments: {dev: {requireAllow: [safe]}}\n",
            'environments.dev.requireAllow[0] must be one of data-loss or disruptive, not "safe"',
        ),
        (
            "environments: {dev: {changes: {standard: none}}}\n",
            "environments.dev.changes.standard must be a mapping (lines of key: value) or off, not the text",
        ),
        (
            "environments: {dev: {changes: {standard: [safe]}}}\n",
            "environments.dev.changes.standard must be a mapping (lines of key: value), not a list",
        ),
        (
            "environments: {dev: {}}\nchanges: {standard: {maxRisk: data-loss}}\n",
            'changes.standard.maxRisk must be one of safe or disruptive, not "data-loss"',
        ),
        (
            "environments: {dev: {}}\nchanges: {standard: {maxChanges: 0}}\n",
            "changes.standard.maxChanges must be at least 1, not the number 0",
        ),
        ("environments: {dev: {}}\nchanges: {standard: }\n", "changes.standard has no value"),
        (
            "environments: {dev: {}}\nmanages: {topics: ['a[bc]']}\n",
            'manages.topics[0] may use the patterns * and ? only, not "a[bc]"',
        ),
        ("environments: {dev: {}}\nmanages: {topics: }\n", "manages.topics has no value"),
    ],
)
def test_slips_in_kgov_yaml(text, message):
    problem = only(topic("{}"), project=f"{HEAD}kind: Project\n{text}")
    assert problem.code == "KG004"
    assert problem.message.startswith(message)


@pytest.mark.parametrize(
    "key", ["bootstrapServers", "bootstrap.servers", "sasl", "ssl.keystore.location", "password"]
)
def test_connections_may_not_stand_in_the_repository(key):
    problem = only(topic("{}"), project=f"{HEAD}kind: Project\nenvironments: {{dev: {{{key}: x}}}}\n")
    assert problem.code == "KG004"
    assert "no connection setting may stand in the repository" in problem.hint


@pytest.mark.parametrize(
    ("text", "field", "hint"),
    [
        ("{dev: {change: {}}}", "environments.dev.change", "did you mean changes?"),
        ("{dev: {changes: {standart: {}}}}", "environments.dev.changes.standart", "did you mean standard?"),
        (
            "{dev: {changes: {standard: {maxrisk: safe}}}}",
            "environments.dev.changes.standard.maxrisk",
            "did you mean maxRisk?",
        ),
    ],
)
def test_an_unknown_field_of_what_is_standard_has_a_near_one(text, field, hint):
    problem = only(topic("{}"), project=f"{HEAD}kind: Project\nenvironments: {text}\n")
    assert (problem.message, problem.hint) == (f"unknown field {field}", hint)


def test_a_project_with_mistakes_is_used_as_far_as_it_can_be_read():
    text = (
        f"{HEAD}kind: Project\nenvironments: {{dev: {{bootstrap: x, minReplicas: 2, kafka: '9'}}, "
        f"prod: }}\nzzz: 1\n"
    )
    loaded = repository(topic("{}"), project=text)
    assert codes(loaded.problems) == ["KG004"] * 3
    assert loaded.project is not None
    assert loaded.project.environments["dev"].min_replicas == 2
    assert loaded.environments == ("dev", "prod")


def test_overlays_are_not_judged_where_environments_are_unknown():
    loaded = repository(topic("{environments: {nope: {}}}"), project=f"{HEAD}kind: Project\nenvironments: 1\n")
    assert codes(loaded.problems) == ["KG004"]
    assert loaded.project is None
    assert loaded.environments == ()


def test_an_error_that_nobody_thought_of_is_told_without_jargon():
    error = ValidationError.from_exception_data("x", [{"type": "bytes_type", "loc": ("a",), "input": 1}])
    node = read("f.yaml", b"a: 1\n").documents[0].node
    assert isinstance(node, MappingNode)
    (problem,) = complain(error, KINDS["Topic"].manifest, Written("f.yaml", node), None, broken=False)
    assert (problem.message, problem.place) == ("a is not right", Place("f.yaml", 1, 4))


def test_paths_lead_to_the_models_of_mappings():
    project = KINDS["Project"].manifest
    environment = model_at(project, ("environments", "dev"))
    assert environment is not None
    assert environment.__name__ == "EnvironmentPart"
    assert model_at(project, ("environments",)) is None
    assert model_at(project, ("kind", "x")) is None
    assert model_at(project, ("nope", "x")) is None


def test_a_spec_that_is_indented_too_far_belongs_beside_metadata():
    found = problems(f"{HEAD}kind: Acl\nmetadata:\n  name: a\n  spec: {{principal: 'User:a', bindings: []}}\n")
    assert [(problem.message, problem.hint) for problem in found] == [
        ("spec is missing", ""),
        ("unknown field metadata.spec", "spec belongs beside metadata, not under it"),
    ]
