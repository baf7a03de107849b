"""`heard demo`: a whole community, made the way that real data is made, which makes sense when one reads it."""

import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlmodel import col, select

from feedback.integrity.verifying import verify
from feedback.models import Action, Assignment, Comment, Response, Theme
from feedback.themes import queries as theme_queries
from heard import demo
from heard.accounts import access, signin
from heard.kit import work
from heard.kit.db import reading
from insights.models import Brief, Delivery
from polls.models import Poll
from tests.browser_client import Client
from tests.conftest import _drain, pointing_to


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What `build()` returned, on a database that was not there before; the settings point to it."""
    folder = tmp_path_factory.mktemp("demo")
    with pointing_to(f"sqlite:///{folder}/heard.db", folder):
        yield demo.build()
        _drain()


@pytest.fixture
def read(told: str) -> Iterator:
    with reading() as session:
        yield session


@pytest.fixture
def browser(told: str) -> Iterator[Client]:
    with Client() as client:
        yield client


def path_in(told: str, begin: str) -> str:
    found = re.search(rf"http://[^/\s]+({begin}\S*)", told)
    assert found, told
    return found[1]


def test_there_are_polls_of_every_state(read):
    assert Counter(read.scalars(select(Poll.status))) == {"open": 4, "closed": 2, "draft": 1, "scheduled": 1}


def test_a_few_hundred_answers_in_two_languages(read):
    assert read.scalars(select(Response.id)).all().__len__() > 400
    spoken = Counter(read.scalars(select(Comment.language)))
    assert spoken["en"] > 100
    assert spoken["fr"] > 80


def test_every_counter_is_the_recount(read):
    slugs = read.scalars(select(Poll.slug).where(Poll.status != "draft")).all()
    assert [slug for slug in slugs if not verify(slug).sound] == []


def test_answers_come_from_the_past_and_never_from_the_future(read):
    from heard.kit.clock import now

    assert max(read.scalars(select(Response.submitted_at))) <= now()
    assert len({at.date() for at in read.scalars(select(Response.submitted_at))}) > 30


def test_nothing_is_left_to_do(read):
    assert work.waiting() == []


@pytest.mark.parametrize("about", ["app", "hours", "waiting", "story hour", "book bus", "staff"])
def test_what_is_said_often_is_a_theme(read, about):
    topic = {voice.text: voice.about for voice in demo.voices()}
    rows = read.execute(
        select(Assignment.theme_id, Comment.text).join(Comment, col(Comment.id) == col(Assignment.comment_id))
    ).all()
    themes: dict[int, Counter[str]] = {}
    for theme, text in rows:
        themes.setdefault(theme, Counter())[topic.get(text, "the trial")] += 1
    best = max((held for theme, held in themes.items() if theme), key=lambda held: held[about])
    assert best[about] >= 6
    assert best[about] >= 0.6 * best.total()


def test_there_are_six_to_fourteen_groups_of_themes(read):
    poll = read.scalars(select(Poll).order_by(col(Poll.id))).first()
    groups = [row for row in theme_queries.themes_of(read, poll.id) if row.parent is None]
    assert 6 <= len(groups) <= 14


def test_both_briefs_tell_of_the_same_facts(read):
    briefs = read.scalars(select(Brief)).all()
    assert {b.audience for b in briefs} == {"product", "leadership"}
    assert len({b.facts_hash for b in briefs}) == 1


def test_the_leadership_brief_is_in_the_outbox(told, read):
    [delivery] = read.scalars(select(Delivery)).all()
    assert delivery.status == "sent"
    folder = Path(re.search(r"(\S*/outbox)", told)[1])
    mails = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("*.eml")]
    [mail] = [m for m in mails if m["To"] == demo.READER]  # the others tell of the trial
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_loop_is_closed_on_the_receipt_of_somebody_who_spoke(told, browser, read):
    page = browser.get(path_in(told, "/r/"))
    assert page.status_code == 200
    assert "Late Thursday comes back" in page.text
    assert set(read.scalars(select(Action.status))) == {"done", "doing", "declined"}


def test_answered_themes_carry_the_name_that_ravi_gave(read):
    named = set(read.scalars(select(Theme.label).where(Theme.named_by == "person")))
    assert named == {"Opening hours", "Waiting for new books"}


def test_the_public_page_says_what_was_done(browser):
    page = browser.get(f"/c/{demo.SLUG}").text
    assert "You stay signed in to the app" in page
    assert "Would you recommend the library?" in page


def test_the_ballot_can_be_answered(told, browser):
    assert browser.get(path_in(told, "/p/")).status_code == 200


def test_the_link_signs_in_as_maya(told, browser):
    answer = browser.post(path_in(told, "/sign-in/"))
    assert answer.status_code == 303
    with reading() as session:
        who = signin.account_of_session(session, browser.cookies[access.session_cookie()])
    assert who.email == "maya@demo.example"
    assert browser.get(f"/m/{demo.SLUG}/polls").status_code == 200


def test_the_password_that_is_shown_signs_in(told, browser):
    password = re.search(r"maya@demo\.example\s+(\S+)", told)[1]
    answer = browser.post("/sign-in", data={"email": "maya@demo.example", "password": password})
    assert answer.status_code == 303


def test_a_second_demo_is_refused_and_changes_nothing(read):
    before = len(read.scalars(select(Response.id)).all())
    with pytest.raises(demo.DemoExists, match="already"):
        demo.build()
    with reading() as session:
        assert len(session.scalars(select(Response.id)).all()) == before


def test_the_voices_are_plain_words_each_said_once():
    voices = demo.voices()
    assert len({v.text for v in voices}) == len(voices)
    assert {v.rating for v in voices} == {1, 2, 3, 4, 5}
    assert not [v for v in voices if re.search(r"[\x00-\x1f]|http|@|&", v.text)]


def test_a_trial_has_two_versions_whose_check_ins_pair(browser, told):
    password = re.search(r"maya@demo\.example\s+(\S+)", told)[1]
    browser.post("/sign-in", data={"email": "maya@demo.example", "password": password})
    page = browser.get(f"/m/{demo.SLUG}/announcements/a-silent-room-on-the-second-floor").text
    assert "Quiet lamps" in page
    assert "10 people answered both" in page


def test_a_poll_goes_page_by_page_in_two_languages(browser):
    page = browser.get("/p/your-reading-room?lang=fr").text
    assert "Votre salle de lecture" in page
    assert "Qu’est-ce qui vous retient" not in page
