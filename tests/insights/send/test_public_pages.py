"""What readers see without a log-in, and their yes and no."""

import pytest
from sqlmodel import select

import insights.jobs  # noqa: F401  (registers its jobs)
from feedback.models import Comment
from heard.accounts import contacts, unsubscribing
from heard.accounts.models import Contact
from heard.kit import work
from heard.kit.db import writing
from insights.models import Brief, Delivery, Finding, Subscription
from insights.send import deliveries, readers
from insights.write import briefs, quoting
from tests.insights.scene import library, write


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


@pytest.fixture
def claire(world, brief):
    """A reader who has not said yes yet."""
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), ["claire@board.example"], by=None)
        return session.exec(select(Contact)).one()


def test_a_brief_opens_by_its_own_token_and_by_that_of_a_reader(brief, claire, client):
    for token in (briefs.token_of(brief), deliveries.token_of(brief.id, "claire@board.example")):
        answer = client.get(f"/b/{token}")
        assert answer.status_code == 200
        assert brief.facts_hash in answer.text
        assert "37 of 60 (62%) chose “Yes”" in answer.text
        assert answer.headers["x-robots-tag"].startswith("noindex")
        assert answer.headers["cache-control"] == "private, no-store"


def test_a_name_in_an_answer_is_masked_for_readers_and_members_see_it(brief, client, session):
    with writing() as acting:
        for comment in acting.exec(select(Comment)).all():
            comment.text += ", ask Sarah Okafor"
            acting.add(comment)
    place = next(f.position for f in session.exec(select(Finding)) if "Opening hours" in f.sentence)
    outside = client.get(f"/b/{briefs.token_of(brief)}/evidence/{place}").text
    inside = client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}/evidence/{place}").text
    assert outside.count(", ask [name]") == 20
    assert "Okafor" not in outside
    assert "what looks like a name" in outside
    assert ", ask Sarah Okafor" in inside


def test_every_sentence_is_a_link_to_its_evidence(brief, client):
    token = briefs.token_of(brief)
    with writing() as session:
        quoting.choose(session, session.get_one(Brief, brief.id), "all", by=None)
    page = client.get(f"/b/{token}").text
    places = {int(part.split('"')[0]) for part in page.split(f"/b/{token}/evidence/")[1:]}
    assert places == set(range(2, max(places) + 1))  # the first sentence is the subject of the mail
    for place in places:
        assert client.get(f"/b/{token}/evidence/{place}").status_code == 200


def test_readers_see_some_answers_masked(brief, client):
    page = client.get(f"/b/{briefs.token_of(brief)}/evidence/2").text
    assert page.count("<blockquote") == 20
    assert "20 of 30 comments" in page
    assert "ada@home.example" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/b/nothing",
        "/b/nothing/evidence/1",
        "/subscriptions/1.x",
    ],
)
def test_what_nobody_sent_is_not_found(brief, claire, client, path):
    assert client.get(path).status_code == 404


def test_a_brief_is_read_in_its_own_language(world, client):
    library(world)
    french = write(world, locale="fr")
    assert '<html lang="fr">' in client.get(f"/b/{briefs.token_of(french)}").text


def test_opening_a_confirmation_link_confirms_nothing(claire, client, session):
    answer = client.get(f"/subscriptions/{readers.confirm_token(claire)}")
    assert answer.status_code == 200
    assert session.exec(select(Contact)).one().confirmed_at is None


def test_a_yes_counts(claire, client, session):
    assert client.post(f"/subscriptions/{readers.confirm_token(claire)}").status_code == 200
    assert session.exec(select(Delivery)).one().status == "queued"


def test_after_a_no_nothing_waits_for_the_reader(claire, client, session):
    assert client.post(f"/u/{unsubscribing.token_of(claire, contacts.BRIEFS)}").status_code == 200
    work.run_due()
    assert session.exec(select(Delivery)).one().status == "suppressed"
    assert session.exec(select(Subscription)).all() == []


def test_a_no_that_was_taken_back_at_once_changes_nothing(claire, client, session):
    at = f"/u/{unsubscribing.token_of(claire, contacts.BRIEFS)}"
    client.post(at)
    client.post(f"{at}/return")
    work.run_due()
    assert session.exec(select(Subscription)).one().contact_id == claire.id


def test_another_site_cannot_confirm(claire, client, session):
    answer = client.post(f"/subscriptions/{readers.confirm_token(claire)}", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert session.exec(select(Contact)).one().confirmed_at is None
