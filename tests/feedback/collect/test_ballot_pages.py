"""The ballot page and the frame: no GET votes, typed words are kept, each voter rule on its page."""

import re

import pytest

from feedback.collect.voters import cookie_name
from heard.kit import db
from heard.kit.db import writing
from polls.kinds.kind import Draft
from polls.models import Poll
from polls.publish import invitations
from tests.feedback.voting import choice, counts, n_of, rows

OPTIONS = ("Red", "Green", "Blue")


def sent(poll, label, **more):
    """The form's fields for one option of the first question."""
    value = choice(poll, label)[poll.questions[0].id][0]
    return {poll.questions[0].name: str(value.option), "submission": "n" * 22, **more}


def personal_links(poll, count=2):
    """Personal links to a poll, as paths."""
    with writing() as session:
        row = session.get_one(Poll, poll.id)
        invitations.invite(session, row, count, by=None)
        return [link.path for link in invitations.personal_links(session, row)]


def test_the_ballot_shows_its_options_and_is_kept_by_nobody(world, client):
    poll = world.open_poll(options=OPTIONS)
    page = client.get(f"/p/{poll.slug}")
    assert all(label in page.text for label in OPTIONS)
    assert page.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in page.headers
    assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("place", ["p", "e"])
def test_looking_never_votes(world, client, method, place):
    poll = world.open_poll(options=OPTIONS)
    client.request(method, f"/{place}/{poll.slug}", params=sent(poll, "Red"), headers={"purpose": "prefetch"})
    assert n_of(poll) == 0


def test_a_vote_leads_to_its_receipt_and_sets_the_cookie(world, client):
    poll = world.open_poll(options=OPTIONS)
    answer = client.post(f"/p/{poll.slug}", data=sent(poll, "Red"))
    assert answer.status_code == 303
    assert re.fullmatch(r"/r/[\w~]{20,}", answer.headers["location"])
    assert f"{cookie_name()}=" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]


def test_a_second_vote_with_the_same_cookie_changes_the_first(world, client, session):
    poll = world.open_poll(options=OPTIONS)
    client.post(f"/p/{poll.slug}", data=sent(poll, "Red"))
    assert "You voted before" in client.get(f"/p/{poll.slug}").text
    client.post(f"/p/{poll.slug}", data=sent(poll, "Blue", submission="m" * 22))
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}


def test_a_double_click_is_one_vote_and_one_voter(world, client):
    poll = world.open_poll(options=OPTIONS)
    twice = [client.fresh().post(f"/p/{poll.slug}", data=sent(poll, "Red")) for _ in range(2)]
    assert twice[0].headers["location"] == twice[1].headers["location"]
    assert twice[0].headers["set-cookie"] == twice[1].headers["set-cookie"]
    assert n_of(poll) == 1


def test_an_id_from_an_export_is_no_key_to_a_receipt(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    first = client.post(f"/p/{poll.slug}", data=sent(poll, "Red"))
    stored = rows("responses")[0]["submission_id"]
    again = client.post(f"/p/{poll.slug}", data=sent(poll, "Red", submission=stored))
    assert again.headers["location"] != first.headers["location"]


def test_an_open_poll_sets_no_cookie(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    assert "set-cookie" not in client.post(f"/p/{poll.slug}", data=sent(poll, "Red")).headers


def test_a_required_question_is_asked_for_and_the_rest_is_kept(world, client):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS, required=True), Draft("long_text", "Why?")])
    answer = client.post(f"/p/{poll.slug}", data={poll.questions[1].name: "Because <b>"})
    assert answer.status_code == 422
    assert "This question needs an answer." in answer.text
    assert "Because &lt;b&gt;" in answer.text
    assert n_of(poll) == 0


@pytest.mark.both
@pytest.mark.parametrize("typed", ["a\0b", "x" * 100_000, "\udc80"])
def test_text_that_cannot_be_stored_is_refused_and_kept_in_the_form(world, client, typed):
    poll = world.open_poll([Draft("short_text", "Say it"), Draft("long_text", "Why?")])
    form = {poll.questions[0].name: "kept", poll.questions[1].name: typed}
    body = "&".join(f"{k}={v}" for k, v in form.items()).encode("utf-8", "surrogatepass").replace(b"\0", b"%00")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/p/{poll.slug}", content=body, headers=headers)
    stored = [c["text"] for c in rows("comments")]
    assert (answer.status_code, stored) == (422, []) or (answer.status_code == 303 and "\udc80" in typed)
    assert answer.status_code == 303 or "kept" in answer.text


def test_a_locked_database_is_503_and_keeps_what_was_typed(world, client, monkeypatch):
    poll = world.open_poll([Draft("long_text", "Why?")])
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    db.engines.cache_clear()
    with db.engines().write.connect() as another:
        another.exec_driver_sql("SELECT 1")
        answer = client.post(f"/p/{poll.slug}", data={poll.questions[0].name: "my words"})
        another.rollback()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "my words" in answer.text
    assert client.post(f"/p/{poll.slug}", data={poll.questions[0].name: "my words"}).status_code == 303


@pytest.mark.parametrize("value", ["", "999999", "-1", "abc", "9" * 30])
def test_an_empty_or_foreign_option_is_refused(world, client, value):
    poll = world.open_poll(options=OPTIONS)
    answer = client.post(f"/p/{poll.slug}", data={poll.questions[0].name: value})
    assert answer.status_code == 422
    assert n_of(poll) == 0


@pytest.mark.parametrize("path", ["/p/nothing-here", "/e/nothing-here", "/p/nothing-here/results", "/r/" + "x" * 22])
def test_an_unknown_poll_or_receipt_is_not_found(world, client, path):
    assert client.get(path).status_code == 404


def test_a_draft_is_not_found_and_a_closed_poll_says_so(world, client):
    draft, closed = world.draft_poll(), world.open_poll(title="Old one")
    world.close(closed)
    assert client.get(f"/p/{draft.slug}").status_code == 404
    page = client.get(f"/p/{closed.slug}")
    assert page.status_code == 200
    assert "This poll is closed" in page.text
    assert "<fieldset" not in page.text
    assert client.post(f"/p/{closed.slug}", data=sent(closed, "Yes")).status_code == 409


def test_a_personal_link_votes_once(world, client, session):
    poll = world.open_poll(options=OPTIONS, voter_rule="link", may_change=False)
    link, other = personal_links(poll)
    token = link.split("t=")[1]
    assert f'value="{token}"' in client.get(link).text
    for label, status in (("Red", 303), ("Blue", 409)):
        answer = client.fresh().post(f"/p/{poll.slug}", data=sent(poll, label, submission=label * 8, t=token))
        assert answer.status_code == status
    assert counts(session, poll) == {"Red": 1, "Green": 0, "Blue": 0}
    assert [i["turned_in"] for i in rows("invitations")] in ([True, False], [1, 0])
    assert "You have answered already" in client.get(link).text
    assert "<fieldset" in client.get(other).text


def test_without_its_personal_link_nobody_votes(world, client):
    poll, another = (world.open_poll(options=OPTIONS, voter_rule="link", title=t) for t in ("One", "Two"))
    foreign = personal_links(another)[0].split("t=")[1]
    assert client.get(f"/p/{poll.slug}").status_code == 403
    for token in ("", "wrong", foreign):
        assert client.post(f"/p/{poll.slug}", data=sent(poll, "Red", t=token)).status_code == 403
    assert n_of(poll) == 0


def test_a_sign_in_poll_takes_one_ballot_an_account(world, client, session):
    poll = world.open_poll(options=OPTIONS, voter_rule="sign_in")
    assert "Sign in to answer" in client.get(f"/p/{poll.slug}").text
    assert client.post(f"/p/{poll.slug}", data=sent(poll, "Red")).status_code == 401
    for label in ("Red", "Blue"):
        maya = client.sign_in("maya")
        assert maya.post(f"/p/{poll.slug}", data=sent(poll, label, submission=label * 8)).status_code == 303
    assert counts(session, poll) == {"Red": 0, "Green": 0, "Blue": 1}


def test_another_site_cannot_post_to_the_page_but_to_the_frame(world, client):
    poll = world.open_poll(options=OPTIONS, voter_rule="open")
    foreign = {"origin": "null", "sec-fetch-site": "cross-site"}
    assert client.post(f"/p/{poll.slug}", data=sent(poll, "Red"), headers=foreign).status_code == 403
    answer = client.post(f"/e/{poll.slug}", data=sent(poll, "Red"), headers=foreign)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert [r["source"] for r in rows("responses")] == ["embed"]


def test_the_frame_may_stand_anywhere(world, client):
    page = client.get(f"/e/{world.open_poll(options=OPTIONS).slug}")
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers


@pytest.mark.parametrize("rule", ["link", "sign_in"])
def test_a_poll_that_must_know_its_voters_leads_out_of_the_frame(world, client, rule):
    poll = world.open_poll(options=OPTIONS, voter_rule=rule)
    page = client.get(f"/e/{poll.slug}")
    assert "<fieldset" not in page.text
    assert f'href="/p/{poll.slug}"' in page.text
    assert client.post(f"/e/{poll.slug}", data=sent(poll, "Red")).status_code == 403
    assert n_of(poll) == 0


def test_a_frame_keeps_what_was_typed_and_says_what_is_wrong(world, client):
    poll = world.open_poll([Draft("single", "Which?", OPTIONS, required=True), Draft("long_text", "Why?")])
    answer = client.post(f"/e/{poll.slug}", data={poll.questions[1].name: "Because"})
    assert answer.status_code == 422
    assert "Because" in answer.text


def test_a_french_poll_speaks_french_whoever_looks(world, client):
    poll = world.open_poll(options=OPTIONS, locale="fr")
    assert '<html lang="fr">' in client.get(f"/p/{poll.slug}").text


def test_the_words_of_a_poll_are_never_markup(world, client):
    evil = '"><script>alert(1)</script>{{7*7}}'
    poll = world.open_poll([Draft("single", evil, (evil, "No"))], title=evil, results_rule="always")
    receipt = world.vote(poll, {"q1": "No"})
    for path in (f"/p/{poll.slug}", f"/e/{poll.slug}", f"/p/{poll.slug}/results", f"/r/{receipt}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "{{7*7}}" in page
