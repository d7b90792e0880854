"""A change is sized against what a real broker has."""

SPEC = "{{partitions: {partitions}, replicas: 1, retention: {kept}, volume: {{rate: 1MB/s}}}}"


def test_what_is_asked_for_is_held_against_what_is_there(repo, prefix):
    name = f"{prefix}orders"
    repo.topic(name, SPEC.format(partitions=2, kept="7d"))
    assert repo.online("apply", "--yes").code == 0
    assert repo.online("size", "--live", "--format", "json").document["changes"] == []
    repo.topic(name, SPEC.format(partitions=3, kept="9d"))
    run = repo.online("size", "--live", "--format", "json")
    assert run.code == 0, run.said
    (change,) = run.document["changes"]
    assert (change["name"], change["action"], change["partitions"]) == (name, "update", 1)
    assert change["storage"]["raw"] == 2 * 86_400 * 10**6
    assert run.document["cluster"]["id"]
