"""``kgov policy starter``: what is printed can be put into policies/ as it is."""

from kgov.cli.starter_pack import descriptions


def test_without_names_it_says_what_there_is_and_what_for(repo):
    run = repo.kgov("policy", "starter")
    names = [line for line in run.out.splitlines() if not line.startswith(" ")]
    assert (run.code, len(names)) == (0, 15)
    assert names == sorted(descriptions())
    said = " ".join(run.out.split())
    assert all(f"{name} {text}" in said for name, text in descriptions().items())
    assert max(map(len, run.out.splitlines())) <= 80


def test_what_is_printed_passes_its_own_tests_in_a_repository(repo):
    run = repo.kgov("policy", "starter", *descriptions())
    repo.write("policies/starter.yaml", run.out)
    tested = repo.kgov("policy", "test", "--format", "json")
    assert (tested.code, tested.err) == (0, "")
    assert {each["policy"] for each in tested.document["policies"]} == set(descriptions())


def test_a_name_that_is_not_there_is_wrong_usage(repo):
    run = repo.kgov("policy", "starter", "partition-ceilings")
    assert (run.code, run.out) == (64, "")
    assert "did you mean partition-ceiling?" in run.err
