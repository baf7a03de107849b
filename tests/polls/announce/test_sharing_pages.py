"""Share pages of news, trials and their versions."""

import pytest
from sqlmodel import select

from heard.kit.db import reading, writing
from polls.announce import announcing, trials
from polls.announce.announcing import AnnouncementForm
from polls.models import Announcement, Link
from polls.publish import codes
from tests.polls.trying import trial_in
from tests.shared_pages import Pasted

BASE = "http://127.0.0.1:8000"


def token(place, column, row_id):
    with reading() as session:
        return session.exec(select(Link.token).where(Link.place == place, getattr(Link, column) == row_id)).one()


def test_a_trial_and_its_version_have_texts_with_their_own_links(world, client):
    trial = trial_in(world, title="Late evenings", what="We stay open until nine.")
    maya = client.sign_in("maya")
    page = maya.get(trial.at).text
    assert f'href="{trial.at}/sharing"' in page
    assert f'href="{trial.at}/versions/1/sharing"' in page
    texts = Pasted(maya.get(f"{trial.at}/sharing").text).texts
    for words in (
        "Late evenings",
        "We stay open until nine.",
        f"{BASE}/l/{token('mastodon', 'announcement_id', trial.id)}",
    ):
        assert words in texts["mastodon-text"]
    assert texts["link"] == f"{BASE}/t/{trial.slug}"
    assert "embed" not in texts
    assert "results" not in texts
    with reading() as session:
        version = trials.version_of(session, session.get_one(Announcement, trial.id), 1)
    texts = Pasted(maya.get(f"{trial.at}/versions/1/sharing").text).texts
    assert "Late evenings: version 1" in texts["mastodon-text"]
    assert f"{BASE}/l/{token('mastodon', 'version_id', version.id)}" in texts["mastodon-text"]


def test_a_later_version_says_what_was_heard_and_changed_and_an_end_says_why(world, client):
    trial = trial_in(world, title="Late evenings")
    trial.sign_up("dora@home.example")
    trial.ask()
    trial.next_version("Lamps are\ntoo dim.", "Brighter lamps.")
    maya = client.sign_in("maya")
    text = Pasted(maya.get(f"{trial.at}/versions/2/sharing").text).texts["slack-text"]
    assert "You said: Lamps are too dim.\nWe changed: Brighter lamps." in text
    with writing() as session:
        announcing.conclude(session, session.get_one(Announcement, trial.id), "adopt", "It works.", by=None)
    page = maya.get(f"{trial.at}/sharing").text
    assert "Tell them how it ended" in page
    assert "We keep it. It works." in Pasted(page).texts["chat-text"]


@pytest.mark.parametrize("number", [0, 7, 10**12])
def test_a_version_that_is_not_there_is_not_found(world, client, number):
    trial = trial_in(world)
    assert client.sign_in("maya").get(f"{trial.at}/versions/{number}/sharing").status_code == 404


def test_of_a_draft_nothing_is_posted(world, client):
    trial = trial_in(world)
    maya = client.sign_in("maya")
    maya.post(f"{trial.at}/versions")
    maya.post(f"{trial.at}/versions/2", data={"heard": "Secret lamps", "revision": "2"})
    for person in ("maya", "vic"):
        page = client.sign_in(person).get(f"{trial.at}/versions/2/sharing").text
        assert "Publish it first" in page
        assert "Secret lamps" not in page
        assert Pasted(page).texts == {}
    assert maya.post(f"{trial.at}/versions/2/links", data={"name": "Board"}).status_code == 422
    with writing() as session:
        form = AnnouncementForm(kind="news", title="Secret news", what="w")
        draft = announcing.create(session, world.the_community(session), form, by=None).slug
    assert Pasted(maya.get(f"/m/garden/announcements/{draft}/sharing").text).texts == {}
    assert maya.post(f"/m/garden/announcements/{draft}/sharing").status_code == 422


def test_places_of_ones_own_and_codes(world, client):
    trial, maya = trial_in(world), client.sign_in("maya")
    for at in (trial.at, f"{trial.at}/versions/1"):
        page = maya.follow(maya.post(f"{at}/links", data={"name": "Newsletter"})).text
        assert "Newsletter" in page
        assert "There is a link for" in maya.post(f"{at}/links", data={"name": "newsletter"}).text
        with reading() as session:
            made = session.exec(select(Link).where(Link.name == "Newsletter").order_by(Link.id.desc())).first()
        answer = maya.get(f"{at}/qr.png?link={made.token}")
        assert answer.content == codes.qr(f"{BASE}/l/{made.token}", "png")
    assert maya.get(f"{trial.at}/qr.svg").content == codes.qr(f"{BASE}/t/{trial.slug}", "svg")
    assert maya.get(f"{trial.at}/qr.svg?link=nonsense").status_code == 404
