"""``kgov size``: a calculation, one topic, a change, everything."""

import subprocess

import pytest
from command import Repository

CALCULATION = (
    *("size", "--rate", "100MB/s", "--retention", "7d", "--replication", "3", "--groups", "5"),
    *("--disk", "8TB", "--link", "10Gbps"),
)
SPEC = "{partitions: 6, replicas: 3, retention: 7d, volume: {rate: 1MB/s}}"


@pytest.fixture
def repo(tmp_path):
    repository = Repository(tmp_path / "repo")
    repository.project("environments: {prod: {capacity: {brokers: 3, disk: 8TB, link: 10Gbps}}}")
    repository.topic("orders", SPEC)
    return repository


def git(repo, *arguments):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(repo.root), *who, *arguments], check=True, capture_output=True)


def test_a_bare_calculation_needs_no_repository(tmp_path):
    run = Repository(tmp_path).kgov(*CALCULATION)
    assert run.code == 0, run.said
    for answer in (
        "60.48 TB raw",
        "181.44 TB replicated",
        "235.9 TB at factor 1.3",
        "800 MB/s = 6.4 Gbit/s",
        "30 brokers",
    ):
        assert answer in run.out
    assert Repository(tmp_path).kgov(*CALCULATION, "--format", "json").document["brokers"]["needed"] == 30
    assert "| 30 brokers |" in Repository(tmp_path).kgov(*CALCULATION, "--format", "markdown").out


def test_what_is_not_said_of_a_calculation_is_what_is_usual(tmp_path):
    document = Repository(tmp_path).kgov("size", "--rate", "1MB/s", "--format", "json").document
    assert document["stream"] == {
        "rate": 1_000_000,
        "retention": 604_800_000,
        "replicas": 3,
        "groups": 1,
        "peak": 1.0,
    }


def test_records_are_worked_out_with_the_size_of_one(tmp_path):
    run = Repository(tmp_path).kgov("size", "--rate", "2000/s", "--message-size", "1KB", "--format", "json")
    assert run.document["stream"]["rate"] == 2_000_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--rate fast", "is no rate"),
        ("--rate 2000/s", "say --message-size 1KiB"),
        ("--rate 2000/s --message-size 0", "counts records"),
        ("--rate 2MB/s --message-size 1KiB", "counts bytes already"),
        ("--message-size 1KiB", "--message-size needs --rate"),
        ("--rate 1MB/s --factor nan", "--factor is no number"),
        ("--rate 1MB/s --peak nan", "--peak is no number"),
        ("--rate 1MB/s --peak inf", "not in the range"),
        ("--rate 1MB/s --retention unlimited", "say for how long"),
        ("--rate 1MB/s --retention 1M", "is no duration"),
        ("--rate 1MB/s --disk 0", "holds nothing"),
        ("--rate 1MB/s --disk unlimited", "holds nothing"),
        ("--rate 1MB/s --link 0Gbps", "holds nothing"),
        ("--rate 1MB/s --link 10GBps", "Gbps, not GBps"),
        ("--rate 1MB/s --base HEAD", "do not go together"),
        ("--rate 1MB/s Topic/orders", "do not go together"),
        ("Topic/orders --base HEAD", "do not go together"),
        ("--live --base HEAD", "do not go together"),
        ("Topic/orders --live", "do not go together"),
        ("--rate 1MB/s --live", "do not go together"),
        ("--rate 1MB/s --bootstrap-server localhost:1", "do not go together"),
        ("--bootstrap-server localhost:1", "--live is not given"),
        ("--live", "No cluster is named"),
        ("--disk 8TB", "--disk needs --rate"),
        ("--replication 2", "--replication needs --rate"),
        ("Topic/order", "did you mean Topic/orders?"),
        ("Access/orders", "cannot size Access/orders"),
        ("orders", "did you mean Topic/orders?"),
        ("topic/orders", "did you mean Topic/orders?"),
        ("--base nowhere", "no such revision"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(repo, arguments, words):
    run = repo.kgov("size", *arguments.split())
    assert run.code == 64, run.said
    assert words in " ".join(run.err.split())
    assert run.out == ""


def test_one_topic_and_everything(repo):
    assert "604.8 GB raw" in repo.kgov("size", "Topic/orders").out
    run = repo.kgov("size", "--format", "json")
    assert run.code == 0, run.said
    assert run.document["room"]["disk"]["given"] == 24 * 10**12


def test_a_change_is_held_against_a_revision(repo):
    git(repo, "init", "-q")
    git(repo, "add", ".")
    git(repo, "commit", "-q", "-m", "before")
    repo.topic("payments", SPEC)
    run = repo.kgov("size", "--base", "HEAD")
    assert run.code == 0, run.said
    assert "prod since HEAD: 1 topic changed" in run.out
    assert "+ payments  +1.81 TB replicated" in run.out
    repo.project("environments: {new: {}}")
    assert "new since HEAD: 2 topics changed" in repo.kgov("size", "--base", "HEAD").out


def test_manifests_that_cannot_be_read_are_not_added_up(repo):
    repo.topic("broken", "{partitions: many}")
    run = repo.kgov("size")
    assert (run.code, run.out) == (3, "")
    assert "KG004" in run.err


def test_what_does_not_fit_is_shown_and_not_refused(repo):
    repo.topic("huge", "{partitions: 6, replicas: 3, retention: 7d, volume: {rate: 100MB/s}}")
    run = repo.kgov("size")
    assert run.code == 0, run.said
    assert "too much" in run.out
    assert "note: kgov validate finds 1 error in these manifests" in run.err


def test_it_can_be_written_to_a_file(repo, tmp_path):
    run = repo.kgov("size", "-o", tmp_path / "size.txt")
    assert (run.code, run.out) == (0, "")
    assert "1.81 TB replicated" in (tmp_path / "size.txt").read_text()
