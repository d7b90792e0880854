"""A Git repository of manifests with teams, keys and an ApprovalPolicy, and what is missing in it."""

import subprocess
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from manifests import HEAD

from kgov.approval.gather import PLAIN, Question, gather
from kgov.approval.signing import keep_statement, ssh_sign
from kgov.approval.statement import Statement
from kgov.manifest.repository import load
from kgov.model.approval import Subject
from kgov.model.finding import Finding
from kgov.model.place import ResourceId
from kgov.plan.review import Review, review

TODAY = date(2026, 6, 15)
ALICE, BOB, DANA, EVE, MALLORY = (f"{name}@example.com" for name in ("alice", "bob", "dana", "eve", "mallory"))
X = ResourceId("Topic", "commerce.customers.created.v1")

PROJECT = f"{HEAD}kind: Project\nenvironments:\n  dev: {{}}\n  prod: {{production: true}}\n"
TEAMS = f"""\
{HEAD}kind: Team
metadata: {{name: data-governance}}
spec: {{members: ["{DANA}", "{EVE}"], accounts: {{"github:dana-g": {DANA}, "gitlab:dana": {DANA}}}}}
---
{HEAD}kind: Team
metadata: {{name: customers}}
spec: {{members: ["{ALICE}", "{BOB}"], owns: {{domains: [commerce]}}}}
"""
POLICY = f"""\
{HEAD}kind: ApprovalPolicy
metadata: {{name: personal-data}}
spec: {{when: object.spec.data.personal, match: {{environments: [prod]}}, approvers: [data-governance]}}
"""


def topic(name: str = X.name, more: str = "", partitions: int = 6) -> str:
    """Write a topic with personal data."""
    return (
        f"{HEAD}kind: Topic\nmetadata: {{name: {name}, owner: customers}}\n"
        f"spec:\n  partitions: {partitions}\n  replicas: 3\n"
        "  config: {min.insync.replicas: 2}\n  keyed: true\n  retention: 30d\n"
        "  data: {classification: confidential, personal: true, legalBasis: contract, subjects: [customers]}\n"
        f"{more}"
    )


def make_key(folder: Path, who: str, kind: str = "ed25519", *more: str) -> Path:
    """Make a key without a passphrase."""
    key = folder / f"{who}-{kind}"
    command = ["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", who, "-f", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return key


def signer(who: str, key: Path, options: str = 'namespaces="kgov"') -> str:
    """Write a line of an allowed-signers file."""
    public = key.with_name(key.name + ".pub").read_text().split()
    return f"{who} {options + ' ' if options else ''}{public[0]} {public[1]}\n"


@dataclass
class Company:
    """A repository with keys. ``head`` is not committed until ``commit`` is called."""

    root: Path
    keys: dict[str, Path]
    question: Question = field(default=PLAIN)

    def git(self, *arguments: str, author: str = "admin@example.com") -> str:
        """Run git as somebody."""
        identity = ["-c", "user.name=n", "-c", f"user.email={author}", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(self.root), *identity, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file of the repository."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, author: str = ALICE, message: str = "change") -> str:
        """Commit everything."""
        self.git("add", "-A", author=author)
        self.git("commit", "-q", "--allow-empty", "-m", message, author=author)
        return self.git("rev-parse", "HEAD")

    def propose(self, text: str | None = None, author: str = ALICE) -> str:
        """Commit a topic with personal data as a pull request would."""
        self.write("topics/customers.yaml", topic() if text is None else text)
        return self.commit(author)

    @property
    def repository_id(self) -> str:
        """What statements must name."""
        return self.git("rev-list", "--max-parents=0", "HEAD")

    def subject(self, environment: str = "prod", resource: ResourceId = X) -> Subject:
        """Name what a resource is now."""
        from kgov.approval.canonical import Contents
        from kgov.manifest.compose import compose

        return Contents(compose(load(self.root), environment)[0]).subject(resource)

    def sign(
        self,
        who: str,
        *subjects: Subject,
        key: Path | None = None,
        given: date = TODAY,
        expires: date = TODAY + timedelta(days=100),
        repository: str | None = None,
    ) -> Path:
        """Agree to what there is now, or to something else."""
        statement = Statement(
            self.repository_id if repository is None else repository,
            who,
            given,
            expires,
            "seen",
            subjects or (self.subject(),),
        )
        return keep_statement(self.root, statement, ssh_sign(key or self.keys[who]))

    def review(self, today: date = TODAY, question: Question | None = None) -> Review:
        """Judge everything as validate does."""
        repository = load(self.root)
        approvals = gather(self.root, repository, question or self.question)
        return review(repository, repository.environments, today, approvals=approvals)

    def missing(self, today: date = TODAY, question: Question | None = None) -> list[Finding]:
        """Find what lacks an approval; nothing else may be wrong."""
        found = self.review(today, question).findings
        others = [f"{f.code} {f.message} {f.place}" for f in found if f.blocks and f.code != "KG506"]
        assert others == [], others
        return [finding for finding in found if finding.code == "KG506"]

    def message(self, today: date = TODAY, question: Question | None = None) -> str:
        """Give what is said of the one approval that is missing; empty where none is."""
        found = [finding.message for finding in self.missing(today, question)]
        assert len(found) < 2, found
        return "".join(found)


def found_company(root: Path, keys: dict[str, Path]) -> Company:
    """Commit the base revision: project, teams, signers, the policy, and a topic that nobody must agree to."""
    company = Company(root, keys)
    company.git("init", "-q", "-b", "main")
    company.write("kgov.yaml", PROJECT)
    company.write("policies/teams.yaml", TEAMS)
    company.write("policies/personal-data.yaml", POLICY)
    company.write(
        "policies/allowed_signers", "".join(signer(who, keys[who]) for who in (ALICE, BOB, DANA, EVE))
    )
    plain = topic("commerce.carts.created.v1").replace("personal: true", "personal: false")
    company.write("topics/carts.yaml", plain)
    company.commit("admin@example.com", "base")
    return company
