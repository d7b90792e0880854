"""kgov's command line on a cluster in memory that is as the manifests say: what kgov itself costs.

``python -m bench.memory WORLD ARGUMENTS…`` runs kgov on a saved world; ``python -m bench.memory WORLD FOLDER
save`` saves the world that a repository of manifests describes.
"""

import gc
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.process import ROOT

sys.path.insert(0, str(ROOT / "tests" / "support"))

from memory_cluster import MemoryCluster
from memory_requests import Topic, World


def save(world: Path, folder: Path) -> None:
    """Compose the environment ``dev``, and save it as if it were live."""
    from kgov.manifest.compose import compose
    from kgov.manifest.repository import load

    desired, _ = compose(load(folder), "dev")
    topics = {}
    for number, topic in enumerate(desired.topics.values()):
        placed = ((1,),) * (topic.partitions or 1)
        own = {key: value.text for key, value in topic.config.items()}
        topics[topic.name] = Topic(f"id-{number}", placed, placed, own)
    world.write_bytes(pickle.dumps(World(topics, frozenset(desired.bindings))))


def main(world: Path, arguments: list[str]) -> int:
    """Run kgov's command line on it."""
    from kgov.cli import plan
    from kgov.cli.connection import Session
    from kgov.cli.main import run
    from kgov.cli.progress import Bar

    gc.set_threshold(50_000, 20, 100)
    cluster = MemoryCluster()
    cluster.state.world = pickle.loads(world.read_bytes())

    @contextmanager
    def connected(*_: object) -> Iterator[Session]:
        yield Session(cluster, Bar(sys.stderr), float)

    vars(plan)["connected"] = connected
    return run(arguments)


if __name__ == "__main__":
    if sys.argv[3:] == ["save"]:
        save(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
