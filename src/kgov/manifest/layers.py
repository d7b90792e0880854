"""Configs of topics in layers: category, environment defaults, manifest, overlay; the later one wins.

``retention`` is the config ``retention.ms`` in whichever layer says it.
"""

from typing import Final, NamedTuple

from kgov.manifest.document import Variant, Written
from kgov.manifest.kinds.project import DefaultsPart
from kgov.manifest.kinds.retention_category import RetentionCategorySpec
from kgov.manifest.kinds.topic import TopicSpec
from kgov.manifest.nodes import MappingNode
from kgov.manifest.sources import layer_of, text_of
from kgov.model.place import Layer, Source
from kgov.model.topic import ConfigValue
from kgov.model.topic_configs import BadValue, canonical_value

RETENTION: Final = "retention.ms"
_CLEANUP: Final = "cleanup.policy"

Configs = dict[str, ConfigValue]


class Conflict(NamedTuple):
    """One layer says two different retentions: where the second one stands, and both as written."""

    source: Source
    retention: str
    config: str


class Canon:
    """Canonical values for one Kafka version; the same few are asked for again and again."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._known: dict[tuple[str, type, str], tuple[str, str]] = {}

    def value(
        self, key: str, value: object, written: str, source: Source, field: str = "config"
    ) -> ConfigValue:
        """Make a config value out of what is written; what is wrong with it becomes its problem."""
        name = (key, value.__class__, written)
        known = self._known.get(name)
        if known is None:
            canonical = canonical_value(key, value, self.version)
            known = (written, canonical.message) if isinstance(canonical, BadValue) else (canonical, "")
            self._known[name] = known
        text, problem = known
        return ConfigValue(text, written, source, problem, field)


def category_configs(spec: RetentionCategorySpec, written: Written, canon: Canon) -> Configs:
    """Give what a category sets: a retention only where it deletes at all."""
    configs: Configs = {}
    if spec.cleanup is not None:
        source = Source(Layer.CATEGORY, written.place("cleanup"))
        configs[_CLEANUP] = canon.value(_CLEANUP, spec.cleanup, spec.cleanup, source)
    if spec.retention is not None and (spec.cleanup is None or "delete" in spec.cleanup):
        source = Source(Layer.CATEGORY, written.place("retention"))
        configs[RETENTION] = canon.value(
            RETENTION, spec.retention, _written(written.node, "retention"), source, "retention"
        )
    return configs


def default_configs(part: DefaultsPart, written: Written, canon: Canon) -> tuple[Configs, list[Conflict]]:
    """Give what an environment defaults."""
    configs: Configs = {}
    for key, value in part.config.items():
        source = Source(Layer.DEFAULT, written.place("config", key))
        configs[key] = canon.value(key, value, _config_text(written.node, key), source)
    if part.retention is None:
        return configs, []
    source = Source(Layer.DEFAULT, written.place("retention"))
    retention = canon.value(RETENTION, part.retention, _written(written.node, "retention"), source, "retention")
    return _with_retention(configs, retention)


def topic_configs(variant: Variant[TopicSpec], canon: Canon) -> tuple[Configs, list[Conflict]]:
    """Give what a topic says itself, its overlay worked in."""
    spec, written = variant.spec, variant.written
    configs: Configs = {}
    for key, value in spec.config.items():
        source = Source(layer_of(variant, ("config", key)), written.place("config", key))
        configs[key] = canon.value(key, value, _config_text(written.node, key), source)
    if spec.retention is None:
        return configs, []
    source = Source(layer_of(variant, ("retention",)), written.place("retention"))
    retention = canon.value(RETENTION, spec.retention, _written(written.node, "retention"), source, "retention")
    return _with_retention(configs, retention)


def _with_retention(configs: Configs, retention: ConfigValue) -> tuple[Configs, list[Conflict]]:
    """Work ``retention`` in: of two layers the overlay wins, in one layer both must say the same."""
    config = configs.get(RETENTION)
    if config is None or config.source.layer is Layer.MANIFEST is not retention.source.layer:
        return {**configs, RETENTION: retention}, []
    if config.source.layer is not retention.source.layer or config.text == retention.text:
        return configs, []
    return configs, [Conflict(config.source, retention.written, config.written)]


def _written(node: MappingNode, key: str) -> str:
    found = node.get(key)
    return "" if found is None else text_of(found)


def _config_text(node: MappingNode, key: str) -> str:
    config = node.get("config")
    return _written(config, key) if isinstance(config, MappingNode) else ""
