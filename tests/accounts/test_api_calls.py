"""Calls with an Idempotency-Key: done once, whatever happens to the answer."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import func, select

from heard.accounts import api_calls, api_route
from heard.accounts.models import Account, ApiCall, Membership
from heard.kit import work
from heard.kit.clock import now
from heard.kit.db import reading, writing
from heard.kit.settings import settings
from insights.models import Brief
from polls.models import Poll

POLL = {"title": "Once", "questions": [{"kind": "yes_no", "wording": "Meet in June?"}]}
POLLS = "/api/v1/communities/garden/polls"
BRIEFS = "/api/v1/communities/garden/briefs"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def send(world, client):
    """send(key, body): a POST as Maya; or another path, method, person."""
    keys = {person: world.token(person) for person in ("maya", "ines")}

    def sent(key, body=POLL, path=POLLS, *, method="POST", person="maya"):
        headers = {"authorization": f"Bearer {keys[person]}", **({"idempotency-key": key} if key is not None else {})}
        return client.request(method, path, json=body, headers=headers)

    sent.keys = keys
    return sent


def how_many(table):
    with reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


@pytest.mark.both
def test_the_same_call_again_gets_the_first_answer_and_does_nothing(send):
    first, again = send("one"), send("one")
    assert (first.status_code, "idempotency-replayed" in first.headers) == (201, False)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert how_many(Poll) == 1


def test_a_key_as_a_string_of_structured_fields_is_the_same_key(send):
    assert send("one").content == send('"one"').content
    assert how_many(Poll) == 1


@pytest.mark.both
def test_the_same_key_for_another_call_is_refused(send):
    send("one")
    others = [
        send("one", {**POLL, "title": "Other"}),
        send("one", {"audience": "product"}, BRIEFS),
        send("one", POLL, f"{POLLS}?x=1"),
    ]
    assert [(a.status_code, a.json()["error"]["code"]) for a in others] == [(422, "idempotency_mismatch")] * 3
    assert (how_many(Poll), how_many(Brief)) == (1, 0)


def test_keys_belong_to_a_token(send):
    assert send("one").json()["slug"] != send("one", person="ines").json()["slug"]


def test_without_a_key_each_call_is_a_deed(send):
    send(None), send(None)
    assert (how_many(Poll), how_many(ApiCall)) == (2, 0)


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "é"])
def test_what_is_no_key_is_refused(world, client, key):
    headers = {"authorization": f"Bearer {world.token('maya')}", "idempotency-key": key.encode()}
    answer = client.post(POLLS, json=POLL, headers=list(headers.items()))
    assert (answer.status_code, how_many(Poll)) == (422, 0)


def test_what_was_refused_is_decided_anew(send, world):
    draft = world.draft_poll()
    path = f"/api/v1/polls/{draft.slug}/closing"
    assert send("close", None, path).status_code == 409
    assert send("open", None, f"/api/v1/polls/{draft.slug}/opening").status_code == 200
    assert send("close", None, path).json() == {"status": "closed"}


def test_an_answer_without_content_is_replayed_as_such(send, world):
    path = f"/api/v1/communities/garden/people/{world.people['vic'].id}"
    first, again = (send("gone", None, path, method="DELETE", person="ines") for _try in range(2))
    assert (first.status_code, again.status_code, again.content) == (204, 204, b"")
    assert again.headers["idempotency-replayed"] == "true"


def test_secrets_in_a_kept_answer_cannot_be_read_from_the_database(send):
    """The password of a new account is shown once; the row holds it under the token, of which we have a hash only."""
    sent = {"email": "noor@garden.example", "role": "viewer"}
    first = send("noor", sent, "/api/v1/communities/garden/people", person="ines")
    with reading() as session:
        kept = session.exec(select(ApiCall)).one()
    import base64

    assert first.json()["password"].encode() not in base64.b64decode(kept.answer)
    assert send("noor", sent, "/api/v1/communities/garden/people", person="ines").json() == first.json()


@pytest.mark.both
@pytest.mark.parametrize("elsewhere", [False, True], ids=["one process", "several"])
def test_fifty_at_once_are_one_deed(send, monkeypatch, elsewhere):
    """In one process the others are told to wait; of several processes, those that wait for the database get the answer."""
    if elsewhere:
        monkeypatch.setattr(api_route, "_running", type("Nobody", (set,), {"__contains__": lambda *_: False})())
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _n: send("one"), range(50)))
    done = [a for a in answers if a.status_code == 201]
    waits = [a for a in answers if a.status_code == 409]
    assert len(done) + len(waits) == 50
    assert {a.json()["error"]["code"] for a in waits} <= {"idempotency_running"}
    assert all(a.headers["retry-after"] == "1" for a in waits)
    assert len({a.content for a in done}) == 1
    assert sum("idempotency-replayed" not in a.headers for a in done) == 1
    assert how_many(Poll) == 1
    assert send("one").content == done[0].content


@pytest.mark.both
def test_a_call_that_ends_its_transaction_on_the_way_is_one_deed_too(send, monkeypatch):
    """A brief is gathered with nothing open, so several may run; the first one that is kept stands."""
    monkeypatch.setattr(api_route, "_running", type("Nobody", (set,), {"__contains__": lambda *_: False})())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: send("brief", {"audience": "product"}, BRIEFS), range(8)))
    assert {a.status_code for a in answers} <= {201, 409}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert how_many(Brief) == 1


KILLED = """
import os, sys
from starlette.responses import Response
from tests.browser_client import Client

sent = Response.__call__
async def dies(self, scope, receive, send):
    os._exit(9)  # the commit is on disk, the answer is not on its way
Response.__call__ = dies
url, token, key, body = sys.argv[1:]
import json
with Client() as client:
    client.post(url, json=json.loads(body), headers={"authorization": f"Bearer {token}", "idempotency-key": key})
"""


@pytest.mark.both(long=True)
@pytest.mark.parametrize(("path", "body", "table"), [(POLLS, POLL, Poll), (BRIEFS, {"audience": "product"}, Brief)])
def test_killed_between_the_commit_and_the_answer_it_is_one_deed_with_one_answer(send, tmp_path, path, body, table):
    import json
    import os

    env = os.environ | {
        "HEARD_DATABASE_URL": settings().database_url,
        "HEARD_DATA": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    arguments = [sys.executable, "-c", KILLED, path, send.keys["maya"], "k", json.dumps(body)]
    done = subprocess.run(arguments, env=env, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 9, done.stderr[-800:]
    assert how_many(table) == 1
    again, once_more = send("k", body, path), send("k", body, path)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == once_more.content
    with reading() as session:
        stored = session.exec(select(table)).one()
    assert again.json()["slug" if table is Poll else "id"] == (stored.slug if table is Poll else stored.id)


def test_after_a_day_a_kept_answer_is_erased_and_a_younger_one_stays(send):
    import heard.accounts.api_jobs  # noqa: F401  (registers its job)

    send("old"), send("young")
    with writing() as session:
        old = session.exec(select(ApiCall).where(ApiCall.key == "old")).one()
        old.at = now() - timedelta(hours=25)
        session.add(old)
    for _twice in range(2):
        work.HANDLERS["forget_calls"]()
    with reading() as session:
        assert session.exec(select(ApiCall.key)).all() == ["young"]
        due = [row.due_at for row in session.exec(select(work.WorkDue).where(work.WorkDue.kind == "forget_calls"))]
    assert len(due) == 1
    assert due[0] > now() + timedelta(hours=23)


def test_a_token_that_is_revoked_replays_nothing(send, world):
    send("one")
    with writing() as session:
        session.delete(session.get_one(Membership, (world.people["maya"].id, world.the_community(session).id)))
    assert send("one").status_code == 401


def test_kept_answers_go_with_their_token(send, world):
    send("one")
    with writing() as session:
        session.delete(session.get_one(Account, world.people["maya"].id))
    assert how_many(ApiCall) == 0


def test_scrambled_twice_is_as_before():
    call = api_calls.Call("k", "h", "t")
    at = now()
    assert api_calls._scrambled(call, at, api_calls._scrambled(call, at, b"secret")) == b"secret"
