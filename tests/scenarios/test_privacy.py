"""The register of personal data, held against the ACLs of a real broker."""

DATA = "data: {personal: true, legalBasis: contract, subjects: [customers]}"


def test_who_reads_personal_data_is_held_against_the_cluster(repo, broker, outsider, prefix, service, user):
    name = f"{prefix}people"
    repo.topic(name, f"{{retention: 7d, {DATA}}}")
    repo.acl("crm", f"'{service}'", f"{{resource: Topic, name: {name}, operations: [Read]}}")
    outsider.grant(f"User:{user}", "DESCRIBE", "kafka-cluster", type_="BROKER")
    repo.properties = broker.properties_file(user)

    def ask():
        run = repo.online("report", "privacy", "--live", "--format", "json")
        (topic,) = run.document["topics"]
        return run.code, topic["live"]["missing"], [r["principal"] for r in topic["live"]["undeclared"]]

    code, missing, _ = ask()
    assert (code, missing) == (2, [service])
    outsider.grant(service, "READ", name)
    _, missing, undeclared = ask()
    assert missing == []
    assert f"{service}-spy" not in undeclared
    outsider.grant(f"{service}-spy", "ALL", name)
    code, _, undeclared = ask()
    assert code == 2
    assert f"{service}-spy" in undeclared


def test_without_the_right_to_see_acls_nothing_is_said_of_readers(repo, broker, prefix, user):
    repo.topic(f"{prefix}people", f"{{retention: 7d, {DATA}}}")
    repo.properties = broker.properties_file(user)
    run = repo.online("report", "privacy", "--live")
    assert (run.code, run.out) == (6, "")
    assert "Describe on Cluster kafka-cluster" in run.err
