"""What is desired of one environment many times over: large cases without as many files to read."""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from kgov.model.acl import AclBinding, ResourceType
from kgov.model.desired import Desired
from kgov.model.topic import Topic


def multiplied(desired: Desired, times: int) -> Desired:
    """Copy topics, bindings and principals so many times, each copy under names of its own.

    Names are those of the benchmarks: ``domain.area.item.type.version``.
    """
    return replace(
        desired,
        topics=MappingProxyType({topic.name: topic for topic in _topics(desired, times)}),
        bindings=MappingProxyType(
            {
                _binding(binding, copy): grants
                for copy in range(times)
                for binding, grants in desired.bindings.items()
            }
        ),
        principals=MappingProxyType(
            {
                f"{name}-{copy}": tuple(replace(each, principal=f"{name}-{copy}") for each in declared)
                for copy in range(times)
                for name, declared in desired.principals.items()
            }
        ),
    )


def _topics(desired: Desired, times: int) -> Iterator[Topic]:
    for copy in range(times):
        for topic in desired.topics.values():
            consumers = tuple(
                replace(each, principal=each.principal and f"{each.principal}-{copy}")
                for each in topic.consumers
            )
            segments = {**topic.segments, "entity": _copied(topic.segments["entity"], copy)}
            yield replace(topic, name=_copied(topic.name, copy), segments=segments, consumers=consumers)


def _binding(binding: AclBinding, copy: int) -> AclBinding:
    pattern = binding.resource
    name = _copied(pattern.name, copy) if pattern.type is ResourceType.TOPIC else f"{pattern.name}.{copy}"
    return binding._replace(principal=f"{binding.principal}-{copy}", resource=pattern._replace(name=name))


def _copied(name: str, copy: int) -> str:
    return name.replace("item", f"copy{copy}-item")
