import pytest

from kgov.cluster.pem import mend_pem

BODY = "QUJD" * 20
MENDED = f"-----BEGIN CERTIFICATE-----\n{BODY[:64]}\n{BODY[64:]}\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    "text",
    [
        MENDED,
        f"-----BEGIN CERTIFICATE-----{BODY}-----END CERTIFICATE-----",
        f"-----BEGIN CERTIFICATE----- {BODY[:30]} {BODY[30:]} -----END CERTIFICATE-----",
        f"-----BEGIN CERTIFICATE-----\\n{BODY[:30]}\\n{BODY[30:]}\\n-----END CERTIFICATE-----\\n",
        f"subject=/CN=x\n{MENDED}",
    ],
)
def test_a_block_gets_the_line_ends_that_openssl_needs(text: str) -> None:
    assert mend_pem(text) == MENDED


def test_all_blocks_are_kept_in_order() -> None:
    key = MENDED.replace("CERTIFICATE", "PRIVATE KEY")
    assert mend_pem(key + " " + MENDED) == key + MENDED


def test_a_block_with_headers_is_left_alone() -> None:
    old = f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{BODY}\n-----END RSA PRIVATE KEY-----\n"
    assert mend_pem(old) == old
    assert mend_pem(old + MENDED) == old + MENDED


def test_text_without_a_block_is_left_alone() -> None:
    assert mend_pem(r"C:\new") == r"C:\new"
