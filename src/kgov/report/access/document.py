"""Answers of ``kgov access`` as JSON: ``kgov-access/1``."""

from collections.abc import Iterable
from dataclasses import asdict

from kgov.access.holders import Asked, Holder, Holders
from kgov.access.holdings import Holdings
from kgov.access.hosts import Hosts
from kgov.access.rights import Right, Rights
from kgov.model.acl import AclBinding, ResourcePattern
from kgov.model.desired import Grant
from kgov.plan.documents.encoding import Document
from kgov.report.access.answer import Answer, Grounds

FORMAT = "kgov-access/1"


def who_can_document(asked: Asked, found: Holders, grounds: Grounds, answer: Answer) -> Document:
    """Write who can, and who is granted it and can not."""
    return {
        **_head("who-can", grounds),
        "asked": {
            "operation": str(asked.operation),
            "resource": {"type": str(asked.type), "name": asked.name},
            "host": asked.host,
        },
        "guarded": found.guarded,
        "able": [_holder(each, grounds) for each in found.able],
        "denied": [_holder(each, grounds) for each in found.denied],
        "notes": list(answer.notes),
    }


def rights_document(found: Rights, host: str | None, grounds: Grounds, answer: Answer) -> Document:
    """Write what a principal may do, and what it is granted in vain."""
    return {
        **_head("of", grounds),
        "asked": {"principal": found.principal, "host": host},
        "held": [_right(each, grounds) for each in found.held],
        "denied": [_right(each, grounds) for each in found.denied],
        "notes": list(answer.notes),
    }


def _head(question: str, grounds: Grounds) -> Document:
    return {
        "format": FORMAT,
        "question": question,
        "environment": grounds.environment,
        "side": "desired" if grounds.cluster_id is None else "live",
        "cluster": {"id": grounds.cluster_id},
        "openWithoutAcl": grounds.open_without_acl,
        "superUsers": None,
        "unknownAcls": grounds.unknown_acls,
    }


def _holder(holder: Holder, grounds: Grounds) -> Document:
    return {
        "principal": holder.principal,
        "hosts": hosts_document(holder.hosts),
        "allows": _bindings(holder.allows, grounds),
        "denies": _bindings(holder.denies, grounds),
    }


def _right(right: Right, grounds: Grounds) -> Document:
    return {
        "resource": pattern_document(right.resource),
        "operations": [str(operation) for operation in right.operations],
        "hosts": hosts_document(right.hosts),
        "but": [pattern_document(each) for each in right.but],
        "partly": [pattern_document(each) for each in right.partly],
        "data": data_document(grounds.catalogue.behind(right.resource, right.but)),
        "allows": _bindings(right.allows, grounds),
        "denies": _bindings(right.denies, grounds),
    }


def hosts_document(hosts: Hosts) -> Document:
    """Write from where: ``named`` alone, or all others but these."""
    return {"others": hosts.others, "named": list(hosts.named)}


def pattern_document(pattern: ResourcePattern) -> Document:
    """Write a pattern."""
    return {"type": str(pattern.type), "pattern": str(pattern.pattern), "name": pattern.name}


def data_document(data: Holdings | None) -> Document | None:
    """Write what the declared topics behind a pattern hold; ``null`` for what is on no topics."""
    if data is None:
        return None
    return {
        "topics": data.topics,
        "teams": list(data.teams),
        "classification": data.classification,
        "personal": data.personal,
    }


def _bindings(bindings: Iterable[AclBinding], grounds: Grounds) -> list[Document]:
    return [
        {"binding": str(each), "declared": [_grant(grant) for grant in grounds.grants.get(each, ())]}
        for each in bindings
    ]


def _grant(grant: Grant) -> Document:
    return {
        "resource": asdict(grant.resource),
        "role": grant.role,
        "owner": grant.owner,
        "origin": asdict(grant.place),
    }
