"""What a real broker has of what a tier asks for."""


def test_what_the_broker_has_is_held_against_the_tier(repo, prefix):
    spec = "{partitions: 1, replicas: 1, retention: 7d, criticality: critical}"
    repo.topic(f"{prefix}orders", spec)
    repo.topic(f"{prefix}later", spec)
    assert repo.online("apply", "--yes", "--target", f"Topic/{prefix}orders").code == 0
    run = repo.online("report", "resilience", "--live", "--format", "json")
    assert run.code == 2, run.said
    later, orders = run.document["topics"]
    assert (later["onCluster"], orders["onCluster"]) == (False, True)
    replicas, in_sync, racks, *_ = orders["concerns"]
    assert replicas["live"] == {"has": "1", "lacking": True}
    assert in_sync["live"] == {"has": "1, 1 in sync now", "lacking": True}
    assert racks["live"]["lacking"]


def test_without_the_right_to_see_a_topic_nothing_is_said_of_its_replicas(repo, broker, prefix, user):
    repo.topic(f"{prefix}orders", "{criticality: critical}")
    repo.properties = broker.properties_file(user)
    run = repo.online("report", "resilience", "--live")
    assert (run.code, run.out) == (6, "")
    assert f"Describe on Topic {prefix}orders" in run.err
