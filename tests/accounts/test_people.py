import re

import pytest
from sqlmodel import select

from heard.accounts.models import Account, ApiToken, AuditEntry, Membership

PAGE = "/m/garden/people"


def roles(session) -> dict[str, str]:
    """Name before the @ → role in the garden."""
    rows = session.exec(select(Account.email, Membership.role).join(Membership).where(Membership.community_id == 1))
    return {email.split("@")[0]: role for email, role in rows}


@pytest.mark.parametrize(
    ("person", "status"), [("ines", 200), ("maya", 403), ("ravi", 403), ("vic", 403), ("olu", 404)]
)
def test_only_owners_see_the_people(client, person, status):
    assert client.sign_in(person).get(PAGE).status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 403), ("ravi", 403), ("olu", 404)])
@pytest.mark.parametrize("act", ["", "/{id}/role", "/{id}/removal"])
def test_only_owners_change_the_people(client, world, session, person, status, act):
    sent = {"email": "olu@garden.example", "role": "owner"}
    path = PAGE + act.format(id=world.people["vic"].id)
    assert client.sign_in(person).post(path, data=sent).status_code == status
    assert roles(session) == {"ines": "owner", "maya": "manager", "ravi": "analyst", "vic": "viewer"}


@pytest.mark.both
def test_somebody_new_gets_an_account_and_a_password_that_is_shown_once(client, session):
    ines = client.sign_in("ines")
    answer = ines.post(PAGE, data={"email": "Tove@garden.example", "role": "analyst"})
    assert answer.status_code == 201
    password = re.search(r'id="one-time" value="([^"]+)"', answer.text)[1]
    assert roles(session)["tove"] == "analyst"
    assert password not in ines.get(PAGE).text
    door = client.fresh()
    assert door.post("/sign-in", data={"email": "tove@garden.example", "password": password}).status_code == 303


def test_somebody_who_has_an_account_keeps_it(client, session):
    answer = client.sign_in("ines").post(PAGE, data={"email": "olu@garden.example", "role": "viewer"})
    assert answer.status_code == 303
    assert roles(session)["olu"] == "viewer"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"email": "maya@garden.example", "role": "viewer"}, 409),
        ({"email": "not an address", "role": "viewer"}, 422),
        (
            {"email": "=?utf-8?b?dqpcy2m6ihlazq==?=@x.example", "role": "viewer"},
            422,
        ),  # words that a mail library decodes
        ({"email": "tove@garden.example", "role": "queen"}, 422),
        ({"email": "tove@garden.example"}, 422),
        ({}, 422),
    ],
)
def test_a_wrong_form_is_explained_keeps_what_was_typed_and_changes_nothing(client, session, sent, status):
    answer = client.sign_in("ines").post(PAGE, data=sent)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert f'value="{sent.get("email", "")}"' in answer.text
    assert roles(session) == {"ines": "owner", "maya": "manager", "ravi": "analyst", "vic": "viewer"}
    assert session.exec(select(Account.id).where(Account.email == "tove@garden.example")).first() is None


def test_a_role_changes_and_what_it_allows_with_it(client, world, session):
    ravi = client.sign_in("ravi")
    client.sign_in("ines").post(f"{PAGE}/{world.people['ravi'].id}/role", data={"role": "owner"})
    assert roles(session)["ravi"] == "owner"
    assert ravi.get(PAGE).status_code == 200


def test_a_removed_person_is_an_outsider_and_their_tokens_end(client, world, session):
    world.token("ravi")
    answer = client.sign_in("ines").post(f"{PAGE}/{world.people['ravi'].id}/removal")
    assert answer.status_code == 303
    assert client.sign_in("ravi").get("/m/garden").status_code == 404
    assert session.exec(select(ApiToken)).all() == []


@pytest.mark.both
@pytest.mark.parametrize("act", ["role", "removal"])
def test_the_last_owner_stays(client, world, session, act):
    answer = client.sign_in("ines").post(f"{PAGE}/{world.people['ines'].id}/{act}", data={"role": "manager"})
    assert answer.status_code == 409
    assert "Ines is the only owner" in answer.text
    assert roles(session)["ines"] == "owner"


def test_an_owner_may_leave_when_there_is_another(client, world, session):
    ines = client.sign_in("ines")
    ines.post(f"{PAGE}/{world.people['maya'].id}/role", data={"role": "owner"})
    answer = ines.post(f"{PAGE}/{world.people['ines'].id}/removal")
    assert answer.headers["location"] == "/communities"
    assert "ines" not in roles(session)


def test_people_of_another_community_are_out_of_reach(client, world):
    olu = world.people["olu"].id
    ines = client.sign_in("ines")
    assert ines.post(f"{PAGE}/{olu}/role", data={"role": "viewer"}).status_code == 404
    assert ines.post(f"{PAGE}/{olu}/removal").status_code == 404


def test_what_was_done_is_in_the_audit_log(client, world, session):
    client.sign_in("ines").post(f"{PAGE}/{world.people['ravi'].id}/role", data={"role": "viewer"})
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "member.role")).one()
    assert (entry.account_id, entry.subject, entry.details) == (
        world.people["ines"].id,
        "ravi@garden.example",
        {"role": "viewer"},
    )
