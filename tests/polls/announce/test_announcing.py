"""Writing news and trials: the list, the editor, publishing, two editors, what cannot be stored."""

import pytest
from sqlmodel import select

from heard.kit.db import reading
from polls.models import Announcement
from tests.polls.trying import CONSENT, trial_in

NEW = "/m/garden/announcements/new"
TRIAL = {
    "kind": "trial",
    "title": "Late evenings",
    "what": "We stay open till ten.",
    "consent": CONSENT,
    "locale": "en",
}
PEOPLE = [("maya", 200), ("ravi", 403), ("olu", 404)]


def stored():
    with reading() as session:
        return session.exec(select(Announcement)).all()


def test_a_draft_is_seen_by_nobody_else(world, client):
    maya = client.sign_in("maya")
    assert maya.post(NEW, data=TRIAL | {"do": "save"}).headers["location"] == "/m/garden/announcements/late-evenings"
    assert client.get("/t/late-evenings").status_code == 404
    assert "Save draft" in maya.get("/m/garden/announcements/late-evenings").text
    assert "A manager is still writing this" in client.sign_in("ravi").get("/m/garden/announcements/late-evenings").text


def test_a_published_trial_has_a_public_page_that_caches_keep(world, client):
    form = TRIAL | {
        "do": "publish",
        "audience": "Card holders",
        "starts_on": "2026-12-01",
        "ends_on": "2099-01-31",
        "places": "12",
        "how": "Write to us.",
    }
    assert client.sign_in("maya").post(NEW, data=form).status_code == 303
    answer = client.get("/t/late-evenings")
    assert answer.headers["cache-control"] == "public, max-age=60"
    for words in (
        "We stay open till ten.",
        "Card holders",
        "1 December 2026 to 31 January 2099",
        "12 of 12 left",
        "Write to us.",
        CONSENT,
    ):
        assert words in answer.text


def test_a_trial_that_ends_before_it_starts_is_refused_and_nothing_is_lost(world, client):
    form = TRIAL | {"do": "publish", "starts_on": "2026-12-10", "ends_on": "2026-12-01", "how": "Write to us."}
    answer = client.sign_in("maya").post(NEW, data=form)
    assert answer.status_code == 422
    assert 'href="#ends_on"' in answer.text
    assert "It would end before it starts." in answer.text
    for typed in ("2026-12-10", "2026-12-01", "Write to us.", "We stay open till ten."):
        assert typed in answer.text
    assert stored() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("places", "0", "Places are a whole number from 1 to 100,000"),
        ("places", "many", "Places are a whole number"),
        ("starts_on", "31.12.2026", "is not a day"),
        ("title", "  ", "Write a title."),
        ("what", "x" * 4001, "At most 4,000 characters."),
        ("kind", "party", "It is news, or a trial."),
        ("title", "a\0b", "NUL"),
    ],
)
def test_what_cannot_be_stored_is_said_at_its_field(world, client, field, value, words):
    answer = client.sign_in("maya").post(NEW, data=TRIAL | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert words in answer.text
    assert stored() == []


def test_what_is_missing_keeps_a_draft_from_being_published_and_the_draft_is_saved(world, client):
    answer = client.sign_in("maya").post(NEW, data=TRIAL | {"what": "", "consent": "", "do": "publish"})
    assert answer.status_code == 422
    assert "Say what it is before you publish it." in answer.text
    assert "Write what somebody who signs up agrees to." in answer.text
    assert [a.status for a in stored()] == ["draft"]


def test_two_editors_never_overwrite_each_other(world, client):
    trial = trial_in(world, published=False)
    maya, ines = client.sign_in("maya"), client.sign_in("ines")
    assert ines.post(f"{trial.at}/text", data=TRIAL | {"revision": "1", "what": "Theirs"}).status_code == 303
    answer = maya.post(f"{trial.at}/text", data=TRIAL | {"revision": "1", "what": "Mine"})
    assert answer.status_code == 409
    assert "Ines saved “Late evenings” while you were editing it." in answer.text
    assert "What is now: Theirs" in answer.text
    assert ">\nMine</textarea>" in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert trial.row().what == "Theirs"


def test_a_refused_form_keeps_the_revision_it_began_with(world, client):
    trial, maya = trial_in(world, published=False), client.sign_in("maya")
    answer = maya.post(f"{trial.at}/text", data=TRIAL | {"revision": "1", "title": ""})
    assert 'name="revision" value="1"' in answer.text
    client.sign_in("ines").post(f"{trial.at}/text", data=TRIAL | {"revision": "1", "what": "Theirs"})
    assert maya.post(f"{trial.at}/text", data=TRIAL | {"revision": "1"}).status_code == 409


def test_the_address_follows_the_title_until_it_is_published(world, client):
    trial = trial_in(world, published=False)
    form = TRIAL | {"revision": "1", "title": "Even later", "do": "publish"}
    assert client.sign_in("maya").post(f"{trial.at}/text", data=form).headers["location"].endswith("/even-later")
    assert client.get("/t/even-later").status_code == 200


def test_two_of_one_title_have_two_addresses(world):
    assert [trial_in(world).slug, trial_in(world).slug] == ["late-evenings", "late-evenings-2"]


def test_news_has_nothing_to_sign_up_for_and_ends(world, client):
    news = trial_in(world, kind="news", title="We moved", consent="")
    assert "E-mail" not in client.get(news.page).text
    maya = client.sign_in("maya")
    assert "Versions" not in maya.get(news.at).text
    assert maya.post(f"{news.at}/end").status_code == 303
    assert maya.post(f"{news.at}/end").status_code == 409
    assert client.get(news.page).status_code == 200
    assert maya.post(f"{news.at}/text", data={"title": "x"}).status_code == 409


def test_what_is_published_stays_news_or_a_trial(world, client):
    trial = trial_in(world)
    form = TRIAL | {"kind": "news", "revision": str(trial.row().revision)}
    assert client.sign_in("maya").post(f"{trial.at}/text", data=form).status_code == 422


@pytest.mark.parametrize(("person", "status"), PEOPLE)
def test_only_the_manager_writes_announcements(world, client, person, status):
    trial, browser = trial_in(world), client.sign_in(person)
    assert browser.get(NEW).status_code == status
    assert browser.get(f"{trial.at}/text").status_code == status
    done = 303 if status == 200 else status
    assert browser.post(NEW, data=TRIAL | {"title": "Another"}).status_code == done
    form = TRIAL | {"revision": str(trial.row().revision)}
    assert browser.post(f"{trial.at}/text", data=form).status_code == done
    assert browser.post(f"{trial.at}/end", data={"outcome": "drop", "reason": "No."}).status_code == done


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("olu", 404)])
def test_members_read_the_list_and_the_page(world, client, person, status):
    trial, browser = trial_in(world), client.sign_in(person)
    assert browser.get("/m/garden/announcements").status_code == status
    assert browser.get(trial.at).status_code == status


def test_the_list_is_under_ask(world, client):
    trial_in(world)
    page = client.sign_in("maya").get("/m/garden/announcements").text
    assert '<a href="/m/garden/polls" aria-current="page">Ask</a>' in page
    assert '<a href="/m/garden/announcements" aria-current="page">News and trials</a>' in page
