import pytest
from sqlmodel import select

from heard.accounts.models import Account, SignIn
from tests.browser_client import PASSWORD

NEW = "another long password"


def test_name_and_language_are_stored_and_spoken(client, session):
    maya = client.sign_in("maya")
    assert maya.post("/account", data={"name": "Maya Lindqvist", "locale": "fr"}).status_code == 303
    assert session.exec(select(Account.name, Account.locale).where(Account.email == "maya@garden.example")).one() == (
        "Maya Lindqvist",
        "fr",
    )
    assert '<html lang="fr">' in maya.get("/account").text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 121}, {"locale": "de"}])
def test_a_wrong_field_is_named_and_nothing_is_stored(client, session, wrong):
    answer = client.sign_in("maya").post("/account", data={"name": "Other", "locale": "fr", **wrong})
    assert answer.status_code == 422
    assert f'href="#{next(iter(wrong))}"' in answer.text
    assert session.exec(select(Account.name).where(Account.email == "maya@garden.example")).one() == "Maya"


@pytest.mark.both
def test_a_new_password_ends_every_other_session_and_this_one_goes_on(client, session):
    here, there = client.sign_in("maya"), client.sign_in("maya")
    before = here.cookies["heard"]
    answer = here.post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert (answer.status_code, before in answer.headers["set-cookie"]) == (303, False)
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert len(session.exec(select(SignIn)).all()) == 1


def test_only_the_new_password_opens_the_door(client):
    client.sign_in("maya").post("/account/password", data={"current": PASSWORD, "password": NEW})
    door = client.fresh()
    assert door.post("/sign-in", data={"email": "maya@garden.example", "password": PASSWORD}).status_code == 422
    assert door.post("/sign-in", data={"email": "maya@garden.example", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"current": "wrong", "password": NEW}, "current"), ({"current": PASSWORD, "password": "short"}, "password")],
)
def test_a_password_is_not_changed_without_the_old_one_or_by_a_short_one(client, sent, field):
    maya = client.sign_in("maya")
    answer = maya.post("/account/password", data=sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert maya.get("/account").status_code == 200


def test_the_password_page_is_for_somebody_signed_in(client):
    assert client.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 401


def test_the_language_of_a_visitor_is_a_cookie(client):
    answer = client.post("/language", data={"language": "fr", "next": "/sign-in"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert '<html lang="fr">' in client.get("/sign-in").text


def test_the_language_somebody_signed_in_chooses_is_that_of_their_mails_too(client, session):
    maya = client.sign_in("maya")
    maya.post("/language", data={"language": "fr", "next": "/account"})
    assert session.exec(select(Account.locale).where(Account.email == "maya@garden.example")).one() == "fr"
    assert '<html lang="fr">' in maya.get("/account").text


def test_a_language_we_do_not_speak_changes_nothing(client):
    assert "set-cookie" not in client.post("/language", data={"language": "tlh", "next": "/sign-in"}).headers


def test_the_switch_comes_back_to_the_same_address(client):
    assert 'name="next" value="/sign-in?next=/account"' in client.get("/sign-in?next=/account").text


def test_somebody_without_a_community_is_told_what_to_do(client, world):
    from heard.accounts import people
    from heard.kit.db import writing

    with writing() as session:
        people.remove_person(session, world.the_community(session), world.people["vic"].id, by=world.people["ines"])
    vic = client.sign_in("vic")
    assert vic.get("/").headers["location"] == "/communities"
    assert "You belong to no community yet" in vic.get("/communities").text
