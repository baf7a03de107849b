"""Secrets in addresses: guessing them, using them elsewhere, many times at once, and finding them in the log."""

import concurrent.futures
import secrets

import pytest
from sqlmodel import select

from feedback.models import Response
from heard import failures
from heard.accounts import unsubscribing
from heard.accounts.models import Suppression
from heard.kit import mail
from heard.kit.db import reading
from heard.kit.mail import Outcome
from polls.kinds.kind import Draft
from polls.models import Invitation
from tests.polls.publish.inbox import ADA, a_list, contact, invite, links_in


@pytest.fixture
def mailed(world, client, monkeypatch):
    """A poll by personal link, and Ada's path to it."""
    box = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: box.append(message) or Outcome("sent"))

    def make(title="Lunch", **rules):
        poll = world.open_poll([Draft("single", "Which?", ("Soup", "Salad"))], title=title, **rules)
        invite(client.sign_in("maya"), poll, a_list(world, ADA, name=title), people=1)
        return poll, next(at for at in links_in(box[-1]) if at.startswith("/p/") and "q1" not in at)

    return make


def votes(poll):
    with reading() as session:
        return len(session.exec(select(Response).where(Response.poll_id == poll.id)).all())


@pytest.mark.parametrize("paged", [False, True])
def test_guesses_are_counted_and_a_right_link_is_never_locked_out(world, client, mailed, paged):
    """V7: 30 a minute from one address. An office behind one address must not suffer for one of its people."""
    poll, path = mailed(voter_rule="link", paged=paged)
    guess = client.fresh()
    asked = [guess.get(f"/p/{poll.slug}?t={secrets.token_urlsafe(16)}").status_code for _try in range(35)]
    assert asked == [403] * 30 + [429] * 5
    form = {"t": "guess", "submission": "s" * 22, **({"page": "1"} if paged else {})}
    refused = guess.post(f"/p/{poll.slug}", data=form)
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert client.fresh().get(path).status_code == 200
    assert client.fresh().get(f"/p/{poll.slug}").status_code == 403, "without a link nobody guesses"
    if not paged:
        world.vote(poll, {"q1": "Soup"}, path=path)
        assert votes(poll) == 1


def test_an_old_link_on_a_public_poll_is_no_guess(world, client):
    poll = world.open_poll(options=["Soup", "Salad"])
    assert {client.get(f"/p/{poll.slug}?t=old").status_code for _visit in range(40)} == {200}


def test_guesses_at_stopping_somebodys_mails(world, client, mailed):
    mailed()
    with reading() as session:
        ada = contact(ADA)
        right = unsubscribing.token_of(ada, "list:1")
    tries = [
        "x",
        "list:1.1.x",
        "briefs." + right.partition(".")[2],
        right[:-1],
        right.replace("list:1", "list:2"),
        "é.²." + right,
    ]
    tries += [f"list:1.{ada.id}.{secrets.token_urlsafe(16)}" for _try in range(30)]
    answers = [client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code for token in tries]
    assert set(answers[:30]) == {404}
    assert set(answers[30:]) == {429}
    with reading() as session:
        assert session.exec(select(Suppression)).all() == []
    for _again in range(3):  # and a mail program's own, from the same address, many times
        elsewhere = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
        assert (
            client.fresh().post(f"/u/{right}", headers=elsewhere, data={"List-Unsubscribe": "One-Click"}).status_code
            == 200
        )
    assert client.fresh().post(f"/u/{right}/return", headers=elsewhere).status_code == 403
    with reading() as session:
        assert [row.list for row in session.exec(select(Suppression))] == ["list:1"]


def test_a_link_of_one_poll_is_nothing_on_another(world, client, mailed):
    one, path = mailed("One", voter_rule="link")
    other, _path = mailed("Other", voter_rule="link")
    foreign = world.open_poll(options=["Soup", "Salad"], community="outside", voter_rule="link")
    token = path.partition("t=")[2]
    for poll in (other, foreign):
        assert client.fresh().get(f"/p/{poll.slug}?t={token}").status_code == 403
        form = {"t": token, "submission": "s" * 22, "q1": "1"}
        assert client.fresh().post(f"/p/{poll.slug}", data=form).status_code in (403, 422)
        assert votes(poll) == 0
    world.close(one)
    assert client.fresh().post(f"/p/{one.slug}", data={"t": token, "submission": "s" * 22}).status_code in (409, 422)
    assert votes(one) == 0


@pytest.mark.both
@pytest.mark.parametrize("anonymous", [False, True])
def test_fifty_at_once_by_one_link_are_one_vote(world, client, mailed, anonymous):
    poll, path = mailed(voter_rule="link", anonymous=anonymous)
    token, soup = path.partition("t=")[2], poll.questions[0].options[0].id

    def vote(n):
        form = {"t": token, "submission": f"{n:022}", poll.questions[0].name: str(soup)}
        return client.fresh().post(f"/p/{poll.slug}", data=form).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(vote, range(50)))
    assert votes(poll) == 1
    assert set(answers) <= {303, 409}
    with reading() as session:
        assert [i.turned_in for i in session.exec(select(Invitation).where(Invitation.poll_id == poll.id))] == [True]


def test_the_log_of_a_fault_holds_no_secret(world, client, mailed, monkeypatch):
    mailed()
    lines = []
    monkeypatch.setattr(failures.log, "error", lambda *words, **more: lines.append(f"{words} {more}"), raising=False)
    token = unsubscribing.token_of(contact(ADA), "list:1")

    def broken(*_arguments, **_more):
        raise RuntimeError("broken")

    monkeypatch.setattr(unsubscribing, "stop", broken)
    assert client.post(f"/u/{token}").status_code == 500
    assert token not in "".join(lines)
    assert "/u/…" in "".join(lines)
