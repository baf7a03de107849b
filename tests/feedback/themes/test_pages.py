"""The themes pages through HTTP: who may, what is shown, what is kept."""

import re

import pytest
from sqlmodel import select

from feedback.models import Action, Theme, ThemeEdit
from feedback.themes import answers_of
from feedback.themes import queries as theme_queries
from feedback.themes import refreshing as themes
from heard.kit import work
from heard.kit.db import reading
from polls.kinds.kind import Draft
from tests.feedback.said import ALL, HOURS, STAFF, say

TEXT = [Draft("long_text", "What should change?")]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def by_words(monkeypatch) -> None:
    monkeypatch.setattr(themes, "the_encoder", lambda: None)


@pytest.fixture
def poll(world):
    """A poll with sixty comments that have been read."""
    made = world.open_poll(TEXT, title="The library")
    say(made.id, ALL)
    themes.refresh(made.id)
    return made


@pytest.fixture
def largest(poll) -> theme_queries.ThemeRow:
    with reading() as session:
        return theme_queries.themes_of(session, poll.id)[0]


READ = [("ines", 200), ("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)]
EDIT = [("ines", 303), ("maya", 303), ("ravi", 303), ("vic", 403), ("olu", 404)]


@pytest.mark.parametrize(("person", "status"), READ)
def test_members_read_themes(poll, largest, client, person, status):
    browser = client.sign_in(person)
    pages = ["/m/garden/themes", f"{poll.page}/themes", f"/m/garden/themes/{largest.id}"]
    assert [browser.get(page).status_code for page in pages] == [status] * 3


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_analysts_and_above_ask_for_a_reading(poll, client, person, status):
    browser = client.sign_in(person)
    assert browser.post(f"{poll.page}/themes/runs").status_code == status
    assert browser.post(f"{poll.page}/themes/runs", data={"full": "yes"}).status_code == status


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_analysts_and_above_rename_a_theme(largest, client, session, person, status):
    answer = client.sign_in(person).post(f"/m/garden/themes/{largest.id}", data={"label": "  Opening\thours "})
    assert answer.status_code == status
    theme = session.get_one(Theme, largest.id)
    assert (theme.label, theme.named_by) == (
        ("Opening hours", "person") if status == 303 else (largest.label, "machine")
    )


@pytest.mark.parametrize(("person", "status"), EDIT)
def test_analysts_and_above_answer_a_theme(largest, client, session, person, status):
    sent = {"title": "Open on Sundays", "public_note": "From May on.", "status": "planned"}
    assert client.sign_in(person).post(f"/m/garden/themes/{largest.id}/actions", data=sent).status_code == status
    assert len(session.exec(select(Action)).all()) == (status == 303)


def test_a_theme_of_another_community_is_not_found(largest, client):
    assert client.sign_in("olu").get(f"/m/outside/themes/{largest.id}").status_code == 404


@pytest.mark.parametrize("number", ["999999", "0", "-1", "9" * 30, "x"])
def test_an_unknown_theme_is_not_found(world, client, number):
    assert client.sign_in("maya").get(f"/m/garden/themes/{number}").status_code in (404, 422)


def test_the_page_says_the_finding_and_quotes_people(poll, largest, client):
    page = client.sign_in("ravi").get(f"{poll.page}/themes").text
    assert f"“{largest.label}” leads, {largest.count} of 60 comments" in page or "the lead, " in page
    assert f"“{largest.quotes[0].text.replace(chr(39), '&#39;')}”" in page
    assert "by words only" in page


def test_before_three_comments_the_page_says_so(world, client):
    poll = world.open_poll(TEXT, title="Young")
    say(poll.id, HOURS[:2])
    assert "Themes appear from 3 comments on" in client.sign_in("maya").get(f"{poll.page}/themes").text


def test_a_community_without_comments_is_told_what_will_be_here(world, client):
    world.open_poll()
    assert "gather here" in client.sign_in("maya").get("/m/garden/themes").text


def test_a_reading_asked_for_is_done_by_the_worker(world, client, session):
    import feedback.jobs  # noqa: F401  (registers the job)

    poll = world.open_poll(TEXT)
    say(poll.id, HOURS)
    browser = client.sign_in("ravi")
    browser.post(f"{poll.page}/themes/runs")
    assert "asked for" in browser.get(f"{poll.page}/themes").text
    work.run_due()
    assert theme_queries.themes_of(session, poll.id)


def test_a_rename_is_remembered_with_both_names(largest, client, session):
    answer = client.sign_in("ravi").post(f"/m/garden/themes/{largest.id}", data={"label": "Hours", "from": "list"})
    edit = session.exec(select(ThemeEdit)).one()
    assert answer.headers["location"].endswith(f"/themes#t{largest.id}")
    names = {"theme": largest.label, "before": largest.label, "after": "Hours", "named_by": "machine"}
    assert (edit.kind, edit.details) == ("rename", names)


@pytest.mark.parametrize("label", ["", "  ", "x" * 121])
def test_a_name_that_cannot_be_is_refused_and_kept_in_the_form(largest, client, label):
    answer = client.sign_in("ravi").post(f"/m/garden/themes/{largest.id}", data={"label": label})
    assert answer.status_code == 422
    assert f'value="{label.strip()}"' in answer.text


def test_an_answer_that_is_refused_keeps_what_was_typed(largest, client, session):
    sent = {"title": "", "public_note": "We thought about it for a long time.", "status": "sometime"}
    answer = client.sign_in("maya").post(f"/m/garden/themes/{largest.id}/actions", data=sent)
    assert answer.status_code == 422
    assert "We thought about it for a long time." in answer.text
    assert not session.exec(select(Action)).all()


@pytest.mark.parametrize("bad", ["nul \0 inside", "half \ud800 pair"])
def test_characters_that_no_database_holds_are_refused(largest, client, bad):
    body = "title=x&status=done&public_note=" + "".join(f"%{b:02X}" for b in bad.encode("utf-8", "surrogatepass"))
    answer = client.sign_in("maya").post(
        f"/m/garden/themes/{largest.id}/actions",
        content=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code in (303, 422)


def test_words_of_people_are_never_markup(world, client):
    poll = world.open_poll(TEXT, title=HOSTILE)
    say(poll.id, [f"{HOSTILE} opening hours {n}" for n in range(6)])
    themes.refresh(poll.id)
    browser = client.sign_in("maya")
    with reading() as session:
        theme = theme_queries.themes_of(session, poll.id)[0]
    browser.post(f"/m/garden/themes/{theme.id}", data={"label": HOSTILE})
    browser.post(
        f"/m/garden/themes/{theme.id}/actions", data={"title": HOSTILE, "public_note": HOSTILE, "status": "done"}
    )
    for page in (
        f"{poll.page}/themes",
        f"/m/garden/themes/{theme.id}",
        "/m/garden/themes",
        "/m/garden/answers",
        "/c/garden",
    ):
        assert HOSTILE not in browser.get(page).text, page


def test_all_comments_of_a_theme_are_there_in_pages(world, client, session, monkeypatch):
    monkeypatch.setattr(answers_of, "PAGE", 20)
    poll = world.open_poll(TEXT)
    say(poll.id, [f"{text} ({n})" for n, text in enumerate((HOURS + STAFF) * 6)])
    themes.refresh(poll.id)
    theme = theme_queries.themes_of(session, poll.id)[0]
    browser = client.sign_in("maya")
    pages = [browser.get(f"/m/garden/themes/{theme.id}").text]
    following = re.search(r'rel="next" href="([^"#]+)', pages[0])[1]
    pages.append(browser.get(following).text)
    assert browser.get(re.search(r'rel="prev" href="([^"#]+)', pages[1])[1]).text.count("<li") == pages[0].count("<li")
    assert 20 < theme.count <= 40
    assert len({n for page in pages for n in re.findall(r"\((\d+)\)[<”]", page)}) == theme.count
