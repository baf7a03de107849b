import pytest
from sqlmodel import select

from heard.accounts import setup
from heard.accounts.models import Account, Community, Membership
from heard.kit.db import reading
from tests.browser_client import PASSWORD

FIRST = {"community": "Café du Port", "email": " Ines@Garden.example ", "password": PASSWORD}


def address() -> str:
    return f"/setup/{setup.setup_token()}"


def test_the_set_up_address_exists_while_there_is_no_account(database):
    with reading() as session:
        assert setup.setup_path(session) == address()


def test_there_is_no_set_up_address_once_there_is_an_account(session):
    assert setup.setup_path(session) is None


@pytest.mark.both
def test_set_up_makes_the_owner_and_the_community_and_signs_in(newcomer):
    answer = newcomer.post(address(), data=FIRST)
    assert (answer.status_code, answer.headers["location"]) == (303, "/m/cafe-du-port/polls/new")
    with reading() as session:
        name, email, role, community = session.exec(
            select(Account.name, Account.email, Membership.role, Community.name)
            .select_from(Account)
            .join(Membership)
            .join(Community)
        ).one()
    assert (name, email, role, community) == ("ines", "ines@garden.example", "owner", "Café du Port")
    assert newcomer.get("/account").status_code == 200


def test_set_up_works_once(newcomer):
    newcomer.post(address(), data=FIRST)
    again = newcomer.fresh()
    assert again.get(address()).status_code == 404
    answer = again.post(address(), data={**FIRST, "email": "other@garden.example"})
    assert answer.status_code == 404
    assert 'href="/sign-in"' in answer.text
    with reading() as session:
        assert session.exec(select(Account.email)).all() == ["ines@garden.example"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_guessed_address_is_not_the_set_up(newcomer, method):
    assert newcomer.request(method, "/setup/guessed", data=FIRST if method == "POST" else None).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"community": "  "}, "community"),
        ({"community": "x" * 121}, "community"),
        ({"email": "ines"}, "email"),
        ({"email": "a@b@c.example"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": ""}, "password"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_is_kept(newcomer, wrong, field):
    answer = newcomer.post(address(), data={**FIRST, **wrong})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'role="alert"' in answer.text
    assert PASSWORD not in answer.text
    kept = {"community": "Café du Port", "email": "Ines@Garden.example"} | wrong
    assert kept["community"].strip() in answer.text
    with reading() as session:
        assert session.exec(select(Account.id)).all() == []


def test_html_in_a_name_stays_text(newcomer):
    newcomer.post(address(), data={**FIRST, "community": "<script>alert(1)</script>"})
    shown = newcomer.get("/communities").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.parametrize("path", ["/", "/sign-in"])
def test_an_empty_install_leads_to_the_welcome_page(newcomer, path):
    assert newcomer.get(path).headers["location"] == "/welcome"


def test_the_welcome_page_never_shows_the_address(newcomer):
    shown = newcomer.get("/welcome")
    assert shown.status_code == 200
    assert setup.setup_token() not in shown.text


def test_the_welcome_page_is_gone_once_somebody_lives_here(client):
    assert client.get("/welcome").headers["location"] == "/sign-in"
