"""Personal links on a poll's share page, and its files."""

import csv
import io
import re

import pytest
from sqlmodel import select

from heard.kit import tokens
from heard.kit.db import writing
from heard.kit.errors import BadInput
from polls.models import Invitation, Poll
from polls.publish import codes, invitations


@pytest.mark.parametrize(("form", "kind"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_the_code_can_be_downloaded_and_carries_the_tracked_link(world, client, form, kind):
    poll, maya = world.open_poll(), client.sign_in("maya")
    plain = maya.get(f"{poll.page}/qr.{form}?download=1")
    assert plain.headers["content-type"] == kind
    assert plain.headers["content-disposition"] == f'attachment; filename="best-day.{form}"'
    assert plain.content == codes.qr("http://127.0.0.1:8000/p/best-day", form)
    token = world.link(poll, "poster").token
    assert maya.get(f"{poll.page}/qr.{form}?link={token}").content == codes.qr(f"http://127.0.0.1:8000/l/{token}", form)


@pytest.mark.both
def test_the_code_of_another_polls_link_is_not_drawn(world, client):
    poll, other = world.open_poll(), world.open_poll(title="Other")
    for token in (world.link(other, "poster").token, "nonsense", "%00"):
        assert client.sign_in("maya").get(f"{poll.page}/qr.svg?link={token}").status_code == 404


# -- personal links


@pytest.mark.both
def test_links_are_numbered_on_and_only_their_hash_is_stored(world, session):
    poll = world.open_poll(voter_rule="link")
    for count in (3, 2):
        with writing() as write:
            invitations.invite(write, write.get_one(Poll, poll.id), count, by=world.people["maya"])
    links = invitations.personal_links(session, session.get_one(Poll, poll.id))
    assert [i.number for i in links] == [1, 2, 3, 4, 5]
    secrets = [i.path.partition("?t=")[2] for i in links]
    assert len(set(secrets)) == 5
    for number, secret in enumerate(secrets, 1):
        assert len(secret) == 22
        found = invitations.find(session, poll.id, secret)
        assert (found.number, found.token_hash) == (number, tokens.hashed(secret))


def test_a_link_of_another_poll_or_of_nobody_finds_nothing(world, session):
    one, other = world.open_poll(voter_rule="link"), world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, one.id), 1, by=None)
    secret = invitations.token_of(one.id, 1)
    assert invitations.find(session, one.id, secret)
    for poll_id, token in [
        (other.id, secret),
        (one.id, secret[:-1]),
        (one.id, ""),
        (one.id, "nul\0"),
        (one.id, invitations.token_of(one.id, 2)),
    ]:
        assert invitations.find(session, poll_id, token) is None


@pytest.mark.parametrize("count", [0, -1, 1001, 10**9])
def test_too_few_and_too_many_links_are_refused(world, count):
    poll = world.open_poll(voter_rule="link")
    with writing() as write, pytest.raises(BadInput):
        invitations.invite(write, write.get_one(Poll, poll.id), count, by=None)


def test_a_poll_for_everyone_has_no_personal_links(world, client):
    poll = world.open_poll()
    assert client.sign_in("maya").post(f"{poll.page}/invitations", data={"count": "3"}).status_code == 409


def test_links_are_made_on_the_share_page_and_listed(world, client):
    poll = world.open_poll(voter_rule="link")
    maya = client.sign_in("maya")
    assert "Make personal links" in maya.get(f"{poll.page}/sharing").text
    page = maya.follow(maya.post(f"{poll.page}/invitations", data={"count": "25"})).text
    assert "25 personal links made." in page
    assert "0 of 25 links used" in page
    assert len(set(re.findall(r"/p/best-day\?t=[\w~]{22}", page))) == 25


@pytest.mark.parametrize("count", ["0", "many", "", "²", "99999999999"])
def test_a_count_that_is_none_is_told(world, client, count):
    poll = world.open_poll(voter_rule="link")
    answer = client.sign_in("maya").post(f"{poll.page}/invitations", data={"count": count})
    assert answer.status_code == 422
    assert "between 1 and 1,000" in answer.text


def test_the_file_of_links_runs_in_no_spreadsheet(world, client):
    poll = world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, poll.id), 2, by=None)
        for invitation in write.exec(select(Invitation)):
            invitation.label = "=cmd|' /C calc'!A0"
    answer = client.sign_in("maya").get(f"{poll.page}/invitations.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="links-best-day.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head == ["number", "name", "link", "used"]
    assert [r[0] for r in rows] == ["1", "2"]
    assert rows[0][1].startswith("'=")
    assert rows[0][2].startswith("http://127.0.0.1:8000/p/best-day?t=")


def test_who_may_not_publish_sees_no_personal_links(world, client):
    poll = world.open_poll(voter_rule="link")
    with writing() as write:
        invitations.invite(write, write.get_one(Poll, poll.id), 2, by=None)
    assert "?t=" not in client.sign_in("ravi").get(f"{poll.page}/sharing").text
