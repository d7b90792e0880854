"""KG202: a value that its topic config does not take, alone or beside another one."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kgov.model.finding import Problem, Severity
from kgov.model.topic import ConfigValue
from kgov.model.topic_configs import ConfigKey, config_key
from kgov.model.units import format_duration, format_size
from kgov.policy.blame import blamed, nearer
from kgov.policy.rule import Case, Example, Page, Rule, Stage

_UNLIMITED: Final = -1
_AS_THE_WHOLE: Final = -2
"""What ``local.retention.*`` says to take over ``retention.*``."""

_PARTS: Final = frozenset(
    {"local.retention.ms", "local.retention.bytes", "min.compaction.lag.ms", "remote.storage.enable"}
)
"""One key of every pair that may not go together."""

Config = Mapping[str, ConfigValue]


def _check(case: Case) -> Iterator[Problem]:
    version = case.desired.environment.kafka
    for topic in case.desired.topics.values():
        if topic.retired:
            continue
        for key, value in topic.config.items():
            if value.problem and isinstance(config_key(key, version), ConfigKey):
                yield Problem("KG202", value.problem, value.source.place, blamed(topic, value.source))
        right = {key: value for key, value in topic.config.items() if not value.problem}
        if _PARTS.isdisjoint(right):
            continue
        for one, other, message in conflicts(right):
            source = nearer(right[one].source, right[other].source)
            yield Problem("KG202", message, source.place, blamed(topic, source))


def conflicts(config: Config) -> Iterator[tuple[str, str, str]]:
    """Find pairs of keys whose values Kafka does not take together, with what is wrong.

    What ``org.apache.kafka.storage.internals.log.LogConfig`` refuses. Only values that are said are compared:
    what a topic inherits, only the cluster knows. All values must be canonical.
    """
    yield from _part_over_whole(config, "local.retention.ms", "retention.ms", format_duration)
    yield from _part_over_whole(config, "local.retention.bytes", "retention.bytes", format_size)
    least, most = "min.compaction.lag.ms", "max.compaction.lag.ms"
    if least in config and most in config and int(config[least].text) > int(config[most].text):
        shown = [format_duration(int(config[key].text)) for key in (least, most)]
        yield least, most, f"{least} {shown[0]} is over {most} {shown[1]}"
    remote, cleanup = "remote.storage.enable", "cleanup.policy"
    is_remote = remote in config and config[remote].text == "true"
    if is_remote and cleanup in config and "compact" in config[cleanup].text.split(","):
        yield remote, cleanup, f"{remote} is true, and Kafka has no remote storage for compacted topics"


def _part_over_whole(
    config: Config, part: str, whole: str, show: Callable[[int], str]
) -> Iterator[tuple[str, str, str]]:
    if part not in config or whole not in config:
        return
    local, total = int(config[part].text), int(config[whole].text)
    if total == _UNLIMITED or local == _AS_THE_WHOLE:
        return
    if local == _UNLIMITED or local > total:
        yield part, whole, f"{part} {show(local)} is over {whole} {show(total)}, of which it is a part"


RULE = Rule(
    code="KG202",
    name="bad-config-value",
    severity=Severity.ERROR,
    stage=Stage.DESIRED,
    check=_check,
    page=Page(
        what="""\
A value under `config` is not one that its key takes: the wrong type, out of range, none of the allowed
words, or a duration or size that cannot be read. Durations are written `7d` or `1h30m`, sizes `50GiB` or
`10MB`, or as a bare number in Kafka's own unit (milliseconds, bytes). `M` is refused, because it could be
minutes, months or megabytes.

Values that Kafka does not take together are refused too: `local.retention.ms` over `retention.ms`,
`local.retention.bytes` over `retention.bytes`, `min.compaction.lag.ms` over `max.compaction.lag.ms`, and
remote storage for a compacted topic.

Keys that Kafka does not know are left to KG201. Retired topics are not checked.""",
        why="""\
The broker refuses the topic, names only the first of several bad values, and does so in the middle of an
apply. Others it accepts silently, such as a `local.retention.ms` over `retention.ms`, and the topic then
does not do what its manifest says.""",
        fix="""\
Write what the message says is allowed, for example `retention.ms: 7d` or `compression.type: zstd`. `kgov
explain Topic/NAME` shows where each value comes from.""",
        failing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  config: {compression.type: zip}
"""
                },
            ),
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  retention: 7d
  config: {local.retention.ms: 30d}
"""
                },
                says="local.retention.ms 30d is over retention.ms 7d, of which it is a part",
            ),
        ),
        passing=(
            Example(
                files={
                    "topics/orders.yaml": """\
apiVersion: kgov/v1
kind: Topic
metadata: {name: orders.created.v1}
spec:
  retention: 30d
  config: {compression.type: zstd, local.retention.ms: 7d}
"""
                },
            ),
        ),
        see=("KG201", "KG401"),
    ),
)
