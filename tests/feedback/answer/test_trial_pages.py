"""What was heard: themes linked to versions, on the public page and on receipts; the history; the community's page and feed."""

import pytest

from feedback.answer import hearing
from feedback.models import Theme
from heard.kit.db import reading, writing
from polls.announce import trials
from polls.models import Announcement
from tests.insights.scene import library
from tests.polls.trying import trial_in, versions


@pytest.fixture
def poll(world):
    """An open poll with public results and themes."""
    return library(world, 12, results_rule="always")


def theme_of(poll, words="opening"):
    with reading() as session:
        from sqlmodel import select

        themes = session.exec(select(Theme).where(Theme.poll_id == poll.id)).all()
    return next((t for t in themes if words in t.label.lower() and t.parent_id is None), themes[0])


def link(trial, number, *theme_ids):
    with writing() as session:
        row = session.get_one(Announcement, trial.id)
        hearing.link_themes(session, row, trials.version_of(session, row, number), theme_ids, by=None)


def test_the_public_page_tells_each_version_newest_first(world, client):
    trial = trial_in(world)
    trial.next_version("Too short.", "Longer.")
    trial.next_version("Too long.", "Just right.")
    page = client.get(trial.page).text
    order = [
        page.index(words)
        for words in ("Version 3", "Too long.", "Just right.", "Version 2", "Too short.", "Longer.", "Version 1")
    ]
    assert order == sorted(order)


def test_a_draft_of_a_version_is_not_public(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    trial.next_version()
    maya.post(f"{trial.at}/versions")
    maya.post(f"{trial.at}/versions/3", data={"revision": str(trial.row().revision), "heard": "Not yet said"})
    assert "Not yet said" not in client.get(trial.page).text
    assert "Not yet said" in maya.get(trial.at).text


def test_themes_are_ticked_and_stand_on_the_public_page_with_their_count(world, client, poll):
    trial, theme, maya = trial_in(world), theme_of(poll), client.sign_in("maya")
    maya.post(f"{trial.at}/versions")
    assert f'name="themes" value="{theme.id}"' in maya.get(f"{trial.at}/versions/2").text
    form = {
        "revision": str(trial.row().revision),
        "heard": "Short.",
        "changed": "Long.",
        "do": "publish",
        "themes": str(theme.id),
    }
    assert maya.post(f"{trial.at}/versions/2", data=form).status_code == 303
    page = client.get(trial.page).text
    assert theme.label in page
    assert "said so" in page


def test_counts_that_nobody_may_see_are_not_told(world, client):
    hidden = library(world, 12, results_rule="never")
    trial, theme = trial_in(world), theme_of(hidden)
    trial.next_version()
    link(trial, 2, theme.id)
    page = client.get(trial.page).text
    assert theme.label in page
    assert "said so" not in page
    assert "said so" in client.sign_in("maya").get(trial.at).text


def test_the_receipts_of_those_who_said_it_show_the_version(world, client, poll):
    receipt = world.vote(poll, {"q1": "Yes", "q3": "the opening hours are too short in the evening"})
    from feedback.themes import refreshing

    refreshing.refresh(poll.id)
    with reading() as session:
        from feedback.collect.queries import by_receipt
        from feedback.themes.queries import themes_spoken_to

        spoken = themes_spoken_to(session, by_receipt(session, receipt).id)
    assert spoken
    trial = trial_in(world)
    trial.next_version("Too short.", "Open till ten.")
    link(trial, 2, *spoken)
    page = client.get(f"/r/{receipt}").text
    assert page.count("Version 2 answers this") == 1
    assert "Open till ten." in page
    assert f'href="{trial.page}#version-2"' in page


def test_a_draft_version_is_on_no_receipt(world, client, poll):
    receipt = world.vote(poll, {"q1": "Yes", "q3": "the opening hours are too short in the evening"})
    from feedback.themes import refreshing

    refreshing.refresh(poll.id)
    trial = trial_in(world)
    client.sign_in("maya").post(f"{trial.at}/versions")
    link(trial, 2, theme_of(poll).id)
    assert "answers this" not in client.get(f"/r/{receipt}").text


def test_a_theme_of_another_community_cannot_be_linked(world, client):
    foreign = world.open_poll(community="outside", title="Theirs")
    with writing() as session:
        from heard.kit.clock import now

        theme = Theme(poll_id=foreign.id, label="Theirs", born_at=now())
        session.add(theme)
        session.flush()
        foreign_id = theme.id
    trial = trial_in(world)
    answer = client.sign_in("maya").post(f"{trial.at}/versions/1", data={"themes": str(foreign_id)})
    assert answer.status_code == 422
    assert "One of the themes is not there any more." in answer.text
    assert "Theirs" not in client.get(trial.page).text


def test_a_version_whose_themes_are_refused_is_not_saved_by_half(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    maya.post(f"{trial.at}/versions")
    form = {"revision": str(trial.row().revision), "heard": "Heard", "themes": "999999"}
    answer = maya.post(f"{trial.at}/versions/2", data=form)
    assert answer.status_code == 422
    assert ">\nHeard</textarea>" in answer.text
    assert versions(trial)[1].heard == ""
    assert maya.post(f"{trial.at}/versions/2", data=form | {"themes": []}).status_code == 303


def test_news_and_trials_stand_on_the_communitys_page_and_in_its_feed(world, client):
    trial_in(world)
    trial_in(world, title="We moved", kind="news")
    trial_in(world, title="Not yet", published=False)
    page, feed = client.get("/c/garden").text, client.get("/c/garden/feed.atom").text
    for words in (page, feed):
        assert "Late evenings" in words
        assert "We moved" in words
        assert "Not yet" not in words
    assert '<category term="trial"' in feed
    assert "http://127.0.0.1:8000/t/late-evenings" in feed


def test_the_check_ins_results_are_public_when_it_is_closed(world, client):
    trial = trial_in(world)
    trial.sign_up("ana@home.example")
    trial.ask()
    trial.answer(client, "ana@home.example", 4)
    assert "The participants are being asked" in client.get(trial.page).text
    first = trial.check_in()
    trial.next_version()
    page = client.get(trial.page).text
    assert "1 of 1 chose" in page
    assert client.get(f"/p/{first.slug}/results").status_code in (200, 403)
