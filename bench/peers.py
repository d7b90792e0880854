"""Beside another tool on the same broker: kafka-gitops, where ``KGOV_BENCH_KAFKA_GITOPS`` says how to run it.

The variable is a command line such as ``java -jar kafka-gitops-all.jar``. Its releases and its sources are on
GitHub (devshawn/kafka-gitops).
"""

import json
import os
import shlex
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.brokers import Broker, broker
from bench.manifests import Size, bindings, configs, topic_name
from bench.offline import repository
from bench.process import BenchError, Command, Pairs, kgov, pairs
from bench.results import Row, Say, Table

COMMAND: Final = "KGOV_BENCH_KAFKA_GITOPS"

_PLAN: Final = "plan, nothing to do"
_APPLY: Final = "first apply"
_NO_CHANGES: Final = ("No changes.", "no necessary changes")
_NOTE: Final = """\
The same topics, configs and ACLs, in the one file that it reads; what has no counterpart there (owners,
categories, another environment) is left out. A ratio under 1 means that kgov takes less."""


def planning(sizes: Iterable[Size], rounds: int, say: Say) -> list[Table]:
    """Measure plans with nothing to do; no table where the tool is not there."""
    tool = _tool()
    return [_planning(size, tool, rounds, say) for size in sizes] if tool else []


def applying(size: Size, say: Say) -> list[Table]:
    """Measure the first apply once, each on an empty broker of its own; it takes the tool minutes."""
    tool = _tool()
    if not tool:
        return []
    with repository(size) as folder, TemporaryDirectory() as aside:
        say(f"{_APPLY} beside kafka-gitops, {size}")
        with broker() as running:
            ours = kgov("-C", folder, "apply", "--env", "dev", "--yes", *running.connection).run()
        with broker() as running:
            theirs = _peer(tool, running, _written(size, aside), "apply").run()
    return [_table(size, [Row(f"{_APPLY}, {size}", Pairs((ours,), ((theirs,),)))])]


def _planning(size: Size, tool: list[str], rounds: int, say: Say) -> Table:
    with repository(size) as folder, TemporaryDirectory() as aside, broker() as running:
        say(f"fill a broker with {size}")
        running.fill(size)
        say(f"{_PLAN} beside kafka-gitops, {size}")
        ours = kgov("-C", folder, "plan", "--env", "dev", *running.connection)
        theirs = _peer(tool, running, _written(size, aside), "plan")
        measured = pairs(ours, [theirs], rounds)
    for name, said in (("kgov", measured.runs[0]), ("kafka-gitops", measured.floors[0][0])):
        if not any(words in said.output for words in _NO_CHANGES):
            raise BenchError(f"{name} has another plan than was meant:\n{said.output[-2000:]}")
    return _table(size, [Row(f"{_PLAN}, {size}", measured)])


def _table(size: Size, rows: list[Row]) -> Table:
    return Table(f"Beside kafka-gitops, {size}", "kafka-gitops", tuple(rows), (_NOTE,))


def _tool() -> list[str]:
    return shlex.split(os.environ.get(COMMAND, ""))


def _peer(tool: list[str], running: Broker, file: Path, command: str) -> Command:
    address, user, password = running.login
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": address,
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "KAFKA_SASL_JAAS_USERNAME": user,
        "KAFKA_SASL_JAAS_PASSWORD": password,
    }
    return Command((*tool, "-f", str(file), command), environment=environment)


def _written(size: Size, folder: str) -> Path:
    """Write the same state as kafka-gitops reads it; JSON is YAML, too."""
    acls: dict[str, dict[str, object]] = {}
    for number in range(size.topics):
        for each in bindings(number, size):
            of_user = acls.setdefault(each.principal.removeprefix("User:"), {})
            of_user[f"acl-{len(of_user)}"] = {
                "name": each.name,
                "type": each.type.upper(),
                "pattern": "LITERAL",
                "host": "*",
                "operation": each.operation.upper(),
                "permission": "ALLOW",
            }
    state = {
        "topics": {
            topic_name(number): {"partitions": size.partitions, "replication": 1, "configs": configs(number)}
            for number in range(size.topics)
        },
        "users": {name: {"principal": f"User:{name}"} for name in acls},
        "customUserAcls": acls,
    }
    file = Path(folder, "state.yaml")
    file.write_text(json.dumps(state, indent=1), encoding="utf-8")
    return file
