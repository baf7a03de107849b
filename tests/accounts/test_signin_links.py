"""One-time sign-in links: opening one does nothing, its button works once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from heard.accounts import access, signin, signin_links
from heard.accounts.models import SignIn, SignInLink
from heard.kit import clock
from heard.kit.db import writing

pytestmark = pytest.mark.both


def link_for(world, person="maya"):
    with writing() as session:
        return signin_links.make_link(session, world.people[person])


def test_opening_the_link_signs_nobody_in(world, client, session):
    path = link_for(world)
    opened = client.get(path)
    assert opened.status_code == 200
    assert "Continue as Maya" in opened.text
    assert not opened.cookies
    assert session.exec(select(SignIn)).all() == []
    assert len(session.exec(select(SignInLink)).all()) == 1


def test_the_button_signs_in(world, client):
    answer = client.post(link_for(world))
    assert answer.status_code == 303
    with writing() as session:
        who = signin.account_of_session(session, client.cookies[access.session_cookie()])
    assert who.email == "maya@garden.example"


def test_a_second_use_is_refused_and_says_what_to_do(world, client):
    path = link_for(world)
    client.post(path)
    again = client.fresh().post(path)
    assert again.status_code == 410
    assert "password" in again.text
    assert client.fresh().get(path).status_code == 410


def test_a_link_ends_after_an_hour(world, client):
    path = link_for(world)
    with clock.stopped_at(clock.now() + timedelta(hours=1, seconds=1)):
        assert client.post(path).status_code == 410


def test_a_new_password_ends_the_links_too(world, client):
    path = link_for(world)
    with writing() as session:
        signin.change_password(session, world.people["maya"], "x" * 90)
    assert client.get(path).status_code == 410


def test_a_link_from_another_site_is_refused(world, client):
    assert client.post(link_for(world), headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_link_is_not_stored_and_is_no_session(world, client, session):
    token = link_for(world).rsplit("/", 1)[1]
    assert session.exec(select(SignInLink.token_hash)).one() != token
    assert signin.account_of_session(session, token) is None
