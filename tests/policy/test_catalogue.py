"""The catalogue as an outsider reads it: small repositories, the code that each gives, and no other error."""

from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from manifests import HEAD, manifest

from kgov.manifest.repository import load_files
from kgov.model.finding import Finding, Severity
from kgov.plan.review import review
from kgov.policy.registry import RULES
from kgov.policy.rule import Stage

TODAY = date(2026, 6, 15)

PROD = """\
  prod:
    production: true
    defaults: {replicas: 3, config: {min.insync.replicas: 2}}
"""
DEV = "  dev:\n    defaults: {replicas: 1}\n"
COMPANY = "\n---\n".join(
    (
        manifest("Team", "sales", "{owns: {domains: [shop]}, principals: ['User:cart']}"),
        manifest("Team", "money", "{owns: {domains: [bank]}, principals: ['User:pay']}"),
        manifest("Team", "platform", "{operators: true, principals: ['User:ops']}"),
        manifest("RetentionCategory", "event", "{retention: 7d, min: 1d, max: 14d, cleanup: delete}"),
        manifest(
            "RetentionCategory", "ledger", "{retention: 30d, max: 90d, archive: {required: true, keep: 7y}}"
        ),
        manifest("RetentionCategory", "state", "{cleanup: compact}"),
        manifest(
            "NamingConvention",
            "topics",
            "{format: '{domain}.{entity}.{type}.{version}', segments: {domain: {values: [shop, bank, iot]}, "
            "type: {values: [created, updated, completed]}, version: {pattern: 'v[1-9][0-9]*'}}}",
        ),
    )
)
"""Teams, categories and a convention, as a repository has them."""

ORDER = "shop.order.created.v1"
PERSONAL = "data: {personal: true, legalBasis: contract, subjects: [customers]}"

Files = Mapping[str, str]


def project(environments: str = PROD, settings: str = "", more: str = "") -> str:
    """Write kgov.yaml; ``settings`` are lines of the last environment."""
    return f"{HEAD}kind: Project\nenvironments:\n{environments}{settings}{more}"


def declared(name: str = ORDER, spec: str = "category: event", owner: str = "sales") -> str:
    whose = f", owner: {owner}" if owner else ""
    fields = "".join(f"  {line}\n" for line in ("partitions: 6", *spec.splitlines()))
    return f"{HEAD}kind: Topic\nmetadata: {{name: {name}{whose}}}\nspec:\n{fields}"


def bare(name: str, spec: str = "retention: 7d") -> str:
    return declared(name, spec, owner="")


def allowed(principal: str, *bindings: str, name: str = "grants") -> str:
    lines = "".join(f"    - {{{binding}}}\n" for binding in bindings)
    head = f"{HEAD}kind: Acl\nmetadata: {{name: {name}}}\nspec:\n  principal: '{principal}'\n"
    return f"{head}  bindings:\n{lines}"


def given(principal: str, *grants: str, name: str = "app", owner: str = "") -> str:
    lines = "".join(f"    - {{{grant}}}\n" for grant in grants)
    whose = f", owner: {owner}" if owner else ""
    head = f"{HEAD}kind: Access\nmetadata: {{name: {name}{whose}}}\nspec:\n  principal: '{principal}'\n"
    return f"{head}  grants:\n{lines}"


def company(*documents: str, kgov: str = "", **files: str) -> Files:
    """Put documents into a repository with everything that it needs."""
    return plain(*documents, kgov=kgov, **{"policies/company.yaml": COMPANY, **files})


def plain(*documents: str, kgov: str = "", **files: str) -> Files:
    """Put documents into a repository that has nothing else."""
    return {"kgov.yaml": kgov or project(), "topics/all.yaml": "---\n".join(documents), **files}


def excepted(reason: str, expires: str, rule: str = "KG101", topic: str = "old_orders") -> str:
    spec = f"{{rule: {rule}, resource: Topic/{topic}, reason: '{reason}', owner: sales, expires: {expires}}}"
    return manifest("Waiver", "w", spec)


READ = f"resource: Topic, name: {ORDER}, operations: [Read]"
WRITE = f"resource: Topic, name: {ORDER}, operations: [Write]"
CART = "resource: Group, name: cart, operations: [Read]"
PAY = "resource: Group, name: pay, operations: [Read]"
CAPACITY = "    capacity: {brokers: 3, disk: 1TB, link: 1Gbps}\n"
OLD = declared("old_orders")
WHY = "the warehouse reads this name until spring"
BARE_PROD = project("  prod: {production: true}\n")

FIRES: Mapping[str, tuple[Files, ...]] = {
    "KG001": (
        company(declared(), **{"topics/x.yaml": "kind: Topic\nmetadata:\n\tname: x\n"}),
        company(declared(), **{"topics/x.yaml": bare("{{ .Values.team }}.orders")}),
        company(declared(), **{"topics/x.yaml": "x" * (1024 * 1024 + 1)}),
    ),
    "KG002": (
        company(declared(spec="category: event\npartitions: 12")),
        company(declared(spec="category: event\nlabels: &all {a: b}")),
        company(declared(), allowed("User:cart", WRITE + ", host: '*', host: '*'")),
    ),
    "KG003": (
        company(declared(), manifest("Topik", "x", "{}")),
        plain("apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: x}\nspec: {}\n"),
    ),
    "KG004": (
        company(declared(spec="category: event\nreplicationFactor: 3")),
        company(declared() + "config: {cleanup.policy: delete}\n"),
        company(declared(spec="category: event\ncriticality: high")),
    ),
    "KG005": (company(declared(spec="category: event\nlabels: {country: no}")),),
    "KG006": (company(declared(), **{"topics/again.yaml": declared()}),),
    "KG007": (company(),),
    "KG008": (
        company(declared(owner="nobody")),
        company(declared(spec="category: events")),
        company(declared(), given("User:cart", f"role: publisher, topic: {ORDER}")),
        company(declared(), excepted(WHY, "2027-03-31", topic="shop.missing.created.v1")),
    ),
    "KG101": (
        company(declared("shop.order.create.v1")),
        company(declared("orders", owner="")),
        company(declared("stop.order.created.v1", owner="")),
    ),
    "KG102": (plain(bare("orders.paid"), bare("orders_paid")),),
    "KG103": (plain(bare('"orders/paid"')), plain(bare("a" * 250)), plain(bare('".."'))),
    "KG104": (plain(bare("__consumer_offsets")), plain(bare("app-counts-changelog"))),
    "KG105": (company(declared("bank.account.created.v1")),),
    "KG106": (company(declared(), declared("shop.order.created.v3")),),
    "KG107": (plain(bare("shop.packages"), bare("shop.packagse")),),
    "KG108": (plain(bare("staging-eu.orders")), company(declared("shop.dev.created.v1"))),
    "KG109": ({"kgov.yaml": project(), "topics/ddas-commands.yaml": bare("ddas.images")},),
    "KG201": (
        company(declared(spec="category: event\nconfig: {min.insync.replica: 2}"), kgov=BARE_PROD),
        company(
            declared(), kgov=project("  prod: {production: true, defaults: {config: {min.isr.replicas: 2}}}\n")
        ),
        company(declared(spec="category: event\nconfig: {segment.byte: 1GiB}")),
        company(declared(spec="category: event\nconfig: {message.timestamp.difference.max.ms: 1h}")),
    ),
    "KG202": (
        company(declared(spec="category: event\nconfig: {compression.type: ZSTD}")),
        company(declared(spec="category: event\nconfig: {segment.ms: 5M}")),
    ),
    "KG203": (
        company(declared(spec="category: event\nconfig: {min.insync.replicas: 3}")),
        plain(bare("a.b", "replicas: 1\nretention: 7d\nconfig: {min.insync.replicas: 2}"), kgov=project(DEV)),
    ),
    "KG204": (
        company(declared(spec="category: event\nreplicas: 1\nconfig: {min.insync.replicas: 1}")),
        company(declared(spec="category: event\nreplicas: 1\ncriticality: critical"), kgov=project(DEV)),
    ),
    "KG205": (plain(bare("a.b", "replicas: 3\nretention: 7d"), kgov=BARE_PROD),),
    "KG206": (company(declared(spec="category: event\nconfig: {unclean.leader.election.enable: true}")),),
    "KG207": (
        company(declared(spec="category: event\nvolume: {rate: 60001KB/s}\nconfig: {compression.type: lz4}")),
        company(declared(spec="category: event\nconsumers: [{team: money, parallel: 7}]")),
    ),
    "KG208": (plain(bare("a.b", "retention: 7d").replace("partitions: 6", "partitions: 101")),),
    "KG209": (plain(bare("a.b", "config: {retention.ms: 604800000}")),),
    "KG210": (
        plain(bare("a.b", "keyed: true\nretention: 7d\nconfig: {cleanup.policy: compact}")),
        plain(bare("a.b", "retention: 7d\nconfig: {delete.retention.ms: 1d}")),
    ),
    "KG211": (
        plain(bare("a.b", "keyed: false\nconfig: {cleanup.policy: compact}")),
        plain(bare("a.b", "config: {cleanup.policy: compact}")),
    ),
    "KG212": (company(declared(spec="category: state\nkeyed: true")),),
    "KG213": (
        company(declared(spec="category: event\nconfig: {segment.ms: 599999}")),
        company(declared(spec="category: event\nconfig: {segment.bytes: 8MiB}")),
    ),
    "KG214": (company(declared(spec="category: event\nconfig: {max.message.bytes: 11MiB}")),),
    "KG215": (
        company(declared(spec="category: event\nconfig: {max.message.bytes: 5542880}")),
        company(declared(spec="category: event\nconfig: {segment.ms: 4567890}")),
    ),
    "KG216": (company(declared(spec="category: event\nconfig: {retention.bytes: 50GiB}")),),
    "KG217": (
        company(
            declared(spec="category: event\nlifecycle: {state: deprecated, since: 2025-01-31}"),
            given("User:cart", f"role: consumer, topic: {ORDER}, group: cart"),
        ),
    ),
    "KG218": (
        company(
            declared(spec="category: event\nlifecycle: {state: deprecated, since: 2025-01-31}"),
            given("User:cart", "role: consumer, topicPrefix: shop.order., group: cart"),
        ),
    ),
    "KG219": (
        company(declared(spec="category: event\npurpose: 'TODO'")),
        company(declared(spec="category: event\npurpose: Describe this topic here")),
        company(declared(spec="category: event\npurpose: '[to be completed]'")),
        company(declared(spec="category: event\nlabels: {retention-reason: because ...}")),
        plain(declared("a.b", "retention: 7d", owner="your-team")),
        plain(bare("a.b"), given("User:app", "role: producer, topic: a.b", owner="your-team")),
        plain(bare("a.b"), kgov=project(settings="    clusterId: your-prod-cluster-id\n")),
    ),
    "KG220": (company(declared(spec="category: event\nvolume: {rate: 20MB/s}")),),
    "KG221": (
        company(
            declared(spec="category: event\ncriticality: critical"),
            kgov=project(settings="    capacity: {brokers: 6, racks: 2}\n"),
        ),
    ),
    "KG222": (
        company(
            declared(spec="category: event\ncriticality: critical"),
            kgov=project(settings="    recovery: {site: laval, topics: [bank.*]}\n"),
        ),
    ),
    "KG301": (
        company(declared(), allowed("User:*", READ)),
        plain(bare("a.b"), allowed("User:ANONYMOUS", "resource: Topic, name: '*', operations: [All]")),
    ),
    "KG302": (
        company(declared(), allowed("User:app", "resource: Topic, name: '*', operations: [Describe]")),
        company(declared(), allowed("User:cart", READ, "resource: Group, name: '*', operations: [Read]")),
        company(
            declared(),
            allowed("User:pay", "resource: Topic, name: '*', operations: [All]"),
            kgov=project(DEV + PROD),
        ),
    ),
    "KG303": (
        company(
            declared(),
            allowed("User:cart", "resource: Topic, name: shop.*, pattern: prefixed, operations: [Read]", CART),
        ),
    ),
    "KG304": (
        company(
            declared(), allowed("User:cart", READ, "resource: Group, name: cart, operations: [Read, Write]")
        ),
    ),
    "KG305": (company(declared(), allowed("User:cart", READ.replace("Read", "All"), CART)),),
    "KG306": (
        company(
            declared(),
            allowed(
                "User:cart", "resource: Topic, name: shop.ord, pattern: prefixed, operations: [Read]", CART
            ),
        ),
    ),
    "KG307": (
        company(
            declared(),
            given("User:cart", f"role: producer, topic: {ORDER}", "role: producer, topicPrefix: shop.order."),
        ),
    ),
    "KG308": (company(declared(), allowed("User:cart", READ, CART, READ + ", permission: deny")),),
    "KG309": (company(declared(), allowed("User:cart", READ)),),
    "KG310": (
        plain(
            bare("a.b"),
            allowed("User:x", "resource: Group, name: both, operations: [Read]", name="x"),
            allowed("User:y", "resource: Group, name: bo, pattern: prefixed, operations: [Read]", name="y"),
        ),
    ),
    "KG311": (
        plain(
            bare("a.b"),
            given("User:x", "role: transactional-producer, topic: a.b, transactionalId: tx", name="x"),
            given("User:y", "role: transactional-producer, topic: a.b, transactionalId: tx", name="y"),
        ),
    ),
    "KG312": (company(declared(), allowed("User:cart", "resource: Cluster, operations: [Create]")),),
    "KG313": (company(declared(), allowed("User:cart", READ.replace("order", "ordre"), CART)),),
    "KG314": (
        company(declared(), allowed("User:pay", READ, PAY)),
        # A graver mistake elsewhere in the manifest hides nothing.
        company(
            declared(),
            allowed("User:pay", READ, "resource: Group, name: '*', operations: [Read]"),
            kgov=project(DEV),
        ),
    ),
    "KG315": (company(declared(), given("User:pay", f"role: producer, topic: {ORDER}")),),
    "KG316": (company(declared(), allowed("User:cart", WRITE)),),
    "KG317": (company(declared(), allowed("User:cart", READ, CART)),),
    "KG318": (
        company(declared(), allowed("User:cart-dev", WRITE)),
        plain(
            bare("a.b"),
            given("User:shared", "role: consumer, topic: a.b, group: billing", name="billing"),
            given("User:shared", "role: consumer, topic: a.b, group: shipping", name="shipping"),
        ),
        plain(
            bare("a.b"),
            given("User:shared", "role: consumer, topic: a.b, group: billing", name="billing-service"),
            given("User:shared", "role: consumer, topic: a.b, group: shipping", name="shipping-service"),
        ),
    ),
    "KG401": (
        company(declared(spec="category: event\nretention: 15d")),
        company(declared(spec="category: event\nretention: 1h")),
        company(declared(spec="category: event\nkeyed: true\nconfig: {cleanup.policy: compact}")),
    ),
    "KG402": (plain(bare("a.b", "retention: unlimited")),),
    "KG403": (company(declared(spec="category: ledger")),),
    "KG404": (plain(bare("a.b", "config: {cleanup.policy: delete}")),),
    "KG405": (plain(bare("a.b", "criticality: critical\nretention: 1h")),),
    "KG501": (
        company(declared(spec="category: event\ndata: {personal: true, subjects: [customers]}")),
        company(declared(spec="category: event\ndata: {personal: true, legalBasis: contract, subjects: []}")),
        company(declared(spec="category: event\ndata: {personal: true, legalBasis: '', subjects: [all]}")),
        company(declared(spec="category: event\ndata: {personal: true, legalBasis: TODO, subjects: [all]}")),
    ),
    "KG502": (
        plain(bare("a.b", f"retention: unlimited\n{PERSONAL}")),
        plain(bare("a.b", f"config: {{cleanup.policy: compact}}\n{PERSONAL}")),
        plain(bare("a.b", f"keyed: false\nconfig: {{cleanup.policy: compact}}\n{PERSONAL}")),
    ),
    "KG503": (company(declared(spec="category: event\ndata: {classification: restricted}")),),
    "KG504": (
        company(
            declared(spec=f"category: event\n{PERSONAL}"),
            allowed("User:app", "resource: Topic, name: '*', operations: [Read]"),
        ),
        company(
            declared(spec=f"category: event\n{PERSONAL}"),
            allowed("User:cart", "resource: Topic, name: shop, pattern: prefixed, operations: [Read]"),
        ),
    ),
    "KG505": (company(declared(), kgov=project(settings="    requireClassification: true\n")),),
    "KG506": tuple(
        company(
            declared(spec=f"category: event\n{PERSONAL}"),
            **{"policies/approvals.yaml": manifest("ApprovalPolicy", "agreed", policy)},
        )
        for policy in (
            "{when: object.spec.data.personal, approvers: [platform]}",
            "{concerns: [personal-data], approvers: [platform], minimum: 2}",
        )
    ),
    "KG701": (
        company(
            declared().replace("partitions: 6", "partitions: 60"),
            kgov=project(settings=CAPACITY + "    limits: {partitionsPerBroker: 50}\n"),
        ),
    ),
    "KG702": (
        company(declared(spec="category: event\nvolume: {rate: 2MB/s}"), kgov=project(settings=CAPACITY)),
    ),
    "KG703": (
        company(
            declared(spec="retention: 1h\nvolume: {rate: 50MB/s}\nconsumers: [{principal: User:x}]"),
            kgov=project(settings=CAPACITY.replace("3,", "1,").replace("1TB", "9TB")),
        ),
    ),
    "KG704": (company(declared(), kgov=project(settings=CAPACITY)),),
    "KG801": (company(declared(), excepted(WHY, "2026-06-14", "KG204", ORDER)),),
    "KG802": (company(declared(), excepted(WHY, "2027-03-31", "KG204", ORDER)),),
    "KG803": (company(OLD, excepted(WHY, "2027-06-16")),),
    "KG804": (
        company(OLD, excepted("because ...", "2027-03-31")),
        company(OLD, excepted("your reason here", "2027-03-31")),
    ),
}
"""For each code repositories that must give it, and no other error."""

ALL_READ = "role: consumer, topicPrefix: shop., group: cart"
FINE: tuple[tuple[str, Files], ...] = (
    ("KG001", company(declared(), **{"topics/notes.yaml": "# nothing here yet\n---\n"})),
    ("KG102", plain(bare("user.forgot_password"))),
    ("KG103", plain(bare("a" * 249))),
    ("KG104", plain(bare("connect-cars"))),
    ("KG105", company(declared("iot.sensor.updated.v1"))),
    ("KG106", company(declared(), declared("shop.order.created.v2"))),
    ("KG107", plain(bare("sensor.first-1"), bare("sensor.first-2"))),
    ("KG108", plain(bare("product.developers"))),
    ("KG109", company(**{"topics/shop/orders.yaml": declared()})),
    ("KG203", plain(bare("a.b", "replicas: 1\nretention: 7d"), kgov=project(DEV))),
    ("KG207", company(declared(spec="category: event\nvolume: {rate: 60MB/s}"))),
    ("KG208", plain(bare("a.b").replace("partitions: 6", "partitions: 100"))),
    ("KG210", plain(bare("a.b", "keyed: true\nretention: 7d\nconfig: {cleanup.policy: [compact, delete]}"))),
    ("KG212", company(declared("shop.customer.updated.v1", "category: state\nkeyed: true"))),
    ("KG213", company(declared(spec="category: event\nconfig: {segment.ms: 10m, segment.bytes: 16MiB}"))),
    ("KG214", company(declared(spec="category: event\nconfig: {max.message.bytes: 10MiB}"))),
    ("KG215", company(declared(spec="category: event\nconfig: {max.message.bytes: 1048588}"))),
    ("KG219", company(declared(spec="category: event\npurpose: Todo lists of the staff, one for each."))),
    ("KG301", company(declared(), allowed("User:*", WRITE + ", permission: deny"))),
    ("KG302", company(declared(), allowed("User:ops", "resource: Topic, name: '*', operations: [Read]"))),
    ("KG306", company(declared(), given("User:cart", ALL_READ))),
    ("KG307", company(declared(), allowed("User:cart", READ, READ.replace("Read", "Describe"), CART))),
    ("KG309", company(declared(), allowed("User:cart", READ + ", groupless: true"))),
    ("KG314", company(declared(spec="category: event\nconsumers: [money]"), allowed("User:pay", READ, PAY))),
    ("KG315", company(declared(), given("User:unknown", f"role: producer, topic: {ORDER}"))),
    ("KG401", company(declared(spec="category: event\nretention: 14d"))),
    ("KG402", plain(bare("a.b", "retention: unlimited\narchive: {target: lake, keep: 7y}"))),
    ("KG403", company(declared(spec="category: ledger\narchive: {target: lake}"))),
    ("KG404", plain(bare("a.b", "keyed: true\nconfig: {cleanup.policy: compact}"))),
    ("KG502", plain(bare("a.b", f"keyed: true\nconfig: {{cleanup.policy: compact}}\n{PERSONAL}"))),
    ("KG504", company(declared(spec=f"category: event\n{PERSONAL}"), given("User:cart", ALL_READ))),
    (
        "KG506",
        company(
            declared(),
            manifest("ApprovalPolicy", "people", "{when: object.spec.data.personal, approvers: [money]}"),
        ),
    ),
    ("KG801", company(OLD, excepted(WHY, "2026-06-15"))),
    ("KG803", company(OLD, excepted(WHY, "2027-06-15"))),
)
"""What looks like a mistake and is none: the code must stay away, and so must every error."""

CASES = [
    pytest.param(code, files, id=f"{code}-{number}")
    for code, every in FIRES.items()
    for number, files in enumerate(every, start=1)
]


def found(files: Files) -> tuple[Finding, ...]:
    repository = load_files({path: text.encode() for path, text in files.items()})
    return review(repository, repository.environments, TODAY).findings


def errors(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings if finding.severity is Severity.ERROR and finding.counts}


@pytest.mark.parametrize(("code", "files"), CASES)
def test_a_mistake_gives_its_code_and_no_other_error(code, files) -> None:
    every = found(files)
    assert code in {finding.code for finding in every if finding.counts}, every
    assert errors(every) <= {code}, every


@pytest.mark.parametrize(("code", "files"), [pytest.param(*case, id=case[0]) for case in FINE])
def test_what_only_looks_like_a_mistake_is_left_alone(code, files) -> None:
    every = found(files)
    assert code not in {finding.code for finding in every if finding.counts}, every
    assert errors(every) == set(), every


def test_every_rule_that_reads_manifests_is_tried() -> None:
    assert set(FIRES) == {rule.code for rule in RULES.values() if rule.stage is not Stage.PLANNING}


def tuned(code: str, to: str) -> Iterator[Files]:
    """Set the severity of a rule for the whole project, and for each environment by itself."""
    files = FIRES[code][0]
    kgov = files["kgov.yaml"]
    yield {**files, "kgov.yaml": f'{kgov}rules: {{{code}: "{to}"}}\n'}
    if "prod: {" not in kgov:
        yield {**files, "kgov.yaml": f'{kgov}    rules: {{{code}: "{to}"}}\n'}


@pytest.mark.parametrize("code", [code for code in FIRES if not RULES[code].fixed])
def test_a_rule_can_be_tuned_for_the_project_and_for_an_environment(code) -> None:
    for severity in ("error", "info"):
        for files in tuned(code, severity):
            severities = {str(finding.severity) for finding in found(files) if finding.code == code}
            assert severities == {severity}
    for files in tuned(code, "off"):
        assert code not in {finding.code for finding in found(files)}


@pytest.mark.parametrize("code", [rule.code for rule in RULES.values() if rule.fixed])
def test_a_rule_that_guards_what_was_read_or_the_cluster_cannot_be_lowered(code) -> None:
    for settings in (
        project(more=f"rules: {{{code}: off}}\n"),
        project(settings=f"    rules: {{{code}: info}}\n"),
    ):
        (finding,) = (each for each in found(company(declared(), kgov=settings)) if each.code == "KG004")
        assert f"{code} ({RULES[code].name}) cannot be set to" in finding.message


EVERYTHING = company(
    declared(spec="category: event\nconsumers: [{team: money}]"),
    given("User:cart", f"role: producer, topic: {ORDER}", owner="sales"),
    given("User:pay", f"role: consumer, topic: {ORDER}, group: pay", name="pay", owner="money"),
    allowed("User:ops", "resource: Cluster, operations: [Alter]").replace("grants", "ops, owner: platform", 1),
)
"""A sound repository in which manifests of every folder lean on each other."""


def without_what_was_read(path: str, before: str, after: str) -> Files:
    text = EVERYTHING[path]
    assert before in text
    return {**EVERYTHING, path: text.replace(before, after, 1)}


@pytest.mark.parametrize(
    ("code", "path", "before", "after"),
    [
        ("KG001", "policies/company.yaml", "kind: Team", "\tkind: Team"),
        ("KG001", "policies/company.yaml", "apiVersion", "# \x85\napiVersion"),
        ("KG001", "policies/company.yaml", "apiVersion", "#" * (1024 * 1024) + "\napiVersion"),
        ("KG001", "topics/all.yaml", "created.v1", "created.{{ version }}"),
        ("KG002", "policies/company.yaml", "name: sales", "name: sales, name: sales"),
        ("KG002", "topics/all.yaml", "name: shop", "name: &name shop"),
        ("KG003", "policies/company.yaml", "kind: Team", "kind: Teams"),
        ("KG003", "policies/company.yaml", "kind: RetentionCategory", "kind: Retention"),
        ("KG003", "policies/company.yaml", "kgov/v1", "kgov/v2"),
        ("KG003", "policies/company.yaml", "kind: Team", "kind: {}"),
        ("KG003", "policies/company.yaml", "kind: Team", "kind: 7"),
        ("KG003", "topics/all.yaml", "kind: Topic", "kind: topic"),
        ("KG003", "topics/all.yaml", "kind: Access", "knd: Access"),
        ("KG004", "topics/all.yaml", "partitions: 6", "partitons: 6"),
        ("KG004", "topics/all.yaml", "principal: 'User:cart'", "principle: 'User:cart'"),
        ("KG004", "policies/company.yaml", "domains: [shop]", "domain: [shop]"),
        ("KG004", "policies/company.yaml", "metadata: {name: sales}", "metadata: {}"),
        ("KG004", "policies/company.yaml", "operators: true", "operator: true"),
        ("KG002", "policies/company.yaml", "operators: true", "operators: true, operators: true"),
        ("KG008", "topics/all.yaml", "{team: money}", "{team: moneyy}"),
    ],
)
def test_what_cannot_be_read_is_not_called_missing_as_well(code, path, before, after) -> None:
    assert found(EVERYTHING) == ()
    assert {finding.code for finding in found(without_what_was_read(path, before, after))} == {code}


def test_a_forerunner_that_cannot_be_read_is_there() -> None:
    files = plain(bare("a.b.v3"), bare("a.b.v2").replace("partitions", "partitons"))
    assert {finding.code for finding in found(files)} == {"KG004"}
