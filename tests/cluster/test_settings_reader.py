import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread

import pytest

from kgov.cluster.settings import ConnectionSettings
from kgov.cluster.settings_reader import read_settings
from kgov.errors import UsageError


def read(
    config: Path | None = None,
    *,
    server: str | None = "kafka:9092",
    overrides: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    repository: Path | None = None,
) -> ConnectionSettings:
    return read_settings(
        bootstrap_server=server,
        command_config=config,
        overrides=overrides,
        environment=environment or {},
        repository=repository,
    )


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write(
        tmp_path / "client.properties",
        "bootstrap.servers=file:1\n"
        "security.protocol=SASL_SSL\n"
        "sasl.mechanism=SCRAM-SHA-512\n"
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n"
        '  username="alice" \\\n'
        '  password="wonder";\n',
    )


def test_a_java_client_file_is_enough(config: Path) -> None:
    made = read(config, server=None)
    assert made.bootstrap_servers == "file:1"
    assert (made.get("sasl.username"), made.get("sasl.password")) == ("alice", "wonder")
    assert made.source("sasl.password") == "client.properties:4"
    assert made.notes == ()


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert read(write(tmp_path / "c", "\ufeffbootstrap.servers=a:1"), server=None).bootstrap_servers == "a:1"


def test_file_then_variables_then_options(config: Path) -> None:
    environment = {
        "KGOV_KAFKA_BOOTSTRAP_SERVERS": "environment:1",
        "KGOV_KAFKA_SASL_PASSWORD": "other",
        "KGOV_KAFKA_CLIENT_ID": "environment",
        "PATH": "/bin",
    }
    made = read(config, server="option:1", overrides=["client.id=option"], environment=environment)
    assert {setting.name: setting.source for setting in made.settings} == {
        "bootstrap.servers": "--bootstrap-server",
        "client.id": "-X",
        "sasl.mechanisms": "client.properties:3",
        "sasl.password": "KGOV_KAFKA_SASL_PASSWORD",
        "sasl.username": "client.properties:4",
        "security.protocol": "client.properties:2",
    }


@pytest.mark.parametrize(
    ("content", "secret"), [("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), (" a\n\n", " a\n")]
)
def test_a_mounted_secret_loses_one_line_end(tmp_path: Path, config: Path, content: str, secret: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(content.encode())
    made = read(config, environment={"KGOV_KAFKA_SASL_PASSWORD_FILE": str(file)})
    assert made.get("sasl.password") == secret
    assert made.source("sasl.password") == f"KGOV_KAFKA_SASL_PASSWORD_FILE ({file})"


def test_a_secret_and_its_file_may_not_both_be_set(config: Path) -> None:
    environment = {"KGOV_KAFKA_SASL_PASSWORD": "x", "KGOV_KAFKA_SASL_PASSWORD_FILE": "/x"}
    with pytest.raises(UsageError, match="are both set"):
        read(config, environment=environment)


@pytest.mark.parametrize("variable", ["KGOV_KAFKA_SASL_PASSWORD", "KGOV_KAFKA_SASL_PASSWORD_FILE"])
def test_an_empty_variable_counts_as_not_set(config: Path, variable: str) -> None:
    made = read(config, environment={variable: ""})
    assert made.get("sasl.password") == "wonder"
    assert variable in made.notes[0]


def test_a_misspelt_variable_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="KGOV_KAFKA_SASL_PASSWD") as raised:
        read(environment={"KGOV_KAFKA_SASL_PASSWD": "hunter2"})
    assert raised.value.todo == "Did you mean KGOV_KAFKA_SASL_PASSWORD?"


def test_a_variable_like_no_setting_is_refused_too() -> None:
    with pytest.raises(UsageError) as raised:
        read(environment={"KGOV_KAFKA_QQQQ": "x"})
    assert "docs/connections.md" in raised.value.todo


@pytest.mark.parametrize("text", ["hunter2", "=hunter2", " =hunter2"])
def test_an_override_is_key_and_value_and_never_repeated(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(overrides=[text])
    assert raised.value.what == "-X takes key=value"
    assert "hunter2" not in raised.value.todo


def test_a_password_on_the_command_line_is_refused() -> None:
    with pytest.raises(UsageError, match="must not stand on the command line"):
        read(overrides=["sasl.password=hunter2"])


class TestFilesThatCannotBeRead:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="cannot be read") as raised:
            read(tmp_path / "none")
        assert raised.value.why == "No such file or directory."

    def test_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no regular file"):
            read(tmp_path)

    def test_device(self) -> None:
        with pytest.raises(UsageError, match="no regular file"):
            read(Path("/dev/zero"))

    def test_secret_from_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UsageError, match="KGOV_KAFKA_SASL_PASSWORD_FILE is no regular file"):
            read(environment={"KGOV_KAFKA_SASL_PASSWORD_FILE": str(tmp_path / "pipe")})

    def test_over_a_mebibyte(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="over 1 MiB"):
            read(write(tmp_path / "c", "#" * (1024 * 1024 + 1)))

    def test_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / "c").write_bytes(b"sasl.password=\xe9t\xe9")
        with pytest.raises(UsageError, match="not UTF-8"):
            read(tmp_path / "c")

    def test_broken_escape(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"c:2 cannot be read") as raised:
            read(write(tmp_path / "c", "a=b\nsasl.password=C:\\users"))
        assert "hexadecimal" in raised.value.why


def test_a_config_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_text, args=("bootstrap.servers=piped:1\n",))
    writer.start()
    assert read(pipe, server=None).bootstrap_servers == "piped:1"
    writer.join()


def test_secrets_that_everybody_can_read_are_noted(config: Path) -> None:
    config.chmod(0o644)
    assert "chmod 600" in read(config).notes[0]


def test_a_file_without_secrets_may_be_read_by_everybody(tmp_path: Path) -> None:
    assert read(write(tmp_path / "c", "client.id=x", 0o644)).notes == ()


class TestAConfigInTheRepository:
    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Path:
        (tmp_path / "checkout" / ".git").mkdir(parents=True)
        (tmp_path / "checkout" / "kafka").mkdir()
        return tmp_path / "checkout"

    @pytest.mark.parametrize("place", ["client.properties", "kafka/client.properties"])
    def test_is_refused_in_ci(self, checkout: Path, place: str) -> None:
        config = write(checkout / place, "client.id=x")
        with pytest.raises(UsageError, match="lies in the repository"):
            read(config, environment={"CI": "true"}, repository=checkout / "kafka")

    def test_is_refused_behind_a_link(self, checkout: Path, config: Path) -> None:
        (checkout / "link").symlink_to(config)
        with pytest.raises(UsageError, match="lies in the repository"):
            read(checkout / "link", environment={"CI": "true"}, repository=checkout)

    def test_is_refused_where_there_is_no_git(self, tmp_path: Path) -> None:
        config = write(tmp_path / "client.properties", "client.id=x")
        with pytest.raises(UsageError, match="lies in the repository"):
            read(config, environment={"CI": "1"}, repository=tmp_path)

    @pytest.mark.parametrize("ci", ["false", ""])
    def test_is_fine_on_a_desk(self, checkout: Path, ci: str) -> None:
        assert read(write(checkout / "c", "client.id=x"), environment={"CI": ci}, repository=checkout)

    def test_can_be_allowed(self, checkout: Path) -> None:
        environment = {"CI": "true", "KGOV_ALLOW_CONFIG_IN_REPOSITORY": "true"}
        assert read(write(checkout / "c", "client.id=x"), environment=environment, repository=checkout)

    def test_outside_is_fine_in_ci(self, checkout: Path, config: Path) -> None:
        assert read(config, environment={"CI": "true"}, repository=checkout)

    def test_without_a_repository_is_fine(self, config: Path) -> None:
        assert read(config, environment={"CI": "true"})


class TestFilesOfCertificates:
    def ssl(self, *overrides: str) -> ConnectionSettings:
        return read(overrides=["security.protocol=SSL", *overrides])

    def test_must_exist(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="does not exist"):
            self.ssl(f"ssl.ca.location={tmp_path}/none")

    def test_must_be_files(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="is no file"):
            self.ssl(f"ssl.certificate.location={tmp_path}", f"ssl.key.location={tmp_path}")

    def test_must_be_readable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda *_: False)
        with pytest.raises(UsageError, match="may not be read"):
            self.ssl(f"ssl.ca.location={write(tmp_path / 'ca.pem', 'x')}")

    def test_authorities_may_be_a_folder(self, tmp_path: Path) -> None:
        assert self.ssl(f"ssl.ca.location={tmp_path}").get("ssl.ca.location") == str(tmp_path)

    def test_authorities_may_be_those_of_the_system(self) -> None:
        assert self.ssl("ssl.ca.location=probe").get("ssl.ca.location") == "probe"

    def test_stores_are_known_by_their_content(self, tmp_path: Path) -> None:
        store = write(tmp_path / "client.jks", "-----BEGIN PRIVATE KEY-----")
        assert self.ssl(f"ssl.keystore.location={store}").get("ssl.key.location") == str(store)

    def test_stores_must_exist(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="does not exist"):
            self.ssl(f"ssl.truststore.location={tmp_path}/none")


def test_permissions_of_the_test_files_are_as_assumed(config: Path) -> None:
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_the_variable_of_an_option_is_no_setting(tmp_path):
    config = tmp_path / "client.properties"
    config.write_text("bootstrap.servers=localhost:9092\n", encoding="utf-8")
    made = read(config, server=None, environment={"KGOV_KAFKA_VERSION": "4.2"})
    assert made.bootstrap_servers == "localhost:9092"
