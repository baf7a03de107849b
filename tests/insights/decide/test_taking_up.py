"""What becomes of an answer: a draft poll, an action with an owner and a day; by three people."""

from datetime import timedelta

import pytest
from sqlmodel import select

from feedback.models import Action, Theme
from heard.accounts.models import Account
from heard.kit import clock
from heard.kit.clock import today
from heard.kit.db import writing
from insights.decide import answers
from insights.decide.taking_up import kind_for
from insights.models import Brief, Decision, Delivery
from insights.send import deliveries
from polls.models import Poll, Question
from tests.insights.scene import library, write


@pytest.fixture
def brief(world):
    library(world)
    brief = write(world)
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), ["claire@board.example"], by=None)
    return brief


def answered(kind, note="", **more):
    with writing() as session:
        row = answers.record(session, session.exec(select(Delivery)).one(), kind, note=note, **more)
        return row.id


def form(theme, **more):
    return {
        "theme": theme, "title": "Open on Sundays", "public_note": "From May.", "status": "planned", "owner": "", "due_on": "", **more,
    }  # fmt: skip


def theme_id(session):
    return session.exec(select(Theme.id).where(Theme.parent_id == None).order_by(Theme.id)).first()  # noqa: E711


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which one change would help most with “Opening hours”?", "long_text"), ("Would Sunday suit you?", "yes_no"),
        ("Do you use the lift?", "yes_no"), ("How many evenings a week?", "number"), ("How satisfied are you?", "rating"),
        ("Quel changement vous aiderait ?", "long_text"), ("Faut-il ouvrir le dimanche ?", "yes_no"),
        ("Est-ce que cela vous aide ?", "yes_no"),
        ("Combien de fois par mois ?", "number"), ("", "long_text"), ("Canada?", "long_text"),
    ],
)  # fmt: skip
def test_the_kind_follows_from_how_the_question_begins(question, kind):
    assert kind_for(question) == kind


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_make_a_poll_of_a_question(brief, client, session, person, status):
    number = answered("ask", "Would Sunday suit you?")
    answer = client.sign_in(person).post(f"/m/garden/decisions/{number}/poll")
    assert answer.status_code == status
    assert bool(session.get_one(Decision, number).poll_id) == (status == 303)


def test_a_question_becomes_one_draft_in_the_communitys_language(brief, client, session):
    number, maya = answered("ask", "Would Sunday suit you?"), client.sign_in("maya")
    first = maya.post(f"/m/garden/decisions/{number}/poll").headers["location"]
    assert maya.post(f"/m/garden/decisions/{number}/poll").headers["location"] == first
    poll = session.get_one(Poll, session.get_one(Decision, number).poll_id)
    (question,) = session.exec(select(Question).where(Question.poll_id == poll.id)).all()
    assert (poll.status, poll.locale, question.kind, question.wording) == (
        "draft",
        "en",
        "yes_no",
        "Would Sunday suit you?",
    )
    assert maya.get(first).status_code == 200


@pytest.mark.parametrize("audience", ["leadership", "product"])
def test_the_question_with_which_a_brief_closes_is_one_press_away(world, client, session, audience):
    library(world)
    brief, maya = write(world, audience), client.sign_in("maya")
    assert f"/briefs/{brief.id}/poll" in maya.get(f"/m/garden/briefs/{brief.id}").text
    maya.post(f"/m/garden/briefs/{brief.id}/poll")
    asks = brief.text["ask"]
    question = session.exec(select(Question).order_by(Question.id.desc())).first()
    assert question.wording == (asks[0] if isinstance(asks, list) else asks)["text"]


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)])
def test_who_may_write_actions_makes_one_of_a_decision(brief, client, session, person, status):
    number = answered("agree")
    answer = client.sign_in(person).post(f"/m/garden/decisions/{number}/action", data=form(theme_id(session)))
    assert answer.status_code == status
    session.rollback()
    assert bool(session.get_one(Decision, number).action_id) == (status == 303)


def test_an_action_has_an_owner_for_members_and_a_day_for_everybody(brief, world, client, session):
    number, maya = answered("agree"), client.sign_in("maya")
    day, ravi = today() + timedelta(days=9), world.people["ravi"]
    with writing() as acting:
        person = acting.get_one(Account, ravi.id)
        person.name = "Ravi Sees To It"
        acting.add(person)
    theme = theme_id(session)
    maya.post(f"/m/garden/decisions/{number}/action", data=form(theme, owner=str(ravi.id), due_on=day.isoformat()))
    session.rollback()
    action = session.exec(select(Action)).one()
    assert (action.owner_id, action.due_on, session.get_one(Decision, number).action_id) == (ravi.id, day, action.id)
    for page in ("/m/garden/answers", f"/m/garden/themes/{theme}"):
        assert "Ravi Sees To It" in maya.get(page).text
    public = client.get("/c/garden").text
    assert f"By {day.day} " in public
    for page in ("/c/garden", "/c/garden/feed.atom"):
        assert "Ravi Sees To It" not in client.get(page).text
    with clock.stopped_at(clock.now() + timedelta(days=20)):
        assert "Past its day" in client.sign_in("maya").get("/m/garden/answers").text


def test_an_action_is_made_once_and_of_a_theme_of_ours(brief, client, session):
    number, maya = answered("decide", "Open on Sundays."), client.sign_in("maya")
    at = f"/m/garden/decisions/{number}"
    assert maya.post(f"{at}/action", data=form("999999")).status_code == 422
    strange = maya.post(f"{at}/action", data=form(theme_id(session), owner="999999"))
    assert (strange.status_code, "must be a member" in strange.text) == (422, True)
    assert maya.post(f"{at}/action", data=form(theme_id(session), due_on="2020-01-01")).status_code == 422
    assert maya.post(f"{at}/action", data=form(theme_id(session))).status_code == 303
    assert maya.post(f"{at}/action", data=form(theme_id(session))).status_code == 409
    session.rollback()
    assert len(session.exec(select(Action)).all()) == 1


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
def test_members_read_an_answer_and_the_record_of_its_theme(brief, client, session, person, status):
    number = answered("agree")
    browser = client.sign_in(person)
    assert browser.get(f"/m/garden/decisions/{number}").status_code == status
    assert browser.get(f"/m/outside/decisions/{number}").status_code == 404
    if status == 200:
        page = browser.get(f"/m/garden/themes/{session.get_one(Decision, number).theme_id}").text
        assert "Leadership decided" in page
        assert "Agreed" in browser.get("/m/garden/briefs").text


def test_the_form_is_filled_from_the_decision(brief, client, session):
    day = today() + timedelta(days=5)
    number = answered("decide", "Open on Sundays.", who="ravi", due_on=day)
    page = client.sign_in("maya").get(f"/m/garden/decisions/{number}").text
    assert 'value="Open on Sundays."' in page
    assert f'value="{day}"' in page
    assert "selected>Ravi</option>" in page
