import pytest

from kgov.cluster.jaas import JaasError, parse_jaas

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


def test_a_module_and_its_options_are_read() -> None:
    entry = parse_jaas(f'{SCRAM} required username="alice" password="wonder land";')
    assert (entry.module, dict(entry.options)) == (SCRAM, {"username": "alice", "password": "wonder land"})


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"a\\"b"', 'a"b'),
        ("'a\"b'", 'a"b'),
        ("'a\\'b'", "a'b"),
        ('"a\\\\b"', "a\\b"),
        ('"a\\tb\\nc"', "a\tb\nc"),
        ('"\\101\\7z"', "A\x07z"),
        ('"\\8"', "8"),
        ('";="', ";="),
        ("plain", "plain"),
        ("12-34_5.6", "12-34_5.6"),
        ('""', ""),
    ],
)
def test_values_follow_the_rules_of_java_tokens(written: str, value: str) -> None:
    assert parse_jaas(f"M required password={written};").options["password"] == value


def test_blanks_and_line_ends_do_not_matter() -> None:
    entry = parse_jaas('\n  M   Required\n  username = "a"\n  password="b" ;  \n')
    assert dict(entry.options) == {"username": "a", "password": "b"}


def test_a_module_may_have_no_options() -> None:
    assert dict(parse_jaas("M required;").options) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begin with a login module"),
        ("M", "begin with a login module"),
        ('M username="a";', "begin with a login module"),
        ('M required username="a"', 'end with ";"'),
        ('M required username=";"', 'end with ";"'),
        ('M required username="a;', "opened and not closed"),
        ("M required username;", "every option"),
        ('M required username "a" b;', "every option"),
        ('M required username"="a;', "every option"),
        ('M required username "=" a;', "every option"),
        ("M required username=;", "every option"),
        ("M required username=a; N required password=b;", "every option"),
    ],
)
def test_a_malformed_entry_is_refused(text: str, message: str) -> None:
    with pytest.raises(JaasError, match=message):
        parse_jaas(text)


def test_neither_repr_nor_messages_hold_the_options() -> None:
    assert "hunter2" not in repr(parse_jaas('M required password="hunter2";'))
    with pytest.raises(JaasError) as raised:
        parse_jaas('M required password hunter2 "hunter2";')
    assert "hunter2" not in str(raised.value)
