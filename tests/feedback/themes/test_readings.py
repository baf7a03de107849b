"""A reading says how far it is, can be stopped, and loses little when its worker is killed."""

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

import feedback.jobs
from feedback.models import CommentVector, ThemeReading, ThemeRun
from feedback.themes import comment_vectors, readings
from feedback.themes import refreshing as themes
from feedback.themes.embedding import DIMENSIONS
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from polls.models import Poll
from tests.feedback.said import ALL, HOURS, say

pytestmark = pytest.mark.both


class Scripted:
    """An encoder that calls `meanwhile` with each portion; its vectors hang on the words."""

    name = "scripted"

    def __init__(self):
        self.given, self.meanwhile = [], lambda: None

    def encode(self, texts, progress=None):
        mine = [text for text in texts if text in [*ALL, "Something new"]]  # and not the words that names are made of
        self.given += mine
        if mine:
            self.meanwhile()
        made = [np.random.default_rng(list(text.encode())).normal(size=DIMENSIONS) for text in texts]
        return np.array(made, np.float32)


@pytest.fixture(autouse=True)
def encoder(monkeypatch):
    """Portions of about ten comments, and a reading that tells after each."""
    made = Scripted()
    monkeypatch.setattr(themes, "the_encoder", lambda: made)
    monkeypatch.setattr(comment_vectors, "PORTION", 300)
    monkeypatch.setattr(readings, "TELLS", timedelta(0))
    return made


@pytest.fixture
def poll(world):
    made = world.open_poll([Draft("long_text", "What should change?")], title="The library")
    say(made.id, ALL)
    return made


def count(table) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def stand(poll):
    with reading() as session:
        return session.get(ThemeReading, poll.id)


def stop(poll, world):
    with writing() as session:
        return readings.stop(session, session.get_one(Poll, poll.id), by=world.people["ravi"])


def test_what_was_encoded_before_a_fault_is_not_encoded_again(poll, encoder):
    def fault():
        if len(encoder.given) > 20:
            raise MemoryError

    encoder.meanwhile = fault
    with pytest.raises(MemoryError):
        themes.refresh(poll.id)
    kept = count(CommentVector)
    assert (0 < kept < 30, stand(poll)) == (True, None)
    encoder.given, encoder.meanwhile = [], lambda: None
    themes.refresh(poll.id)
    assert (len(encoder.given), count(CommentVector), count(ThemeRun)) == (60 - kept, 60, 1)


def test_equal_texts_are_encoded_once_and_taken_from_those_that_are_kept(poll, encoder, session):
    say(poll.id, ALL[:20] * 2, later=1)
    themes.refresh(poll.id)
    say(poll.id, [*ALL[:5], "Something new"], later=5)
    themes.refresh(poll.id)
    assert (len(encoder.given), count(CommentVector)) == (61, 106)
    assert len(set(session.scalars(select(col(CommentVector.vector))))) == 61


def test_the_page_says_how_far_it_is(poll, encoder, client):
    browser, seen = client.sign_in("ravi"), []

    def look():
        seen.append(browser.get(f"{poll.page}/themes").text)
        seen.append(browser.get(f"{poll.page}/themes/runs").json())

    encoder.meanwhile = look
    themes.refresh(poll.id)
    done = [told["done"] for told in seen[1::2]]
    assert done[0] == 0
    assert done == sorted(set(done))
    assert f"{done[2]}</span> of 60 comments are read" in seen[4]
    assert 'value="' not in seen[4].partition("data-progress")[2].partition("</section>")[0]
    assert browser.get(f"{poll.page}/themes/runs").json() == {"reading": "", "done": 0, "total": 0, "refit": ""}
    assert "data-progress" not in browser.get(f"{poll.page}/themes").text


def test_a_stopped_reading_keeps_what_it_read_and_the_themes_stay(poll, encoder, client, session):
    browser = client.sign_in("ravi")
    encoder.meanwhile = lambda: len(encoder.given) > 20 and browser.post(f"{poll.page}/themes/runs/stop")
    themes.refresh(poll.id)
    kept = count(CommentVector)
    assert (count(ThemeRun), 20 < kept < 40, stand(poll).done <= kept) == (0, True, True)
    page = browser.get(f"{poll.page}/themes").text
    assert "The reading was stopped" in page
    assert "Stop reading" not in page


def test_a_stopped_reading_goes_on_when_comments_come_or_somebody_asks(poll, encoder, world, client):
    encoder.meanwhile = lambda: stop(poll, world)
    themes.refresh(poll.id)
    encoder.meanwhile = lambda: None
    with writing() as session:
        work.due(session, "themes", f"{poll.id}:silent", poll_id=poll.id)
    work.run_due()
    assert count(ThemeRun) == 0  # nothing takes it up by itself
    client.sign_in("ravi").post(f"{poll.page}/themes/runs")
    work.run_due()
    assert (count(ThemeRun), stand(poll)) == (1, None)
    say(poll.id, HOURS, later=9)
    encoder.meanwhile = lambda: stop(poll, world)
    say(poll.id, ["Something new"], later=9)
    themes.refresh(poll.id)
    assert (count(ThemeRun), stand(poll).total) == (1, 73)
    encoder.meanwhile = lambda: None
    say(poll.id, HOURS[:1], later=19)
    themes.refresh(poll.id)
    assert (count(ThemeRun), stand(poll)) == (2, None)


def test_a_reading_that_is_stopped_while_it_thinks_writes_no_run(poll, world, monkeypatch):
    think = themes._think

    def meanwhile(*given, **more):
        assert stop(poll, world)
        return think(*given, **more)

    monkeypatch.setattr(themes, "_think", meanwhile)
    assert themes.refresh(poll.id) is None
    assert (count(ThemeRun), count(CommentVector), stand(poll).done) == (0, 60, 60)


def test_a_reading_whose_worker_was_killed_is_shown_and_taken_over(poll, client):
    with readings.telling(poll.id, 60) as tell:
        tell(12, 60)
    with writing() as session:
        session.execute(update(ThemeReading).values(seen_at=now() - timedelta(minutes=5)))
    browser = client.sign_in("ravi")
    assert "It will be taken up again" in browser.get(f"{poll.page}/themes").text
    feedback.jobs.look_for_silent_readings()
    work.run_due()
    assert (count(ThemeRun), stand(poll)) == (1, None)
    feedback.jobs.look_for_silent_readings()
    assert work.waiting() == []


def test_where_no_reading_runs_there_is_nothing_to_stop(poll, client, session):
    answer = client.sign_in("ravi").post(f"{poll.page}/themes/runs/stop")
    assert (answer.status_code, count(ThemeReading)) == (303, 0)


def test_the_api_tells_of_a_reading_and_stops_it(poll, world, client):
    headers = {"authorization": f"Bearer {world.token('ravi')}"}
    path = f"/api/v1/polls/{poll.slug}/themes/runs"
    assert client.get(path, headers=headers).json() == {"run": None, "reading": None}
    with readings.telling(poll.id, 60) as tell:
        tell(12, 60)
        told = client.get(path, headers=headers).json()["reading"]
        assert (told["state"], told["done"], told["total"]) == ("running", 12, 60)
        assert client.request("DELETE", path, headers=headers).json()["reading"]["state"] == "stopped"
        with pytest.raises(readings.ReadingStopped):
            tell(13, 60)
