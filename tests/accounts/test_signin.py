import contextlib
from datetime import timedelta

import pytest
from sqlmodel import select

from heard.accounts import signin
from heard.accounts.access import session_cookie
from heard.accounts.models import SignIn
from heard.kit import limits
from heard.kit.clock import now, stopped_at
from tests.browser_client import PASSWORD

MAYA = {"email": "maya@garden.example", "password": PASSWORD}
PAGE = "/account"


@pytest.mark.both
def test_address_and_password_open_the_door(client):
    answer = client.post("/sign-in", data={**MAYA, "email": " MAYA@garden.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.follow(answer).headers["location"] == "/m/garden"
    assert client.get("/m/garden").headers["location"] == "/m/garden/polls"


def test_the_session_is_stored_as_a_hash(client, session):
    client.post("/sign-in", data=MAYA)
    token = client.cookies[session_cookie()]
    assert [len(row.token_hash) for row in session.exec(select(SignIn))] == [64]
    assert token not in [row.token_hash for row in session.exec(select(SignIn))]


def test_the_cookie_is_kept_from_scripts_and_other_sites(client):
    cookies = client.post("/sign-in", data=MAYA).headers.get_list("set-cookie")
    cookie = next(c for c in cookies if c.startswith(session_cookie() + "="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_an_unknown_address_and_a_wrong_password_get_the_same_words(client):
    wrong = client.post("/sign-in", data={**MAYA, "password": "not the password"})
    unknown = client.post("/sign-in", data={"email": "olu@garden.exampl", "password": "not the password"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    words = [a.text.split('role="alert"')[1].split("</form>")[0] for a in (wrong, unknown)]
    assert words[0].replace("maya@garden.example", "") == words[1].replace("olu@garden.exampl", "")


def test_the_address_is_kept_and_the_password_is_not(client):
    shown = client.post("/sign-in", data={**MAYA, "password": "not the password"}).text
    assert 'value="maya@garden.example"' in shown
    assert "not the password" not in shown


def test_guessing_is_slowed_down_for_this_address_only(client):
    for _try in range(9):
        limits.spend("sign-in", "127.0.0.1 maya@garden.example", "10/minute")  # nine wrong ones before: Argon2 is slow
    wrong = {**MAYA, "password": "not the password"}
    assert [client.post("/sign-in", data=wrong).status_code for _try in range(2)] == [422, 429]
    assert client.post("/sign-in", data=MAYA).status_code == 429
    assert client.post("/sign-in", data={**MAYA, "email": "ravi@garden.example"}).status_code == 303


def test_a_page_that_needs_a_person_leads_to_the_door_and_back(client):
    asked = client.get("/m/garden/people")
    assert asked.headers["location"] == "/sign-in?next=/m/garden/people"
    shown = client.follow(asked).text
    assert 'name="next" value="/m/garden/people"' in shown
    assert client.post("/sign-in", data={**MAYA, "next": "/m/garden/people"}).headers["location"] == "/m/garden/people"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\tx",
    ],
)
def test_the_way_back_never_leaves_the_house(client, place):
    assert client.post("/sign-in", data={**MAYA, "next": place}).headers["location"] == "/"
    assert client.get("/sign-in", params={"next": place}).headers["location"] == "/"
    assert client.post("/language", data={"language": "fr", "next": place}).headers["location"] == "/"


def test_signing_out_ends_the_session_on_our_side_too(client):
    maya = client.sign_in("maya")
    token = maya.cookies[session_cookie()]
    assert maya.post("/sign-out").status_code == 303
    thief = client.fresh()
    thief.cookies.set(session_cookie(), token)
    assert (maya.get(PAGE).status_code, thief.get(PAGE).status_code) == (302, 302)


def test_signing_in_again_ends_the_session_before(client, session):
    client.post("/sign-in", data=MAYA)
    client.post("/sign-in", data=MAYA)
    assert len(session.exec(select(SignIn)).all()) == 1


def test_a_session_ends_by_itself(client):
    maya = client.sign_in("maya")
    with stopped_at(now() + timedelta(days=31)):
        assert maya.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/language", "/account", "/account/password", "/m/garden/people"]
)
def test_forms_of_other_sites_are_refused(client, path):
    maya = client.sign_in("maya")
    answer = maya.post(path, data=MAYA, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert maya.get(PAGE).status_code == 200


@pytest.mark.parametrize("text", ["a\0b@garden.example", "\\ud800"])
def test_characters_that_cannot_be_stored_are_refused(client, text):
    answer = client.post("/sign-in", data={"email": text, "password": "x"})
    assert answer.status_code == 422


def test_a_rush_of_sign_ins_is_put_off_and_not_piled_up(client, monkeypatch):
    """Each takes 64 MB; when all places are taken for long, the answer is 503 and the form keeps the address."""
    monkeypatch.setattr(signin, "HASHING_WAIT", 0)
    with contextlib.ExitStack() as taken:
        for _place in range(4):
            taken.enter_context(signin._room())
        answer = client.post("/sign-in", data={"email": "maya@garden.example", "password": PASSWORD})
    assert (answer.status_code, "maya@garden.example" in answer.text) == (503, True)
    assert client.post("/sign-in", data={"email": "maya@garden.example", "password": PASSWORD}).status_code == 303
