"""The register of recovery tiers as a table."""

from collections import Counter
from collections.abc import Iterator

from kgov.model.project import Environment
from kgov.model.topic import Criticality
from kgov.policy.wording import counted, listed
from kgov.register.resilience import Concern, ResilienceRegister, Standing, TopicResilience
from kgov.report.register.table import Cell, Table

_NO_TIER = "not said"
_TITLES = {
    Concern.REPLICAS: "Replicas",
    Concern.IN_SYNC: "In sync",
    Concern.RACKS: "Racks",
    Concern.SITE: "Recovery site",
    Concern.RETENTION: "Retention",
}


def resilience_table(register: ResilienceRegister) -> Table:
    """Lay the register out, a row for each topic."""
    columns = ("Topic", "Tier", *_TITLES.values(), "Lacks")
    rows = tuple(map(_row, register.entries))
    title = f"Resilience in {register.environment.name}"
    return Table(title, "topic", columns, rows, tuple(_notes(register)))


def _row(entry: TopicResilience) -> tuple[Cell, ...]:
    lacks = (
        *(f"{standing.concern}: {_has(standing)}" for standing in entry.lacks),
        *(f"{standing.concern}, {_live(standing)}" for standing in entry.lacks_live),
        *(("not on the cluster",) if entry.is_live is False else ()),
    )
    return (
        (entry.topic.name,),
        (entry.tier or _NO_TIER,),
        *((_has(standing), *([_live(standing)] if standing.live else [])) for standing in entry.standings),
        lacks or (() if entry.tier is None else ("nothing",)),
    )


def _has(standing: Standing) -> str:
    return f"{standing.has} (needs {standing.needs})" if standing.lacking else standing.has


def _live(standing: Standing) -> str:
    needed = f" (needs {standing.needs})" if standing.lacking_live else ""
    return f"on the cluster: {standing.live}{needed}"


def _notes(register: ResilienceRegister) -> Iterator[str]:
    tiers = Counter(entry.tier for entry in register.entries)
    lacking = Counter(entry.tier for entry in register.entries if entry.lacks)
    there = Counter(entry.tier for entry in register.entries if entry.lacks_live)
    for tier in Criticality:
        if tiers[tier]:
            lack = f"{lacking[tier] or 'none'} of them lacking something"
            live = f", {there[tier] or 'none'} on the cluster" if register.cluster_id is not None else ""
            yield f"{tier}: {counted(tiers[tier], 'topic')}, {lack}{live}"
    if tiers[None]:
        yield f"{counted(tiers[None], 'topic')} without a criticality: nothing is asked of them"
    yield from _unstated(register.environment)

    if register.cluster_id is None:
        yield "racks and replicas are what manifests and kgov.yaml say; with --live they are looked at"
    else:
        yield f"held against cluster {register.cluster_id}; of each topic, the partition that is worst off"
    if register.down:
        brokers = "broker" if len(register.down) == 1 else "brokers"
        down = listed(map(str, register.down))
        yield f"not alive: {brokers} {down}; replicas there are not in sync and count for no rack"
    if register.racks is not None:
        yield f"racks of the cluster are not known: {register.racks.reason}"


def _unstated(environment: Environment) -> Iterator[str]:
    if environment.recovery is None:
        yield f"kgov.yaml names no recovery site of {environment.name} (recovery: {{site: …}})"
    else:
        yield f"recovery site: {environment.recovery.site}, as kgov.yaml says; kgov does not look at the copies"
    if environment.capacity is None or environment.capacity.racks is None:
        yield f"kgov.yaml does not say in how many racks brokers of {environment.name} stand (capacity.racks)"
