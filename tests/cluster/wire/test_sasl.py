"""Proving a password, and being sure that the other side knows it too."""

from base64 import b64encode

import pytest

from kgov.cluster.wire.errors import MalformedError
from kgov.cluster.wire.sasl import Login, exchange

# RFC 7677, section 3.
NONCE = "rOprNGfwEbeRWgbNEkqO"
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
ANSWER = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
PROOF = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
SIGNED = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

LOGIN = Login("SCRAM-SHA-256", "user", "pencil", NONCE)


def test_plain_says_user_and_password() -> None:
    steps = exchange(Login("PLAIN", "jörg", "p\0w", ""))
    assert next(steps) == "\0jörg\0p\0w".encode()
    with pytest.raises(StopIteration):
        steps.send(b"")


def test_scram_is_spoken_as_the_standard_says() -> None:
    steps = exchange(LOGIN)
    assert next(steps) == FIRST
    assert steps.send(ANSWER) == PROOF
    with pytest.raises(StopIteration):
        steps.send(SIGNED)


def test_commas_and_equals_signs_of_a_user_are_escaped() -> None:
    assert next(exchange(Login("SCRAM-SHA-512", "CN=a,b", "x", "n"))) == b"n,,n=CN=3Da=2Cb,r=n"


def test_neither_password_nor_nonce_is_shown() -> None:
    assert "pencil" not in repr(LOGIN)
    assert NONCE not in repr(LOGIN)


@pytest.mark.parametrize(
    "last",
    [
        b"",
        b"v=",
        b"e=other-error",
        b"v=!",
        b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        b"v\xff=",
        b"," * 9,
    ],
)
def test_a_server_that_does_not_know_the_password_is_not_believed(last: bytes) -> None:
    steps = exchange(LOGIN)
    next(steps)
    steps.send(ANSWER)
    with pytest.raises(MalformedError):
        steps.send(last)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ANSWER.replace(b"rOpr", b"sOpr"), "nonce"),
        (f"r={NONCE},s=AAAA,i=4096".encode(), "nonce"),
        (ANSWER.replace(b"i=4096", b"i=4095"), "4095 iterations"),
        (ANSWER.replace(b"i=4096", b"i=1000001"), "1000001 iterations"),
        (ANSWER.replace(b"i=4096", b"i=-4096"), "0 iterations"),
        (ANSWER.replace(b"i=4096", b"i=" + b"9" * 5000), "0 iterations"),
        (ANSWER.replace(b"i=4096", "i=\uff14\uff10\uff19\uff16".encode()), "0 iterations"),
        (ANSWER.replace(b",i=4096", b""), "0 iterations"),
        (ANSWER.replace(b"s=W22Z", b"s=*22Z"), "base64"),
        (ANSWER.replace(b"s=W22Z", "s=ö22Z".encode()), "base64"),
        (b"", "nonce"),
        (b"\xff\xfe", "nonce"),
    ],
)
def test_a_server_that_breaks_the_rules_is_not_answered(answer: bytes, why: str) -> None:
    steps = exchange(LOGIN)
    next(steps)
    with pytest.raises(MalformedError, match=why) as refusal:
        steps.send(answer)
    assert b64encode(b"pencil").decode() not in str(refusal.value)
    assert "pencil" not in str(refusal.value)
