"""One desired topic against the live one."""

from collections.abc import Mapping
from dataclasses import replace

from kgov.diff.config_risk import Values, judge_config, policies_of
from kgov.diff.fingerprint import ABSENT, topic_fingerprint
from kgov.diff.untouched import touchable
from kgov.model.change import Action, BlockedChange, Change, FieldChange, Risk, worst
from kgov.model.live import LiveTopic
from kgov.model.project import Scope, UndeclaredConfig
from kgov.model.topic import Topic
from kgov.model.topic_configs import same_value


def ignored_keys(topic: Topic, scope: Scope) -> tuple[str, ...]:
    """List the key patterns that are left to others on this topic, sorted."""
    return tuple(sorted({*scope.ignore_config, *topic.ignore_config}))


def compare_topic(
    topic: Topic, live: LiveTopic | None, scope: Scope
) -> tuple[tuple[Change, ...], tuple[BlockedChange, ...]]:
    """Compare one topic; at most one change, and a blocked change for each thing that kgov will not do."""
    if topic.retired:
        return ((_deletion(topic, live, scope),) if live else ()), ()
    if live is None:
        return (_creation(topic, scope),), ()
    fields = (*_growth(topic, live), *_config_fields(topic, live, scope))
    changes = (_update(topic, live, scope, fields),) if fields else ()
    return changes, (*_shrinking(topic, live), *_replication(topic, live))


def _creation(topic: Topic, scope: Scope) -> Change:
    fields = [FieldChange("config." + key, None, value.text) for key, value in sorted(topic.config.items())]
    if topic.replicas is not None:
        fields.insert(0, FieldChange("replicas", None, topic.replicas))
    if topic.partitions is not None:
        fields.insert(0, FieldChange("partitions", None, topic.partitions))
    return Change(
        resource=topic.resource,
        action=Action.CREATE,
        fields=tuple(fields),
        risk=Risk.SAFE,
        undoable=True,
        reason="declared, and not there yet",
        origin=topic.place,
        fingerprint=ABSENT,
        ignored=ignored_keys(topic, scope),
    )


def _deletion(topic: Topic, live: LiveTopic, scope: Scope) -> Change:
    fields = [
        FieldChange("partitions", live.partitions, None),
        FieldChange("replicas", live.replicas[-1], None),
    ]
    fields += [FieldChange("config." + key, value, None) for key, value in sorted(live.config.own.items())]
    replaced_by = topic.lifecycle.replaced_by
    return Change(
        resource=topic.resource,
        action=Action.DELETE,
        fields=tuple(fields),
        risk=Risk.DATA_LOSS,
        undoable=False,
        reason="declared as retired" + (f", replaced by {replaced_by}" if replaced_by else ""),
        origin=topic.where("lifecycle.state"),
        fingerprint=topic_fingerprint(live, ignored_keys(topic, scope)),
        ignored=ignored_keys(topic, scope),
        needs=(replaced_by,) if replaced_by else (),
        topic_id=live.topic_id,
    )


def _update(topic: Topic, live: LiveTopic, scope: Scope, fields: tuple[FieldChange, ...]) -> Change:
    risk = worst(*(field.risk for field in fields))
    return Change(
        resource=topic.resource,
        action=Action.UPDATE,
        fields=fields,
        risk=risk,
        undoable=risk is not Risk.DATA_LOSS and all(field.path != "partitions" for field in fields),
        reason="; ".join(dict.fromkeys(field.why for field in fields if field.why))
        or "live is not as declared",
        origin=topic.where(fields[0].path),
        fingerprint=topic_fingerprint(live, ignored_keys(topic, scope)),
        ignored=ignored_keys(topic, scope),
        topic_id=live.topic_id,
    )


def _growth(topic: Topic, live: LiveTopic) -> tuple[FieldChange, ...]:
    if topic.partitions is None or topic.partitions <= live.partitions:
        return ()
    cleanup = topic.config.get("cleanup.policy")
    policies = policies_of(live.config.effective("cleanup.policy")) | policies_of(
        cleanup.text if cleanup else None
    )
    if topic.keyed is False and "compact" not in policies:
        return (FieldChange("partitions", live.partitions, topic.partitions),)
    because = "it is compacted" if "compact" in policies else "its records are keyed"
    if topic.keyed is None and "compact" not in policies:
        because = "its manifest does not say `keyed: false`"
    why = f"keys move to other partitions when it grows, and {because}"
    return (FieldChange("partitions", live.partitions, topic.partitions, Risk.DISRUPTIVE, why),)


def _shrinking(topic: Topic, live: LiveTopic) -> tuple[BlockedChange, ...]:
    if topic.partitions is None or topic.partitions >= live.partitions:
        return ()
    return (
        BlockedChange(
            resource=topic.resource,
            action=Action.UPDATE,
            fields=(FieldChange("partitions", live.partitions, topic.partitions),),
            code="KG902",
            why="Kafka cannot take partitions away, and a topic is never deleted and made again to change it",
            origin=topic.where("partitions"),
        ),
    )


def _replication(topic: Topic, live: LiveTopic) -> tuple[BlockedChange, ...]:
    if topic.replicas is None or live.moving or live.replicas == (topic.replicas,):
        return ()
    # The number that differs most visibly: an uneven topic shows its lowest, which is what its data rests on.
    before = next(count for count in live.replicas if count != topic.replicas)
    uneven = "" if len(live.replicas) == 1 else f" (its partitions have {_either(live.replicas)} replicas)"
    return (
        BlockedChange(
            resource=topic.resource,
            action=Action.UPDATE,
            fields=(FieldChange("replicas", before, topic.replicas),),
            code="KG903",
            why=f"kgov cannot move replicas yet{uneven}: reassign them with kafka-reassign-partitions",
            origin=topic.where("replicas"),
        ),
    )


def _either(counts: tuple[int, ...]) -> str:
    return " or ".join(str(count) for count in counts)


def kept_keys(topic: Topic, live: LiveTopic, scope: Scope) -> tuple[str, ...]:
    """List the keys that are set on the cluster, that no manifest names, and that kgov.yaml says to keep."""
    if scope.undeclared_config is not UndeclaredConfig.KEEP or topic.retired:
        return ()
    own = touchable(live.config.own, ignored_keys(topic, scope))
    return tuple(sorted(own.keys() - topic.config.keys()))


def _config_fields(topic: Topic, live: LiveTopic, scope: Scope) -> tuple[FieldChange, ...]:
    ignored = ignored_keys(topic, scope)
    desired = touchable({key: value.text for key, value in topic.config.items()}, ignored)
    own = touchable(live.config.own, ignored)
    after: dict[str, str | None] = {
        key: value for key, value in desired.items() if key not in own or not same_value(key, own[key], value)
    }
    if scope.undeclared_config is UndeclaredConfig.RESET:
        after |= dict.fromkeys(key for key in own if key not in desired)
    return tuple(
        replace(field, why="set on the cluster, declared nowhere")
        if field.after is None and not field.why
        else field
        for field in config_fields(after, live)
    )


def config_fields(after: Mapping[str, str | None], live: LiveTopic) -> tuple[FieldChange, ...]:
    """Judge setting these keys of a live topic, and unsetting those without a value, by what then holds."""
    compacted = _is_compacted(after, live)
    return tuple(_config_field(key, after[key], live, compacted=compacted) for key in sorted(after))


def _is_compacted(after: Mapping[str, str | None], live: LiveTopic) -> bool:
    key = "cleanup.policy"
    policies = policies_of(live.config.effective(key))
    if key in after:
        policies |= policies_of(after[key] or live.config.inherited.get(key))
    return "compact" in policies


def risk_now(change: Change, live: LiveTopic | None) -> Risk:
    """Judge what a change of a topic can cost as the topic is now, whatever the change says of itself.

    Growing partitions is left out: only the manifest knows whether records have keys.
    """
    if change.action is Action.DELETE:
        return Risk.DATA_LOSS
    if live is None:
        return Risk.SAFE
    after = {
        field.path.removeprefix("config."): None if field.after is None else str(field.after)
        for field in change.fields
        if field.path.startswith("config.")
    }
    return worst(*(field.risk for field in config_fields(after, live)))


def _config_field(key: str, after: str | None, live: LiveTopic, *, compacted: bool) -> FieldChange:
    own = live.config.own.get(key)
    inherited = live.config.inherited.get(key)
    values = Values(live.config.effective(key), inherited if after is None else after, compacted)
    verdict = judge_config(key, values)
    return FieldChange("config." + key, own, after, verdict.risk, verdict.why)
