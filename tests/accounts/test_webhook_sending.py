"""Deliveries of webhooks: signed, at least once, under one id; a bad target keeps nobody else waiting."""

import json
import subprocess
import threading
import time
from datetime import timedelta

import pytest
from sqlmodel import select

from heard.accounts.models import AuditEntry, Membership, Webhook, WebhookDelivery
from heard.accounts.webhooks import events, jobs, registering, sending, snippets
from heard.accounts.webhooks.sending import take
from heard.kit import mail, outbound, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import reading, writing
from heard.kit.mail import Outcome
from tests.accounts.webhook_scene import allowed_receiver, deliveries, happen, hook, secret, states
from tests.receiver import say


@pytest.fixture
def receiver(world):
    with allowed_receiver() as made:
        yield made


@pytest.fixture
def away(receiver):
    """An address of this machine where nobody listens any more."""
    receiver.server.shutdown()
    receiver.server.server_close()
    return receiver.url


def later(**wait):
    return stopped_at(now() + timedelta(**wait))


@pytest.mark.both
def test_an_event_reaches_the_webhook_signed_and_once(world, receiver):
    webhook = hook(world, receiver.url)
    receiver.secrets.append(secret(webhook))
    happen(world, "best-day")
    assert work.run_due() > 0
    (one,) = receiver.taken
    assert (one.ours, one.event, one.body["data"]) == (True, "poll.opened", {"poll": "best-day"})
    assert one.id == one.body["id"]
    assert (one.body["community"], one.headers["content-type"]) == ("garden", "application/json")
    (row,) = deliveries()
    assert (row.status, row.answered, row.attempts, row.error) == ("sent", 204, 1, "")
    assert row.body == one.raw.decode()
    jobs.send_waiting(webhook.id)
    assert len(receiver.taken) == 1, "running it again does nothing"


@pytest.mark.both
def test_the_same_thing_told_twice_is_one_delivery_for_each_webhook_with_one_id(world, receiver):
    hook(world, receiver.url)
    hook(world, receiver.url)
    happen(world, "a", "a", "b")
    work.run_due()
    ids = receiver.ids()
    assert len(ids) == 4
    assert len(set(ids)) == 2


@pytest.mark.both
def test_a_transaction_that_is_rolled_back_tells_nothing(world, receiver):
    hook(world, receiver.url)
    with pytest.raises(ZeroDivisionError), writing() as session:
        events.tell(session, world.the_community(session).id, "poll.opened", "x", {})
        raise ZeroDivisionError
    work.run_due()
    assert (receiver.taken, deliveries()) == ([], [])


def test_a_webhook_hears_what_it_wants_of_its_own_community(world, receiver):
    mine = hook(world, receiver.url, "poll.opened")
    hook(world, receiver.url, community="outside")
    happen(world, "a")
    happen(world, "b", event="poll.closed")
    assert [row.webhook_id for row in deliveries()] == [mine.id]


@pytest.mark.parametrize(("try_", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360), (6, 720), (7, 720)])
def test_what_is_refused_is_tried_again_after_growing_waits(world, receiver, try_, minutes):
    hook(world, receiver.url)
    receiver.answer = lambda http, _taken: say(http, 500)
    happen(world, "a")
    at = now()
    for _earlier in range(try_):
        with stopped_at(at):
            work.run_due()
        (row,) = deliveries()
        assert (row.status, row.answered) == ("queued", 500)
        before, at = at, row.lease_until
    assert row.lease_until - before == timedelta(minutes=minutes)
    assert row.attempts == len(receiver.taken) == try_
    assert len(set(receiver.ids())) == 1, "under the same id"


def test_before_its_time_nothing_is_tried(world, receiver):
    webhook = hook(world, receiver.url)
    receiver.answer = lambda http, _taken: say(http, 503)
    happen(world, "a")
    work.run_due()
    jobs.send_waiting(webhook.id)
    with later(seconds=50):
        jobs.send_waiting(webhook.id)
    assert len(receiver.taken) == 1
    receiver.answer = lambda http, _taken: say(http, 200)
    with later(minutes=2):
        work.run_due()
    assert states() == ["sent"]


def test_one_body_that_a_target_cannot_take_keeps_no_other_back(world, receiver):
    webhook = hook(world, receiver.url)
    receiver.answer = lambda http, taken: say(http, 400 if taken.body["data"]["poll"] == "poison" else 200)
    happen(world, "poison", "a", "b")
    jobs.send_waiting(webhook.id)
    assert states() == ["queued", "sent", "sent"]


def test_of_a_target_that_is_away_one_delivery_is_tried_and_the_others_wait(world, away, monkeypatch):
    calls = []
    monkeypatch.setattr(sending.outbound, "post", lambda *a: calls.append(a) or outbound.Answer(None, "unreachable"))
    webhook = hook(world, away)
    happen(world, "a", "b", "c")
    for _wish in range(5):
        jobs.send_waiting(webhook.id)
    assert len(calls) == 1
    with later(minutes=2):
        jobs.send_waiting(webhook.id)
    assert len(calls) == 2, "another one now, and then longer waits"
    with later(minutes=6):
        jobs.send_waiting(webhook.id)
    assert len(calls) == 2
    with later(minutes=8):
        jobs.send_waiting(webhook.id)
    assert len(calls) == 3


def test_when_a_target_is_back_everything_that_waited_goes(world, receiver):
    webhook = hook(world, "http://127.0.0.1:1024/")
    happen(world, *"abcde")
    jobs.send_waiting(webhook.id)
    with later(minutes=2):
        jobs.send_waiting(webhook.id)
    with writing() as session:
        session.get_one(Webhook, webhook.id).url = receiver.url
    with later(minutes=20):
        jobs.send_waiting(webhook.id)
    assert states() == ["sent"] * 5


def test_a_slow_target_gives_its_place_up_and_comes_back(world, receiver, monkeypatch):
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.3)
    receiver.answer = lambda http, _taken: (time.sleep(0.2), say(http, 200))[1]
    webhook = hook(world, receiver.url)
    happen(world, *"abcdef")
    jobs.send_waiting(webhook.id)
    assert 0 < states().count("sent") < 6
    assert [w for w in work.waiting() if w.kind == "webhook"], "it stands in line again"
    work.run_due()
    assert states() == ["sent"] * 6


def test_of_targets_that_were_away_one_is_tried_at_a_time(world, receiver, monkeypatch):
    """Two places for work there are: dead targets take one of them at most."""
    dead = [hook(world, "http://127.0.0.1:1024/", name=str(n)) for n in range(3)]
    happen(world, "a")
    for webhook in dead:
        jobs.send_waiting(webhook.id)
    inside, most = [], []

    def slow(*_):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.2)
        inside.pop()
        return outbound.Answer(None, "timeout")

    monkeypatch.setattr(sending.outbound, "post", slow)
    with later(minutes=3):
        crowd = [threading.Thread(target=jobs.send_waiting, args=(w.id,)) for w in dead]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
    assert most == [1]
    assert len([w for w in work.waiting() if w.kind == "webhook"]) <= 3


@pytest.mark.both
def test_two_workers_at_once_send_nothing_twice_and_one_at_a_time(world, receiver):
    webhook = hook(world, receiver.url)
    inside, most = [], []

    def count(http, _taken):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        say(http, 200)

    receiver.answer = count
    happen(world, *range(30))
    until = time.monotonic() + 60

    def worker():
        while "queued" in states() and time.monotonic() < until:
            jobs.send_waiting(webhook.id)

    crowd = [threading.Thread(target=worker) for _ in range(2)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert states() == ["sent"] * 30
    assert sorted(receiver.ids()) == sorted(row.event_id for row in deliveries())
    assert max(most) == 1


@pytest.mark.both
def test_what_a_dead_worker_had_taken_is_sent_again_under_its_id_when_the_lease_ends(world, receiver):
    webhook = hook(world, receiver.url)
    happen(world, "a", "b")
    with writing() as session:
        parcel = take(session, webhook.id)
    sending.send(parcel)  # and then the process dies
    jobs.send_waiting(webhook.id)
    assert states() == ["sending", "queued"], "the others wait: it may be on its way"
    with later(seconds=31):
        work.run_due()
    assert states() == ["sent", "sent"]
    assert receiver.ids() == [parcel.event_id, deliveries()[1].event_id, parcel.event_id], "what is new goes first"


@pytest.mark.both
def test_whoever_wakes_up_after_its_lease_overwrites_nothing(world, receiver):
    webhook = hook(world, receiver.url)
    happen(world, "a")
    with writing() as session:
        old = take(session, webhook.id)
    with later(seconds=31), writing() as session:
        new = take(session, webhook.id)
        sending.record(session, new, outbound.Answer(200))
    with writing() as session:
        sending.record(session, old, outbound.Answer(None, "timeout"))
    assert states() == ["sent"]


@pytest.mark.both
def test_a_target_that_is_gone_pauses_the_webhook_and_what_happens_then_is_not_recorded(world, receiver):
    webhook = hook(world, receiver.url)
    receiver.answer = lambda http, _taken: say(http, 410)
    happen(world, "a", "b")
    jobs.send_waiting(webhook.id)
    happen(world, "c")
    assert states() == ["failed", "queued"]
    with reading() as session:
        assert session.get_one(Webhook, webhook.id).paused_at is not None
    receiver.answer = lambda http, _taken: say(http, 200)
    jobs.send_waiting(webhook.id)
    assert len(receiver.taken) == 1
    with writing() as session:
        registering.resume(session, session.get_one(Webhook, webhook.id), by=world.people["maya"])
    work.run_due()
    assert states() == ["failed", "sent"]


@pytest.fixture
def box(monkeypatch):
    sent = []
    monkeypatch.setattr(mail.Connection, "send", lambda _server, message: sent.append(message) or Outcome("sent"))
    return sent


def fail_for(webhook, days):
    """Try again and again until so many days have passed."""
    begun, step = now(), timedelta(0)
    while step < timedelta(days=days):
        with stopped_at(begun + step):
            jobs.send_waiting(webhook.id)
        step += timedelta(hours=6)


@pytest.mark.both
def test_a_webhook_that_fails_for_three_days_is_paused_and_its_owner_is_told(world, receiver, box):
    webhook = hook(world, receiver.url, name="Our <b>chat</b>")
    receiver.answer = lambda http, _taken: say(http, 500)
    happen(world, "a")
    fail_for(webhook, 2.9)
    with reading() as session:
        assert session.get_one(Webhook, webhook.id).paused_at is None
    with later(days=4):
        work.run_due()
    with reading() as session:
        assert session.get_one(Webhook, webhook.id).paused_at is not None
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "webhook.paused")).one().account_id is None
    assert states() == ["failed"]
    (message,) = box
    assert message["To"] == "maya@garden.example"
    assert message["Subject"] == "Webhook paused: Our <b>chat</b>"
    assert "<b>chat" not in message.get_body(("html",)).get_content()
    assert f"/m/garden/webhooks/{webhook.id}" in message.get_body(("plain",)).get_content()


def test_when_who_made_it_has_left_the_owners_are_told_in_their_language(world, receiver, box):
    webhook = hook(world, receiver.url)
    with writing() as session:
        home = world.the_community(session)
        session.delete(session.get_one(Membership, (world.people["maya"].id, home.id)))
        ines = session.get_one(type(world.people["ines"]), world.people["ines"].id)
        ines.locale = "fr"
        registering.pause(session, session.get_one(Webhook, webhook.id), by=None, why="gone")
    jobs.tell_of_pause(webhook.id, "gone")
    assert [m["To"] for m in box] == ["ines@garden.example"]
    assert box[0]["Content-Language"] == "fr"
    jobs.tell_of_pause(webhook.id, "gone")
    assert box[0]["Message-ID"] == box[1]["Message-ID"]


def test_one_old_delivery_that_is_refused_pauses_nothing_while_others_arrive(world, receiver, box):
    webhook = hook(world, receiver.url)
    receiver.answer = lambda http, taken: say(http, 400 if taken.body["data"]["poll"] == "poison" else 200)
    happen(world, "poison")
    fail_for(webhook, 2.9)
    with later(days=2):
        happen(world, "fine")
        jobs.send_waiting(webhook.id)
    with later(days=4):
        work.run_due()
    assert sorted(states()) == ["failed", "sent"]
    assert box == []
    with reading() as session:
        assert session.get_one(Webhook, webhook.id).paused_at is None


def test_resumed_it_has_three_days_again(world, receiver, box):
    webhook = hook(world, receiver.url)
    receiver.answer = lambda http, _taken: say(http, 500)
    happen(world, "a", "b")
    with later(days=4):
        work.run_due()
        assert len(box) == 1
        with writing() as session:
            registering.resume(session, session.get_one(Webhook, webhook.id), by=world.people["maya"])
        happen(world, "c")
        work.run_due()
    with reading() as session:
        assert session.get_one(Webhook, webhook.id).paused_at is None
    assert len(box) == 1


@pytest.mark.both
def test_deliveries_are_erased_after_thirty_days(world, receiver, monkeypatch):
    monkeypatch.setattr(sending, "PIECE", 2)
    webhook = hook(world, receiver.url)
    happen(world, *"abcde")
    work.run_due()
    with later(days=20):
        happen(world, "young")
        jobs.send_waiting(webhook.id)
    with later(days=31):
        work.run_due()
    assert [json.loads(row.body)["data"]["poll"] for row in deliveries()] == ["young"]
    with later(days=60):
        work.run_due()
    assert deliveries() == []


@pytest.mark.both
def test_a_webhook_deleted_while_one_is_on_its_way_is_no_fault(world, receiver):
    webhook = hook(world, receiver.url)
    happen(world, "a")
    with writing() as session:
        parcel = take(session, webhook.id)
    with writing() as session:
        registering.delete(session, session.get_one(Webhook, webhook.id), by=world.people["maya"])
    with writing() as session:
        sending.record(session, parcel, outbound.Answer(200))
    jobs.send_waiting(webhook.id)
    happen(world, "b")
    assert deliveries() == []


@pytest.mark.both
def test_what_somebody_took_back_is_not_sent_and_not_kept(world, receiver):
    webhook = hook(world, receiver.url)
    with writing() as session:
        home = world.the_community(session).id
        for event in ("response.recorded", "response.withdrawn"):
            events.tell(session, home, event, "s", {"submission_id": '100%_"é'})
            events.tell(session, home, event, "t", {"submission_id": "other"})
    jobs.forget(home, "submission_id", '100%_"é', "response.withdrawn")
    assert states() == ["stopped", "queued", "queued", "queued"]
    jobs.send_waiting(webhook.id)
    assert len(receiver.taken) == 3
    jobs.forget(home, "submission_id", "other", "response.withdrawn")
    assert [(row.status, bool(row.body)) for row in deliveries()] == [
        ("stopped", False), ("sent", False), ("sent", True), ("sent", True),
    ]  # fmt: skip


def test_no_transaction_is_open_while_a_target_is_called(world, receiver):
    webhook = hook(world, receiver.url)
    wrote = []

    def write_meanwhile(http, _taken):
        with writing() as session:
            session.add(WebhookDelivery(webhook_id=webhook.id, event_id="x", event="test", body="{}", created_at=now()))
        wrote.append(1)
        say(http, 200)

    receiver.answer = write_meanwhile
    happen(world, "a")
    jobs.try_now(webhook.id, deliveries()[0].id)
    assert wrote == [1]


@pytest.mark.parametrize("language", ["Python", "JavaScript"])
def test_the_snippets_take_what_is_ours_and_refuse_the_rest(world, receiver, language, tmp_path):
    """S7: another secret, another body, an older time, a time that was moved."""
    webhook = hook(world, receiver.url)
    happen(world, "é “quoted”")
    work.run_due()
    one, key = receiver.taken[0], secret(webhook)
    fine = (key, one.headers, one.raw.decode())
    old = sending.headers_of("x", "y", now() - timedelta(minutes=6), key, one.raw.decode())
    cases = [
        (*fine, True), ("other", *fine[1:], False), (key, one.headers, one.raw.decode() + " ", False),
        (key, {n.lower(): v for n, v in old.items()}, one.raw.decode(), False),
        (key, one.headers | {"heard-time": str(int(one.headers["heard-time"]) + 1)}, one.raw.decode(), False),
    ]  # fmt: skip
    for a_secret, headers, body, right in cases:
        assert verdict(language, tmp_path, a_secret, headers, body) is right


def verdict(language, folder, a_secret, headers, body):
    text = snippets.SNIPPETS[language]
    if language == "Python":
        space: dict = {}
        exec(text, space)
        return space["is_ours"](a_secret, {n.title(): v for n, v in headers.items()}, body.encode())
    if not (node := __import__("shutil").which("node")):
        pytest.skip("no Node here")
    (folder / "given.json").write_text(json.dumps([a_secret, headers, body]))
    call = (
        'const [s, h, b] = JSON.parse(require("fs").readFileSync("given.json"));'
        " console.log(isOurs(s, h, Buffer.from(b)))"
    )
    (folder / "snippet.cjs").write_text(f"{text}\n{call}\n")
    done = subprocess.run([node, "snippet.cjs"], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip() == "true"
