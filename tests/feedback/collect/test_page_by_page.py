"""A ballot page by page: kept, left, gone on with by the same browser or by its address, sent as a whole, erased."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedback import jobs
from feedback.collect import begun
from feedback.integrity import verifying
from feedback.models import BallotDraft
from heard.kit import tokens
from heard.kit.clock import now
from heard.kit.db import writing
from polls.frozen import freeze
from polls.kinds.kind import Draft
from polls.logic import Condition, ShowIf
from polls.models import Poll
from polls.publish import invitations
from polls.write import authoring, storing
from tests.feedback.collect.test_conditions import stored
from tests.feedback.voting import rows

YES = ShowIf((Condition(0, "is", ("Yes",)),))


def walk(world, **rules):
    """Do you garden? If yes, what, and how often; always a name and a comment."""
    questions = rules.pop("questions", None) or [
        Draft("single", "Do you garden?", ("Yes", "No"), required=True),
        Draft("single", "What do you grow?", ("Beans", "Roses"), required=True, show_if=YES),
        Draft("rating", "How often?", show_if=YES),
        Draft("short_text", "Your name?", required=True),
        Draft("long_text", "Anything else?"),
    ]
    return world.open_poll(questions, title="Walk", paged=True, **rules)


def page_at(client, path):
    """A page, its form's hidden fields, and the names of the questions that it shows."""
    page = client.get(path)
    assert page.status_code == 200, page.text[:400]
    form = page.text.split('<form class="form"', 1)[-1].split("</form>")[0]
    form = re.sub(
        r'( hidden disabled>\s*)<input type="hidden" name="shown"[^>]*>', r"\1", form
    )  # switched off: not sent
    hidden = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        hidden.setdefault(name, []).append(value)
    return page.text, hidden


def say(client, poll, path, do="next", **values):
    """Fill in the page at this address and press a button; the answer."""
    _text, sent = page_at(client, path)
    for key, value in values.items():
        question = poll.questions[int(key[1:]) - 1]
        sent[question.name] = next((str(o.id) for o in question.options if o.label == value), value)
    return client.post(f"/p/{poll.slug}", data={**sent, "do": do})


def to_end(client, poll, path, pages, last="send"):
    """Say these pages one after the other; where each led to."""
    led = []
    for at, values in enumerate(pages):
        answer = say(client, poll, path, last if at == len(pages) - 1 else "next", **values)
        assert answer.status_code == 303, answer.text[:3000]
        led.append(path := answer.headers["location"])
    return led


@pytest.mark.both
def test_a_walk_is_recorded_as_a_whole_and_what_was_begun_is_gone(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "Yes"}, {"q2": "Beans"}, {"q3": "4"}, {"q4": "Ada"}, {}])
    assert [re.search(r"page=(\d)", at)[1] for at in led[:-1]] == ["2", "3", "4", "5"]
    assert led[-1].startswith("/r/")
    assert stored(poll) == {1: ["Yes"], 2: ["Beans"], 3: [4.0], 4: ["Ada"], 5: [None]}
    assert rows("ballot_drafts") == []
    assert verifying.verify(poll.slug).sound
    again = client.get(led[-2])
    assert (again.status_code, again.headers["location"]) == (303, led[-1])


def test_pages_without_a_question_are_passed_over_and_not_counted(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "No"}, {"q4": "Ada"}, {}])
    assert "page=4" in led[0]
    assert "page=5" in led[1]
    assert stored(poll) == {1: ["No"], 4: ["Ada"], 5: [None]}


def test_nothing_is_counted_before_the_end_and_looking_writes_nothing(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "No"}], last="next")
    before = rows("ballot_drafts")
    client.get(led[0])
    client.get(f"/p/{poll.slug}")
    assert rows("ballot_drafts") == before
    assert rows("responses") == rows("tallies") == rows("answers") == []
    assert before[0]["token_hash"] != led[0]
    assert tokens.hashed(re.search("resume=([^&]+)", led[0])[1]) == (before[0]["token_hash"])


def test_only_the_page_at_hand_is_checked_and_its_errors_are_told_there(world, client):
    poll = walk(world)
    refused = say(client, poll, f"/p/{poll.slug}")
    assert refused.status_code == 422
    assert f'<a href="#{poll.questions[0].name}"' in refused.text
    assert poll.questions[3].wording not in refused.text
    assert rows("ballot_drafts") == []


def test_an_error_on_another_page_leads_to_it(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "No"}, {"q4": "Ada"}], last="next")
    resume = re.sub(r"&page=\d", "", led[-1])
    say(client, poll, f"{resume}&page=1", "back", q1="Yes")  # kept unchecked; "What do you grow?" is asked now
    _text, sent = page_at(client, resume)
    refused = client.post(f"/p/{poll.slug}", data={**sent, "page": "5", "do": "send"})  # from another tab
    assert refused.status_code == 422
    assert "What do you grow?" in refused.text
    assert f'href="#{poll.questions[1].name}"' in refused.text
    assert rows("responses") == []


def test_back_keeps_what_is_there_and_shows_it_again(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "No"}, {"q4": "Ada"}], last="next")
    back = say(client, poll, led[-1], "back", q5="half a thought")
    assert "page=4" in back.headers["location"]
    assert 'value="Ada"' in client.get(back.headers["location"]).text
    forth = say(client, poll, back.headers["location"], q4="Ada")
    assert "half a thought" in client.get(forth.headers["location"]).text


def test_the_same_browser_may_go_on_or_start_again(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "Yes"}, {"q2": "Roses"}], last="next")
    begun_page = client.get(f"/p/{poll.slug}").text
    assert "You have begun to answer" in begun_page
    go_on = re.search(r'href="(/p/walk\?resume=[^"]+)"', begun_page)[1]
    assert poll.questions[2].wording in client.get(go_on).text
    token = re.search("resume=([^&]+)", led[0])[1]
    assert go_on.endswith(token)
    restarted = client.post(f"/p/{poll.slug}", data={"submission": token, "do": "restart"})
    assert restarted.headers["location"] == f"/p/{poll.slug}"
    assert rows("ballot_drafts") == []
    assert poll.questions[0].wording in client.get(f"/p/{poll.slug}").text


def test_saving_for_later_gives_an_address_that_another_browser_can_go_on_with(world, client):
    poll = walk(world)
    saved = say(client, poll, f"/p/{poll.slug}", "save", q1="Yes")
    page = client.get(saved.headers["location"])
    address = re.search(r'value="http://127.0.0.1:8000(/p/walk\?resume=[^"]+)"', page.text)[1]
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.text
    other = client.fresh()
    assert re.search(r'value="\d+"[^>]* checked', other.get(address).text)
    led = to_end(other, poll, address, [{"q1": "Yes"}, {"q2": "Beans"}, {}, {"q4": "Bo"}, {}])
    assert led[-1].startswith("/r/")
    assert len(rows("responses")) == 1
    assert rows("ballot_drafts") == []


def test_an_anonymous_poll_keeps_a_day_and_no_voter(world, client):
    poll = walk(world, anonymous=True)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "No"}], last="next")
    draft = rows("ballot_drafts")[0]
    assert draft["voter_key"] is None
    assert str(draft["saved_at"])[11:19] in ("", "00:00:00")
    assert "begun to answer" not in client.get(f"/p/{poll.slug}").text
    assert poll.questions[3].wording in client.get(led[0]).text
    to_end(client, poll, led[0], [{"q4": "Ada"}, {}])
    assert rows("ballot_drafts") == []
    assert len(rows("turnout")) == 1


def test_a_double_click_on_any_page_is_one_ballot(world, client):
    poll = walk(world)
    _text, sent = page_at(client, f"/p/{poll.slug}")
    sent |= {poll.questions[0].name: str(poll.questions[0].options[1].id), "do": "next"}
    twice = [client.post(f"/p/{poll.slug}", data=sent).headers["location"] for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(rows("ballot_drafts")) == 1
    last = to_end(client, poll, twice[0], [{"q4": "Ada"}], last="next")[0]
    _text, sent = page_at(client, last)
    twice = [client.post(f"/p/{poll.slug}", data={**sent, "do": "send"}).headers["location"] for _ in range(2)]
    assert twice[0] == twice[1]
    assert twice[0].startswith("/r/")
    assert len(rows("responses")) == 1


def test_sections_are_pages_and_more_than_five_questions_are_counted_in_words(world, client):
    questions = [Draft("short_text", f"Question {n}", section=f"Part {n}" if n % 2 else "") for n in range(1, 7)]
    poll = walk(world, questions=questions)
    first = client.get(f"/p/{poll.slug}").text
    assert "Page 1 of 3" in first
    assert "Question 2" in first
    assert "Question 3" not in first
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "a"}], last="next")
    second = client.get(led[0]).text
    assert re.search(r"<h1[^>]*>Part 3</h1>", second)
    assert "<title>Page 2 of 3: Walk" in second
    few = world.open_poll([Draft("short_text", "A"), Draft("short_text", "B")], title="Few", paged=True)
    assert "Page 1" not in client.get(f"/p/{few.slug}").text


def test_a_last_answer_that_brings_a_page_leads_to_it_and_one_that_takes_it_away_sends_nothing_unasked(world, client):
    asked = ShowIf((Condition(1, "answered"),))
    questions = [
        Draft("short_text", "A"),
        Draft("short_text", "B"),
        Draft("short_text", "C", show_if=asked),
    ]
    poll = walk(world, questions=questions)
    second = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "a"}], last="next")[0]
    assert 'value="send"' in client.get(second).text
    third = say(client, poll, second, "send", q2="b")
    assert "page=3" in third.headers["location"]
    assert "Because of your answer there is one more page." in client.follow(third).text
    emptied = say(client, poll, second, "next", q2="")
    assert "page=2" in emptied.headers["location"]
    assert rows("responses") == []
    assert "That was the last question." in client.follow(emptied).text


def test_a_question_that_hangs_on_the_same_page_comes_before_the_page_is_turned(world, client):
    questions = [
        Draft("single", "Do you garden?", ("Yes", "No"), section="You"),
        Draft("short_text", "What?", show_if=YES),
        Draft("short_text", "Name?", section="End"),
    ]
    poll = walk(world, questions=questions)
    back = say(client, poll, f"/p/{poll.slug}", q1="Yes")
    assert back.status_code == 200
    assert "one more question" in back.text
    assert "Name?" not in back.text
    assert rows("ballot_drafts") == []


def test_a_poll_edited_meanwhile_does_not_break_what_was_begun(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "Yes"}, {"q2": "Beans"}], last="next")
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        draft = storing.draft_of(freeze(session, row))
        first = replace(draft.questions[0], wording="Have you a garden?")
        draft = replace(draft, questions=(first, *draft.questions[1:]))
        authoring.edit_poll(session, row, draft, revision=row.revision, by=world.people["maya"])
    page = client.get(led[-1])
    assert page.status_code == 200
    assert "Have you a garden?" in page.text
    assert "checked" not in page.text
    edited = world.frozen(poll)
    values = {edited.questions[0].name: str(edited.questions[0].options[1].id)}
    _text, sent = page_at(client, led[-1])
    assert client.post(f"/p/{poll.slug}", data={**sent, **values, "do": "next"}).status_code == 303


def test_options_keep_their_order_from_page_to_page(world, client):
    names = tuple(f"Option {n}" for n in range(12))
    poll = walk(world, questions=[Draft("single", "Which?", names, shuffled=True), Draft("short_text", "B")])
    first = re.findall(r"Option \d+", (page := page_at(client, f"/p/{poll.slug}"))[0])
    sent = {**page[1], "do": "next", poll.questions[0].name: str(poll.questions[0].options[3].id)}
    second = client.post(f"/p/{poll.slug}", data=sent).headers["location"]
    back = say(client, poll, second, "back").headers["location"]
    assert re.findall(r"Option \d+", client.get(back).text) == first
    sent = say(client, poll, second, "send", q2="b")
    assert re.findall(r"Option \d+", client.get(sent.headers["location"] + "/change").text) == first


def test_what_rests_for_thirty_days_is_erased_and_its_address_says_so(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "Yes"}], last="next")
    assert [r["kind"] for r in rows("work_due")] == ["begun_ballots"]
    with writing() as session:
        assert begun.erase_old(session) == 0
        session.execute(update(BallotDraft).values(saved_at=now() - timedelta(days=31)))
    for _twice in range(2):
        jobs.erase_begun_ballots()
        assert rows("ballot_drafts") == []
    page = client.get(led[0]).text
    assert "is not kept any more" in page
    assert "Do you garden?" in page


def test_a_closed_poll_keeps_nothing(world, client):
    poll = walk(world)
    led = to_end(client, poll, f"/p/{poll.slug}", [{"q1": "Yes"}], last="next")
    _text, sent = page_at(client, led[0])
    world.close(poll)
    assert client.post(f"/p/{poll.slug}", data={**sent, "do": "next"}).status_code == 409
    assert "closed" in client.get(led[0]).text


def test_a_personal_link_goes_along(world, client):
    poll = walk(world, voter_rule="link")
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        invitations.invite(session, row, 1, by=None)
        link = invitations.personal_links(session, row)[0].path
    led = to_end(client, poll, link, [{"q1": "No"}, {"q4": "Ada"}, {}])
    assert all("t=" in at for at in led[:-1])
    assert len(rows("responses")) == 1
    assert client.post(f"/p/{poll.slug}", data={"page": "1", "do": "next"}).status_code == 403


def test_what_the_address_fills_in_goes_along_to_its_page(world, client):
    poll = walk(world)
    text, sent = page_at(client, f"/p/{poll.slug}?q1=No&q4=Ada")
    assert 'action="/p/walk?q1=No&amp;q4=Ada"' in text
    led = client.post(
        f"/p/{poll.slug}?q1=No&q4=Ada",
        data={**sent, poll.questions[0].name: str(poll.questions[0].options[1].id), "do": "next"},
    )
    assert 'value="Ada"' in client.get(led.headers["location"]).text
    assert "Ada" not in str(rows("ballot_drafts"))


def test_the_frame_and_a_form_without_pages_take_the_whole(world, client):
    poll = walk(world, voter_rule="open")
    frame = client.get(f"/e/{poll.slug}").text
    assert all(q.wording in frame for q in poll.questions)
    no = {poll.questions[0].name: str(poll.questions[0].options[1].id), poll.questions[3].name: "Ada"}
    assert client.post(f"/e/{poll.slug}", data={**no, "submission": "e" * 22}).status_code == 200
    assert client.post(f"/p/{poll.slug}", data={**no, "submission": "p" * 22}).status_code == 303
    assert len(rows("responses")) == 2


def test_pages_do_not_add_up_without_end(world, client):
    poll = world.open_poll([Draft("long_text", f"Question {n}?") for n in range(4)], paged=True)
    nonce, answers = "n" * 22, []
    for at, question in enumerate(poll.questions, 1):
        sent = {"submission": nonce, "page": str(at), "do": "save", f"{question.name}-x": "y" * 100_000}
        answers.append(client.post(f"/p/{poll.slug}", data=sent))
    assert [a.status_code for a in answers] == [303, 303, 422, 422]
    assert "more than the form can take" in answers[2].text
