"""Certificates for one test run: an authority, a broker's, a client's, and some that are wrong."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

SERVER = "server"
OTHER_HOST = "other-host"
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files in a folder: ``ca.pem``, ``foreign-ca.pem``, and key with chain in one file for each holder."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificates":
        """Write them all."""
        authority, foreign = trustme.CA(), trustme.CA()
        authority.cert_pem.write_to_path(folder / "ca.pem")
        foreign.cert_pem.write_to_path(folder / "foreign-ca.pem")
        yesterday = datetime.now(tz=UTC) - timedelta(days=1)
        holders = {
            SERVER: authority.issue_cert("127.0.0.1", "localhost"),
            OTHER_HOST: authority.issue_cert("kafka.other.example"),
            EXPIRED: authority.issue_cert(
                "127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday
            ),
            "client": authority.create_child_ca().issue_cert("alice@example.com", common_name="alice"),
            "foreign-client": foreign.issue_cert("alice@example.com", common_name="alice"),
        }
        for name, holder in holders.items():
            holder.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
        return cls(folder)

    def file(self, name: str) -> str:
        """Name a file by its holder."""
        return str(self.folder / f"{name}.pem")

    def pkcs12(self, name: str, password: str) -> str:
        """Write a holder's key and chain as a PKCS #12 store."""
        store = self.folder / f"{name}.p12"
        self._openssl(
            "pkcs12", "-export", "-in", self.file(name), "-out", str(store), "-passout", f"pass:{password}"
        )
        return str(store)

    def locked_key(self, name: str, password: str) -> str:
        """Write a holder's key and chain with the key encrypted (PKCS #8)."""
        key = self._openssl("pkcs8", "-topk8", "-in", self.file(name), "-passout", f"pass:{password}")
        return self._with_chain(name, "locked", key)

    def for_java(self, name: str) -> str:
        """Write a holder's key and chain with the key as Java wants it (PKCS #8)."""
        key = self._openssl("pkcs8", "-topk8", "-nocrypt", "-in", self.file(name))
        return self._with_chain(name, "java", key)

    def _with_chain(self, name: str, form: str, key: str) -> str:
        text = Path(self.file(name)).read_text(encoding="utf-8")
        file = self.folder / f"{name}-{form}.pem"
        file.write_text(key + text[text.index("-----BEGIN CERTIFICATE") :], encoding="utf-8")
        return str(file)

    def _openssl(self, *arguments: str) -> str:
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout
