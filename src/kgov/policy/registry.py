"""Every rule by its code, and every code that is taken.

A new rule is a new file under ``rules`` and one line here. Codes are public: a rule that goes leaves its code
in ``RESERVED``, so that no other rule ever gets it.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from kgov.policy.rule import Rule

_FILES: Final = (
    "kg001_unreadable_file",
    "kg002_forbidden_yaml",
    "kg003_unknown_kind",
    "kg004_invalid_field",
    "kg005_ambiguous_scalar",
    "kg006_duplicate_resource",
    "kg007_no_manifests",
    "kg008_unknown_reference",
    "kg101_name_format",
    "kg102_name_collision",
    "kg103_illegal_name",
    "kg104_reserved_name",
    "kg105_foreign_domain",
    "kg106_version_gap",
    "kg107_near_duplicate_name",
    "kg108_environment_in_name",
    "kg109_name_differs_from_file",
    "kg201_unknown_config",
    "kg202_bad_config_value",
    "kg203_min_isr_not_below_replicas",
    "kg204_too_few_replicas",
    "kg205_min_isr_unset",
    "kg206_unclean_election",
    "kg207_too_few_partitions",
    "kg208_too_many_partitions",
    "kg209_retention_by_hand",
    "kg210_retention_without_effect",
    "kg211_compaction_without_keys",
    "kg212_compacted_events",
    "kg213_tiny_segments",
    "kg214_large_messages",
    "kg215_suspicious_number",
    "kg216_retention_bytes_per_partition",
    "kg217_deprecated_with_new_readers",
    "kg218_deprecated_too_long",
    "kg219_placeholder_text",
    "kg220_compression_unset",
    "kg221_too_few_racks",
    "kg222_recovery_copy_missing",
    "kg301_wildcard_principal",
    "kg302_wildcard_resource",
    "kg303_asterisk_in_prefix",
    "kg304_operation_not_for_resource",
    "kg305_all_where_less_would_do",
    "kg306_prefix_without_separator",
    "kg307_redundant_grant",
    "kg308_deny_shadows_allow",
    "kg309_consumer_without_group",
    "kg310_shared_group",
    "kg311_shared_transactional_id",
    "kg312_cluster_operation",
    "kg313_grant_on_nothing",
    "kg314_foreign_data",
    "kg315_foreign_write",
    "kg316_unread_topic",
    "kg317_unwritten_topic",
    "kg318_shared_principal",
    "kg401_outside_category",
    "kg402_unlimited_retention",
    "kg403_archive_missing",
    "kg404_retention_unset",
    "kg405_too_short_to_recover",
    "kg501_personal_without_basis",
    "kg502_personal_kept_forever",
    "kg503_restricted_unencrypted",
    "kg504_personal_read_by_wildcard",
    "kg505_classification_missing",
    "kg506_approval_missing",
    "kg701_partitions_per_broker",
    "kg702_storage_exceeded",
    "kg703_network_exceeded",
    "kg704_volume_missing",
    "kg801_waiver_expired",
    "kg802_waiver_unused",
    "kg803_waiver_too_long",
    "kg804_waiver_without_reason",
    "kg901_limit_exceeded",
    "kg902_fewer_partitions",
    "kg903_replication_differs",
    "kg904_data_loss",
    "kg905_stale_plan",
    "kg906_other_cluster",
    "kg907_cannot_see",
    "kg908_keyed_growth",
    "kg909_implausible_cluster",
    "kg910_protected",
    "kg911_sweeping_revocation",
    "kg912_opens_to_everyone",
)

RESERVED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "KG601": "schema-missing",
        "KG602": "schema-incompatible",
        "KG603": "compatibility-none",
        "KG604": "schema-unreadable",
        "KG605": "schema-file-missing",
    }
)
"""Codes without a rule, with their names: ``rules:`` and waivers may name them already, which does nothing."""


def register(rules: Iterable[Rule], reserved: Mapping[str, str]) -> Mapping[str, Rule]:
    """Put rules in order of their codes; raise ``RuntimeError`` where a code or a name is taken."""
    taken = {*reserved, *reserved.values()}
    by_code: dict[str, Rule] = {}
    for rule in rules:
        if taken & {rule.code, rule.name}:
            raise RuntimeError(f"{rule.code} ({rule.name}): the code or the name is taken")
        taken |= {rule.code, rule.name}
        by_code[rule.code] = rule
    return MappingProxyType(dict(sorted(by_code.items())))


def _load(file: str) -> Rule:
    rule: Rule = import_module(f"kgov.policy.rules.{file}").RULE
    return rule


RULES: Final = register(map(_load, _FILES), RESERVED)
"""The rules that are built, by code."""

CODES: Final[Mapping[str, str]] = MappingProxyType(
    dict(sorted({**RESERVED, **{code: rule.name for code, rule in RULES.items()}}.items()))
)
"""The name of every code that is taken."""
