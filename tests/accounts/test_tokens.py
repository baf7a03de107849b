import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from heard.accounts import api_tokens, people
from heard.accounts.access import access_by_key, key_of
from heard.accounts.models import ApiToken
from heard.kit.clock import now
from heard.kit.db import reading, writing
from heard.kit.errors import BadInput, Forbidden

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


def key(world, **more):
    with reading() as session:
        return key_of(session, f"Bearer {world.token('maya', **more)}")


def test_a_token_has_the_rights_that_were_ticked(client, session):
    made = client.sign_in("maya").post(
        PAGE, data={"may": "some", "scope": ["read", "publish"], "ends_on": "2040-02-29"}
    )
    assert made.status_code == 201
    row = session.exec(select(ApiToken)).one()
    assert (row.scopes, row.read_only, row.ends_at) == ("publish read", False, datetime(2040, 3, 1, tzinfo=UTC))
    shown = client.sign_in("maya").get(PAGE).text
    assert "asks, publishes" in shown
    assert "works until" in shown


def test_the_last_day_is_a_day_of_the_community(world):
    with writing() as session:
        home = world.the_community(session)
        home.zone = "America/Toronto"
        assert api_tokens.last_moment(home, "2040-02-29") == datetime(2040, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("form", "field"), [
    ({"may": "some"}, "scopes"), ({"may": "some", "scope": "people"}, "scopes"), ({"may": "some", "scope": "fly"}, "scopes"),
    ({"ends_on": "2020-01-01"}, "ends_on"), ({"ends_on": "soon"}, "ends_on"), ({"ends_on": "9999-12-31"}, "ends_on"),
])  # fmt: skip
def test_what_cannot_be_a_token_is_said_at_its_field_and_none_is_made(client, session, form, field):
    answer = client.sign_in("maya").post(PAGE, data={"name": "Nightly", **form})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Nightly"' in answer.text
    assert session.exec(select(ApiToken)).all() == []


def test_no_role_gives_a_token_more_than_it_has(world):
    with pytest.raises(BadInput):
        world.token("ravi", scopes=["publish"])


@pytest.mark.both
def test_an_ended_token_is_no_token_and_is_told_so_on_the_page(client, world):
    assert key(world, ends_at=now() + timedelta(seconds=60)) is not None
    with writing() as session:
        row = session.exec(select(ApiToken)).one()
        row.ends_at = now()
        session.add(row)
    assert "has ended" in client.sign_in("maya").get(PAGE).text
    world.token("maya")
    with reading() as session:
        assert len(session.exec(select(ApiToken)).all()) == 2


def test_a_narrow_token_may_nothing_else_whatever_the_role(world):
    narrow = key(world, scopes=["read", "edit_themes"])
    assert narrow.scopes == {"read", "edit_themes"}
    with reading() as session:
        member = access_by_key(session, narrow, narrow.community_id, to="read")
        assert [member.may(right) for right in ("read", "edit_themes", "publish", "export")] == [
            True,
            True,
            False,
            False,
        ]
        with pytest.raises(Forbidden, match="may not"):
            access_by_key(session, narrow, narrow.community_id, to="publish")


def test_a_demoted_owner_of_a_token_takes_it_along(client, world):
    headers = {"authorization": f"Bearer {world.token('maya', scopes=['read', 'publish'])}"}
    with writing() as session:
        home = world.the_community(session)
        people.change_role(session, home, world.people["maya"].id, "viewer", by=world.people["ines"])
    body = {"questions": [{"kind": "yes_no", "wording": "?"}]}
    assert client.post("/api/v1/communities/garden/polls", json=body, headers=headers).status_code == 403
    assert client.get("/api/v1/communities/garden/polls", headers=headers).status_code == 200


def test_a_revoked_token_is_refused_by_the_next_call(client, world):
    headers = {"authorization": f"Bearer {world.token('maya')}"}
    assert client.get("/api/v1/token", headers=headers).status_code == 200
    client.sign_in("maya").post(f"{PAGE}/1/revocation")
    answer = client.get("/api/v1/token", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
