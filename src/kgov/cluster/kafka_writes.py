"""Writing through confluent-kafka: one call for each (already split) request, and an answer for each item.

Never ``alter_configs``, which resets every key that it does not name, and never an ``operation_timeout``: with
0 the client reports success for what was not done.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, assert_never

from confluent_kafka import KafkaException, admin

from kgov.cluster.acl_translation import exact_filter, to_client
from kgov.cluster.connection import Client
from kgov.cluster.faults import answer_of, fault_of
from kgov.model.acl import AclBinding
from kgov.model.request import (
    Answer,
    AnswerStatus,
    ConfigEdit,
    CreateAcls,
    CreateTopics,
    DeleteAcls,
    DeleteTopics,
    EditConfigs,
    Fault,
    GrowPartitions,
    Growth,
    NewTopic,
    Request,
)

_GRACE_SECONDS = 5.0

_LEAVE_TO_BROKER = -1
"""num_partitions and replication_factor that mean the broker's default (KIP-464)."""

_Futures = list["Future[Any]"]


def send(client: Client, request: Request, seconds: float) -> tuple[Answer, ...]:
    """Send one request and wait for the answers, in the order of the items."""
    return _await(client, request, seconds, {"request_timeout": seconds})


def check(client: Client, request: Request, seconds: float) -> tuple[Answer, ...]:
    """Have the broker validate one topic request without doing it; ACLs cannot be checked so."""
    return _await(client, request, seconds, {"request_timeout": seconds, "validate_only": True})


def _await(client: Client, request: Request, seconds: float, options: Mapping[str, Any]) -> tuple[Answer, ...]:
    garbled = [_cannot_be_sent(item) for item in request.items]
    if any(garbled):
        why = next(fault for fault in garbled if fault)
        return tuple(Answer(AnswerStatus.REFUSED, fault or _not_sent_with(why)) for fault in garbled)
    try:
        futures = _start(client.admin, request, options)
    except (KafkaException, ValueError, TypeError) as error:
        # The client looks at its arguments before it sends anything.
        fault = Fault("_INVALID_ARG", fault_of(error).message)
        return (Answer(AnswerStatus.REFUSED, fault),) * len(request.items)
    client.wait(futures, seconds + _GRACE_SECONDS)
    return tuple(_answer(future, seconds) for future in futures)


def _answer(future: "Future[Any]", seconds: float) -> Answer:
    if not future.done():
        return Answer(AnswerStatus.UNKNOWN, Fault("_TIMED_OUT", f"no answer in {seconds:.0f} s"))
    return answer_of(future.exception())


def _start(client: admin.AdminClient, request: Request, options: Mapping[str, Any]) -> _Futures:
    match request:
        case CreateTopics(items):
            created = client.create_topics([_new_topic(topic) for topic in items], **options)
            return [created[topic.name] for topic in items]
        case GrowPartitions(items):
            sizes = [admin.NewPartitions(growth.name, growth.partitions) for growth in items]
            grown = client.create_partitions(sizes, **options)
            return [grown[growth.name] for growth in items]
        case EditConfigs(items):
            resources = [_edit(edit) for edit in items]
            edited = client.incremental_alter_configs(resources, **options)
            return [edited[resource] for resource in resources]
        case CreateAcls(items):
            bindings = [to_client(binding) for binding in items]
            granted = client.create_acls(bindings, **options)
            return [granted[binding] for binding in bindings]
        case DeleteAcls(items):
            filters = [exact_filter(binding) for binding in items]
            removed = client.delete_acls(filters, **options)
            return [removed[one] for one in filters]
        case DeleteTopics(items):
            deleted = client.delete_topics(list(items), **options)
            return [deleted[name] for name in items]
    assert_never(request)


def _new_topic(topic: NewTopic) -> admin.NewTopic:
    return admin.NewTopic(
        topic.name,
        num_partitions=_LEAVE_TO_BROKER if topic.partitions is None else topic.partitions,
        replication_factor=_LEAVE_TO_BROKER if topic.replicas is None else topic.replicas,
        config=dict(topic.config),
    )


def _edit(edit: ConfigEdit) -> admin.ConfigResource:
    entries = [
        admin.ConfigEntry(key, value, incremental_operation=admin.AlterConfigOpType.SET)
        for key, value in edit.set.items()
    ]
    entries += [
        admin.ConfigEntry(key, None, incremental_operation=admin.AlterConfigOpType.DELETE) for key in edit.unset
    ]
    return admin.ConfigResource(admin.ResourceType.TOPIC, edit.name, incremental_configs=entries)


def _cannot_be_sent(item: NewTopic | Growth | ConfigEdit | AclBinding | str) -> Fault | None:
    """Find text that the client would cut short or choke on.

    librdkafka takes C strings: it would grant, or revoke, ``User:a`` for ``User:a``, NUL, ``b``.
    """
    for text in _texts(item):
        if "\0" in text:
            return Fault("_INVALID_ARG", f"not sent: {text!r} holds a NUL, which the client cannot carry")
        if any("\ud800" <= char <= "\udfff" for char in text):
            return Fault("_INVALID_ARG", f"not sent: {text!r} is not valid Unicode")
    return None


def _not_sent_with(why: Fault) -> Fault:
    return Fault("_INVALID_ARG", f"not sent, because of another item of the same request: {why.message}")


def _texts(item: NewTopic | Growth | ConfigEdit | AclBinding | str) -> Iterator[str]:
    match item:
        case str():
            yield item
        case NewTopic():
            yield from _config_texts(item.name, item.config)
        case Growth():
            yield item.name
        case ConfigEdit():
            yield from _config_texts(item.name, item.set)
            yield from item.unset
        case AclBinding():
            yield from (item.principal, item.host, item.resource.name)
        case _:
            assert_never(item)


def _config_texts(name: str, config: Mapping[str, str]) -> Sequence[str]:
    return (name, *config.keys(), *config.values())
