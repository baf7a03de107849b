"""Webhooks over the API: what their pages can do."""

import json

import pytest

from tests.accounts.webhook_scene import allowed_receiver, deliveries, happen, hook, secret
from tests.receiver import say

HERE = "/api/v1/communities/garden/webhooks"


@pytest.fixture
def receiver(world):
    with allowed_receiver() as made:
        yield made


@pytest.fixture
def maya(world, client):
    """Calls with her token."""
    key = {"authorization": f"Bearer {world.token('maya')}"}

    def call(method, path, **sent):
        answer = client.request(method, path, headers=key, json=sent or None)
        return answer.status_code, answer.json() if answer.content else None

    return call


@pytest.mark.both
def test_the_life_of_a_webhook(maya, receiver, world):
    status, made = maya("POST", HERE, url=receiver.url, events=["poll.opened"], name="Bot")
    assert (status, made["name"], made["state"], made["events"]) == (201, "Bot", "new", ["poll.opened"])
    receiver.secrets.append(made["secret"])
    at = f"/api/v1/webhooks/{made['id']}"
    assert maya("POST", f"{at}/tests")[1] | {"created_at": 0, "tried_at": 0} == {
        "id": 1, "event_id": receiver.taken[0].id, "event": "test", "state": "sent", "tries": 1, "answered": 204, "error": "",
        "body": receiver.taken[0].body, "created_at": 0, "tried_at": 0,
    }  # fmt: skip
    assert receiver.taken[0].ours
    assert maya("PATCH", at, name="Bot two")[1]["name"] == "Bot two"
    assert maya("POST", f"{at}/pause")[1]["state"] == "paused"
    assert maya("POST", f"{at}/resumption")[1]["state"] == "working"
    assert maya("POST", f"{at}/secret")[1]["secret"] not in ("", made["secret"])
    assert maya("GET", HERE)[1]["webhooks"] == [maya("GET", at)[1]]
    assert maya("DELETE", at) == (204, None)
    assert maya("GET", at)[0] == 404
    assert maya("GET", HERE)[1] == {"webhooks": [], "next": None}


def test_deliveries_come_a_page_at_a_time_and_are_sent_again(maya, receiver, world):
    webhook = hook(world, receiver.url)
    happen(world, *range(5))
    at, seen, cursor = f"/api/v1/webhooks/{webhook.id}/deliveries", [], ""
    while cursor is not None:
        page = maya("GET", f"{at}?limit=2&cursor={cursor}")[1]
        seen += [d["id"] for d in page["deliveries"]]
        assert len(page["deliveries"]) <= 2
        cursor = page["next"]
    assert seen == [row.id for row in reversed(deliveries())]
    receiver.answer = lambda http, _taken: say(http, 500)
    tried = maya("POST", f"{at}/{seen[-1]}/tries")
    assert (tried[0], tried[1]["state"], tried[1]["answered"]) == (201, "queued", 500)
    assert maya("GET", f"{at}/{seen[-1]}")[1] == tried[1]
    assert tried[1]["body"] == json.loads(deliveries()[0].body)


def test_webhooks_come_a_page_at_a_time(maya, receiver, world):
    made = [hook(world, receiver.url, name=str(n)).id for n in range(5)]
    first = maya("GET", f"{HERE}?limit=3")[1]
    rest = maya("GET", f"{HERE}?limit=3&cursor={first['next']}")[1]
    assert [w["id"] for w in first["webhooks"] + rest["webhooks"]] == made
    assert rest["next"] is None


@pytest.mark.parametrize("cursor", ["x", "-1", "²", "9" * 30, "1.5"])
def test_a_cursor_of_ones_own_is_refused(maya, cursor):
    assert maya("GET", f"{HERE}?cursor={cursor}")[0] == 422


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"url": "http://127.0.0.1/", "events": ["poll.opened"]}, "target_refused"),
        ({"url": "https://198.41.0.4/", "events": ["nothing"]}, "bad_input"),
        ({"url": "https://198.41.0.4/", "events": []}, "bad_input"),
        ({"url": "https://198.41.0.4/", "events": ["poll.opened"], "secret": "mine"}, "bad_input"),
        ({"url": "https://198.41.0.4:6379/", "events": ["poll.opened"]}, "target_refused"),
    ],
)
def test_what_cannot_be_is_refused_in_the_one_shape(maya, sent, code):
    status, answer = maya("POST", HERE, **sent)
    assert (status, answer["error"]["code"]) == (422, code)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("olu", 404)])
def test_only_managers_see_webhooks(client, world, receiver, person, status):
    webhook = hook(world, receiver.url)
    happen(world, "a")
    key = world.token(person, community="outside" if person == "olu" else "garden")
    for path in (HERE, f"/api/v1/webhooks/{webhook.id}", f"/api/v1/webhooks/{webhook.id}/deliveries"):
        answer = client.get(path, headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == status
        assert (secret(webhook) in answer.text) == (status == 200 and "deliveries" not in path)


def test_a_token_that_only_reads_sees_no_secret(client, world, receiver):
    webhook = hook(world, receiver.url)
    key = {"authorization": f"Bearer {world.token('ines', read_only=True)}"}
    assert client.get(f"/api/v1/webhooks/{webhook.id}", headers=key).status_code == 403
