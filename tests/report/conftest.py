"""A plan, a report, an audit and findings that have one of everything, and a checker of golden files."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from worlds import topic

from kgov.access.shift import Shift
from kgov.model.acl import AclBinding, Operation, PatternType, Permission, ResourcePattern, ResourceType
from kgov.model.assessment import NO_CHANGE, AffectedGroup, ChangeClass, Classified, StandardChange
from kgov.model.change import Action, BlockedChange, Change, FieldChange, Risk
from kgov.model.drift import Audit, Drift, DriftState, Unmanaged
from kgov.model.finding import Finding, Severity, Waived
from kgov.model.live import NotLookedAt
from kgov.model.outcome import ApplyReport, Outcome, Status
from kgov.model.place import Place, ResourceId
from kgov.model.policies import Lift
from kgov.model.project import Environment
from kgov.model.request import Fault
from kgov.model.topic_facts import Classification, Data
from kgov.plan.access import access_of
from kgov.plan.assessment import Urgency, assess
from kgov.plan.exempted import let_through, set_aside
from kgov.plan.plan import Consented, ManifestSource, Plan, Refusal, UnmanagedCount

GOLDEN = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WAIVED = Waived("legacy-orders", "equipe-commandes", date(2027, 3, 31), "named before the convention")


@pytest.fixture(scope="session")
def golden() -> Callable[[str, str], None]:
    """Compare a text with a golden file; ``KGOV_UPDATE_GOLDEN=1`` writes it anew."""

    def check(file: str, text: str) -> None:
        path = GOLDEN / file
        if os.environ.get("KGOV_UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check


def binding(
    principal: str,
    operation: Operation,
    name: str,
    *,
    type_: ResourceType = ResourceType.TOPIC,
    pattern: PatternType = PatternType.LITERAL,
    permission: Permission = Permission.ALLOW,
) -> AclBinding:
    return AclBinding(principal, permission, operation, ResourcePattern(type_, pattern, name))


def acl_change(
    number: int, subject: AclBinding, action: Action, reason: str, line: int, risk: Risk = Risk.SAFE
) -> Change:
    place = Place("acls/commerce.yaml", line, 7)
    return Change(
        ResourceId("Acl", str(subject)),
        action,
        (),
        risk,
        True,
        reason,
        place,
        "sha256:1",
        subject,
        id=f"c{number}",
    )


def topic_change(number: int, name: str, action: Action, *fields: FieldChange, **more: object) -> Change:
    values: dict[str, object] = {
        "risk": Risk.SAFE,
        "undoable": True,
        "reason": "declared, and not there yet",
        "origin": Place("topics/commerce/commandes.yaml", 4, 9),
    }
    return Change(
        ResourceId("Topic", name),
        action,
        fields,
        fingerprint="absent",
        id=f"c{number}",
        **(values | more),  # type: ignore[arg-type]
    )


ORDERS = "commerce.commandes.ordre.created.v1"
PAYMENTS = "finance.paiements.transaction.completed.v2"
OLD = "commerce.commandes.ordre.created.v0"
ORDER_SERVICE = "User:order-service"
CART_SERVICE = "User:cart-service"


def _topic_changes() -> tuple[Change, ...]:
    lower = FieldChange(
        "config.retention.ms",
        "604800000",
        "86400000",
        Risk.DATA_LOSS,
        "retention falls from 7d to 1d",
    )
    grow = FieldChange(
        "partitions",
        6,
        12,
        Risk.DISRUPTIVE,
        "keys move to other partitions when it grows, and its records are keyed",
    )
    return (
        topic_change(
            1,
            ORDERS,
            Action.CREATE,
            FieldChange("partitions", None, 6),
            FieldChange("replicas", None, 3),
            FieldChange("config.cleanup.policy", None, "delete"),
            FieldChange("config.min.insync.replicas", None, "2"),
            FieldChange("config.retention.ms", None, "604800000"),
        ),
        topic_change(2, "iot.alertes.alerte.created.v1", Action.CREATE),
        topic_change(
            3,
            PAYMENTS,
            Action.UPDATE,
            grow,
            FieldChange("config.max.message.bytes", None, "2097152"),
            lower,
            FieldChange("config.segment.bytes", "1073741824", None, why="set on the cluster, declared nowhere"),
            risk=Risk.DATA_LOSS,
            undoable=False,
            reason=f"{grow.why}; {lower.why}; set on the cluster, declared nowhere",
            origin=Place("topics/finance/paiements.yaml", 12, 17),
        ),
        topic_change(
            8,
            OLD,
            Action.DELETE,
            FieldChange("partitions", 6, None),
            FieldChange("replicas", 3, None),
            FieldChange("config.retention.ms", "-1", None),
            risk=Risk.DATA_LOSS,
            undoable=False,
            reason=f"declared as retired, replaced by {ORDERS}",
        ),
    )


def _acl_changes() -> tuple[Change, ...]:
    read, describe = (binding(CART_SERVICE, op, ORDERS) for op in (Operation.READ, Operation.DESCRIBE))
    group = binding(CART_SERVICE, Operation.READ, "cart-service", type_=ResourceType.GROUP)
    write = binding(ORDER_SERVICE, Operation.WRITE, "commerce.", pattern=PatternType.PREFIXED)
    old = binding(ORDER_SERVICE, Operation.READ, ORDERS)
    deny = binding(
        ORDER_SERVICE, Operation.READ, "finance.", pattern=PatternType.PREFIXED, permission=Permission.DENY
    )
    asked = "(asked for by equipe-commandes)"
    return (
        acl_change(4, describe, Action.CREATE, f"{CART_SERVICE} gains Describe on topic {ORDERS} {asked}", 22),
        acl_change(5, read, Action.CREATE, f"{CART_SERVICE} gains Read on topic {ORDERS} {asked}", 22),
        acl_change(6, group, Action.CREATE, f"{CART_SERVICE} gains Read on group cart-service {asked}", 22),
        acl_change(
            9,
            deny,
            Action.CREATE,
            f"{ORDER_SERVICE} is forbidden Read on topics finance.*",
            5,
            Risk.DISRUPTIVE,
        ),
        acl_change(
            7, write, Action.DELETE, f"{ORDER_SERVICE} loses Write on topics commerce.*", 5, Risk.DISRUPTIVE
        ),
        acl_change(10, old, Action.DELETE, f"takes nothing away: {ORDER_SERVICE} still has it by {write}", 5),
    )


def _access(changes: tuple[Change, ...]) -> tuple[Shift, ...]:
    """Say what the changes of access come to where other grants and Denies stand beside them."""
    live = (
        *(change.binding for change in changes if change.binding and change.action is Action.DELETE),
        binding(ORDER_SERVICE, Operation.WRITE, ORDERS),
        binding(ORDER_SERVICE, Operation.ALL, "finance.", pattern=PatternType.PREFIXED),
    )
    data = Data(Classification.CONFIDENTIAL, personal=True)
    topics = (
        topic(ORDERS, owner="equipe-commandes", data=data),
        topic("commerce.web.clic.created.v1", owner="equipe-web", data=Data(Classification.INTERNAL)),
        topic(PAYMENTS, owner="equipe-paiements", data=Data(Classification.RESTRICTED)),
    )
    return access_of(changes, frozenset(live), {each.name: each for each in topics}, open_without_acl=False)


def _refusals() -> tuple[Refusal, ...]:
    return (
        Refusal(
            "KG904",
            f"1 change can lose data and nobody consented: Topic/{PAYMENTS}",
            ("c3",),
            Lift.DATA_LOSS,
            f"if it is meant, say --allow data-loss=Topic/{PAYMENTS} --reason TEXT, "
            "or have a Consent manifest (allow: data-loss) reviewed and merged",
        ),
        Refusal(
            "KG911",
            "User:order-service would lose 3 of its 4 live grants",
            ("c7", "c10"),
            Lift.DISRUPTIVE,
            "compare its manifest with what is live; if it is meant, say --allow disruptive --reason TEXT",
        ),
    )


def _blocked() -> tuple[BlockedChange, ...]:
    place = Place("topics/iot/mesures.yaml", 9, 15)
    resource = ResourceId("Topic", "iot.telemetrie.capteur.reading.v1")
    return (
        BlockedChange(
            resource,
            Action.UPDATE,
            (FieldChange("partitions", 12, 6),),
            "KG902",
            "Kafka cannot take partitions away, and a topic is never deleted and made again to change it",
            place,
            id="b1",
        ),
        BlockedChange(
            ResourceId("Topic", PAYMENTS),
            Action.UPDATE,
            (FieldChange("replicas", 2, 3),),
            "KG903",
            "kgov cannot move replicas yet: reassign them with kafka-reassign-partitions",
            Place("kgov.yaml", 12, 26),
            WAIVED,
            id="b2",
        ),
    )


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    """Findings of every severity, waived and without a place."""
    place = Place("topics/commerce/commandes.yaml", 4, 9)
    return (
        Finding(
            "KG007", "no-manifests", Severity.ERROR, "nothing to govern", None, None, "see kgov explain KG007"
        ),
        Finding(
            "KG101",
            "name-format",
            Severity.ERROR,
            'segment domain is "commande", which is none of commerce, finance, iot and logistique',
            ResourceId("Topic", "commande.commandes.ordre.created.v1"),
            place,
            'did you mean "commerce"?; see kgov explain KG101',
        ),
        Finding(
            "KG204",
            "too-few-replicas",
            Severity.WARNING,
            "1 replica, at least 3 are asked for in this environment",
            ResourceId("Topic", ORDERS),
            Place("topics/commerce/commandes.yaml", 6, 13),
            "see kgov explain KG204",
            "prod",
        ),
        Finding(
            "KG215",
            "suspicious-number",
            Severity.INFO,
            "7340116 is 84 bytes off 7 MiB",
            ResourceId("Topic", ORDERS),
            Place("topics/commerce/commandes.yaml", 7, 27),
            "see kgov explain KG215",
        ),
        Finding(
            "KG101",
            "name-format",
            Severity.ERROR,
            "has 1 segment, the convention asks for 5",
            ResourceId("Topic", "legacy_orders"),
            Place("topics/legacy.yaml", 3, 9),
            "see kgov explain KG101",
            waived=WAIVED,
        ),
    )


SOURCES = {
    "topics/commerce/commandes.yaml": (
        "apiVersion: kgov/v1\n"
        "kind: Topic\n"
        "metadata:\n"
        "  name: commande.commandes.ordre.created.v1   # misspelt\n"
        "spec:\n"
        "  replicas: 1\n"
        "  config: {segment.bytes: 7340116, cleanup.policy: delete}\n"
    ),
    "topics/legacy.yaml": "kind: Topic\nmetadata:\n  name: legacy_orders\n",
}


@pytest.fixture
def sources() -> dict[str, str]:
    """The files that the findings are about."""
    return SOURCES


GROUPS = (
    AffectedGroup("analytics", (PAYMENTS,), 0),
    AffectedGroup("cart-service", (ORDERS, PAYMENTS), 2),
    AffectedGroup("fraud-detection", (PAYMENTS,), 12),
    AffectedGroup("invoices", (PAYMENTS,), 1),
    AffectedGroup("ledger", (PAYMENTS,), None),
    AffectedGroup("reports", (PAYMENTS,), 0),
)


def assessed(plan: Plan) -> Plan:
    """Class a plan as production does, with groups that use what it touches."""
    environment = Environment("prod", Place("kgov.yaml", 1, 1), standard=StandardChange(Risk.SAFE, 20))
    assessment = assess(plan, environment, Urgency(reason="the yearly clean-up"))
    unseen = NotLookedAt("needs Describe on Group secret")
    impact = replace(assessment.impact, groups=GROUPS, unseen=unseen)
    return replace(plan, assessment=replace(assessment, impact=impact))


@pytest.fixture
def plan(findings: tuple[Finding, ...]) -> Plan:
    """A plan with one of everything."""
    refusals = _refusals()
    refused = tuple(
        Finding(r.code, "data-loss", Severity.ERROR, r.message, None, None, r.todo, "prod") for r in refusals
    )
    changes = (*_topic_changes(), *_acl_changes())
    made = Plan(
        kgov="0.1.0",
        environment="prod",
        cluster_id="9hXcf256Rum0yxZxOcBilA",
        source=ManifestSource("0f1e2d3c4b5a69788796a5b4c3d2e1f001234567", True, "sha256:abc"),
        created=NOON,
        changes=changes,
        blocked=_blocked(),
        unmanaged=UnmanagedCount(3, 12, 1),
        findings=(*findings[2:], *refused),
        refusals=refusals,
        consents=(
            Consented(
                "retire-old-orders",
                "c8",
                Lift.DATA_LOSS,
                "equipe-commandes",
                "replaced by v1 in June, no readers since",
                date(2027, 1, 31),
            ),
        ),
        notes=("Topic/iot.mesures.mesure.reading.v1: its replicas are moving; replication is judged later",),
        unchanged=240,
        access=_access(changes),
    )
    return assessed(made)


@pytest.fixture
def empty_plan(plan: Plan) -> Plan:
    """A plan with nothing in it."""
    return replace(
        plan,
        source=ManifestSource(None, False, "sha256:abc"),
        changes=(),
        blocked=(),
        unmanaged=UnmanagedCount(0, 0, 0),
        findings=(),
        refusals=(),
        consents=(),
        notes=(),
        assessment=NO_CHANGE,
        access=(),
    )


@pytest.fixture
def report(plan: Plan) -> ApplyReport:
    """A report with every status."""
    statuses = {
        "c2": (Status.FAILED, Fault("POLICY_VIOLATION", "Topic names must not begin with iot.")),
        "c3": (Status.UNKNOWN, Fault("_TIMED_OUT", "the answer never came; retention.ms is still 604800000")),
        "c9": (Status.SKIPPED, Fault("NOT_TRIED", "an addition for this principal was not seen")),
        "c7": (Status.SENT, None),
        "c8": (Status.PENDING, None),
    }
    outcomes = tuple(
        Outcome(c.id, c.resource, c.action, *statuses.get(c.id, (Status.DONE, None))) for c in plan.changes
    )
    return ApplyReport(
        plan="sha256:abc",
        environment="prod",
        by="ci@example.com",
        commit="0f1e2d3c4b5a69788796a5b4c3d2e1f001234567",
        started=NOON,
        finished=NOON.replace(minute=1),
        allowed=("data-loss", "limits"),
        reason="agreed in the change board",
        outcomes=outcomes,
        blocked=1,
        change=Classified(ChangeClass.URGENT, "incident 4711: disks are full"),
        waived=set_aside(plan, NOON.date()),
        consents=let_through(plan, NOON.date()),
    )


@pytest.fixture
def audit(findings: tuple[Finding, ...]) -> Audit:
    """An audit with every state."""
    place = Place("topics/commerce/commandes.yaml", 4, 9)
    lost = binding(CART_SERVICE, Operation.READ, ORDERS)
    extra = binding("User:intern", Operation.ALL, "*")
    return Audit(
        environment="prod",
        cluster_id="9hXcf256Rum0yxZxOcBilA",
        at=NOON,
        drift=(
            Drift(
                ResourceId("Topic", ORDERS),
                DriftState.DRIFTED,
                (
                    FieldChange("config.retention.ms", "86400000", "604800000"),
                    FieldChange("config.min.insync.replicas", None, "2"),
                ),
                NIGHT,
                place,
            ),
            Drift(
                ResourceId("Topic", PAYMENTS),
                DriftState.MISSING,
                (FieldChange("partitions", None, 12), FieldChange("config.retention.ms", None, "2592000000")),
                NOON,
                Place("topics/finance/paiements.yaml", 12, 17),
            ),
            Drift(
                ResourceId("Topic", "iot.telemetrie.capteur.reading.v1"),
                DriftState.BLOCKED,
                (FieldChange("partitions", 12, 6),),
                NIGHT,
                Place("topics/iot/mesures.yaml", 9, 15),
                why="KG902: Kafka cannot take partitions away",
            ),
            Drift(
                ResourceId("Topic", "logistique.transport.tournee.updated.v1"),
                DriftState.BLOCKED,
                (FieldChange("replicas", 2, 3),),
                NIGHT,
                Place("kgov.yaml", 12, 26),
                why="KG903: kgov cannot move replicas yet",
                waived=WAIVED,
            ),
            Drift(
                ResourceId("Acl", str(lost)), DriftState.MISSING, (), NOON, Place("acls/commerce.yaml", 22, 7)
            ),
            Drift(ResourceId("Acl", str(extra)), DriftState.UNDECLARED, (), NIGHT, None),
        ),
        unmanaged=(
            *(Unmanaged(ResourceId("Topic", f"legacy-{number:02}"), NIGHT) for number in range(23)),
            Unmanaged(
                ResourceId("Acl", str(binding("User:old", Operation.READ, "legacy-00"))),
                NIGHT,
            ),
        ),
        not_looked_at=(NotLookedAt("ACLs of transactional ids: Describe on Cluster is missing"),),
        unknown_acls=1,
        findings=findings[2:],
        notes=("Topic/iot.mesures.mesure.reading.v1: its replicas are moving",),
        in_sync=240,
    )
