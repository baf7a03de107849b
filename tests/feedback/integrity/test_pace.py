"""Programs and people on a ballot: the field that nobody sees, and the time between look and press (trust.md V11)."""

import random
import re
from datetime import timedelta

import pytest

from feedback.integrity import pace
from heard.kit.clock import now, stopped_at
from polls.kinds.kind import Draft
from tests.feedback.voting import n_of, rows

pytestmark = pytest.mark.hurried


def ballot_form(client, poll, path=""):
    page = client.get(path or f"/p/{poll.slug}").text
    sent = dict(re.findall(r'name="(submission|seen|t)" value="([^"]*)"', page))
    question = poll.questions[0]
    return {**sent, "topic": "", question.name: str(question.options[0].id)}


def why(poll):
    return [r["set_aside"] for r in rows("responses") if r["poll_id"] == poll.id]


def send(client, poll, form, *, after=10.0, path=""):
    with stopped_at(now() + timedelta(seconds=after)):
        return client.post(path or f"/p/{poll.slug}", data=form)


@pytest.mark.both
@pytest.mark.parametrize(("rule", "aside"), [("open", ""), ("browser", ""), ("network", "quick")])
def test_a_form_that_is_sent_at_once_is_stored_and_set_aside_from_level_2_on(world, client, rule, aside):
    poll = world.open_poll(voter_rule=rule)
    answer = send(client, poll, ballot_form(client, poll), after=0.4)
    assert answer.status_code == 303
    assert why(poll) == [aside]
    assert n_of(poll) == (0 if aside else 1)


@pytest.mark.parametrize("where", ["p", "e"])
def test_what_fills_the_field_that_nobody_sees_is_a_program(world, client, where):
    poll = world.open_poll(voter_rule="network")
    form = ballot_form(client, poll, f"/{where}/{poll.slug}") | {"topic": "https://buy.example"}
    send(client, poll, form, path=f"/{where}/{poll.slug}")
    assert why(poll) == ["bot"]


def test_a_person_is_counted(world, client):
    poll = world.open_poll(voter_rule="network")
    send(client, poll, ballot_form(client, poll), after=3)
    assert why(poll) == [""]


@pytest.mark.parametrize("seen", ["", "0", "19ac0000000" + "A" * 22, "x" * 500])
def test_a_program_that_never_loaded_the_page_is_quick(world, client, seen):
    poll = world.open_poll(voter_rule="network")
    send(client, poll, ballot_form(client, poll) | {"seen": seen})
    assert why(poll) == ["quick"]


def test_the_time_of_one_form_is_good_for_no_other(world, client):
    poll, other = world.open_poll(voter_rule="network"), world.open_poll(voter_rule="network", title="Other")
    stolen = ballot_form(client, poll)["seen"]
    send(client, poll, ballot_form(client, poll) | {"seen": stolen})
    send(client, other, ballot_form(client, other) | {"seen": stolen})
    assert why(poll) == why(other) == ["quick"]


def test_a_form_that_came_back_with_a_refusal_keeps_its_time(world, client):
    poll = world.open_poll([Draft("single", "Which?", ("Yes", "No"), required=True)], voter_rule="network", title="W")
    form = ballot_form(client, poll)
    with stopped_at(now() + timedelta(seconds=20)):
        refused = client.post(f"/p/{poll.slug}", data={k: v for k, v in form.items() if k != poll.questions[0].name})
        assert refused.status_code == 422
        again = re.search(r'name="seen" value="([^"]*)"', refused.text)[1]
        client.post(f"/p/{poll.slug}", data=form | {"seen": again})
    assert again == form["seen"]
    assert why(poll) == [""]


def test_a_form_in_pages_is_judged_by_its_last_page(world, client):
    poll = world.open_poll(
        [Draft("single", "One?", ("Yes", "No")), Draft("short_text", "Two?")],
        voter_rule="network",
        paged=True,
        title="T",
    )
    at, statuses = now(), []
    for seconds in (1.2, 0.1):
        browser, page = client.fresh(), None
        with stopped_at(at):
            page = browser.get(f"/p/{poll.slug}").text
        for step, do in enumerate(("next", "send"), 1):
            sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
            name, value = re.search(r'name="(q\d+)"(?: type="radio")? value="([^"]*)"|name="(q\d+)"', page).group(1, 2)
            sent |= {name: value} if name else {poll.questions[1].name: "x"}
            with stopped_at(at + timedelta(seconds=seconds * step)):
                page = browser.follow(browser.post(f"/p/{poll.slug}", data=sent | {"do": do})).text
        statuses.append(why(poll)[-1] if len(why(poll)) == 1 else next(iter(w for w in why(poll) if w), ""))
    assert statuses == ["", "quick"]


def test_at_level_1_programs_are_added_up_for_the_panel(world, client):
    from heard.kit import visits

    poll = world.open_poll()
    for _i in range(3):
        browser = client.fresh()
        send(browser, poll, ballot_form(browser, poll), after=0.1)
    visits.flush()
    assert (
        "3 ballots seem to come from programs and are counted"
        in client.sign_in("maya").get(f"{poll.page}/integrity").text
    )
    assert n_of(poll) == 3


def test_who_chose_the_answer_in_a_mail_may_press_at_once():
    from types import SimpleNamespace

    poll = SimpleNamespace(id=5, questions=())
    stamped = pace.stamp(5, "nonce", read_in_mail=True)
    assert pace.suspicion(poll, "nonce", {"seen": [stamped]}, 1) == ""
    assert pace.suspicion(poll, "nonce", {"seen": [pace.stamp(5, "nonce")]}, 1) == "quick"
    assert pace.suspicion(poll, "nonce", {"seen": [stamped], "topic": ["x"]}, 1) == "bot"


def a_persons_seconds(dice, words, answers):
    """The time of one person, by parts: network both ways, reading, a choice for each question, the movements.

    Pointing 1.1 s, a key 0.2 s, making up one's mind 1.35 s (Card, Moran and Newell 1980), each as the median of a
    lognormal; reading at 238 ± 51 words a minute (Brysbaert 2019), three quarters of the words skipped by one in three. One
    in five knows the poll: reads nothing and is twice as fast. One in twenty works by keyboard.
    """
    spread = lambda median, sigma=0.35: dice.lognormvariate(0, sigma) * median  # noqa: E731
    keyboard, knows = dice.random() < 0.05, dice.random() < 0.2
    fast = 0.5 if knows else 1
    read = 0 if knows else words * (0.25 if dice.random() < 1 / 3 else 1) / max(100, dice.gauss(238, 51)) * 60
    act = (lambda: 2 * spread(0.2)) if keyboard else (lambda: spread(1.1 * fast))
    moves = sum(spread(1.35 * fast, 0.5) + act() for _a in range(answers)) + act()
    return spread(0.25, 0.5) + read + moves


@pytest.mark.parametrize(("words", "answers"), [(4, 1), (8, 1), (20, 1), (30, 2), (60, 4), (200, 10)])
def test_of_ten_thousand_people_at_most_one_in_a_hundred_is_taken_for_a_program(words, answers):
    dice, least = random.Random(words), pace.soonest(answers)
    flagged = sum(a_persons_seconds(dice, words, answers) < least for _i in range(10_000))
    print(f"{words} words, {answers} answers: below {least:.2f} s {flagged / 100:.2f} %")
    assert flagged <= 100
