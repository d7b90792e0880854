import pytest

from kgov.model.leftover import leftover


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("TODO", "TODO"),
        ("todo", "todo"),
        ("TBD.", "TBD."),
        ("...", "..."),
        ("—", "—"),
        ("n/a", "n/a"),
        ("Example", "Example"),
        ("because", "because"),
        ("{purpose}", "{purpose}"),
        ("Describe this topic here", "Describe this topic here"),
        ("your reason here.", "your reason here."),
        ("The purpose goes here", "The purpose goes here"),
        ("  change me  ", "change me"),
        ("Lorem ipsum dolor sit amet", "Lorem ipsum dolor sit amet"),
        ("because ...", "because ..."),
        ("because…", "because…"),
        ("infinite retention because ...", "because ..."),
        ("this is needed for...", "for..."),
        ("TODO: say what it is for", "TODO"),
        ("Orders. TODO", "TODO"),
        ("Orders (FIXME: which ones?)", "FIXME"),
        ("your-team", "your-team"),
        ("owned by your_team today", "your_team"),
        ("<reason>", "<reason>"),
        ("kept for <the reason> until", "<the reason>"),
        ("a < b <your reason>", "<your reason>"),
        ("owner is {{ team }}", "{{"),
        ("records of ${domain}", "${"),
        ("[Describe the topic]", "[Describe the topic]"),
        ("[describe what it is for]", "[describe"),
    ],
)
def test_what_a_template_left_behind_is_found(text, left) -> None:
    assert leftover(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "One event for every order that is accepted.",
        "Orders, payments, refunds...",
        "Kept because the law says so.",
        "here",
        "Orders are written here",
        "Write what the shop sold today into the ledger that accounting keeps here",
        "Items of a todo list, as their owner changes them",
        "Whatever TODO means to the planner is in here",
        "Todo el mundo lo lee",
        "Your orders, your-",
        "KStream<String, Order> by customer",
        "a List<Order> for each day",
        "values with a < b and b > a",
        "an unclosed <bracket",
        "see <https://example.com/orders>",
        "An example of every message that a client has sent",
        "equipe-commandes",
        "x" * 5_000,
    ],
)
def test_what_people_write_on_purpose_is_left_alone(text) -> None:
    assert leftover(text) == ""


def test_the_ends_of_a_very_long_text_are_looked_at() -> None:
    assert leftover("orders " * 500 + "because ...") == "because ..."
    assert leftover("TODO: " + "orders " * 500) == "TODO"
