"""Every risk that the contract names, and nothing else, is a risk."""

import pytest
from worlds import DAY

from kgov.diff.config_risk import Values, judge_config, policies_of
from kgov.model.change import Risk

SAFE, DISRUPTIVE, LOSS = Risk.SAFE, Risk.DISRUPTIVE, Risk.DATA_LOSS


@pytest.mark.parametrize(
    ("key", "before", "after", "compacted", "risk"),
    [
        ("retention.ms", str(30 * DAY), str(DAY), False, LOSS),
        ("retention.ms", str(DAY), str(30 * DAY), False, SAFE),
        ("retention.ms", "-1", str(30 * DAY), False, LOSS),
        ("retention.ms", str(DAY), "-1", False, SAFE),
        ("retention.ms", None, str(DAY), False, LOSS),
        ("retention.ms", str(DAY), None, False, LOSS),
        ("retention.ms", "odd", str(DAY), False, LOSS),
        ("retention.ms", str(DAY), str(DAY), False, SAFE),
        ("retention.bytes", "-1", "1000", False, LOSS),
        ("retention.bytes", "1000", "-1", False, SAFE),
        ("delete.retention.ms", str(DAY), "1", True, LOSS),
        ("delete.retention.ms", str(DAY), "1", False, SAFE),
        ("cleanup.policy", "delete", "compact", False, LOSS),
        ("cleanup.policy", "compact", "compact,delete", True, LOSS),
        ("cleanup.policy", "compact,delete", "delete", True, SAFE),
        ("cleanup.policy", "delete", "odd", True, LOSS),
        ("cleanup.policy", "delete", None, False, LOSS),
        ("cleanup.policy", "compact,delete", None, True, SAFE),
        ("cleanup.policy", None, None, False, LOSS),
        ("remote.storage.enable", "true", "false", False, LOSS),
        ("remote.storage.enable", "true", None, False, LOSS),
        ("remote.storage.enable", "false", None, False, SAFE),
        ("remote.storage.enable", "false", "true", False, SAFE),
        ("unclean.leader.election.enable", "false", "true", False, LOSS),
        ("unclean.leader.election.enable", "true", "false", False, SAFE),
        ("unclean.leader.election.enable", "false", None, False, LOSS),
        ("unclean.leader.election.enable", "true", None, False, SAFE),
        ("max.message.bytes", "1000", "10", False, DISRUPTIVE),
        ("max.message.bytes", "10", "1000", False, SAFE),
        ("min.insync.replicas", "1", "2", False, DISRUPTIVE),
        ("message.timestamp.type", "CreateTime", "LogAppendTime", False, DISRUPTIVE),
        ("compression.type", "producer", "zstd", False, SAFE),
    ],
)
def test_a_config_change_has_the_risk_of_the_contract(key, before, after, compacted, risk):
    verdict = judge_config(key, Values(before, after, compacted))
    assert verdict.risk is risk
    assert bool(verdict.why) is (risk is not SAFE)


def test_a_loss_is_said_in_days():
    verdict = judge_config("retention.ms", Values(str(30 * DAY), str(DAY), compacted=False))
    assert verdict.why == "retention falls from 30d to 1d"


def test_a_cleanup_policy_is_a_set():
    assert policies_of(" delete, compact ") == {"compact", "delete"}
    assert policies_of(None) == frozenset()
