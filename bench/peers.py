"""Beside other tools on the same broker, where variables say how to run them.

``KGOV_BENCH_KAFKA_GITOPS`` and ``KGOV_BENCH_JIKKOU`` are command lines, such as
``java -jar kafka-gitops-all.jar`` and ``jikkou``. Their releases and sources are on GitHub
(devshawn/kafka-gitops, streamthoughts/jikkou).
"""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.brokers import Broker, broker
from bench.manifests import Binding, Size, bindings, configs, topic_name
from bench.offline import repository
from bench.process import BenchError, Command, Pairs, kgov, pairs
from bench.results import Row, Say, Table

_NO_CHANGES: Final = "No changes."
_NOTE: Final = """\
The same topics, configs and ACLs in the one file that the other tool reads; what has no counterpart there
(owners, categories, another environment) is left out. A ratio under 1 means that kgov takes less."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool: the variable with its command line, and what its plan with nothing to do says.

    ``command`` writes into a folder what it reads, and adds to its command line what is to be done.
    """

    name: str
    variable: str
    plan: tuple[str, ...]
    apply: tuple[str, ...]
    says: str
    command: Callable[[list[str], Broker, Size, Path, tuple[str, ...]], Command]

    def run(self, running: Broker, size: Size, folder: Path, words: tuple[str, ...]) -> Command:
        """Prepare to run it."""
        return self.command(self.words(), running, size, folder, words)

    def title(self) -> str:
        """Say which it is, with the version that it says."""
        command = [*self.words(), "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"\d+(\.\d+)+", said)
        return f"{self.name} {found[0]}" if found else self.name

    def words(self) -> list[str]:
        """Give its command line; empty where it is not there."""
        return shlex.split(os.environ.get(self.variable, ""))


def _kafka_gitops(
    tool: list[str], running: Broker, size: Size, folder: Path, words: tuple[str, ...]
) -> Command:
    """Write one state file (JSON is YAML, too); the connection is in variables."""
    acls = {
        user: {
            f"acl-{number}": {
                "name": each.name,
                "type": each.type.upper(),
                "pattern": "LITERAL",
                "host": "*",
                "operation": each.operation.upper(),
                "permission": "ALLOW",
            }
            for number, each in enumerate(granted)
        }
        for user, granted in _granted(size).items()
    }
    state = {
        "topics": {
            topic_name(number): {"partitions": size.partitions, "replication": 1, "configs": configs(number)}
            for number in range(size.topics)
        },
        "users": {name: {"principal": f"User:{name}"} for name in acls},
        "customUserAcls": acls,
    }
    file = folder / "state.yaml"
    file.write_text(json.dumps(state, indent=1), encoding="utf-8")
    address, user, password = running.login
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": address,
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
        "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "KAFKA_SASL_JAAS_USERNAME": user,
        "KAFKA_SASL_JAAS_PASSWORD": password,
    }
    return Command((*tool, "-f", str(file), *words), environment=environment)


def _jikkou(tool: list[str], running: Broker, size: Size, folder: Path, words: tuple[str, ...]) -> Command:
    """Write a list of topics and an authorization for each principal; a file names that of the connection."""
    topics = [
        {
            "metadata": {"name": topic_name(number)},
            "spec": {"partitions": size.partitions, "replicas": 1, "configs": configs(number)},
        }
        for number in range(size.topics)
    ]
    version = {"apiVersion": "kafka.jikkou.io/v1"}
    documents = [
        {**version, "kind": "KafkaTopicList", "metadata": {}, "items": topics},
        *(
            {
                **version,
                "kind": "KafkaPrincipalAuthorization",
                "metadata": {"name": f"User:{user}"},
                "spec": {"acls": [_jikkou_acl(each) for each in granted]},
            }
            for user, granted in _granted(size).items()
        ),
    ]
    file = folder / "resources.yaml"
    file.write_text("---\n".join(json.dumps(each, indent=1) + "\n" for each in documents), encoding="utf-8")
    address, user, password = running.login
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    client = {
        "bootstrap.servers": address,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.jaas.config": f'{module} required username="{user}" password="{password}";',
    }
    # HOCON: in quotes, a key with dots would be another one.
    lines = (
        f"jikkou.provider.kafka.config.client.{key} = {json.dumps(value)}\n" for key, value in client.items()
    )
    settings = folder / "jikkou.conf"
    settings.write_text("".join(lines), encoding="utf-8")
    contexts = folder / "contexts.json"
    context = {"configFile": str(settings), "configProps": {}}
    contexts.write_text(json.dumps({"currentContext": "bench", "bench": context}), encoding="utf-8")
    arguments = (*tool, *words, "--files", str(file))
    return Command(arguments, environment={"JIKKOUCONFIG": str(contexts)})


PEERS: Final = (
    Peer(
        "kafka-gitops",
        "KGOV_BENCH_KAFKA_GITOPS",
        ("plan",),
        ("apply",),
        "no necessary changes",
        _kafka_gitops,
    ),
    # With changes its plan fails; a file that it passes over would say of nothing that it stays.
    Peer("jikkou", "KGOV_BENCH_JIKKOU", ("diff", "--fail-on-changes"), ("apply",), "NONE", _jikkou),
)


def planning(sizes: Iterable[Size], rounds: int, say: Say) -> list[Table]:
    """Measure plans with nothing to do; no table where no other tool is there."""
    return [_planning(size, rounds, say) for size in sizes] if _present() else []


def applying(size: Size, say: Say) -> list[Table]:
    """Measure the first apply once, each on an empty broker of its own; it takes some tools minutes."""
    peers = _present()
    if not peers:
        return []
    case = "first apply"
    with repository(size) as folder:
        say(f"{case} beside other tools, {size}")
        with broker() as running:
            ours = kgov("-C", folder, "apply", "--env", "dev", "--yes", *running.connection).run()
        rows = []
        for peer in peers:
            say(f"{case} by {peer.name}, {size}")
            with broker() as running, _aside() as aside:
                theirs = peer.run(running, size, aside, peer.apply).run()
                running.await_size(size)
            rows.append(Row(f"{case}, beside {peer.title()}, {size}", Pairs((ours,), ((theirs,),))))
    return [_table(size, rows)]


def _planning(size: Size, rounds: int, say: Say) -> Table:
    case = "plan, nothing to do"
    rows = []
    with repository(size) as folder, broker() as running:
        say(f"fill a broker with {size}")
        running.fill(size)
        ours = kgov("-C", folder, "plan", "--env", "dev", *running.connection)
        for peer in _present():
            say(f"{case} beside {peer.name}, {size}")
            with _aside() as aside:
                measured = pairs(ours, [peer.run(running, size, aside, peer.plan)], rounds)
            if _NO_CHANGES not in measured.runs[0].output:
                raise BenchError(f"not the plan that was meant:\n{measured.runs[0].output[-2000:]}")
            if peer.says not in measured.floors[0][0].output:
                said = measured.floors[0][0].output[-2000:]
                raise BenchError(f"{peer.name} has another plan than was meant:\n{said}")
            rows.append(Row(f"{case}, beside {peer.title()}, {size}", measured))
    return _table(size, rows)


def _table(size: Size, rows: list[Row]) -> Table:
    return Table(f"Beside other tools, {size}", "the other tool", tuple(rows), (_NOTE,))


def _present() -> list[Peer]:
    """List the tools that a variable tells of."""
    return [peer for peer in PEERS if peer.words()]


@contextmanager
def _aside() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


def _granted(size: Size) -> dict[str, list[Binding]]:
    """List the bindings of every user."""
    granted: dict[str, list[Binding]] = {}
    for number in range(size.topics):
        for each in bindings(number, size):
            granted.setdefault(each.principal.removeprefix("User:"), []).append(each)
    return granted


def _jikkou_acl(binding: Binding) -> dict[str, object]:
    return {
        "resource": {"type": binding.type.lower(), "pattern": binding.name, "patternType": "LITERAL"},
        "type": "ALLOW",
        "operations": [binding.operation.upper()],
        "host": "*",
    }
