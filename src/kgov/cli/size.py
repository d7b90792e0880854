"""``kgov size``: what topics ask of a cluster, for one topic, one change, everything, or a bare calculation."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import Settings, deliver
from kgov.cli.live_acls import CONNECTION, refuse_connection
from kgov.cli.manifests import Reviewed
from kgov.cli.options import (
    connection_options,
    environment_option,
    examples,
    format_option,
    option,
    output_option,
)
from kgov.errors import ExitCode, UsageError
from kgov.model.capacity import LARGEST_PEAK

if TYPE_CHECKING:
    from kgov.capacity.calculator import Calculation
    from kgov.capacity.topics import Sum
    from kgov.report.size import Answer

_CALCULATOR = (
    "message_size",
    "retention",
    "replication",
    "groups",
    "peak",
    "partitions",
    "disk",
    "link",
    "factor",
)
_REPLICAS = 3
_GROUPS = 1
_RETENTION = "7d"


def calculator_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a calculation without manifests is about."""
    for add in (
        option(
            "--factor",
            type=click.FloatRange(1, 100),
            metavar="TIMES",
            help="The safety factor of storage.  [default: 1.3]",
        ),
        option("--link", metavar="BANDWIDTH", help="The link of one broker, such as 10Gbps."),
        option("--disk", metavar="SIZE", help="The disk of one broker, such as 8TB."),
        option("--partitions", type=click.IntRange(1), metavar="N", help="How many partitions."),
        option(
            "--peak",
            type=click.FloatRange(1, LARGEST_PEAK),
            metavar="TIMES",
            help="The rate at peak, in times the rate.",
        ),
        option("--groups", type=click.IntRange(0), metavar="N", help="How many consumer groups.  [default: 1]"),
        option("--replication", type=click.IntRange(1), metavar="N", help="How many replicas.  [default: 3]"),
        option("--retention", metavar="DURATION", help="How long records stay.  [default: 7d]"),
        option("--message-size", metavar="SIZE", help="The size of a record, where --rate counts records."),
        option("--rate", metavar="RATE", help="Work out this write rate, such as 100MB/s, without manifests."),
    ):
        command = add(command)
    return command


@click.command(
    epilog=examples(
        "kgov size --env prod",
        "kgov size Topic/orders --env prod",
        "kgov size --env prod --base origin/main",
        "kgov size --env prod --live --command-config ~/client.properties",
        "kgov size --rate 100MB/s --retention 7d --replication 3 --groups 5 --disk 8TB --link 10Gbps",
    )
)
@click.argument("topic", required=False, metavar="[Topic/NAME]")
@environment_option
@option("--base", metavar="REVISION", help="Say what changed since this revision, and what room is left.")
@option("--live", is_flag=True, help="Say what changes on the cluster, and what room is left.")
@connection_options
@calculator_options
@format_option("text", "json", "markdown")
@output_option
@click.pass_obj
def size(settings: Settings, /, topic: str | None, format_: str, output: Path | None, **options: Any) -> int:
    """Work out storage, network and brokers: of one topic, of a change, or of everything in an environment.

    Storage is write rate x retention x replicas x safety factor, network is write rate x replicas + write rate
    x consumer groups. With --rate it is a bare calculation, and no manifests are read.
    """
    if options["rate"] is not None:
        _refuse("--rate", "topic", "base", "live", *CONNECTION)
        _deliver(settings, format_, output, _calculation(options))
        return ExitCode.DONE
    given = [name for name in _CALCULATOR if _is_given(name)]
    if given:
        raise UsageError(
            f"--{given[0].replace('_', '-')} needs --rate",
            why="manifests and kgov.yaml say it for declared topics",
        )
    from kgov.cli.manifests import review_readable

    if topic is not None:
        _refuse(topic, "base", "live")
    if options["live"]:
        _refuse("--live", "base")
    else:
        refuse_connection()
    reviewed = review_readable(settings, options["env"])
    if reviewed is None:
        return ExitCode.FINDINGS
    answer = _from_live(settings, reviewed, options) if options["live"] else None
    answer = answer or _answer(settings, reviewed, topic, options["base"])
    _deliver(settings, format_, output, answer)
    return ExitCode.DONE


_Answer = tuple["Answer", dict[str, Any]]
"""What people read, and what scripts read."""


def _is_given(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def _refuse(what: str, *others: str) -> None:
    """Refuse what is given beside something that leaves no room for it; variables may be there for others."""
    for name in others:
        if _is_given(name):
            said = "a topic" if name == "topic" else f"--{name.replace('_', '-')}"
            raise UsageError(f"{what} and {said} do not go together", todo="ask for one of them")


def _answer(settings: Settings, reviewed: Reviewed, topic: str | None, base: str | None) -> _Answer:
    from kgov.capacity.change import change_of
    from kgov.capacity.topics import sum_of
    from kgov.report.size import change_answer, change_document, sum_answer, sum_document

    desired = reviewed.desired
    assert desired is not None  # noqa: S101 (it was readable)
    if topic is not None:
        return _topic(reviewed, topic)
    sums, environment = sum_of(desired), desired.environment
    if base is None:
        return sum_answer(sums, environment), sum_document(sums, environment)
    change = change_of(_before(settings, reviewed, base), sums)
    return change_answer(change, environment, f"since {base}"), change_document(change, environment, base)


def _from_live(settings: Settings, reviewed: Reviewed, options: dict[str, Any]) -> _Answer:
    """Hold the declared topics against those of the cluster, and look at nothing else."""
    from kgov.capacity.live import change_from_live
    from kgov.cli.connection import Connection, connected
    from kgov.cluster.reader import ReadScope, read
    from kgov.model.live import NotLookedAt
    from kgov.report.size import change_answer, change_document

    desired = reviewed.desired
    assert desired is not None  # noqa: S101 (it was readable)
    environment = desired.environment
    scope = ReadScope(
        topics=frozenset(desired.topics), looks_at_acls=False, expected_cluster_id=environment.cluster_id
    )
    with connected(Connection.of(options).read(settings)) as session:
        live = read(session.cluster, scope)
    change = change_from_live(desired, live)
    others = live.other_topics if isinstance(live.other_topics, NotLookedAt) else len(live.other_topics)
    answer = change_answer(change, environment, f"against cluster {live.cluster_id}", others)
    return answer, change_document(change, environment, None, live.cluster_id)


def _topic(reviewed: Reviewed, subject: str) -> _Answer:
    from kgov.capacity.topics import load_of
    from kgov.model.nearest import nearest
    from kgov.report.size import topic_answer, topic_document

    desired = reviewed.desired
    assert desired is not None  # noqa: S101 (it was readable)
    kind, _, name = subject.partition("/")
    if kind != "Topic" or not name:
        meant = name if kind.lower() == "topic" else subject
        hint = f"did you mean Topic/{meant}? " if meant in desired.topics else ""
        raise UsageError(
            f"kgov cannot size {subject}", todo=f"{hint}name a Topic/NAME, or leave it out for all topics"
        )
    found = desired.topics.get(name)
    if found is None:
        near = nearest(name, desired.topics)
        raise UsageError(
            f"no manifest declares Topic/{name} in {reviewed.environment}",
            todo=f"did you mean Topic/{near[0]}?" if near else "",
        )
    load = load_of(found, desired.environment)
    return topic_answer(load, desired.environment), topic_document(load, desired.environment)


def _before(settings: Settings, reviewed: Reviewed, base: str) -> "Sum":
    """Add up what the base revision declared; nothing where it had no such environment."""
    from kgov.capacity.topics import add_up, sum_of
    from kgov.manifest.compose import compose
    from kgov.manifest.repository import load_base
    from kgov.manifest.revision import base_of

    now = reviewed.review.repository
    found = base_of(settings.directory, base, now.contents)
    if found is None:
        raise UsageError(f"--base {base}: Git has no such revision here")
    before = load_base(now, found)
    if reviewed.environment not in before.environments:
        return add_up(())
    return sum_of(compose(before, reviewed.environment)[0])


def _calculation(options: dict[str, Any]) -> _Answer:
    from kgov.capacity.calculator import calculate
    from kgov.report.size import calculation_answer, calculation_document

    found: Calculation = calculate(*_inputs(options))
    return calculation_answer(found), calculation_document(found)


def _inputs(options: dict[str, Any]) -> tuple[Any, ...]:
    """Read what a calculation is about; raise ``UsageError`` where a text is no rate, duration or size."""
    from math import isnan

    from kgov.capacity.load import Broker, Stream
    from kgov.model.capacity import PARTITIONS_PER_BROKER, SAFETY_FACTOR
    from kgov.model.units import UnitError, parse_bandwidth, parse_duration, parse_size

    try:
        rate = _bytes_a_second(options["rate"], options["message_size"])
        kept = parse_duration(options["retention"] or _RETENTION)
        disk = parse_size(options["disk"]) if options["disk"] else None
        link = parse_bandwidth(options["link"]) if options["link"] else None
    except UnitError as error:
        raise UsageError(str(error)) from None
    for name in ("peak", "factor"):
        if options[name] is not None and isnan(options[name]):
            raise UsageError(f"--{name} is no number")
    if kept < 0:
        raise UsageError("--retention unlimited needs unlimited disks", todo="say for how long, such as 30d")
    if (disk is not None and disk <= 0) or link == 0:
        raise UsageError("a broker without disk or link holds nothing", todo="say --disk 8TB, --link 10Gbps")
    groups = options["groups"]
    stream = Stream(
        rate,
        kept,
        options["replication"] or _REPLICAS,
        _GROUPS if groups is None else groups,
        options["peak"] or 1.0,
    )
    broker = Broker(disk, link, PARTITIONS_PER_BROKER)
    return stream, options["partitions"] or 0, options["factor"] or SAFETY_FACTOR, broker


def _bytes_a_second(rate: str, message_size: str | None) -> float:
    """Work out bytes of records; raise ``UsageError`` where one of the two is missing or too much."""
    from kgov.model.units import parse_rate, parse_size

    found = parse_rate(rate)
    if found.is_bytes:
        if message_size:
            raise UsageError(f"--rate {rate} counts bytes already", todo="leave --message-size out")
        return found.per_second
    size = parse_size(message_size) if message_size else 0
    if size <= 0:
        raise UsageError(
            f"--rate {rate} counts records", todo="say --message-size 1KiB, or the rate in bytes, such as 2MB/s"
        )
    return found.per_second * size


def _deliver(settings: Settings, format_: str, output: Path | None, found: _Answer) -> None:
    from kgov.plan.documents.encoding import to_text
    from kgov.report.size import answer_markdown, answer_text

    answer, document = found
    match format_:
        case "json":
            text = to_text(document)
        case "markdown":
            text = answer_markdown(answer)
        case _:
            text = answer_text(answer, settings.style())
    deliver(text, output)
