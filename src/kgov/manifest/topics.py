"""Desired topics of one environment."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgov.manifest.document import Document, Variant, Written
from kgov.manifest.kinds.project import DefaultsPart
from kgov.manifest.kinds.topic import TopicSpec
from kgov.manifest.layers import (
    RETENTION,
    Canon,
    Configs,
    Conflict,
    category_configs,
    default_configs,
    topic_configs,
)
from kgov.manifest.nodes import MappingNode, find
from kgov.manifest.sources import DEFAULTED, TopicSources, dotted, layer_of, text_of
from kgov.manifest.topic_facts import archive_of, consumers_of, data_of, schema_of, volume_of
from kgov.manifest.wording import shown
from kgov.model.finding import Problem
from kgov.model.naming import split_name
from kgov.model.place import Layer, ResourceId, Source
from kgov.model.policies import NamingConvention
from kgov.model.topic import Criticality, Lifecycle, LifecycleState, Topic

_NOTHING: Final = MappingNode({}, 1, 1)
_ACTIVE: Final = Lifecycle()


class TopicComposer:
    """Composes topic after topic for one environment, and collects what is wrong.

    ``defaults`` and ``written`` are what the environment defaults, and where that stands; ``categories`` are
    the documents of the retention categories by name.
    """

    def __init__(
        self,
        defaults: DefaultsPart,
        written: Written,
        categories: Mapping[str, Document[Any]],
        conventions: tuple[NamingConvention, ...],
        kafka: str,
    ) -> None:
        self.problems: list[Problem] = []
        self._canon = Canon(kafka)
        self._defaults = defaults
        self._written = written
        self._categories = categories
        self._conventions = conventions
        self._below: dict[str | None, Configs] = {}
        self._default_configs, conflicts = default_configs(defaults, written, self._canon)
        self._complain(conflicts, None)

    def compose(self, document: Document[TopicSpec], variant: Variant[TopicSpec]) -> Topic:
        """Compose one topic as its environment has it."""
        spec = variant.spec
        own, conflicts = topic_configs(variant, self._canon)
        if conflicts:
            self._complain(conflicts, document.id)
        below = self._configs_below(spec.category)
        config = {**below, **own} if own else below
        defaults = self._defaults
        return Topic(
            name=document.id.name,
            place=document.place,
            owner=document.owner,
            purpose=spec.purpose,
            category=spec.category,
            partitions=defaults.partitions if spec.partitions is None else spec.partitions,
            replicas=defaults.replicas if spec.replicas is None else spec.replicas,
            config=config,
            keyed=spec.keyed,
            criticality=Criticality(spec.criticality) if spec.criticality else None,
            lifecycle=_lifecycle(spec),
            ignore_config=tuple(spec.ignore_config),
            archive=archive_of(spec),
            labels=spec.labels,
            segments=self._segments(document.id.name),
            sources=TopicSources(document, variant, self._written, config),
            volume=volume_of(spec),
            consumers=consumers_of(spec),
            data=data_of(spec),
            schema=schema_of(spec),
        )

    def layers(
        self, document: Document[TopicSpec], variant: Variant[TopicSpec], path: str
    ) -> Iterator[tuple[str, Source]]:
        """Give what each layer says of the value at a dotted path, the weakest first, for people who ask."""
        field, _, key = path.partition(".")
        if field == "config":
            own = (topic_configs(each, self._canon)[0] for each in (document.base, variant))
            for configs in (self._configs_of(variant.spec.category), self._default_configs, *own):
                if key in configs:
                    yield configs[key].text, configs[key].source
            return
        if path in DEFAULTED and path in self._written.node.entries:
            yield str(getattr(self._defaults, path)), Source(Layer.DEFAULT, self._written.place(path))
        for each in (document.base, variant):
            keys = dotted(each.written.node, path)
            node = find(each.written.node, keys) if keys else None
            if keys and node:
                yield text_of(node), Source(layer_of(each, keys), each.written.place(*keys))

    def _configs_below(self, category: str | None) -> Configs:
        """Give what holds for every topic of a category that says nothing itself."""
        known = self._below.get(category)
        if known is None:
            known = {**self._configs_of(category), **self._default_configs}
            self._below[category] = known
        return known

    def _configs_of(self, category: str | None) -> Configs:
        document = self._categories.get(category or "")
        return category_configs(document.base.spec, document.base.written, self._canon) if document else {}

    def _segments(self, name: str) -> Mapping[str, str]:
        """Cut the name where exactly one convention fits its number of segments."""
        splits = [split for each in self._conventions if (split := split_name(each, name)) is not None]
        return splits[0] if len(splits) == 1 else {}

    def _complain(self, conflicts: list[Conflict], resource: ResourceId | None) -> None:
        for conflict in conflicts:
            what = (
                f"retention is {shown(conflict.retention)}, and config {RETENTION} is {shown(conflict.config)}"
            )
            hint = "say it once, as retention"
            self.problems.append(Problem("KG004", what, conflict.source.place, resource, hint=hint))


def _lifecycle(spec: TopicSpec) -> Lifecycle:
    part = spec.lifecycle
    if part.state == "active" and part.since is None and part.replaced_by is None:
        return _ACTIVE
    return Lifecycle(LifecycleState(part.state), part.since, part.replaced_by)
