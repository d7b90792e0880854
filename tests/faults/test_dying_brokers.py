"""Brokers die while kgov writes: what it says is true, and running it again converges."""

import signal
from pathlib import Path

from command import Repository
from guarded import Ground
from outsider import eventually
from proxy import Api, Rule, then_cut
from running import Running, document, statuses
from wire import active_controller

TOPICS = 500
PRINCIPALS, OPERATIONS = 60, ("Read", "Write", "Describe", "DescribeConfigs", "Alter")


def declare(repository: Repository, environment: str, **topic: int) -> None:
    """Write down 500 topics and 300 ACLs, for several requests each."""
    repository.project(f"environments: {{dev: {environment}}}")
    spec = ", ".join(f"{key}: {value}" for key, value in topic.items())
    for n in range(TOPICS):
        repository.topic(f"many.t{n:03}", f"{{{spec}, config: {{segment.ms: 60000}}}}")
    for n in range(PRINCIPALS):
        operations = ", ".join(OPERATIONS)
        repository.acl(
            f"a{n}", f"User:many{n}", f"{{resource: Topic, name: many.t{n:03}, operations: [{operations}]}}"
        )


def all_is_there(ground: Ground, partitions: int) -> bool:
    topics, bindings = ground.truth.all("many")
    return (
        len(topics) == TOPICS
        and set(map(str, topics.values())) == {str((partitions, {"segment.ms": "60000"}))}
        and len(bindings) == PRINCIPALS * len(OPERATIONS)
    )


def test_s15_an_apply_survives_the_death_of_its_broker(own_ground, tmp_path: Path) -> None:
    ground: Ground = own_ground()
    repository = ground.repository(tmp_path / "repo")
    declare(repository, "{limits: {recordsPerRequest: 200}}", partitions=2)
    kills = ((Api.CREATE_TOPICS, 3, "first.json"), (Api.CREATE_ACLS, 1, "second.json"))
    for api, number, name in kills:
        killed_while_writing(ground, repository, api, number, tmp_path / name)
        ground.sandbox.restart()
        ground.truth.bears_out(tmp_path / name, "many")
    with Running(repository, "apply", "--yes", report=tmp_path / "last.json") as running:
        run = running.ended()
    assert run.code == 0, run.said
    eventually(lambda: all_is_there(ground, 2), "all is there")
    assert repository.online("plan", "--detailed-exitcode").code == 0


def killed_while_writing(ground: Ground, repository: Repository, api: Api, number: int, report: Path) -> None:
    """Apply, and let the broker die when it has carried out that request."""
    ground.proxy.add(Rule(api, number=number, after=then_cut(ground.sandbox.kill)))
    with Running(repository, "apply", "--yes", report=report) as running:
        run = running.ended()
    ground.proxy.forget_rules()
    assert run.code in (5, 6), run.said
    assert "Traceback" not in run.said
    assert "unknown" in run.out
    assert document(report)["finished"] is not None
    became = set(statuses(report).values())
    assert "unknown" in became
    assert became <= {"done", "failed", "unknown", "skipped"}


def test_a_cluster_that_loses_its_active_controller_finishes(own_ground, tmp_path: Path) -> None:
    ground: Ground = own_ground(nodes=3)
    sandbox = ground.sandbox
    repository = Repository(tmp_path / "repo", sandbox.bootstrap_servers, sandbox.properties_file())
    declare(repository, "{limits: {recordsPerRequest: 30}}", partitions=2, replicas=2)
    report = tmp_path / "report.json"
    with Running(repository, "apply", "--yes", report=report) as running:
        running.noted(lambda noted: sum(each["status"] == "sent" for each in noted) > 60, "it is at work")
        # It stands still while we look, so that the controller is gone before it has finished.
        running.send(signal.SIGSTOP)
        assert document(report)["finished"] is None
        controller = active_controller(ground.open_address)
        running.send(signal.SIGCONT)
        sandbox.kill(controller)
        run = running.ended()
    assert "Traceback" not in run.said
    assert document(report)["finished"] is not None
    ground.truth.bears_out(report, "many")
    assert run.code in (0, 5, 6), run.said
    assert run.code or set(statuses(report).values()) == {"done"}
    repository.apply()
    eventually(lambda: all_is_there(ground, 2), "all is there")
    # The two brokers that are left do not learn of it at the same moment.
    eventually(lambda: repository.online("plan", "--detailed-exitcode").code == 0, "nothing is left")
