"""The ballot by the link of a mail: whose invitation it is, what a second person sees, whose vote it becomes."""

import re

import pytest
from sqlmodel import select

from feedback.models import Response
from heard.kit import mail, visits
from heard.kit.db import reading
from heard.kit.mail import Outcome
from polls.kinds.kind import Draft
from polls.models import Invitation
from polls.publish import invited
from tests.polls.publish.inbox import ADA, a_list, contact, invite, links_in

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "accept": "text/html"}


@pytest.fixture
def link(world, client, monkeypatch):
    """Makes a poll by these rules, invites Ada, and gives the poll, the mailing and the link with "Soup"."""
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))

    def make(**rules):
        poll = world.open_poll([Draft("single", "Which?", ("Soup", "Salad"))], title="Lunch", **rules)
        made = invite(client.sign_in("maya"), poll, a_list(world, ADA), people=1)
        soup = poll.questions[0].options[0].id
        return poll, made, next(at for at in links_in(box[0]) if f"q1={soup}" in at)

    return make


@pytest.mark.both
@pytest.mark.parametrize("rule", ["open", "browser", "network", "link"])
def test_a_tap_opens_the_ballot_chosen_and_its_post_counts_for_the_invitation(world, client, link, rule):
    poll, _made, path = link(voter_rule=rule)
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count(" checked") == 1
    assert "This is the invitation of a***@r…" in page.text
    assert ADA not in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert page.headers["cache-control"] == "private, no-store"
    asked = re.findall(r'(?:src|href|action)="(\w+:[^"]*)"', page.text)
    assert [a for a in asked if not a.startswith(("http://127.0.0.1:8000/", "data:"))] == [], (
        "nothing of anybody else's"
    )
    world.vote(poll, {"q1": "Soup"}, path=path)
    with reading() as session:
        response = session.exec(select(Response).where(Response.poll_id == poll.id)).one()
        assert response.source == "email"
        assert session.exec(select(Invitation)).one().turned_in


def test_a_forwarded_link_votes_for_the_invited_person_once(world, client, link):
    poll, _made, path = link(voter_rule="link")
    world.vote(poll, {"q1": "Soup"}, path=path)
    second = client.fresh()
    assert "ask the organiser for an invitation of your own" in second.get(path).text
    world.vote(poll, {"q1": "Salad"}, client=second, path=path)
    with reading() as session:
        assert len(session.exec(select(Response).where(Response.poll_id == poll.id)).all()) == 1


def test_on_a_public_poll_somebody_else_goes_on_without_the_link(world, client, link):
    poll, _made, path = link(voter_rule="browser")
    assert f'<a href="/p/{poll.slug}">Not you?</a>' in client.get(path).text
    assert "This is the invitation" not in client.get(f"/p/{poll.slug}").text
    world.vote(poll, {"q1": "Soup"}, path=path)
    world.vote(poll, {"q1": "Salad"})
    with reading() as session:
        assert len(session.exec(select(Response).where(Response.poll_id == poll.id)).all()) == 2


def test_a_poll_by_account_asks_to_sign_in_and_comes_back_to_the_link(world, client, link):
    poll, _made, path = link(voter_rule="sign_in")
    page = client.get(path).text
    assert "Sign in to answer" in page
    assert path.partition("?t=")[2].partition("&")[0] in page.split("/sign-in?next=")[1].split('"')[0]
    vic = client.sign_in("vic")
    world.vote(poll, {"q1": "Soup"}, client=vic, path=path)
    with reading() as session:
        assert session.exec(select(Invitation)).one().turned_in


def test_a_poll_page_by_page_says_it_on_its_first_page(world, client, monkeypatch):
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))
    drafts = [Draft("single", "Which?", ("Soup", "Salad")), Draft("yes_no", "Again?")]
    poll = world.open_poll(drafts, title="Lunch", paged=True)
    invite(client.sign_in("maya"), poll, a_list(world, ADA), people=1)
    page = client.get(next(at for at in links_in(box[0]) if "q1=" in at)).text
    assert "This is the invitation of a***@r…" in page
    assert page.count(" checked") == 1


@pytest.mark.both
def test_visits_of_a_mailing_are_counted_apart(world, client, link):
    poll, made, path = link()
    client.get(path, headers=BROWSER)
    client.get(path, headers={**BROWSER, "user-agent": "Slackbot-LinkExpanding 1.0"})
    client.request("HEAD", path, headers=BROWSER)
    client.get(path, headers={**BROWSER, "user-agent": "Mozilla/5.0 HeadlessChrome/130.0"})
    client.get(f"/p/{poll.slug}?t=nobody", headers=BROWSER)
    visits.flush()
    with reading() as session:
        seen = visits.visits_of(session, [f"mailing:{made}"])[f"mailing:{made}"]
    assert seen == {"person": 1, "preview": 1, "scanner": 2}
    page = client.sign_in("maya").get(f"{poll.page}/mailings/{made}").text
    assert "<dt>By mail scanners</dt><dd>2</dd>" in page


def test_a_closed_poll_by_its_mail_says_so(world, client, link):
    poll, _made, path = link()
    world.close(poll)
    assert "This poll is closed" in client.get(path).text


def test_after_the_contact_is_forgotten_the_link_names_nobody(world, client, link):
    _poll, _made, path = link(voter_rule="link")
    client.sign_in("maya").post(f"/m/garden/contacts/people/{contact(ADA).id}/erasure")
    page = client.get(path)
    assert page.status_code == 200
    assert "This is the invitation" not in page.text


@pytest.mark.parametrize(
    ("address", "shown"), [("maya@example.org", "m***@e…"), ("é@ä.example", "é***@ä…"), ("a@b", "a***@b…")]
)
def test_an_address_is_masked(address, shown):
    assert invited.masked(address) == shown


@pytest.mark.both
@pytest.mark.parametrize("rule", ["open", "browser", "link"])
def test_in_an_anonymous_poll_no_ballot_says_that_it_came_by_mail(world, client, link, rule):
    """Among ballots of the page, the only one of a mail would be that of the only contact whose invitation is turned in."""
    poll, _made, path = link(voter_rule=rule, anonymous=True)
    world.vote(poll, {"q1": "Soup"}, path=path)
    with reading() as session:
        assert [r.source for r in session.exec(select(Response))] == ["page"]
        assert session.exec(select(Invitation)).one().turned_in
