"""What ``kgov size`` answers, as text, Markdown and JSON."""

import json

import pytest
from judged import project
from manifests import desired, topic

from kgov.capacity.calculator import calculate
from kgov.capacity.change import change_of
from kgov.capacity.load import Broker, Stream
from kgov.capacity.topics import load_of, sum_of
from kgov.model.desired import Desired
from kgov.model.live import NotLookedAt
from kgov.plan.documents.encoding import to_text
from kgov.report.size import (
    Answer,
    answer_markdown,
    answer_text,
    calculation_answer,
    calculation_document,
    change_answer,
    change_document,
    sum_answer,
    sum_document,
    topic_answer,
    topic_document,
)
from kgov.report.style import Style

PLAIN = Style(colour=False, width=80)
DAY = 86_400_000
STATED = "capacity: {brokers: 3, disk: 8TB, link: 10Gbps}"
CLICKS = "{partitions: 6, replicas: 3, retention: 7d, consumers: ['User:x'], volume: {rate: 10MB/s, peak: 2}}"


def world(*topics: str, settings: str = STATED) -> Desired:
    return desired(*topics, environment="prod", project=project(settings))


def text(answer: Answer) -> str:
    shown = answer_text(answer, PLAIN)
    assert max(map(len, shown.splitlines())) <= 80
    return shown


def one(spec: str, settings: str = STATED) -> str:
    composed = world(topic(spec), settings=settings)
    return text(topic_answer(load_of(composed.topics["a.b"], composed.environment), composed.environment))


def test_the_bare_calculation_as_text() -> None:
    found = calculate(Stream(100e6, 7 * DAY, 3, 5), 0, 1.3, Broker(8e12, 1.25e9, 4_000))
    assert (
        text(calculation_answer(found))
        == """\
Storage
  60.48 TB raw            100 MB/s x 7d
  181.44 TB replicated    x 3 replicas
  235.9 TB at factor 1.3
Network
  800 MB/s = 6.4 Gbit/s  100 MB/s x 3 replicas + 100 MB/s x 5 groups
Brokers needed
  30 brokers  30 by disk, 1 by link, 3 by replicas (each has 8 TB of disk and a
              link of 10 Gbit/s)
"""
    )


def test_a_calculation_says_no_brokers_where_nothing_of_one_is_known() -> None:
    shown = text(calculation_answer(calculate(Stream(1e6, DAY, 1, 1), 12, 1.5, Broker(None, None, 4_000))))
    assert "Brokers" not in shown
    assert "12 replicas of partitions  12 x 1 replica" in shown
    assert "1 MB/s x 1 replica + 1 MB/s x 1 group" in shown


def test_the_bare_calculation_as_json() -> None:
    found = calculate(Stream(100e6, 7 * DAY, 3, 5), 0, 1.3, Broker(8e12, 1.25e9, 4_000))
    document = json.loads(to_text(calculation_document(found)))
    assert document["format"] == "kgov-size/1"
    assert document["storage"] == {
        "raw": 60_480_000_000_000,
        "replicated": 181_440_000_000_000,
        "reserved": 235_872_000_000_000,
        "safetyFactor": 1.3,
    }
    assert document["network"]["bitsPerSecond"] == 6_400_000_000
    assert document["brokers"] == {"needed": 30, "by": {"disk": 30, "link": 1, "replicas": 3}}


def test_one_topic_shows_every_step_and_what_was_assumed() -> None:
    shown = one(CLICKS)
    assert shown.startswith("Topic/a.b in prod\nStorage\n  6.05 TB raw            10 MB/s x 7d\n")
    assert "  40 MB/s = 320 Mbit/s  10 MB/s x 3 replicas + 10 MB/s x 1 group\n" in shown
    assert "  80 MB/s = 640 Mbit/s  at peak\n" in shown
    assert "  18 replicas of partitions  on 3 brokers at least\n" in shown
    assert "note:" not in shown
    assert "note: the broker decides on retention: taken for 7d\n" in one("{volume: {rate: 1MB/s}}")


def test_one_topic_without_a_volume_or_without_an_end_says_what_is_not_known() -> None:
    assert "note: no volume with a rate in bytes is declared (KG704)" in one("{partitions: 1, retention: 1d}")
    ever = one("{partitions: 1, replicas: 2, retention: unlimited, volume: {rate: 1MB/s}}")
    assert "Storage\n  172.8 GB more each day  with replicas, and kept for ever\n" in ever
    bounded = "retention: unlimited, config: {retention.bytes: 1GB}, volume: {rate: 1MB/s}"
    assert "1 MB/s x unlimited" in one(f"{{partitions: 1, replicas: 2, {bounded}}}")
    retired = one("{partitions: 1, retention: 1d, volume: {rate: 1MB/s}, lifecycle: {state: retired}}")
    assert "note: it is retired: in no sum of prod\n" in retired


@pytest.mark.parametrize(
    ("others", "note"),
    [
        (0, None),
        (1, "not counted: 1 topic of the cluster that no manifest declares"),
        (
            NotLookedAt("needs Describe on Topic *"),
            (
                "topics of the cluster that no manifest declares are not counted, nor looked at: "
                "needs Describe on Topic *"
            ),
        ),
    ],
)
def test_what_the_cluster_has_besides_is_said_to_be_in_no_sum(others, note) -> None:
    composed = world(topic(CLICKS, "clicks"))
    change = change_of(sum_of(composed), sum_of(composed))
    answer = change_answer(change, composed.environment, "against cluster x", others)
    assert answer.title == "prod against cluster x: 0 topics changed"
    assert [each for each in answer.notes if "no manifest declares" in each] == ([note] if note else [])


def test_everything_shows_what_is_left_and_what_is_not_counted() -> None:
    composed = world(
        topic(CLICKS, "clicks"),
        topic("{partitions: 1, retention: 1d}", "silent"),
        topic("{partitions: 1, retention: unlimited, volume: {rate: 1MB/s}, consumers: ['User:x']}", "ever"),
    )
    shown = text(sum_answer(sum_of(composed), composed.environment))
    assert shown.startswith("prod: 3 topics\n")
    assert "  disk: 412.8 GB left      23.6 TB of 24 TB (98 %)\n" in shown
    assert "  partitions: 11,976 left  24 of 12,000 (0 %)\n" in shown
    assert "  3 brokers  3 by disk, 1 by link, 1 by partitions, 3 by replicas (there are 3;\n" in shown
    assert "  clicks  18.1 TB replicated, 10 MB/s kept 7d, 320 Mbit/s\n" in shown
    assert "  ever    0 B replicated, 1 MB/s kept for ever, 32 Mbit/s\n" in shown
    together = " ".join(shown.split())
    assert "not counted, because no volume is declared (KG704): silent" in together
    assert "kept for ever, so no storage is counted: ever" in together
    assert "of 1 topic something is taken for granted: kgov size Topic/NAME says what" in together


def test_too_much_is_said_to_be_too_much() -> None:
    composed = world(topic(CLICKS), settings="capacity: {brokers: 1, disk: 1TB}")
    shown = text(sum_answer(sum_of(composed), composed.environment))
    assert "  disk: 22.6 TB too much  23.6 TB of 1 TB (2359 %)\n" in shown
    assert "(there is 1; each has 1 TB of disk)" in " ".join(shown.split())


def test_without_a_capacity_there_is_no_room_to_speak_of() -> None:
    composed = world(topic("{partitions: 1, retention: 1d}"), settings="")
    shown = text(sum_answer(sum_of(composed), composed.environment))
    assert "Room" not in shown
    assert "Topics, the most" not in shown
    assert "kgov.yaml states no capacity of prod: nothing to hold it against" in shown
    bare = world(topic(CLICKS), settings="capacity: {brokers: 2}")
    assert "(there are 2)" in text(sum_answer(sum_of(bare), bare.environment))


def test_of_many_topics_the_first_ten_are_shown_and_long_names_get_a_line_of_their_own() -> None:
    long = "a" * 60
    composed = world(*(topic(CLICKS, name) for name in (long, *(f"t{n}" for n in range(10)))))
    shown = text(sum_answer(sum_of(composed), composed.environment))
    assert f"  {long}\n      18.1 TB replicated" in shown
    assert "  and 1 more\n" in shown
    document = sum_document(sum_of(composed), composed.environment)
    assert len(document["topics"]) == 11


def test_a_change_shows_what_it_adds_and_what_room_it_leaves() -> None:
    before = sum_of(world(topic(CLICKS, "clicks"), topic(CLICKS, "gone")))
    now = world(
        topic(CLICKS.replace("6,", "12,"), "clicks"),
        topic(CLICKS, "new"),
        topic("{partitions: 1, retention: 1d}", "silent"),
    )
    change = change_of(before, sum_of(now))
    shown = text(change_answer(change, now.environment, "since main"))
    assert shown.startswith("prod since main: 4 topics changed\nChanged\n")
    assert "  - gone    -18.1 TB replicated, -320 Mbit/s, -18 replicas of partitions\n" in shown
    assert "  + new     +18.1 TB replicated, +320 Mbit/s, +18 replicas of partitions\n" in shown
    assert "  ~ clicks  +18 replicas of partitions\n" in shown
    assert "  + silent  +3 replicas of partitions, its volume is not declared\n" in shown
    assert "Together\n  +21 replicas of partitions\n" in shown
    assert "Room after this change\n" in shown
    document = change_document(change, now.environment, "main")
    assert (document["base"], document["before"]["partitions"], document["partitions"]) == ("main", 36, 57)
    assert [(each["name"], each["action"]) for each in document["changes"]] == [
        ("gone", "delete"),
        ("new", "create"),
        ("clicks", "update"),
        ("silent", "create"),
    ]


def test_a_higher_peak_alone_is_told() -> None:
    before = world(topic("{retention: 1d, volume: {rate: 1MB/s}}"))
    now = world(topic("{retention: 1d, volume: {rate: 1MB/s, peak: 3}}"))
    shown = text(change_answer(change_of(sum_of(before), sum_of(now)), now.environment, "since main"))
    assert "  ~ a.b  +48 Mbit/s at peak\nTogether\n  +48 Mbit/s at peak\n" in shown


def test_no_change_and_very_many_changes() -> None:
    now = world(topic(CLICKS))
    same = change_of(sum_of(now), sum_of(now))
    shown = text(change_answer(same, now.environment, "since main"))
    assert "no topic asks for more or less than before\nTogether\n  as much as before\n" in shown
    many = world(*(topic(CLICKS, f"t{n}") for n in range(12)))
    shown = text(change_answer(change_of(sum_of(now), sum_of(many)), many.environment, "since main"))
    assert "  and 3 more\n" in shown


def test_documents_say_what_is_assumed_left_and_not_counted() -> None:
    composed = world(topic("{volume: {rate: 1MB/s}}", "guessed"), topic("{}", "silent"))
    sums = sum_of(composed)
    document = json.loads(to_text(sum_document(sums, composed.environment)))
    assert document["notCounted"] == {"withoutVolume": ["silent"], "keptForEver": []}
    assert document["topics"][1]["rate"] is None
    assert len(document["topics"][0]["assumed"]) == 4
    assert document["room"]["partitions"] == {"used": 6, "given": 12_000, "left": 11_994}
    assert topic_document(sums.topics[0], composed.environment)["name"] == "guessed"
    bare = world(topic("{}"), settings="")
    assert sum_document(sum_of(bare), bare.environment)["brokers"] is None


def test_markdown_has_a_table_for_each_part() -> None:
    composed = world(topic(CLICKS, "clicks"), topic("{}", "silent"))
    page = answer_markdown(sum_answer(sum_of(composed), composed.environment))
    assert page.startswith("## prod: 2 topics\n")
    assert "### Storage\n\n| Figure | How |\n" in page
    assert "no volume is declared" in page
    found = calculate(Stream(1e6, DAY, 1, 1), 0, 1.3, Broker(None, None, 4_000))
    assert answer_markdown(calculation_answer(found)).startswith("### Storage\n")
