"""``kgov policy test``: inline tests, run and told."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from command import Repository

from kgov.manifest.repository import load_files
from kgov.policy.cel_tests import run_tests
from kgov.report import policies as shown
from kgov.report.junit import policy_tests_junit
from kgov.report.style import Style

PLAIN = Style(colour=False, width=100)
STARTER = Path(__file__).parents[2] / "src" / "kgov" / "policy" / "starter"
OWN = Path(__file__).parents[2] / "policies"

NAMING = """\
apiVersion: kgov/v1
kind: NamingConvention
metadata: {name: topics}
spec: {format: "{domain}.{entity}"}
"""


def results(spec, *more, kind="Topic"):
    text = f"apiVersion: kgov/v1\nkind: Policy\nmetadata: {{name: p}}\nspec:\n  match: {{kind: {kind}}}\n{spec}"
    files = {"kgov.yaml": b"apiVersion: kgov/v1\nkind: Project\nenvironments: {dev: {}}\n"}
    files["policies/p.yaml"] = "---\n".join((text, *more)).encode()
    loaded = load_files(files)
    assert [each for each in loaded.problems if each.code != "KG007"] == []
    return run_tests(loaded.policies.policies, loaded.policies.conventions)


def one(check, test, *more, kind="Topic"):
    (result,) = results(
        f"  rules: [{{check: '{check}', message: told}}]\n  tests:\n    - {test}\n", *more, kind=kind
    )
    return result.tests[0]


@pytest.mark.parametrize(
    ("check", "test"),
    [
        ("object.spec.partitions <= 48", "{object: {spec: {partitions: 49}}, expect: fail}"),
        ("object.spec.partitions <= 48", "{object: {spec: {partitions: 49}}, expect: fail, message: told}"),
        ('object.spec.retention <= ms("7d")', "{object: {spec: {retention: 3d}}, expect: pass}"),
        ("1 / object.spec.partitions == 1", "{object: {}, expect: error}"),
        ("oldObject.spec.keyed", "{object: {}, oldObject: {spec: {keyed: true}}, expect: pass}"),
        ('environment.name == "prod"', "{object: {}, environment: prod, expect: pass}"),
        ("environment.production", "{object: {}, environment: {production: true, kafka: '4.3'}, expect: pass}"),
        (
            "team.spec.operators",
            "{object: {}, team: {metadata: {name: x}, spec: {operators: true}}, expect: pass}",
        ),
        ('"b" in all.topics', "{object: {}, all: [{kind: Topic, metadata: {name: b}}], expect: pass}"),
        (
            'all.topicsByOwner["x"] == ["b", "B"] && all.topicsByLowerName["b"] == ["b", "B"]',
            (
                "{object: {}, expect: pass, all: [{kind: Topic, metadata: {name: b, owner: x}}, "
                "{kind: Topic, metadata: {name: B, owner: x}}, {kind: Topic, metadata: {name: c}}]}"
            ),
        ),
        (
            'size(all.topicsByOwner[""]) == 1 && !("x" in all.topicsByOwner)',
            "{object: {}, expect: pass, all: [{kind: Topic, metadata: {name: b}}]}",
        ),
        ('"t" in all.teams', "{object: {}, all: [{kind: Team, metadata: {name: t}}], expect: pass}"),
        ('object.segments.domain == "a"', "{object: {metadata: {name: a.b}}, expect: pass}"),
        (
            'object.segments.domain == "x"',
            "{object: {metadata: {name: a.b}, segments: {domain: x}}, expect: pass}",
        ),
        ("size(object.segments) == 0", "{object: {metadata: {name: a}}, expect: pass}"),
        ("size(object.segments) == 0", "{object: {}, expect: pass}"),
    ],
)
def test_a_test_goes_as_it_expects(check, test):
    result = one(check, test, NAMING)
    assert result.ok, result


def test_access_and_acls_are_tested():
    assert one(
        "size(object.spec.grants) == 0", "{object: {spec: {grants: []}}, expect: pass}", kind="Access"
    ).ok
    entry = "{resource: Topic, name: a, operations: [Read, Write]}"
    assert one(
        "size(object.bindings) == 2", f"{{object: {{spec: {{bindings: [{entry}]}}}}, expect: pass}}", kind="Acl"
    ).ok


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("{object: {spec: {partitions: 1}}, expect: fail}", ["- expect: fail", "+ got:    pass", "true: "]),
        ("{object: {spec: {partitions: 9}}, expect: pass, name: nine}", ["p, nine", "  says: told", "false: "]),
        (
            "{object: {spec: {partitions: 9}}, expect: fail, message: other}",
            ["- message: other", "+ message: told"],
        ),
        ("{object: {spec: {partitions: 1}}, expect: fail, message: other}", ["+ got:    pass", "+ no message"]),
        (
            "{object: {spec: {partitons: 1}}, expect: pass}",
            ["the test itself is wrong: object.spec.partitons is no field"],
        ),
        ("{object: {}, oldObject: {spec: 1}, expect: pass}", ["oldObject.spec must be a mapping"]),
        ("{object: {}, all: [{kind: Odd}], expect: pass}", ["all[0] must have a kind"]),
        ("{object: {metadata: {name: 1}}, expect: pass}", ["object.metadata.name must be text"]),
    ],
)
def test_a_failure_is_told_readably(test, says):
    check = 'object.spec.partitions < 5 && !("x" in all.topics)'
    found = results(f"  rules: [{{check: '{check}', message: told}}]\n  tests:\n    - {test}\n")
    text = shown.tests_text(found, PLAIN)
    assert not found[0].ok or "all[0]" in says[0]
    for each in says:
        assert each in text
    assert "1 test of 1 policy: 0 passed, 1 failed" in text


def test_what_cannot_be_judged_is_told():
    found = results(
        "  rules: [{check: 1 / object.spec.partitions == 1}]\n  tests: [{object: {}, expect: pass}]\n"
    )
    text = shown.tests_text(found, PLAIN)
    assert "+ got:    error" in text
    assert "cannot be judged: 1 / object.spec.partitions == 1" in text


def test_mistakes_and_policies_without_tests_are_told():
    head = "apiVersion: kgov/v1\nkind: Policy\nmetadata: {name: a}\n"
    other = f"{head}spec: {{match: {{kind: Topic}}, rules: [{{check: 'true'}}]}}\n"
    found = results(
        "  rules: [{check: object.foo}, {check: object.kind}]\n  tests: [{object: {}, expect: pass}]\n",
        other,
    )
    assert [result.policy.name for result in found] == ["a", "p"]
    text = shown.tests_text(found, PLAIN)
    assert "MISTAKE Policy/p policies/p.yaml:6:" in text
    assert "there are kind, metadata, spec, segments" in text
    assert "without tests: a" in text
    assert "0 tests of 2 policies: 0 passed, 0 failed, 1 with mistakes" in text
    document = shown.tests_document(found)
    assert document["untested"] == ["a"]
    assert document["summary"] == {"passed": 0, "failed": 0, "mistaken": 1}
    assert (
        document["policies"][1]["mistakes"][0]["message"] == "spec.rules[0].check: unknown field foo of Topic"
    )
    assert "mistake" in policy_tests_junit(found)
    assert "no tests" in policy_tests_junit([])


def test_results_are_a_document_and_cases():
    test = "{object: {}, expect: pass}"
    found = results(f"  rules: [{{check: 'true'}}]\n  tests: [{test}, {{object: {{a: 1}}, expect: pass}}]\n")
    assert "2 tests of 1 policy: 1 passed, 1 failed" in shown.tests_text(found, PLAIN)
    (good, broken) = shown.tests_document(found)["policies"][0]["tests"]
    assert good == {
        "name": "test 1",
        "line": 7,
        "ok": True,
        "expected": "pass",
        "got": "pass",
        "messages": [],
        "broken": None,
    }
    assert broken["got"] is None
    assert broken["broken"].startswith("object.a is no field")
    assert 'failures="1"' in policy_tests_junit(found)


def test_a_policy_is_explained():
    spec = """\
  severity: warning
  description: |
    Because
    of it.
  rules:
    - {check: "object.spec.keyed", message: no keys}
    - {check: "true\\n&& true"}
"""
    text = shown.policy_text(results(spec)[0].policy, "warning", PLAIN)
    assert "Policy/p, warning: a policy of this repository, policies/p.yaml:3:18" in text
    for each in ("Because of it.", "object.spec.keyed", "or else: no keys", "It has 0 tests", "Every Topic."):
        assert each in text


@pytest.mark.parametrize("path", sorted(STARTER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_policy_of_the_starter_pack_passes_its_tests(path):
    files = {"kgov.yaml": b"apiVersion: kgov/v1\nkind: Project\nenvironments: {dev: {}}\n"}
    loaded = load_files(files | {f"policies/{path.name}": path.read_bytes()})
    assert [each for each in loaded.problems if each.code != "KG007"] == []
    (result,) = run_tests(loaded.policies.policies, ())
    assert result.policy.name == path.stem
    assert result.ok, shown.tests_text([result], PLAIN)
    expected = {test.test.expect for test in result.tests}
    assert {"pass", "fail"} <= expected
    assert result.policy.description
    assert path.read_text().startswith("# ")


def test_there_are_fifteen_and_those_of_the_example_company_are_the_same():
    assert len(list(STARTER.glob("*.yaml"))) == 15
    own = list(OWN.glob("policy-*.yaml"))
    assert own
    for path in own:
        assert path.read_bytes() == (STARTER / path.name.removeprefix("policy-")).read_bytes()


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project("environments: {dev: {}, prod: {production: true}}\nrules: {Policy/ceiling: info}")
    repository.topic("orders", "{partitions: 60, replicas: 3}")
    repository.write(
        "policies/p.yaml",
        """
        apiVersion: kgov/v1
        kind: Policy
        metadata: {name: ceiling}
        spec:
          match: {kind: Topic}
          rules: [{check: "object.spec.partitions <= 48 // \\e[31m", message: at most 48}]
          tests:
            - {object: {spec: {partitions: 48}}, expect: pass}
            - {object: {spec: {partitions: 49}}, expect: pass, name: forty-nine}
        """,
    )
    return repository


def test_the_command_runs_them_and_says_what_failed(repo):
    run = repo.kgov("policy", "test")
    assert run.code == 3
    assert "Policy/ceiling, forty-nine policies/p.yaml:9:" in run.out
    assert "// \\x1b[31m" in run.out
    document = repo.kgov("policy", "test", "--format", "json").document
    assert document["format"] == "kgov-policy-tests/1"
    assert [test["ok"] for test in document["policies"][0]["tests"]] == [True, False]
    tree = ET.fromstring(repo.kgov("policy", "test", "--policy", "ceiling", "--format", "junit").out)
    assert tree.attrib["failures"] == "1"
    missing = repo.kgov("policy", "test", "--policy", "ceilin")
    assert missing.code == 64
    assert "did you mean ceiling?" in missing.err
    assert repo.kgov("policy", "test", "--policy", "zzz").code == 64


def test_a_policy_that_cannot_be_read_does_not_pass_for_tested(repo):
    repo.write(
        "policies/q.yaml",
        "apiVersion: kgov/v1\nkind: Policy\nmetadata: {name: q}\nspec: {match: {kind: Topik}}\n",
    )
    run = repo.kgov("policy", "test", "--policy", "ceiling")
    assert run.code == 3
    assert "policies/q.yaml" in run.err


def test_validate_shows_them_in_every_format(repo):
    for format_ in ("full", "concise", "github", "gitlab", "sarif", "junit", "json"):
        run = repo.kgov("validate", "--format", format_)
        assert "Policy/ceiling" in run.out, format_
        assert "Policy/ceiling ceiling" not in run.out
    found = [
        each
        for each in repo.kgov("validate", "--format", "json").document["findings"]
        if each["name"] == "ceiling"
    ]
    assert json.dumps(found[0]["code"]) == '"Policy/ceiling"'
    assert found[0]["severity"] == "info"


def test_explain_says_what_a_policy_weighs(repo):
    assert "Policy/ceiling, error" in repo.kgov("explain", "Policy/ceiling").out
    assert "Policy/ceiling, info" in repo.kgov("explain", "Policy/ceiling", "--env", "prod").out
    assert "did you mean Policy/ceiling?" in repo.kgov("explain", "Policy/ceilin").err
    assert "declare it" in repo.kgov("explain", "Policy/zzz").err


def test_the_base_is_needed_where_a_policy_compares(repo):
    import subprocess

    def git(*arguments):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],
            cwd=repo.root,
            check=True,
            capture_output=True,
        )

    repo.write(
        "policies/q.yaml",
        """
        apiVersion: kgov/v1
        kind: Policy
        metadata: {name: shrink}
        spec:
          match: {kind: Topic}
          rules:
            - check: oldObject == null || object.spec.partitions >= oldObject.spec.partitions
              message: fewer
        """,
    )
    assert "Policy/shrink" not in repo.kgov("validate").out
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one")
    assert "Policy/shrink" not in repo.kgov("validate").out
    repo.topic("orders", "{partitions: 50, replicas: 3}")
    git("commit", "-qam", "two")
    assert "fewer" in repo.kgov("validate", "--env", "dev").out
    assert "fewer" not in repo.kgov("validate", "--base", "HEAD").out
    assert repo.kgov("validate", "--base", "nothing").code == 64
    (repo.root.parent / "shallow").mkdir()
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repo.root}", str(repo.root.parent / "shallow")],
        check=True,
    )
    run = Repository(repo.root.parent / "shallow").kgov("validate")
    assert run.code == 3
    assert "which is not here" in run.out
    assert "fetch-depth: 2" in run.out


def test_the_examples_of_the_page_on_policies_pass_their_tests():
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    files = {"kgov.yaml": b"apiVersion: kgov/v1\nkind: Project\nenvironments: {prod: {production: true}}\n"}
    loaded = load_files(files | {"policies/all.yaml": "---\n".join(examples).encode()})
    found = run_tests(loaded.policies.policies, ())
    assert len(found) == len(examples) == 2
    assert all(result.ok and result.tests for result in found), shown.tests_text(found, PLAIN)


def test_every_starter_policy_has_a_row_on_the_page():
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    own = {path.stem.removeprefix("policy-") for path in OWN.glob("policy-*.yaml")}
    for path in STARTER.glob("*.yaml"):
        star = " *" if path.stem in own else ""
        assert f"| `{path.stem}`{star} |" in page
