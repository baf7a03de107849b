"""The pages of webhooks: made, tried, looked at, paused, taken away; and who may."""

import html
import re

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry, Webhook
from heard.accounts.webhooks import jobs
from heard.kit import limits, outbound, work
from heard.kit.db import reading
from heard.kit.settings import settings
from tests.accounts.webhook_scene import allowed_receiver, deliveries, happen, hook, secret, states
from tests.contracts import full_house
from tests.name_server import answering
from tests.receiver import bomb, say
from tests.targets import TARGETS, ZONE

HERE = "/m/garden/webhooks"


@pytest.fixture
def receiver(world):
    with allowed_receiver() as made:
        yield made


@pytest.fixture
def no_limits(monkeypatch):
    monkeypatch.setattr(limits, "spend", lambda *_: None)


def form(url, *events, name="Chat"):
    return {"url": url, "name": name, "events": [*events] or ["poll.opened", "poll.closed"]}


def stored():
    with reading() as session:
        return session.exec(select(Webhook)).all()


@pytest.mark.both
def test_maya_makes_a_webhook_and_tries_it_at_once(client, receiver):
    maya = client.sign_in("maya")
    assert "No webhooks yet" in maya.get(HERE).text
    page = maya.get(f"{HERE}/new").text
    assert {"response.recorded", "results.moved", "brief.approved"} <= set(
        re.findall(r'value="([a-z]+\.[a-z]+)"', page)
    )
    made = maya.post(f"{HERE}/new", data=form(receiver.url))
    (webhook,) = stored()
    assert (webhook.name, webhook.url, webhook.events) == ("Chat", receiver.url, ["poll.opened", "poll.closed"])
    shown = maya.follow(made).text
    assert secret(webhook) in shown
    receiver.secrets.append(secret(webhook))
    tried = maya.follow(maya.post(f"{HERE}/{webhook.id}/tests")).text
    assert "delivered" in tried
    assert "Answered 204." in tried
    (one,) = receiver.taken
    assert (one.ours, one.event) == (True, "test")
    assert one.headers["heard-signature"] in tried, "the signature as it was sent"
    assert html.escape(one.raw.decode(), quote=False).replace('"', "&#34;") in tried


@pytest.mark.parametrize("url", TARGETS)
def test_what_must_not_be_called_is_not_saved(client, world, no_limits, monkeypatch, url):
    """S1, at save."""
    with answering(ZONE) as names:
        monkeypatch.setattr(settings(), "dns_server", names.address)
        answer = client.sign_in("maya").post(f"{HERE}/new", data=form(url))
    assert answer.status_code == 422
    assert stored() == []


def test_what_was_saved_is_looked_at_again_when_it_is_sent_and_tried(client, world, no_limits):
    """S1 at send, S5: the test goes the way of all deliveries, and gets the same answer."""
    maya = client.sign_in("maya")
    for url in TARGETS[:12]:
        webhook = hook(world, url or "x")
        happen(world, url)
        work.run_due()
        maya.post(f"{HERE}/{webhook.id}/tests")
        event, test = deliveries(webhook)
        assert (event.answered, event.error) == (test.answered, test.error)
        assert test.error in ("private", "form", "port", "unknown")
        maya.post(f"{HERE}/{webhook.id}/removal", data={"delete": "1"})


def test_test_and_delivery_are_one_function(client, receiver, world, monkeypatch):
    """S5."""
    assert jobs.try_now.__globals__["_sent"] is jobs._turn.__globals__["_sent"]
    calls = []
    monkeypatch.setattr(outbound, "post", lambda url, *_: calls.append(url) or outbound.Answer(200))
    webhook = hook(world, receiver.url)
    client.sign_in("maya").post(f"{HERE}/{webhook.id}/tests")
    happen(world, "a")
    work.run_due()
    assert calls == [receiver.url] * 2


@pytest.mark.both
def test_a_delivery_that_failed_is_sent_again_under_the_same_id(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    receiver.answer = lambda http, _taken: say(http, 500)
    happen(world, "a")
    work.run_due()
    assert "not answering well" in maya.get(f"{HERE}/{webhook.id}").text
    at = f"{HERE}/{webhook.id}/deliveries/{deliveries()[0].id}"
    assert "Answered 500." in maya.get(at).text
    receiver.answer = lambda http, _taken: say(http, 200)
    assert "delivered" in maya.follow(maya.post(f"{at}/tries")).text
    assert maya.post(f"{at}/tries").status_code == 303, "once more, by hand, is a wish of its own"
    assert len(receiver.taken) == 3
    assert len(set(receiver.ids())) == 1


def test_one_that_is_on_its_way_is_not_sent_again_meanwhile(client, receiver, world):
    from heard.accounts.webhooks.sending import take
    from heard.kit.db import writing

    webhook = hook(world, receiver.url)
    happen(world, "a")
    with writing() as session:
        take(session, webhook.id)
    maya = client.sign_in("maya")
    assert maya.post(f"{HERE}/{webhook.id}/deliveries/{deliveries()[0].id}/tries").status_code == 409
    maya.post(f"{HERE}/{webhook.id}/tests")
    assert states() == ["sending", "queued"], "and a test waits for its turn"
    assert receiver.taken == []


def test_a_test_is_tried_once_and_goes_to_a_paused_webhook_too(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    receiver.answer = lambda http, _taken: say(http, 410)
    maya.post(f"{HERE}/{webhook.id}/pause")
    assert "Paused since" in maya.get(f"{HERE}/{webhook.id}").text
    maya.post(f"{HERE}/{webhook.id}/tests")
    assert (states(), len(receiver.taken)) == (["failed"], 1)
    happen(world, "a")
    assert len(deliveries()) == 1, "what happens while it is paused is not recorded"
    maya.post(f"{HERE}/{webhook.id}/resumption")
    happen(world, "b")
    assert len(deliveries()) == 2


def test_the_answers_words_are_never_shown(client, receiver, world):
    def answer(http, _taken):
        http.send_response(500, "xylophone")
        http.send_header("X-Secret", "xylophone")
        http.end_headers()
        http.wfile.write(b"xylophone")

    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    receiver.answer = answer
    page = maya.follow(maya.post(f"{HERE}/{webhook.id}/tests")).text
    assert "Answered 500." in page
    assert "xylophone" not in page + str(full_house.contents())


def test_a_bomb_and_a_redirect_are_told_in_words(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    receiver.answer = lambda http, _taken: say(http, 302, Location="http://169.254.169.254/")
    assert "leads elsewhere" in maya.follow(maya.post(f"{HERE}/{webhook.id}/tests")).text
    receiver.answer = bomb(True)
    assert "delivered" in maya.follow(maya.post(f"{HERE}/{webhook.id}/tests")).text


@pytest.mark.both
def test_another_secret_signs_from_now_on(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    happen(world, "a")
    work.run_due()
    at = f"{HERE}/{webhook.id}/deliveries/{deliveries()[0].id}"
    old = secret(webhook)
    assert "Heard-Signature" in maya.get(at).text
    assert old not in maya.follow(maya.post(f"{HERE}/{webhook.id}/secret")).text
    assert "The secret was replaced since the last try" in maya.get(at).text
    receiver.secrets = [secret(webhook)]
    assert old != receiver.secrets[0]
    maya.post(f"{at}/tries")
    assert [one.ours for one in receiver.taken] == [False, True]


def test_a_webhook_is_changed_and_what_waits_goes_to_its_new_address(client, receiver, world):
    webhook, maya = hook(world, "http://127.0.0.1:1024/"), client.sign_in("maya")
    happen(world, "a")
    at = f"{HERE}/{webhook.id}/settings"
    assert 'value="http://127.0.0.1:1024/"' in maya.get(at).text
    assert maya.post(at, data=form("http://10.0.0.1/")).status_code == 422
    assert maya.post(at, data=form(receiver.url, name="New")).status_code == 303
    assert (stored()[0].name, stored()[0].url) == ("New", receiver.url)
    work.run_due()
    assert states() == ["sent"]


def test_it_is_deleted_with_a_yes_and_the_log_knows(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    happen(world, "a")
    assert "1 delivery waits" in maya.get(f"{HERE}/{webhook.id}/removal").text
    assert maya.post(f"{HERE}/{webhook.id}/removal").status_code == 422
    assert len(stored()) == 1
    maya.post(f"{HERE}/{webhook.id}/removal", data={"delete": "1"})
    assert (stored(), deliveries()) == ([], [])
    work.run_due()
    assert receiver.taken == []
    with reading() as session:
        deeds = session.exec(select(AuditEntry.action).where(AuditEntry.subject == str(webhook.id))).all()
    assert [d for d in deeds if d.startswith("webhook")] == ["webhook.created", "webhook.deleted"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"events": []}, "events"),
        ({"events": ["poll.exploded"]}, "events"),
        ({"url": "hello"}, "url"),
        ({"url": ""}, "url"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(client, receiver, sent, field):
    answer = client.sign_in("maya").post(f"{HERE}/new", data=form(receiver.url, name="My <i>hook</i>") | sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "My &lt;i&gt;hook" in answer.text
    assert stored() == []


def test_twenty_are_enough(client, receiver, world, no_limits):
    for _n in range(20):
        hook(world, receiver.url)
    assert client.sign_in("maya").post(f"{HERE}/new", data=form(receiver.url)).status_code == 409
    assert len(stored()) == 20


def test_deliveries_are_shown_a_page_at_a_time(client, receiver, world):
    webhook, maya = hook(world, receiver.url), client.sign_in("maya")
    happen(world, *range(60))
    seen, path = [], f"{HERE}/{webhook.id}"
    while path:
        page = maya.get(path).text
        seen += re.findall(r"/deliveries/(\d+)\"", page)
        following = re.search(r'href="([^"]+\?before=\d+)"', page)
        path = following[1] if following else ""
    assert [int(n) for n in seen] == sorted((row.id for row in deliveries()), reverse=True)


@pytest.mark.parametrize(
    ("person", "status"), [("maya", 200), ("ines", 200), ("ravi", 403), ("vic", 403), ("olu", 404)]
)
def test_managers_see_webhooks_and_nobody_else_sees_a_secret(client, receiver, world, person, status):
    webhook, browser = hook(world, receiver.url), client.sign_in(person)
    happen(world, "a")
    own, other = secret(webhook), hook(world, receiver.url, community="outside")
    for path in (HERE, f"{HERE}/new", f"{HERE}/{webhook.id}", f"{HERE}/{webhook.id}/settings"):
        answer = browser.get(path)
        assert answer.status_code == status, path
        assert (own in answer.text) == (status == 200 and path == f"{HERE}/{webhook.id}")
    for path in (f"{HERE}/{other.id}", f"{HERE}/{webhook.id}/deliveries/9999", f"{HERE}/99999999999999999999"):
        assert browser.get(path).status_code in (404, status if status != 200 else 404)
    menu = browser.get("/m/garden/polls").text
    assert ('href="/m/garden/webhooks"' in menu) == (status == 200)
    assert browser.post(f"{HERE}/{webhook.id}/secret").status_code == (303 if status == 200 else status)


def test_the_secret_is_in_no_log_and_no_row(client, receiver, world, monkeypatch, caplog):
    lines = []
    monkeypatch.setattr(jobs.log, "info", lambda *words, **more: lines.append(f"{words} {more}"), raising=False)
    caplog.set_level("DEBUG")
    webhook, maya = hook(world, f"{receiver.url}/part-of-an-address"), client.sign_in("maya")
    happen(world, "a")
    work.run_due()
    maya.post(f"{HERE}/{webhook.id}/tests")
    maya.get(f"{HERE}/{webhook.id}")
    everything = "".join(lines) + caplog.text
    assert everything.count("webhook.sent") == 2
    assert secret(webhook) not in everything + str(full_house.contents())
    assert "part-of-an-address" not in everything
