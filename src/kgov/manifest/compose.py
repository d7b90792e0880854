"""What the manifests say for one environment."""

from functools import partial
from types import MappingProxyType
from typing import Any

from kgov.errors import UsageError
from kgov.manifest.bindings import AccessComposer
from kgov.manifest.document import Document, Variant, Written
from kgov.manifest.nodes import MappingNode, find, plain
from kgov.manifest.repository import Repository
from kgov.manifest.topics import TopicComposer
from kgov.manifest.wording import did_you_mean, listed, shown
from kgov.model.desired import Declaration, Desired
from kgov.model.finding import Problem
from kgov.model.project import Environment


def compose(repository: Repository, environment: str) -> tuple[Desired, tuple[Problem, ...]]:
    """Work categories, defaults, overlays and roles in, and say what does not fit together.

    Raises ``UsageError`` where the repository has no such environment.
    """
    where = _environment(repository, environment)
    composer = topic_composer(repository, environment)
    topics = {
        document.id.name: composer.compose(document, variant)
        for document in repository.of_kind("Topic")
        if (variant := document.variant(environment)) is not None
    }
    access = AccessComposer(repository.policies)
    documents = (*repository.of_kind("Access"), *repository.of_kind("Acl"))
    declarations: list[Declaration] = []
    for document in documents:
        variant = document.variant(environment)
        if variant is not None:
            access.add(document, variant)
            declarations.append(_declaration(document, variant))
    policies = repository.policies
    assert repository.project is not None  # noqa: S101 (it has this environment)
    desired = Desired(
        project=repository.project,
        environment=where,
        topics=MappingProxyType(topics),
        bindings=MappingProxyType(access.bindings),
        principals=MappingProxyType({name: tuple(each) for name, each in access.principals.items()}),
        declares_access=bool(documents),
        conventions=policies.conventions,
        categories=policies.categories,
        teams=policies.teams,
        roles=policies.roles,
        waivers=policies.waivers,
        consents=policies.consents,
        policies=policies.policies,
        declarations=tuple(declarations),
        unread=repository.unread,
    )
    return desired, (*composer.problems, *access.problems)


def _declaration(document: Document[Any], variant: Variant[Any]) -> Declaration:
    written = variant.written
    return Declaration(document.id, document.place, document.owner, partial(plain, written.node), written.place)


def _environment(repository: Repository, name: str) -> Environment:
    environments = repository.project.environments if repository.project else {}
    if name not in environments:
        why = f"kgov.yaml has {listed(environments)}" if environments else "kgov.yaml names no environment"
        raise UsageError(f"no environment {shown(name)}", why=why, todo=did_you_mean(name, environments))
    return environments[name]


def topic_composer(repository: Repository, name: str) -> TopicComposer:
    """Prepare to compose topics for one environment.

    Raises ``UsageError`` where the repository has no such environment.
    """
    environment = _environment(repository, name)
    source = repository.project_source
    assert source is not None  # noqa: S101 (it has this environment)
    path = ("environments", environment.name, "defaults")
    node = find(source.written.node, path)
    if not isinstance(node, MappingNode):
        node = MappingNode({}, environment.place.line, environment.place.column)
    categories = {document.id.name: document for document in repository.of_kind("RetentionCategory")}
    return TopicComposer(
        defaults=source.manifest.environments[environment.name].defaults,
        written=Written(source.written.file, node, ".".join(path)),
        categories=categories,
        conventions=repository.policies.conventions,
        kafka=environment.kafka,
    )
