"""Where the values of a topic come from and who is given a role, for people who ask why it is as it is."""

from dataclasses import dataclass

from kgov.manifest.compose import topic_composer
from kgov.manifest.kinds.access import AccessSpec
from kgov.manifest.principals import named_by
from kgov.manifest.repository import Repository
from kgov.model.place import Place, ResourceId, Source


@dataclass(frozen=True, slots=True)
class LayerValue:
    """What one layer says of a value."""

    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class EffectiveValue:
    """One value that holds: its dotted path in the spec, its text, and where it comes from.

    Configs are written as Kafka shows them, everything else as its author wrote it. ``over`` is what weaker
    layers say, the strongest of them first.
    """

    path: str
    value: str
    source: Source
    over: tuple[LayerValue, ...] = ()


def effective_values(
    repository: Repository, environment: str, topic_name: str
) -> tuple[EffectiveValue, ...] | None:
    """List everything that holds for a topic; ``None`` where there is no such topic in the environment.

    Raises ``UsageError`` where the repository has no such environment.
    """
    composer = topic_composer(repository, environment)
    document = repository.documents.get(ResourceId("Topic", topic_name))
    variant = document.variant(environment) if document else None
    if document is None or variant is None:
        return None
    topic = composer.compose(document, variant)
    values = []
    for path, source in topic.sources.items():
        if path in {"name", "owner"}:
            values.append(EffectiveValue(path, str(getattr(topic, path)), source))
            continue
        said = {each: text for text, each in composer.layers(document, variant, path)}
        over = (LayerValue(text, each) for each, text in reversed(said.items()) if each != source)
        values.append(EffectiveValue(path, said[source], source, tuple(over)))
    return tuple(values)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One grant of a role: where it is written, to which principals, and through which Team, if any."""

    place: Place
    principals: tuple[str, ...]
    team: str | None


def grants_of(repository: Repository, role: str) -> tuple[RoleGrant, ...]:
    """List the grants of a role in all environments, by file and line."""
    teams = repository.policies.teams
    found: dict[Place, RoleGrant] = {}
    for document in repository.documents.values():
        for variant in document.all_variants():
            spec = variant.spec
            if not isinstance(spec, AccessSpec):
                continue
            for index, grant in enumerate(spec.grants):
                if grant.role == role:
                    place = variant.written.place("grants", index)
                    found.setdefault(place, RoleGrant(place, named_by(spec, teams), spec.team))
    return tuple(found[place] for place in sorted(found))
