import re

import pytest
from sqlmodel import select

from heard.accounts.access import key_of
from heard.accounts.models import ApiToken

PAGE = "/m/garden/tokens"


@pytest.mark.parametrize(("person", "status"), [("maya", 201), ("ravi", 201), ("olu", 404)])
def test_members_make_tokens_for_themselves(client, world, session, person, status):
    answer = client.sign_in(person).post(PAGE, data={"name": "Nightly", "read_only": "1"})
    assert answer.status_code == status
    owners = [(row.account_id, row.read_only, row.name) for row in session.exec(select(ApiToken))]
    assert owners == ([(world.people[person].id, True, "Nightly")] if status == 201 else [])


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("olu", 404)])
def test_the_page_is_for_members(client, person, status):
    assert client.sign_in(person).get(PAGE).status_code == status


def test_a_token_is_shown_once_and_stored_as_a_hash(client, session):
    maya = client.sign_in("maya")
    made = re.search(r'id="token" value="([^"]+)"', maya.post(PAGE, data={"name": "Import"}).text)[1]
    key = key_of(session, f"Bearer {made}")
    assert key is not None
    assert (key.account.email, key.read_only) == ("maya@garden.example", False)
    assert made not in maya.get(PAGE).text
    assert made not in [row.token_hash for row in session.exec(select(ApiToken))]


def test_everybody_sees_only_their_own_tokens(client):
    client.sign_in("maya").post(PAGE, data={"name": "Maya's nightly import"})
    assert "nightly import" not in client.sign_in("ravi").get(PAGE).text


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 404), ("olu", 404)])
def test_only_the_owner_of_a_token_revokes_it(client, world, session, person, status):
    token = world.token("maya")
    assert client.sign_in(person).post(f"{PAGE}/1/revocation").status_code == status
    assert (key_of(session, f"Bearer {token}") is None) is (person == "maya")


def test_an_outsiders_account_gets_no_token(world):
    with pytest.raises(Exception, match="not a member"):
        world.token("olu")
