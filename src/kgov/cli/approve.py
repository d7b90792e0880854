"""``kgov approve``: show what is agreed to, ask, and sign it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgov.cli.approving import approval_question
from kgov.cli.context import Settings, deliver, now, say
from kgov.cli.options import environment_option, examples, option
from kgov.errors import ExitCode, RefusedError, UsageError

if TYPE_CHECKING:
    from kgov.approval.approvals import Approvals, Examined
    from kgov.approval.base import Base
    from kgov.approval.canonical import Contents
    from kgov.approval.statement import Statement
    from kgov.manifest.repository import Repository
    from kgov.model.approval import Ruling, Subject
    from kgov.model.desired import Desired
    from kgov.model.place import ResourceId
    from kgov.report.text.approve import Agreeable

_LONGEST_TERM = 3_650


@click.command(
    epilog=examples(
        "kgov approve Topic/orders --env prod --key ~/.ssh/id_ed25519 --as dana@example.com",
        "kgov approve Access/billing-service --reason 'agreed with the data office'",
        "kgov approve --all",
    )
)
@click.argument("resources", metavar="[KIND/NAME]...", nargs=-1)
@environment_option
@option("--all", "every", is_flag=True, help="Everything that waits for an approval of the one who signs.")
@option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The SSH key.  [default: git's user.signingkey]",
)
@option(
    "--as",
    "identity",
    metavar="ADDRESS",
    help="Who signs, as Teams and signers name them.  [default: git's user.email]",
)
@option("--reason", metavar="TEXT", default="", help="Why; kept in the statement.")
@option(
    "--days", type=click.IntRange(1, _LONGEST_TERM), default=365, show_default=True, help="How long it holds."
)
@option(
    "--base",
    metavar="REVISION",
    help="What it is compared with.  [default: what CI says, or where the default branch was left]",
)
@option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def approve(settings: Settings, /, resources: tuple[str, ...], yes: bool, **options: Any) -> int:
    """Agree to resources as they are now: show them, ask, sign, and write the statement to approvals/.

    Without --env, in every environment where an approval is missing. The files it writes are to be committed.
    """
    from kgov.approval.signing import keep_statement, ssh_sign
    from kgov.report.text.approve import approve_text

    if not resources and not options["every"]:
        raise UsageError("what is agreed to?", todo="name resources such as Topic/orders, or say --all")
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("nobody is there to say yes", todo="look at it, and say --yes")
    desk = _Desk.open(settings, options)
    who, key = _who(desk, options), _key(desk, options)
    sign = ssh_sign(key)
    chosen = list(desk.chosen(resources, who))
    if not chosen:
        say(f"Nothing waits for an approval of {who}.")
        return ExitCode.DONE
    deliver(approve_text(chosen, settings.style()))
    sys.stdout.flush()
    for note in desk.notes(chosen, who):
        say(f"note: {note}")
    if not yes and not click.confirm(f"Agree to this as {who}?", err=True):
        raise RefusedError("you said no; nothing was signed")
    subjects = tuple(each.subject for each in chosen)
    statement = _statement(desk, who, subjects, options)
    path = keep_statement(settings.directory, statement, sign)
    say(f"Signed: {path} and {path.name}.sig. Commit both.")
    for why in desk.objections(path, subjects):
        say(f"note: {why}")
    return ExitCode.DONE


def _statement(
    desk: "_Desk", who: str, subjects: "tuple[Subject, ...]", options: dict[str, Any]
) -> "Statement":
    from kgov.approval.statement import Statement

    today = now().date()
    return Statement(
        repository=desk.repository_id,
        approver=who,
        given=today,
        expires=today + timedelta(days=options["days"]),
        reason=options["reason"].strip(),
        subjects=subjects,
    )


def _who(desk: "_Desk", options: dict[str, Any]) -> str:
    who = options["identity"] or desk.setting("user.email")
    if not who:
        raise UsageError(
            "who agrees?", todo="say --as ADDRESS, as the Teams and policies/allowed_signers name you"
        )
    return str(who)


def _key(desk: "_Desk", options: dict[str, Any]) -> Path:
    key = options["key"] or desk.setting("user.signingkey")
    if not key:
        raise UsageError("with which key?", todo="say --key FILE, or set git's user.signingkey")
    return Path(key).expanduser()


@dataclass(frozen=True, slots=True)
class _Desk:
    """The manifests of a run, with what each environment asks for."""

    settings: Settings
    repository: "Repository"
    approvals: "Approvals"
    base: "Base"
    repository_id: str
    desired: "dict[str, Desired]"
    contents: "dict[str, Contents]"
    examined: "dict[str, Examined]"

    @classmethod
    def open(cls, settings: Settings, options: dict[str, Any]) -> "_Desk":
        """Read everything; raise ``RefusedError`` where no approval could count."""
        from kgov.approval.base import NoBase
        from kgov.approval.canonical import Contents
        from kgov.approval.gather import gather
        from kgov.manifest.compose import compose
        from kgov.manifest.repository import load
        from kgov.plan.review import all_environments, one_environment

        repository = load(settings.directory)
        given = options["env"] is not None
        names = one_environment(repository, options["env"]) if given else all_environments(repository)
        if not names:
            raise UsageError("kgov.yaml could not be read", todo="run kgov validate")
        approvals = gather(settings.directory, repository, approval_question(options))
        base = approvals.base
        if isinstance(base, NoBase):
            raise RefusedError(
                "an approval would not count", why=base.why, todo="commit what governs first", code="KG506"
            )
        if base.repository_id is None:
            raise RefusedError(
                "this repository cannot be told from others",
                todo="fetch its whole history, or give it a metadata.name in kgov.yaml",
                code="KG506",
            )
        desired = {name: compose(repository, name)[0] for name in names}
        today = now().date()
        return cls(
            settings,
            repository,
            approvals,
            base,
            base.repository_id,
            desired,
            {name: Contents(each) for name, each in desired.items()},
            {name: approvals.examine(each, today) for name, each in desired.items()},
        )

    def setting(self, name: str) -> str:
        """Read a setting of git; empty where there is none."""
        from kgov.approval.history import History

        history = History.around(self.settings.directory)
        return history.setting(name) if history else ""

    def chosen(self, resources: tuple[str, ...], who: str) -> "Iterator[Agreeable]":
        """Choose what is agreed to: what is named, or all that waits for this person."""
        named = [self._resource(text) for text in resources]
        for environment, contents in self.contents.items():
            missing = {ruling.requirement.subject.resource for ruling in self._missing(environment)}
            waiting = () if named else sorted(self._waiting(environment, who))
            for resource in dict.fromkeys(named or waiting):
                if contents.has(resource) and (resource in missing or not self._is_missing(resource)):
                    yield self._agreeable(environment, resource)

    def notes(self, chosen: "list[Agreeable]", who: str) -> Iterator[str]:
        """Say beforehand why an agreement would not count."""
        from kgov.policy.wording import listed, quoted

        people = self.base.people
        person = people.person(who)
        wanted = {team for each in chosen for ruling in each.rulings for team in ruling.requirement.approvers}
        if wanted and not people.teams_of(person) & wanted:
            teams = listed(map(quoted, sorted(wanted)), "or")
            yield f"it will not count: in the base revision {who} is not in {teams}"
        authors = self.approvals.authors
        for each in chosen:
            if authors is not None and authors.wrote(person, each.subject, people):
                yield f"it will not count: {who} has written the change of {each.subject.resource}"

    def objections(self, path: Path, subjects: "tuple[Subject, ...]") -> Iterator[str]:
        """Verify what was just written, as everybody else will."""
        from kgov.approval.evidence.files import read_approvals
        from kgov.approval.evidence.signatures import SignatureFiles, SshKeygen

        files = read_approvals(self.settings.directory)
        source = SignatureFiles(files, self.repository_id, self.base.signers, SshKeygen(self.base.signers))
        for aside in source.about(subjects[0]).set_aside:
            if Path(aside.source).name == path.name:
                yield f"it does not count yet: {aside.source} {aside.why}"

    def _resource(self, text: str) -> "ResourceId":
        from kgov.model.nearest import nearest
        from kgov.model.place import ResourceId

        kind, _, name = text.partition("/")
        resource = ResourceId(kind, name)
        if not any(contents.has(resource) for contents in self.contents.values()):
            known = {str(each) for contents in self.contents.values() for each in contents.resources}
            near = nearest(text, sorted(known))
            raise UsageError(
                f"no manifest declares {text} in {', '.join(self.contents)}",
                todo=f"did you mean {near[0]}?"
                if near
                else "name a Topic, an Access or an Acl, such as Topic/orders",
            )
        return resource

    def _missing(self, environment: str) -> "Iterator[Ruling]":
        return (ruling for ruling in self.examined[environment].rulings if ruling.missing)

    def _waiting(self, environment: str, who: str) -> "set[ResourceId]":
        """List what waits for this person: members of the approvers, who have not agreed yet."""
        person = self.base.people.person(who)
        teams = self.base.people.teams_of(person)
        return {
            ruling.requirement.subject.resource
            for ruling in self._missing(environment)
            if teams & frozenset(ruling.requirement.approvers)
            and person not in {each.person for each in ruling.agreed}
        }

    def _is_missing(self, resource: "ResourceId") -> bool:
        """Say whether an approval is missing anywhere: then it is given there, and nowhere else."""
        every = (ruling for environment in self.examined for ruling in self._missing(environment))
        return any(ruling.requirement.subject.resource == resource for ruling in every)

    def _agreeable(self, environment: str, resource: "ResourceId") -> "Agreeable":
        from kgov.report.text.approve import Agreeable

        contents = self.contents[environment]
        before = self.approvals.base_contents(environment)
        rulings = self.examined[environment].rulings
        return Agreeable(
            subject=contents.subject(resource),
            content=contents.content(resource),
            before=before.content(resource) if before is not None and before.has(resource) else None,
            readers=self._readers(environment, resource),
            rulings=tuple(r for r in rulings if r.requirement.subject.resource == resource),
        )

    def _readers(self, environment: str, resource: "ResourceId") -> tuple[str, ...]:
        from kgov.register.readers import Library

        if resource.kind != "Topic":
            return ()
        desired = self.desired[environment]
        found = Library(desired, desired.bindings).readers(resource.name)
        return tuple(
            f"{reader.principal} ({', '.join(reader.teams)})" if reader.teams else reader.principal
            for reader in found
        )
