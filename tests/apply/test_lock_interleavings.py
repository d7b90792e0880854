"""Whatever the order in which applies go on, however long one is frozen, whoever dies: never two at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lock_stage import Actor, Stage
from memory_log import Lost

from kgov.apply import lock as promises


@contextmanager
def staged() -> Iterator[Stage]:
    stage = Stage()
    try:
        yield stage
    finally:
        stage.leave()


def schedules(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """List every order of so many steps of one and so many of another."""
    total = first + second
    for places in combinations(range(total), first):
        yield tuple(0 if n in places else 1 for n in range(total))


def test_of_two_who_ask_at_once_exactly_one_gets_the_lock_in_every_order():
    for schedule in schedules(5, 5):
        with staged() as stage:
            actors = (stage.enter("anna"), stage.enter("bert"))
            for turn in schedule:
                if actors[turn].may_go():
                    actors[turn].go()
            stage.play_on()
            stage.judge()
            assert sorted(actor.ended == "done" for actor in actors) in ([False, True], [True, True])
            assert stage.acts


@pytest.mark.parametrize("frozen_after", range(12))
def test_a_holder_that_is_frozen_anywhere_never_acts_after_its_lock_was_broken(frozen_after):
    with staged() as stage:
        anna = stage.enter("anna")
        steps(anna, frozen_after)
        bert = stage.enter("bert", breaks=True)
        alone(stage, bert)
        assert bert.ended == "done"
        stage.play_on()
        stage.judge()


MOST_STEPS_OF_A_BREAKER = 400


@pytest.mark.parametrize("until_frozen", range(3, 9))
@pytest.mark.parametrize("until_old", [2, 3])
def test_a_holder_that_wakes_at_any_moment_while_its_lock_is_broken_never_acts_beside(until_old, until_frozen):
    for wakes_at in range(MOST_STEPS_OF_A_BREAKER):
        with staged() as stage:
            anna = stage.enter("anna")
            steps(anna, until_old)
            stage.topic.time.sleep(promises.TRUSTED)
            steps(anna, until_frozen - until_old)
            bert = stage.enter("bert", breaks=True)
            finished = alone(stage, bert, wakes_at)
            steps(anna, 4)
            alone(stage, bert)
            stage.play_on()
            stage.judge()
            assert "done" in (anna.ended, bert.ended) or "came back to life" in bert.ended
        if finished:
            return
    pytest.fail("the one who breaks the lock took more steps than are looked at")


def steps(actor: Actor, number: int) -> None:
    """Let one make some steps."""
    for _ in range(number):
        if actor.may_go():
            actor.go()


def alone(stage: Stage, actor: Actor, number: int = 1_000) -> bool:
    """Let one go on, and time with it, for some steps; say whether that was to its end."""
    for _ in range(number):
        if actor.is_over:
            return True
        if actor.may_go():
            actor.go()
        else:
            stage.topic.time.sleep(0.5)
    return actor.is_over


@pytest.mark.parametrize("killed_after", range(12))
def test_after_a_holder_was_killed_anywhere_the_next_one_gets_the_lock(killed_after):
    with staged() as stage:
        anna = stage.enter("anna")
        steps(anna, killed_after)
        anna.kill()
        bert = stage.enter("bert", breaks=True)
        stage.play_on()
        assert bert.ended == "done"
        stage.judge()


WHO = st.sampled_from([0, 1, 2])
EVENTS = st.one_of(
    st.tuples(st.just("go"), WHO),
    st.tuples(st.just("go"), WHO),
    st.tuples(st.just("wait"), st.sampled_from([0.4, 1.9, 4.9, 5.0, 11.0, 61.0])),
    st.tuples(st.just("compact"), st.none()),
    st.tuples(st.just("kill"), WHO),
    st.tuples(st.just("lose"), st.tuples(WHO, st.sampled_from(Lost))),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, max_size=80), st.tuples(st.booleans(), st.booleans(), st.booleans()))
@example([("go", 0)] * 4 + [("wait", 61.0)] + [("go", 1)] * 9, (False, True, True))
def test_never_two_act_at_once(events, breaking):
    with staged() as stage:
        actors = [
            stage.enter(name, breaks=breaks)
            for name, breaks in zip(("anna", "bert", "cora"), breaking, strict=True)
        ]
        for what, detail in events:
            match what:
                case "go":
                    if actors[detail].may_go():
                        actors[detail].go()
                case "wait":
                    stage.topic.time.sleep(detail)
                case "compact":
                    stage.topic.compact(stage.topic.end - 1)
                case "kill":
                    if not actors[detail].is_over:
                        actors[detail].kill()
                case "lose":
                    stage.lose(actors[detail[0]], detail[1])
        stage.judge()
        stage.play_on()
        stage.judge()


def test_whoever_breaks_a_lock_waits_longer_than_its_holder_believes():
    assert promises.RENEWED * 2 < promises.TRUSTED
    assert promises.TRUSTED * 2 <= promises.WATCHED <= promises.STALE
