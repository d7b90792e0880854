"""Parts of kgov as processes of their own, to see what each costs.

``python -m bench.parts read TOPICS ADDRESS COMMAND_CONFIG`` reads so many topics and all bindings, and nothing
else. ``python -m bench.parts unseen ARGUMENTS…`` is ``kgov ARGUMENTS…`` whose apply sends the same requests
without keeping a report and without reading back what it wrote, and so without knowing that it is there.
"""

import sys
from dataclasses import replace
from pathlib import Path

from bench.manifests import topic_name


def read(topics: str, address: str, command_config: str) -> None:
    """Read as a plan does."""
    from kgov.cli.connection import Connection, connected
    from kgov.cli.context import Colour, Settings
    from kgov.cluster.reader import ReadScope
    from kgov.cluster.reader import read as read_live

    settings = Settings(Path(), Colour.NEVER, verbose=False)
    names = frozenset(topic_name(number) for number in range(int(topics)))
    with connected(Connection(address, Path(command_config), ()).read(settings)) as session:
        live = read_live(session.cluster, ReadScope(names, needs_acls=True))
    print(len(live.topics), live.acls)


def unseen(*arguments: str) -> None:
    """Apply without looking at what became of it."""
    from kgov.apply.run import Applied, Tools
    from kgov.cli import applying
    from kgov.cli.main import run
    from kgov.cluster.batches import split
    from kgov.model.outcome import ApplyReport, Outcome, Status
    from kgov.plan.freshness import Freshness
    from kgov.plan.plan import Plan
    from kgov.plan.steps import steps

    def send(plan: Plan, fresh: Freshness, opening: ApplyReport, tools: Tools) -> Applied:
        for step in steps(fresh.todo):
            for request in split(step.request, tools.limits):
                for answer in tools.cluster.send(request):
                    if answer.fault is not None:
                        raise SystemExit(str(answer.fault))
        outcomes = tuple(Outcome(c.id, c.resource, c.action, Status.DONE) for c in plan.changes)
        return Applied(replace(opening, outcomes=outcomes, finished=tools.now()))

    vars(applying)["run"] = send
    sys.exit(run(arguments))


if __name__ == "__main__":
    if sys.argv[1] == "read":
        read(*sys.argv[2:])
    else:
        unseen(*sys.argv[2:])
