"""All themes found anew are a proposal: looked at beside those that stand, then taken over as shown, or left."""

import json

import pytest
from sqlalchemy import select
from sqlmodel import col

import feedback.jobs  # noqa: F401  (registers the jobs)
from feedback.answer import actions
from feedback.models import Assignment, Theme, ThemeRefit, ThemeRun
from feedback.themes import edits, refits, refitting
from feedback.themes import refreshing as themes
from feedback.themes.side_by_side import unpacked
from heard.kit import work
from heard.kit.db import reading, writing
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, BOOKS, COLD, HOURS, WIFI, placed, say, theme_of

pytestmark = pytest.mark.both
TEXT = [Draft("long_text", "What should change?")]


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)
    monkeypatch.setattr(themes, "YOUNG", 0)


@pytest.fixture
def poll(world):
    """Themes of a third of the comments; the others have joined them."""
    made = world.open_poll(TEXT, title="The library")
    made_of = [*HOURS, *COLD]
    say(made.id, made_of)
    themes.refresh(made.id)
    say(made.id, [text for text in ALL if text not in made_of], later=5)
    themes.refresh(made.id)
    return made


@pytest.fixture
def ravi(client):
    return client.sign_in("ravi")


def propose(poll, browser):
    browser.post(f"{poll.page}/themes/refit", data={"what": "make"})
    work.run_due()
    with reading() as session:
        return session.get(ThemeRefit, poll.id).result


def take(poll, browser):
    answer = browser.post(f"{poll.page}/themes/refit", data={"what": "take"})
    work.run_due()
    return answer.status_code


def kinds(poll) -> list[str]:
    with reading() as session:
        return list(session.scalars(select(col(ThemeRun.kind)).order_by(col(ThemeRun.number))))


def all_of(*tables):
    with reading() as session:
        return [sorted(map(tuple, session.execute(select(table.__table__)))) for table in tables]


def test_a_proposal_changes_nothing_and_is_the_same_twice(poll, ravi):
    before = all_of(Assignment, ThemeRun)
    answer = ravi.post(f"{poll.page}/themes/runs", data={"full": "yes"})
    assert answer.headers["location"] == f"{poll.page}/themes/refit"
    assert "being found anew" in ravi.get(f"{poll.page}/themes/refit").text
    first = propose(poll, ravi)
    second = propose(poll, ravi)
    assert json.dumps(first) == json.dumps(second)
    assert all_of(Assignment, ThemeRun) == before
    assert first["n"] == 60
    assert first["moves"] > 0


def test_taking_over_writes_what_was_shown(poll, ravi, session):
    shown = propose(poll, ravi)
    page = ravi.get(f"{poll.page}/themes/refit").text
    assert f"{shown['moves']} of 60 answers would move" in page
    assert all(row["label"].replace("'", "&#39;") in page for row in shown["then"] if row["parent"] is None)
    assert take(poll, ravi) == 303
    places, now = unpacked(shown["places"]), placed(session, poll.id)
    pairs = {(theme, now[comment]) for comment, theme in zip(places.ids.tolist(), places.theme.tolist(), strict=True)}
    assert len(now) == 60
    assert len(pairs) == len({theme for theme, _id in pairs}) == len({id for _theme, id in pairs})
    assert all(id == theme for theme, id in pairs if theme > 0)
    names = {t.id: t.label for t in session.scalars(select(Theme))}
    labels = {row["id"]: row["label"] for row in shown["then"]}
    assert {theme: names[id] for theme, id in pairs if id} == {theme: labels[theme] for theme, id in pairs if id}
    assert kinds(poll) == ["full", "update", "full"]
    assert session.get(ThemeRefit, poll.id) is None


def test_taking_over_is_what_a_full_reading_writes(poll, ravi, world, session):
    twin = world.open_poll(TEXT, title="The other library")
    for texts, later in (([*HOURS, *COLD], 0), ([text for text in ALL if text not in [*HOURS, *COLD]], 5)):
        say(twin.id, texts, later=later)
        themes.refresh(twin.id)
    themes.refresh(twin.id, full=True)
    propose(poll, ravi)
    take(poll, ravi)

    def told(poll_id):
        rows = session.scalars(select(Theme).where(col(Theme.poll_id) == poll_id))
        return sorted((t.label, t.keywords, t.summary, len(t.quotes), t.parent_id is None) for t in rows)

    assert told(poll.id) == told(twin.id)


def test_answers_that_came_since_join_right_after(poll, ravi, session):
    shown = propose(poll, ravi)
    read = say(poll.id, WIFI, later=9)
    themes.refresh(poll.id)  # opens a theme of its own
    unread = say(poll.id, HOURS[:2], later=19)
    assert "14 answers have come since" in ravi.get(f"{poll.page}/themes/refit").text
    take(poll, ravi)
    now = placed(session, poll.id)
    assert kinds(poll) == ["full", "update", "update", "full", "update"]
    assert set(now) >= {*read, *unread}
    assert len(now) == shown["n"] + 14
    used = {row.theme_id for row in session.scalars(select(Assignment))} - {None}
    assert {t.id for t in session.scalars(select(Theme)) if t.parent_id} == used


def test_a_pinned_theme_keeps_what_joined_it_since(poll, ravi, world, session):
    with writing() as pinning:
        held = pinning.scalars(select(Theme).where(col(Theme.parent_id).is_not(None)).order_by(col(Theme.id))).first()
        edits.pin(pinning, held, on=True, by=world.people["ravi"])
    propose(poll, ravi)
    new = say(poll.id, HOURS + COLD, later=9)
    themes.refresh(poll.id)
    with reading() as before:
        joined = {c for c in new if theme_of(before, c).id == held.id}
    assert joined
    take(poll, ravi)
    assert {c for c, theme in placed(session, poll.id).items() if theme == held.id} >= joined


@pytest.mark.parametrize("change", ["rename", "answer", "full"])
def test_a_proposal_does_not_outlive_a_change(poll, ravi, world, change):
    propose(poll, ravi)
    with writing() as session:
        theme = session.scalars(select(Theme).where(col(Theme.parent_id).is_not(None))).first()
        if change == "rename":
            edits.rename(session, theme, "Another name", by=world.people["maya"])
        if change == "answer":
            actions.publish_action(session, theme, "Done", "We did.", "done", by=world.people["maya"])
    if change == "full":
        themes.refresh(poll.id, full=True)
    before = all_of(Assignment, ThemeRun)
    assert "cannot be taken over any more" in ravi.get(f"{poll.page}/themes/refit").text
    assert take(poll, ravi) == 409
    assert all_of(Assignment, ThemeRun) == before
    propose(poll, ravi)
    assert take(poll, ravi) == 303


def test_a_change_in_the_last_moment_is_kept_and_nothing_is_taken_over(poll, ravi, world, monkeypatch):
    propose(poll, ravi)
    ravi.post(f"{poll.page}/themes/refit", data={"what": "take"})
    words = refitting._words

    def meanwhile(refit):
        with writing() as session:
            theme = session.scalars(select(Theme).where(col(Theme.parent_id).is_not(None))).first()
            edits.rename(session, theme, "Another name", by=world.people["maya"])
        return words(refit)

    monkeypatch.setattr(refitting, "_words", meanwhile)
    before = all_of(Assignment, ThemeRun)
    work.run_due()
    assert all_of(Assignment, ThemeRun) == before
    assert "cannot be taken over any more" in ravi.get(f"{poll.page}/themes/refit").text


def test_a_proposal_that_is_called_off_or_left_is_gone(poll, ravi, session):
    ravi.post(f"{poll.page}/themes/refit", data={"what": "make"})
    ravi.post(f"{poll.page}/themes/refit", data={"what": "leave"})
    work.run_due()
    assert session.get(ThemeRefit, poll.id) is None
    assert ravi.post(f"{poll.page}/themes/refit", data={"what": "take"}).status_code == 404


def test_a_job_that_runs_twice_writes_once(poll, ravi):
    propose(poll, ravi)
    refitting.propose(poll.id)
    take(poll, ravi)
    after = all_of(Assignment, Theme, ThemeRun)
    refitting.take_over(poll.id)
    assert all_of(Assignment, Theme, ThemeRun) == after


def test_before_the_first_reading_finding_anew_is_reading(world, ravi):
    poll = world.open_poll(TEXT)
    say(poll.id, BOOKS)
    assert ravi.post(f"{poll.page}/themes/refit", data={"what": "make"}).headers["location"] == f"{poll.page}/themes"
    work.run_due()
    assert kinds(poll) == ["full"]


def test_an_anonymous_poll_tells_no_figure_below_five(world, client):
    poll = world.open_poll(TEXT, title="Quiet words", anonymous=True, voter_rule="open")
    for text in [*HOURS, *COLD[:3]]:
        world.vote(poll, {"q1": text})
    themes.refresh(poll.id)
    for text in [*COLD[3:], *BOOKS, *WIFI[:4]]:
        world.vote(poll, {"q1": text})
    themes.refresh(poll.id)
    with writing() as session:
        refits.ask(session, session.get_one(themes.Poll, poll.id), by=world.people["ravi"])
    work.run_due()
    headers = {"authorization": f"Bearer {world.token('ravi')}"}
    told = client.get(f"/api/v1/polls/{poll.slug}/themes/refit", headers=headers).json()
    figures = [row[name] for row in told["then"] for name in ("n", "stay", "fresh")]
    figures += [flow["n"] for row in told["then"] + told["now"] for flow in row.get("came", row.get("went"))]
    assert None in figures
    assert not {1, 2, 3, 4} & {*figures, told["moves"], told["held"], *[row["n"] for row in told["now"]]}
    assert "fewer than 5" in client.sign_in("ravi").get(f"{poll.page}/themes/refit").text


def test_an_anonymous_poll_of_few_has_no_proposal(world, ravi):
    poll = world.open_poll(TEXT, title="Quiet words", anonymous=True, voter_rule="open")
    for text in HOURS[:4]:
        world.vote(poll, {"q1": text})
    assert ravi.post(f"{poll.page}/themes/refit", data={"what": "make"}).status_code == 404
    assert "No proposal waits here" in ravi.get(f"{poll.page}/themes/refit").text


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)])
def test_analysts_and_above_decide(poll, client, person, status):
    browser = client.sign_in(person)
    assert browser.post(f"{poll.page}/themes/refit", data={"what": "make"}).status_code == status
    assert browser.get(f"{poll.page}/themes/refit").status_code == (200 if status == 303 else status)


def test_the_api_proposes_takes_over_and_leaves(poll, world, client):
    headers = {"authorization": f"Bearer {world.token('ravi')}"}

    def call(method, **more):
        return client.request(method, f"/api/v1/polls/{poll.slug}/themes/refit", headers=headers, **more)

    assert call("GET").json()["error"]["code"] == "not_found"
    assert call("POST").json()["state"] == "making"
    assert call("POST", json={"what": "take"}).json()["error"]["code"] == "refit_not_ready"
    work.run_due()
    told = call("GET").json()
    assert (told["state"], told["n"], sum(row["n"] for row in told["then"] if row["parent"] is None) <= 60) == (
        "ready",
        60,
        True,
    )
    assert call("POST", json={"what": "take"}).json()["state"] == "taking"
    work.run_due()
    assert (call("GET").status_code, kinds(poll)[-1]) == (404, "full")
    call("POST")
    assert (call("DELETE").status_code, call("GET").status_code) == (204, 404)
