from pathlib import Path

import pytest

from kgov.cluster.ignored_settings import IGNORED
from kgov.cluster.setting_names import (
    ALIASES,
    FILES,
    PASSED_ON,
    REFUSED,
    SECRETS,
    TRANSLATED,
    canonical_name,
    is_ignored,
    is_secret,
    refusal,
)


def test_every_name_has_one_meaning() -> None:
    groups = (PASSED_ON, TRANSLATED, frozenset(ALIASES), frozenset(REFUSED), IGNORED)
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


def test_aliases_lead_to_settings_that_are_passed_on() -> None:
    assert set(ALIASES.values()) <= PASSED_ON
    assert SECRETS | FILES <= PASSED_ON | TRANSLATED


def test_an_alias_of_a_secret_is_a_secret() -> None:
    assert is_secret("ssl.keystore.key")
    assert canonical_name("ssl.keystore.key") == "ssl.key.pem"
    assert not is_secret("sasl.mechanism")


def test_settings_of_other_tools_are_ignored() -> None:
    assert is_ignored("acks")
    assert is_ignored("schema.registry.basic.auth.user.info")
    assert not is_ignored("sasl.username")


def test_settings_that_run_commands_or_load_code_are_refused() -> None:
    for name in (
        "plugin.library.paths",
        "sasl.kerberos.kinit.cmd",
        "ssl.engine.location",
        "ssl.engine.id",
        "ssl.providers",
        "sasl.oauthbearer.assertion.file",
        "config.providers.vault.class",
    ):
        assert refusal(name)
    assert refusal("sasl.username") is None


@pytest.mark.parametrize("name", sorted(PASSED_ON | TRANSLATED | set(ALIASES) | set(REFUSED)))
def test_the_manual_names_every_setting(name: str) -> None:
    manual = Path(__file__).parents[2] / "docs" / "connections.md"
    assert f"`{name}`" in manual.read_text(encoding="utf-8")
