"""Which questions are asked, and in which order options stand."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit.db import reading
from heard.kit.errors import BadInput
from polls.frozen import frozen_poll
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, Value
from polls.logic import Condition, FrozenCondition, ShowIf, loop_in, ordered, visible
from polls.write import storing
from polls.write.drafts import PollDraft, checked
from polls.write.readiness import gaps

YES, NO = FrozenOption(11, "Yes"), FrozenOption(12, "No")


def question(number: int, *conditions: FrozenCondition, when: str = "all") -> FrozenQuestion:
    return FrozenQuestion(number, "single", f"Q{number}", options=(YES, NO), conditions=conditions, show_when=when)


def chosen(option: FrozenOption) -> list[Value]:
    return [Value(option=option.id)]


IS_YES = FrozenCondition(1, "is", frozenset({YES.id}))


@pytest.mark.parametrize(("condition", "answer", "shown"), [
    (IS_YES, chosen(YES), True),
    (IS_YES, chosen(NO), False),
    (IS_YES, [], False),
    (FrozenCondition(1, "is_not", frozenset({YES.id})), chosen(NO), True),
    (FrozenCondition(1, "is_not", frozenset({YES.id})), [], False),
    (FrozenCondition(1, "answered"), chosen(NO), True),
    (FrozenCondition(1, "answered"), [], False),
    (FrozenCondition(1, "not_answered"), [], True),
    (FrozenCondition(1, "at_least", number=4), [Value(number=4)], True),
    (FrozenCondition(1, "at_least", number=4), [Value(number=3)], False),
    (FrozenCondition(1, "at_most", number=6), [Value(number=0)], True),
    (FrozenCondition(1, "at_most", number=6), [], False),
])  # fmt: skip
def test_a_condition_looks_at_the_earlier_answer(condition, answer, shown):
    assert visible([question(1), question(2, condition)], {1: answer}) == ([1, 2] if shown else [1])


def test_what_hangs_on_a_hidden_question_is_hidden_too_whatever_was_sent():
    chain = [question(1), question(2, IS_YES), question(3, FrozenCondition(2, "is", frozenset({YES.id})))]
    assert visible(chain, {1: chosen(NO), 2: chosen(YES)}) == [1]
    assert visible(chain, {1: chosen(YES), 2: chosen(YES)}) == [1, 2, 3]


def test_all_or_any_of_several_conditions():
    both = (IS_YES, FrozenCondition(2, "is", frozenset({YES.id})))
    answers = {1: chosen(YES), 2: chosen(NO)}
    assert visible([question(1), question(2), question(3, *both)], answers) == [1, 2]
    assert visible([question(1), question(2), question(3, *both, when="any")], answers) == [1, 2, 3]


def asked(*looks_at: int, wording: str = "Which?") -> Draft:
    shown = ShowIf(tuple(Condition(on, "is", ("Yes",)) for on in looks_at))
    return Draft("single", wording, ("Yes", "No"), show_if=shown)


def test_a_loop_is_refused_with_the_way_it_goes_round():
    assert loop_in([asked(1), asked(2), asked(0)]) == [0, 1, 2]
    with pytest.raises(BadInput, match="1 → 2 → 3 → 1") as refused:
        checked(PollDraft("Loop", (asked(1), asked(2), asked(0))))
    assert list(refused.value.fields) == ["questions.0.show_if"]


@pytest.mark.parametrize(("drafts", "why"), [
    ((asked(0),), "its own answer"),
    ((asked(), asked(7)), "not there"),
    ((asked(), Draft("single", "?", ("A", "B"), show_if=ShowIf((Condition(0, "is"),)))), "which options"),
    ((asked(), Draft("single", "?", ("A", "B"), show_if=ShowIf((Condition(0, "at_least"),)))), "which number"),
    ((asked(), Draft("single", "?", ("A", "B"), show_if=ShowIf((Condition(0, "rhymes"),)))), "one of"),
])  # fmt: skip
def test_conditions_that_cannot_be_are_told(drafts, why):
    with pytest.raises(BadInput, match=why):
        checked(PollDraft("Odd", drafts))


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=10))
def test_a_graph_is_free_of_loops_when_it_can_be_put_in_order(edges):
    drafts = [asked(*(to for to in looks if to < len(edges))) for looks in edges]
    left = {at: {c.on for c in d.show_if.conditions} for at, d in enumerate(drafts)}
    while free := [at for at, looks in left.items() if not looks & left.keys()]:
        for at in free:
            del left[at]
    assert bool(loop_in(drafts)) == bool(left)


def test_looking_ahead_and_lost_options_keep_a_poll_from_being_published(world):
    first = Draft("single", "First?", ("Yes", "No"), show_if=ShowIf((Condition(1, "is", ("Blue",)),)))
    poll = world.draft_poll([first, Draft("single", "Second?", ("Red", "Green"))])
    assert len(gaps(poll.frozen)) == 2
    assert "comes later" in gaps(poll.frozen)[0]
    assert "“Blue”" in gaps(poll.frozen)[1]


@pytest.mark.both
def test_conditions_sections_and_order_come_back_as_they_were_written(world, database):
    follow = ShowIf((Condition(0, "is", ("Yes", "Don't know")), Condition(1, "at_least", number=4)), "any")
    drafts = (
        Draft(
            "single", "Which?", ("Yes", "No"), settings={"other": False, "dont_know": True}, shuffled=True, keep_last=1
        ),
        Draft("rating", "How?", section="Part two", section_intro="Nearly there."),
        Draft("long_text", "Why?", show_if=follow),
    )
    slug = world.draft_poll(drafts).slug
    with reading() as session:
        back = storing.draft_of(frozen_poll(session, slug)).questions
    assert (back[0].shuffled, back[0].keep_last) == (True, 1)
    assert (back[1].section, back[1].section_intro) == ("Part two", "Nearly there.")
    assert back[2].show_if == follow


def shuffled(n: int, **more) -> FrozenQuestion:
    options = tuple(FrozenOption(at, f"Option {at}") for at in range(1, n + 1))
    return FrozenQuestion(
        7, "single", "?", options=(*options, FrozenOption(99, "Other", "other")), shuffled=True, **more
    )


def test_a_seed_gives_the_same_order_again_and_other_stays_last():
    first = ordered(shuffled(6), 42)
    assert first == ordered(shuffled(6), 42)
    assert first[-1].role == "other"
    assert sorted(o.id for o in first) == [1, 2, 3, 4, 5, 6, 99]
    assert {o.id for o in ordered(shuffled(6, keep_last=2), 42)[4:6]} == {5, 6}
    assert [o.id for o in ordered(shuffled(6), None)] == [1, 2, 3, 4, 5, 6, 99]


def test_over_many_seeds_every_option_stands_everywhere_equally_often():
    places = Counter((at, o.id) for seed in range(10_000) for at, o in enumerate(ordered(shuffled(4), seed)[:4]))
    chi_square = sum((n - 2500) ** 2 / 2500 for n in places.values())
    assert len(places) == 16
    assert chi_square < 27.9  # 9 degrees of freedom, p = 0.001; the seeds are fixed, so the figure is too
