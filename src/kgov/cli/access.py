"""``kgov access``: who may do what, and which binding says so."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.context import Settings, deliver
from kgov.cli.live_acls import read_acls, refuse_connection
from kgov.cli.options import (
    connection_options,
    environment_option,
    examples,
    format_option,
    option,
    output_option,
)
from kgov.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from kgov.access.holders import Asked
    from kgov.model.acl import AclBinding, Operation, ResourceType
    from kgov.model.desired import Desired
    from kgov.report.access import Grounds
    from kgov.report.access.answer import Answer

FORMATS = ("text", "json", "markdown")


@click.group()
def access() -> None:
    """Answer who may do what, as Kafka's authorizer would, and say which binding gives it or takes it away.

    By the manifests of one environment, offline; with --live by the bindings of the cluster. Manifests that
    cannot be read end the run with 3, ACLs that cannot be seen with 6.
    """


def common_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Add what both questions share."""
    for add in (
        output_option,
        format_option(*FORMATS),
        connection_options,
        option("--live", is_flag=True, help="Ask the cluster; needs Describe on the cluster, nothing else."),
        option("--host", metavar="ADDRESS", help="Only from this IP address.  [default: from wherever]"),
        environment_option,
    ):
        command = add(command)
    return command


@access.command(
    "who-can",
    epilog=examples(
        "kgov access who-can Read Topic/orders.created.v1 --env prod",
        "kgov access who-can Write TransactionalId/payments --live --command-config ~/client.properties",
        "kgov access who-can Alter Cluster --env prod --format json",
    ),
    short_help="Who can do something to a resource.",
)
@click.argument("operation")
@click.argument("resource", metavar="TYPE/NAME")
@common_options
@click.pass_obj
def who_can(settings: Settings, /, operation: str, resource: str, **options: Any) -> int:
    """Say who can do OPERATION (Read, Write ...) to a Topic, a Group, a TransactionalId or the Cluster."""
    from kgov.access.holders import who_can as find
    from kgov.model.access import Bindings
    from kgov.report.access import who_can_answer, who_can_document

    asked = _asked(operation, resource, _host(options["host"]))
    basis = _basis(settings, options)
    if basis is None:
        return ExitCode.FINDINGS
    found = find(Bindings.of(basis.bindings), asked)
    grounds = replace(basis.grounds, remarks=basis.remarks_on_topic(asked))
    answer = who_can_answer(asked, found, grounds)
    _deliver(settings, options, answer, lambda: who_can_document(asked, found, grounds, answer))
    return ExitCode.DONE


@access.command(
    "of",
    epilog=examples(
        "kgov access of User:billing --env prod",
        "kgov access of User:billing --live --host 10.0.0.7 --command-config ~/client.properties",
    ),
    short_help="What a principal may do.",
)
@click.argument("principal")
@common_options
@click.pass_obj
def of(settings: Settings, /, principal: str, **options: Any) -> int:
    """Say what PRINCIPAL, such as User:billing, may do, what everybody may do included."""
    from kgov.access.rights import rights_of
    from kgov.report.access import rights_answer, rights_document

    host = _host(options["host"])
    _check_principal(principal)
    basis = _basis(settings, options)
    if basis is None:
        return ExitCode.FINDINGS
    found = rights_of(basis.bindings, principal, host)
    grounds = replace(basis.grounds, remarks=basis.remarks_on_principal(principal))
    answer = rights_answer(found, host, grounds)
    _deliver(settings, options, answer, lambda: rights_document(found, host, grounds, answer))
    return ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Basis:
    """The bindings that are asked, and what is known about them."""

    bindings: "Collection[AclBinding]"
    grounds: "Grounds"
    desired: "Desired"

    def remarks_on_topic(self, asked: "Asked") -> tuple[str, ...]:
        """Say where the manifests do not know the topic: its name may be a slip."""
        if asked.type != "Topic" or asked.name in self.desired.topics:
            return ()
        near = _near(asked.name, self.desired.topics)
        return (f"no manifest declares Topic/{asked.name} in {self.grounds.environment}{near}",)

    def remarks_on_principal(self, principal: str) -> tuple[str, ...]:
        """Say where no binding names the principal: it may be a slip."""
        named = {binding.principal for binding in self.bindings}
        return () if principal in named else (f"no binding names {principal}{_near(principal, named)}",)


def _near(name: str, names: "Iterable[str]") -> str:
    from kgov.model.nearest import nearest

    found = nearest(name, sorted(names))
    return f"; did you mean {found[0]}?" if found else ""


def _basis(settings: Settings, options: dict[str, Any]) -> _Basis | None:
    """Read the manifests, and the cluster where it is asked; ``None``, with findings, where that fails."""
    from kgov.access.holdings import Catalogue
    from kgov.cli.manifests import review_readable
    from kgov.model.live import LiveAcls
    from kgov.report.access import Grounds

    if not options["live"]:
        refuse_connection()
    reviewed = review_readable(settings, options["env"])
    if reviewed is None or reviewed.desired is None:
        return None
    desired = reviewed.desired
    grounds = Grounds(
        reviewed.environment,
        desired.bindings,
        Catalogue(desired.topics),
        desired.environment.open_without_acl,
    )
    if not options["live"]:
        return _Basis(desired.bindings, grounds, desired)
    seen = read_acls(settings, desired, options)
    acls = seen.live.acls
    assert isinstance(acls, LiveAcls)  # noqa: S101 (reading them was asked for, and succeeded)
    grounds = replace(
        grounds,
        open_without_acl=seen.open_without_acl,
        cluster_id=seen.live.cluster_id,
        unknown_acls=acls.unknown,
    )
    return _Basis(acls.bindings, grounds, desired)


def _asked(operation: str, resource: str, host: str | None) -> "Asked":
    """Read what is asked about; raise ``UsageError`` where Kafka knows no such thing."""
    from kgov.access.holders import Asked
    from kgov.access.operations import known_on
    from kgov.model.acl import CLUSTER_NAME, ResourceType

    written, _, name = resource.partition("/")
    type_ = _type(written, resource)
    if type_ is ResourceType.CLUSTER:
        name = name or CLUSTER_NAME
    if not name or (type_ is ResourceType.CLUSTER and name != CLUSTER_NAME):
        raise UsageError(f"{resource} names no {type_}", todo=f"name one, such as {_EXAMPLES[type_]}")
    if type_ is ResourceType.TOPIC and "*" in name:
        raise UsageError(
            f"no topic is named {name}",
            why="a question is about one topic",
            todo="name one; kgov access of PRINCIPAL shows prefixes and wildcards",
        )
    return Asked(_operation(operation, type_, known_on(type_)), type_, name, host)


_EXAMPLES = {
    "Topic": "Topic/orders.created.v1",
    "Group": "Group/billing",
    "TransactionalId": "TransactionalId/payments",
    "Cluster": "Cluster",
}


def _plain(word: str) -> str:
    """Write a word so that Read, READ and DESCRIBE_CONFIGS, describe-configs and DescribeConfigs are one."""
    return word.replace("_", "").replace("-", "").casefold()


def _type(word: str, resource: str) -> "ResourceType":
    from kgov.model.acl import ResourceType

    for type_ in ResourceType:
        if _plain(type_) == _plain(word):
            return type_
    raise UsageError(
        f"kgov cannot ask about {resource}",
        todo=f"name a TYPE/NAME: {', '.join(_EXAMPLES.values())}",
    )


def _operation(word: str, type_: "ResourceType", known: "tuple[Operation, ...]") -> "Operation":
    for operation in known:
        if _plain(operation) == _plain(word):
            return operation
    raise UsageError(
        f"Kafka decides no operation {word} on {type_}",
        why="All stands for all of them in a binding, and is never asked for" if _plain(word) == "all" else "",
        todo=f"name one of {', '.join(known)}",
    )


def _host(address: str | None) -> str | None:
    """Read an address; raise ``UsageError`` where it is none."""
    from kgov.access.hosts import as_kafka_writes

    if address is None:
        return None
    written = as_kafka_writes(address)
    if written is None:
        raise UsageError(
            f"--host {address} is no IP address", why="Kafka knows clients by their addresses, never by names"
        )
    return written


def _check_principal(principal: str) -> None:
    type_, _, name = principal.partition(":")
    if not type_ or not name:
        raise UsageError(f"{principal} is no principal", todo=f"say User:{principal.strip(':') or 'NAME'}")


def _deliver(
    settings: Settings, options: dict[str, Any], answer: "Answer", document: "Callable[[], dict[str, Any]]"
) -> None:
    from kgov.plan.documents.encoding import to_text
    from kgov.report.access import answer_markdown, answer_text

    output: Path | None = options["output"]
    match options["format_"]:
        case "json":
            deliver(to_text(document()), output)
        case "markdown":
            deliver(answer_markdown(answer), output)
        case _:
            deliver(answer_text(answer, settings.style()), output)
