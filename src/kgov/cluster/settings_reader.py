"""The edge of the connection's settings: the file, the environment and the options, read within bounds."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from kgov.cluster.gather import gather_settings
from kgov.cluster.properties import PropertiesError, parse_properties
from kgov.cluster.setting_names import FILES, KNOWN, is_secret
from kgov.cluster.settings import ConnectionSettings, Entry, Origin
from kgov.cluster.stores import StoreKind, store_kind
from kgov.errors import UsageError
from kgov.model.nearest import nearest

PREFIX = "KGOV_KAFKA_"
_OWN_OPTIONS = frozenset({"KGOV_KAFKA_VERSION"})
"""Variables of kgov's own options that only look like settings: ``sandbox run --kafka-version``."""

ALLOW_IN_REPOSITORY = "KGOV_ALLOW_CONFIG_IN_REPOSITORY"
_FILE_SUFFIX = "_FILE"
_LARGEST = 1024 * 1024
_YES = ("true", "1")


def read_settings(
    *,
    bootstrap_server: str | None,
    command_config: Path | None,
    overrides: Sequence[str],
    environment: Mapping[str, str],
    repository: Path | None,
) -> ConnectionSettings:
    """Gather the settings of a connection from all that may hold some; the later wins.

    The file of ``--command-config``, ``KGOV_KAFKA_...`` variables, ``-X key=value`` (``overrides``),
    ``--bootstrap-server``. ``repository`` is the folder with ``kgov.yaml``. Connects to nothing. Raises
    ``UsageError`` for whatever is wrong, before anything is asked of a cluster.
    """
    notes: list[str] = []
    file_entries: tuple[Entry, ...] = ()
    if command_config is not None:
        _refuse_in_repository(command_config, environment, repository)
        file_entries = tuple(_file_entries(command_config))
        notes += _exposure(command_config, file_entries)
    layers = (
        file_entries,
        tuple(_variable_entries(environment)),
        tuple(map(_override, overrides)),
        tuple(_server(bootstrap_server)),
    )
    gathered = gather_settings(layers, _kind_of)
    for setting in gathered.settings:
        if setting.name in FILES:
            _require_readable(setting.name, setting.reveal(), setting.source)
    return ConnectionSettings(gathered.settings, (*notes, *gathered.notes))


def _refuse_in_repository(config: Path, environment: Mapping[str, str], repository: Path | None) -> None:
    """Refuse, in CI, a file that a pull request can change: it could send the credentials elsewhere."""
    in_ci = environment.get("CI", "").lower() in _YES
    if not in_ci or repository is None or environment.get(ALLOW_IN_REPOSITORY, "").lower() in _YES:
        return
    root = _work_tree(repository.resolve())
    # Both the name and what it leads to: a link in the repository is as changeable as a file.
    if any(path.is_relative_to(root) for path in (config.parent.resolve() / config.name, config.resolve())):
        msg = f"The file of --command-config lies in the repository: {config}"
        raise UsageError(
            msg,
            why="In CI (CI=true) a pull request could change where the credentials are sent.",
            todo="Keep it outside the checkout, or pass KGOV_KAFKA_... variables. "
            f"{ALLOW_IN_REPOSITORY}=true allows it all the same.",
        )


def _work_tree(repository: Path) -> Path:
    """Find the whole checkout that the repository of manifests may be only a folder of."""
    holders = [folder for folder in (repository, *repository.parents) if (folder / ".git").exists()]
    return holders[-1] if holders else repository


def _file_entries(config: Path) -> Iterator[Entry]:
    text = _read_text(config, "The file of --command-config", _regular_or_pipe)
    try:
        properties = parse_properties(text)
    except PropertiesError as error:
        msg = f"{config}:{error.line} cannot be read"
        raise UsageError(msg, why=f"{error}.", todo="Double a backslash that is meant as one.") from None
    for item in properties:
        yield Entry(item.key, item.value, f"{config.name}:{item.line}", Origin.FILE)


def _exposure(config: Path, entries: Sequence[Entry]) -> Iterator[str]:
    """Note a file with secrets that everybody on the machine can read."""
    if any(is_secret(entry.name) for entry in entries) and config.stat().st_mode & stat.S_IROTH:
        yield f"{config} holds a secret and everybody on this machine can read it: chmod 600 {config}"


def _variable_entries(environment: Mapping[str, str]) -> Iterator[Entry]:
    for variable, text in sorted(environment.items()):
        if not variable.startswith(PREFIX) or variable in _OWN_OPTIONS:
            continue
        if not variable.endswith(_FILE_SUFFIX) or not text:
            yield Entry(_setting_name(variable.removesuffix(_FILE_SUFFIX)), text, variable, Origin.ENVIRONMENT)
            continue
        plain = variable.removesuffix(_FILE_SUFFIX)
        if environment.get(plain):
            msg = f"{plain} and {variable} are both set"
            raise UsageError(msg, todo="Leave one of them.")
        content = _read_text(Path(text), f"The file of {variable}", stat.S_ISREG)
        value = content.removesuffix("\n").removesuffix("\r")
        yield Entry(_setting_name(plain), value, f"{variable} ({text})", Origin.ENVIRONMENT)


def _setting_name(variable: str) -> str:
    name = variable.removeprefix(PREFIX).lower().replace("_", ".")
    if name not in KNOWN:
        near = nearest(name, KNOWN)
        msg = f"{variable} sets no connection setting that kgov knows"
        hint = PREFIX + near[0].upper().replace(".", "_") if near else ""
        raise UsageError(
            msg,
            todo=f"Did you mean {hint}?" if near else "docs/connections.md lists the settings that kgov knows.",
        )
    return name


def _override(text: str) -> Entry:
    name, mark, value = text.partition("=")
    if not mark or not name.strip():
        msg = "-X takes key=value"
        raise UsageError(msg, todo="Write it like -X security.protocol=SASL_SSL.")
    return Entry(name.strip(), value, "-X", Origin.OPTION)


def _server(bootstrap_server: str | None) -> Iterator[Entry]:
    if bootstrap_server is not None:
        yield Entry("bootstrap.servers", bootstrap_server, "--bootstrap-server", Origin.OPTION)


def _kind_of(entry: Entry) -> StoreKind:
    _require_readable(entry.name, entry.value, entry.source)
    with Path(entry.value).open("rb") as file:
        return store_kind(file.read(_LARGEST))


def _require_readable(name: str, value: str, source: str) -> None:
    path = Path(value)
    takes_folder = ".ca." in name or ".crl." in name
    if takes_folder and (value == "probe" or path.is_dir()):
        return
    if not path.exists():
        state = "does not exist"
    elif not path.is_file():
        state = "is no file"
    elif not os.access(path, os.R_OK):
        state = "may not be read by this user"
    else:
        return
    msg = f"{name} names {value!r}, which {state} ({source})"
    raise UsageError(
        msg, todo=f"Correct the path; a relative one is taken from the current folder, {Path.cwd()}."
    )


def _regular_or_pipe(mode: int) -> bool:
    """Accept what ``--command-config <(command)`` hands over as well."""
    return stat.S_ISREG(mode) or stat.S_ISFIFO(mode)


def _read_text(path: Path, what: str, accepts: Callable[[int], bool]) -> str:
    """Read a small text file, never a device: ``accepts`` looks at its mode."""
    try:
        if not accepts(path.stat().st_mode):
            msg = f"{what} is no regular file: {path}"
            raise UsageError(msg)
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        msg = f"{what} cannot be read: {path}"
        raise UsageError(msg, why=f"{error.strerror}.") from None
    if len(content) > _LARGEST:
        msg = f"{what} is over 1 MiB: {path}"
        raise UsageError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        msg = f"{what} is not UTF-8: {path}"
        raise UsageError(
            msg, todo="Write characters beyond ASCII as \\u00e9, or save the file as UTF-8."
        ) from None
