"""Readers with a rhythm: drafted a day ahead, sent at the hour, once for each period, whatever the clock does."""

import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from heard.accounts import contacts, unsubscribing
from heard.accounts.models import Contact, Webhook
from heard.kit import zones
from heard.kit.clock import stopped_at
from heard.kit.db import reading, writing
from insights.models import Brief, Delivery, Subscription, Turn
from insights.send import approving, deliveries, periods, schedules, turning, turns
from insights.send.schedules import Wish
from tests.insights.send.turning import (
    HOUR,
    INES,
    MAYA,
    MONDAY,
    RAVI,
    Box,
    everything,
    minute,
    people_answer,
    reads,
    states,
    turns_of,
)

pytestmark = pytest.mark.both(long=True)
DRAFTED, DUE = MONDAY + timedelta(days=7) - 4 * HOUR, MONDAY + timedelta(days=7) + 20 * HOUR  # Tuesday 8 December, 8:00
WEEK = (date(2026, 11, 30), date(2026, 12, 6))


@pytest.fixture
def box(monkeypatch):
    return Box(monkeypatch)


@pytest.fixture
def answered(world):
    """Twelve answers on the first day of the week that is told."""
    people_answer(world, n=12, themed=False)


def approve(world):
    with writing() as session:
        for brief in session.exec(select(Brief)):
            approving.approve(session, brief, by=world.people["maya"])


def test_a_week_from_the_plan_to_the_mail(world, answered, box):
    reads(world)
    minute(MONDAY + HOUR)
    assert turns_of() == [(date(2026, 11, 29), "drafted")], "tomorrow's is about the week before"
    minute(MONDAY + timedelta(days=1))
    assert turns_of()[1] == (WEEK[1], "planned")
    minute(DRAFTED - timedelta(seconds=1))
    assert turns_of()[1] == (WEEK[1], "planned")
    minute(DRAFTED)
    brief = next(b for b in everything(Brief) if b.until == WEEK[1])
    assert (brief.since, brief.scheduled, brief.approved_at) == (WEEK[0], True, None)
    assert turns_of()[1] == (WEEK[1], "drafted")
    approve(world)
    minute(DUE - timedelta(seconds=1))
    assert len(box.to(MAYA)) == 1, "the one about the week before"
    minute(DUE)
    minute(DUE + HOUR)
    assert states() == {"sent": 2, "planned": 1}
    assert [str(m["Subject"]) for m in box.to(MAYA)][1:] == [brief.subject]


def test_readers_of_one_kind_and_language_share_a_brief(world, answered, box):
    for address, more in ((MAYA, {}), (INES, {"hour": 9, "zone": "Europe/Paris"}), (RAVI, {"weekday": 3})):
        reads(world, address, when=DRAFTED - 30 * HOUR, **more)
    for hours in range(0, 80, 4):
        minute(DRAFTED + timedelta(hours=hours))
    assert [(b.since, b.until) for b in everything(Brief)] == [WEEK]
    assert states()["sent"] == 3
    assert {d.recipient: d.status for d in everything(Delivery)} == dict.fromkeys((MAYA, INES, RAVI), "sent")


def test_unapproved_at_its_hour_it_goes_without_quotes_or_waits(world, box):
    people_answer(world)
    reads(world, when=DRAFTED - HOUR)
    reads(world, INES, unapproved="wait", when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    assert states()["waiting"] == 1
    [sent] = everything(Delivery)
    assert (sent.recipient, sent.quotes, sent.status) == (MAYA, False, "sent")
    quoted = "the opening hours are too short in the evening"
    assert quoted not in box.to(MAYA)[0].get_body(("plain",)).get_content().replace("\n", " ")
    later = DUE + timedelta(days=3)
    with stopped_at(later):
        approve(world)
    minute(later)
    assert [(d.recipient, d.quotes) for d in everything(Delivery)] == [(MAYA, False), (INES, True)]
    assert "waiting" not in states()
    assert len(box.to(INES)) == 1


@pytest.mark.both  # the row of the brief is locked on PostgreSQL only
def test_an_approval_at_the_very_hour_leaves_nobody_waiting(world, box):
    """The approval is not committed when the hour comes: who is handed over meanwhile sees it, or is seen by it."""
    people_answer(world)
    reads(world, INES, unapproved="wait", when=DRAFTED - HOUR)
    minute(DRAFTED)
    done = threading.Thread(target=turning.send_all)
    with stopped_at(DUE):
        with writing() as session:
            approving.approve(session, session.exec(select(Brief)).one(), by=world.people["maya"])
            done.start()
            done.join(0.5)
        done.join()
    minute(DUE)
    assert [(d.recipient, d.quotes, d.status) for d in everything(Delivery)] == [(INES, True, "sent")]
    assert "waiting" not in states()


def test_what_is_read_behind_an_unread_brief_has_no_words_of_people_until_somebody_has_read_it(world, box, client):
    people_answer(world)
    reads(world, when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    body = box.to(MAYA)[0].get_body(("plain",)).get_content()
    address = next(part for part in body.split() if "/b/" in part)
    token = address.split("/b/")[1].partition("?")[0]
    assert client.get(f"/b/{token}").text.count("<blockquote") == 0
    assert client.get(f"/b/{token}/evidence/2").text.count("<blockquote") == 0
    approve(world)
    assert client.get(f"/b/{token}/evidence/2").text.count("<blockquote") > 0


def test_what_waits_is_overtaken_when_the_next_one_is_drafted_and_can_be_sent_by_hand(world, box, client):
    people_answer(world)
    reads(world, INES, unapproved="wait", when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    first = everything(Brief)[0]
    week = timedelta(days=7)
    minute(DRAFTED + week)
    assert [state for _until, state in turns_of()] == ["skipped", "drafted"]
    page = client.sign_in("maya")
    with stopped_at(DRAFTED + week):
        shown = page.get("/m/garden/briefs").text
    assert "Overtaken for 1 reader" in shown
    assert "waits for your approval" not in shown
    with stopped_at(DRAFTED + week), writing() as session:
        approving.approve(session, session.get_one(Brief, first.id), by=world.people["maya"])
    minute(DRAFTED + week)
    assert box.to(INES) == [], "it comes too late to go by itself"
    assert "Overtaken" not in page.get("/m/garden/briefs").text, "it was read, so it asks nobody any more"
    with stopped_at(DRAFTED + week), writing() as session:
        deliveries.send_to(session, session.get_one(Brief, first.id), [INES], by=world.people["maya"])
    minute(DRAFTED + week)
    assert [str(m["Subject"]) for m in box.to(INES)] == [first.subject]


def test_of_many_that_nobody_approved_the_last_is_named_and_the_reader_gets_the_newest_alone(world, answered, box):
    reads(world, INES, rhythm="daily", unapproved="wait", when=MONDAY)
    for hours in range(0, 96, 4):
        minute(MONDAY + timedelta(hours=hours))
    moment = MONDAY + timedelta(hours=95)
    with stopped_at(moment), reading() as session:
        asks = turns.waiting_in(session, world.the_community(session).id)
    assert [(one.state, one.until.day) for one in asks] == [("waiting", 3), ("overtaken", 2)]
    with stopped_at(moment):
        approve(world)
    minute(moment)
    assert len(box.to(INES)) == 1


def test_who_wants_none_by_themselves_any_more_waits_for_none(world, answered, box):
    row = reads(world, INES, unapproved="wait", when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    with stopped_at(DUE + HOUR), writing() as session:
        mine = session.get(Subscription, (row.community_id, row.contact_id, row.audience))
        schedules.keep_own(session, mine, Wish(rhythm=""))
    minute(DUE + HOUR)
    assert states() == {"skipped": 1}
    with stopped_at(DUE + HOUR), reading() as session:
        assert turns.waiting_in(session, row.community_id) == []


def test_who_stops_by_one_click_while_a_brief_waits_gets_nothing_of_it(world, answered, box, client):
    """As a mail program does it (RFC 8058): from anywhere, with no cookie. Approved before and after the job that follows."""
    reads(world, INES, unapproved="wait", when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    with reading() as session:
        ines = session.exec(select(Contact).where(Contact.address == INES)).one()
        address = unsubscribing.address_of(ines, contacts.BRIEFS).removeprefix("http://127.0.0.1:8000")
    headers = {"sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded"}
    assert client.post(address, content="List-Unsubscribe=One-Click", headers=headers).status_code == 200
    with stopped_at(DUE):
        approve(world)
        turning.send_all()
    assert [d.status for d in everything(Delivery)] == ["suppressed"]
    minute(DUE + HOUR)
    assert (box.to(INES), turns_of(), everything(Subscription)) == ([], [], [])


def test_a_zone_that_is_gone_counts_as_utc_and_holds_up_nobody(world, answered, box, client):
    row = reads(world, zone="Europe/Kyiv", when=DRAFTED - HOUR)
    reads(world, INES, when=DRAFTED - HOUR)
    with writing() as session:
        session.get(Subscription, (row.community_id, row.contact_id, row.audience)).zone = "Europe/Atlantis"
    minute(DRAFTED)
    minute(DUE)
    assert len(box.to(MAYA)) == len(box.to(INES)) == 1
    page = client.sign_in("maya").get("/m/garden/readers").text
    assert "This time zone is not known here any more." in page


@pytest.mark.parametrize(
    ("hour", "unapproved", "said"),
    [
        (8, "without_quotes", "it goes without quotes. A later hour leaves time."),
        (8, "wait", "it goes when you approve it. A later hour leaves time."),
        (12, "wait", "You can approve it from 1 December 2026, 08:00."),
    ],
)
def test_the_page_says_how_long_there_is_to_approve_a_daily_brief(world, client, hour, unapproved, said):
    reads(world, rhythm="daily", hour=hour, unapproved=unapproved)
    with stopped_at(MONDAY):
        page = client.sign_in("maya").get("/m/garden/readers").text
    assert said in page


def test_nothing_new_is_said_or_skipped_as_the_reader_has_it(world, box):
    reads(world, when=DRAFTED - HOUR)
    reads(world, INES, nothing_new="skip", when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE)
    assert states() == {"sent": 1, "skipped": 1, "planned": 2}
    [one] = [m for m in box if m["List-Id"]]
    assert one["To"] == MAYA
    assert "No answers in this period" in str(one["Subject"])


@pytest.mark.parametrize(
    ("facts", "empty"),
    [
        ({"since": "2026-11-30", "responses": 0, "comments": 0, "actions": []}, True),
        ({"since": "2026-11-30", "responses": 0, "comments": 0, "actions": [{"on": "2026-11-29"}]}, True),
        ({"since": "2026-11-30", "responses": 0, "comments": 0, "actions": [{"on": "2026-11-30"}]}, False),
        ({"since": "2026-11-30", "responses": 5, "comments": 0, "actions": []}, False),
    ],
)
def test_nothing_new_is_no_answer_no_comment_and_no_action_of_the_period(facts, empty):
    assert turning.is_nothing_new(facts) is empty


def test_a_day_late_it_is_missed_and_a_person_decides(world, box, client):
    reads(world, when=DRAFTED - HOUR)
    reads(world, INES, when=DRAFTED - HOUR)
    minute(DRAFTED)
    back = DUE + timedelta(days=3)
    minute(back)
    assert states() == {"missed": 2, "planned": 2}
    assert [m for m in box if m["List-Id"]] == []
    days = {"audience": "leadership", "since": str(WEEK[0]), "until": str(WEEK[1])}
    with stopped_at(back):
        maya = client.sign_in("maya")
        assert "Missed for 2 readers" in maya.get("/m/garden/briefs").text
        assert client.sign_in("ravi").post("/m/garden/turns/sending", data=days).status_code == 403
        assert client.sign_in("olu").post("/m/garden/turns/sending", data=days).status_code == 404
        assert maya.post("/m/garden/turns/sending", data=days).status_code == 303
        assert maya.post("/m/garden/turns/sending", data=days).status_code == 404, "nothing is missed any more"
    minute(back)
    assert {m["To"] for m in box if m["List-Id"]} == {MAYA, INES}
    assert states() == {"sent": 2, "planned": 2}


def test_what_was_missed_can_be_left(world, box, client):
    reads(world, when=DRAFTED - HOUR)
    minute(DRAFTED)
    minute(DUE + timedelta(days=3))
    days = {"audience": "leadership", "since": str(WEEK[0]), "until": str(WEEK[1])}
    with stopped_at(DUE + timedelta(days=3)):
        assert client.sign_in("maya").post("/m/garden/turns/leaving", data=days).status_code == 303
    minute(DUE + timedelta(days=3))
    assert states() == {"skipped": 1, "planned": 1}
    assert [m for m in box if m["List-Id"]] == []


def test_a_worker_that_was_away_names_each_period_that_went_by(world, box):
    reads(world, rhythm="daily", when=MONDAY)
    minute(MONDAY + timedelta(days=4))
    assert states() == {"missed": 3, "sent": 1, "planned": 1}
    assert len(box.to(MAYA)) == 1, "this morning's is less than a day late"


@pytest.mark.parametrize("by", [-HOUR, timedelta(days=1), timedelta(days=3653)], ids=["back", "a day", "ten years"])
def test_a_clock_that_jumps_and_comes_back_sends_nothing_twice(world, box, by):
    reads(world, rhythm="daily", when=MONDAY)
    for hours in range(0, 48, 6):
        minute(MONDAY + timedelta(hours=hours))
    there = MONDAY + timedelta(days=2)
    minute(there)
    minute(there + by)
    minute(there + by + timedelta(minutes=1))
    for hours in range(0, 72, 6):
        minute(there + timedelta(hours=hours))
    ids = [str(m["Message-ID"]) for m in box.to(MAYA)]
    assert len(ids) == len(set(ids))
    told = [(b.since, b.until) for b in everything(Brief)]
    assert len(told) == len(set(told))
    ours = [until for until, state in turns_of() if state == "sent" and until < date(2027, 1, 1)]
    assert ours == [date(2026, 11, 30) + timedelta(days=n) for n in range(4)]


def test_two_workers_at_once_draft_and_send_once(world, answered, box):
    reads(world, when=DRAFTED - HOUR)
    with stopped_at(DRAFTED):
        with reading() as session:
            changes = turns.planning(session, DRAFTED)
        for _worker in range(2):
            with writing() as session:
                turns.plan(session, changes)
        with reading() as session:
            [draft] = turns.to_draft(session, DRAFTED)
        turning._draft(draft)
        turning._draft(draft)
    assert len(everything(Brief)) == 1
    with stopped_at(DUE):
        with reading() as session:
            [key] = turns.to_send(session, DUE)
        for state in ("sent", ""):
            with writing() as session:
                assert turning.hand_over(session, key) == state
    assert len(everything(Delivery)) == 1


def test_a_turn_that_cannot_be_made_parks_after_three_tries_and_others_go(world, box, monkeypatch):
    reads(world, when=DRAFTED - HOUR)
    reads(world, INES, "product", when=DRAFTED - HOUR)
    real = turning.briefs.compose

    def poisoned(session, community, audience, *rest, **more):
        if audience == "leadership":
            raise ValueError("poison")
        return real(session, community, audience, *rest, **more)

    monkeypatch.setattr(turning.briefs, "compose", poisoned)
    for minutes in range(6):
        minute(DRAFTED + timedelta(minutes=minutes))
    with reading() as session:
        failed = session.exec(select(Turn).where(Turn.state == "failed")).one()
    assert (failed.audience, failed.attempts, failed.error) == ("leadership", 3, "ValueError: poison")
    minute(DUE)
    assert [m["To"] for m in box if m["List-Id"]] == [INES]


def test_an_hour_of_the_zone_that_changes_moves_what_is_planned(world, box, monkeypatch):
    """New time zone data between the plan and the hour: the turn moves, and there is still one."""
    reads(world, zone="Europe/Paris", when=DRAFTED - 20 * HOUR)
    minute(DRAFTED - 20 * HOUR)
    periods._of.cache_clear()
    with monkeypatch.context() as newer:
        newer.setattr(zones, "ZoneInfo", lambda name: ZoneInfo("Europe/Athens" if name == "Europe/Paris" else name))
        for hours in range(-20, 60, 1):
            minute(DRAFTED + timedelta(hours=hours))
    periods._of.cache_clear()
    [sent] = [t for t in everything(Turn) if t.state == "sent"]
    assert (sent.until, sent.due_at) == (WEEK[1], DUE - 2 * HOUR)
    assert len(box.to(MAYA)) == 1


def test_a_reader_who_changes_the_rhythm_loses_no_period_and_gets_none_twice(world, box):
    row = reads(world, when=MONDAY)
    minute(MONDAY)
    with stopped_at(MONDAY + timedelta(days=2)), writing() as session:  # Wednesday: from now on, Monday at seven
        mine = session.get(Subscription, (row.community_id, row.contact_id, row.audience))
        schedules.keep_own(session, mine, Wish(weekday=1, hour=7))
    for days in range(1, 24):
        minute(MONDAY + timedelta(days=days))
    weeks = [(t.until, t.state) for t in everything(Turn)]
    assert sorted(weeks)[:3] == [(date(2026, 11, 29) + timedelta(days=7 * n), "sent") for n in range(3)]
    assert len(box.to(MAYA)) == len({str(m["Message-ID"]) for m in box.to(MAYA)})


def test_on_demand_again_nothing_more_is_planned(world, box):
    row = reads(world, when=MONDAY)
    minute(MONDAY)
    with stopped_at(MONDAY + HOUR), writing() as session:
        mine = session.get(Subscription, (row.community_id, row.contact_id, row.audience))
        schedules.keep_own(session, mine, Wish(rhythm=""))
    minute(MONDAY + HOUR)
    assert turns_of() == []


def test_who_said_no_has_no_turns_and_who_has_not_said_yes_neither(world, box):
    reads(world, when=MONDAY)
    reads(world, "claire@board.example", when=MONDAY)
    minute(MONDAY)
    assert len(turns_of()) == 1
    assert [m["To"] for m in box] == ["claire@board.example"], "asked once"
    with writing() as session:
        maya = session.exec(select(Contact).where(Contact.address == MAYA)).one()
        unsubscribing.stop(session, maya, contacts.BRIEFS)
    minute(MONDAY + HOUR)
    assert turns_of() == []


def test_managers_are_told_by_day_and_once_of_all_drafts(world, answered, box):
    reads(world, when=DRAFTED - HOUR, hour=22)
    reads(world, INES, "product", when=DRAFTED - HOUR, hour=22)
    night = DRAFTED + 14 * HOUR  # 22:00 on Monday, a day before their hour
    minute(night)
    assert states()["drafted"] == 2
    assert list(box) == []
    minute(night + 9 * HOUR)
    assert list(box) == []
    minute(night + 10 * HOUR)
    assert {m["To"] for m in box} == {MAYA, INES}, "owners and managers"
    assert len(box) == 2
    words = box[0].get_body(("plain",)).get_content()
    assert words.count("/m/garden/briefs/") == 2
    minute(night + 11 * HOUR)
    assert len(box) == 2


def test_nobody_is_told_of_a_draft_that_has_gone_or_was_approved(world, answered, box):
    reads(world, when=DRAFTED - HOUR)
    minute(DRAFTED)
    approve(world)
    minute(DRAFTED + HOUR)
    assert list(box) == []


def test_a_webhook_hears_of_a_draft(world, answered, box):
    from heard.accounts.models import WebhookDelivery
    from heard.accounts.webhooks import registering
    from heard.accounts.webhooks.registering import Wish as Hook

    with writing() as session:
        home = world.the_community(session)
        hook = Hook("Drafts", "https://198.41.0.4/hook", ["brief.drafted"])
        registering.make(session, home, hook, by=world.people["maya"])
    reads(world, when=DRAFTED - HOUR)
    with stopped_at(DRAFTED):
        turning.plan()
        turning.draft_all()
    [told] = everything(WebhookDelivery)
    assert (told.event, '"audience": "leadership"' in told.body) == ("brief.drafted", True)
    assert len(everything(Webhook)) == 1


def test_a_mail_that_nobody_sent_for_a_day_is_not_sent_by_itself(world, answered, box):
    reads(world, when=DRAFTED - HOUR)
    minute(DRAFTED)
    with stopped_at(DUE):
        turning.send_all()  # and the worker dies before the mail
    minute(DUE + timedelta(days=2))
    [late] = everything(Delivery)
    assert (late.status, "more than a day" in late.error) == ("failed", True)
    assert box.to(MAYA) == []


ZONES = (
    "UTC", "Europe/Paris", "Europe/London", "America/New_York", "America/Santiago", "America/St_Johns", "Asia/Kathmandu",
    "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca",
)  # fmt: skip
# The weeks in which clocks change: north in spring, south in autumn, and the other way round.
EDGES = (datetime(2027, 3, 26, tzinfo=UTC), datetime(2027, 10, 29, tzinfo=UTC))


@pytest.mark.long
@pytest.mark.parametrize("start", EDGES, ids=["spring", "autumn"])
def test_a_week_in_twelve_zones_over_the_change_of_the_clocks_sends_one_for_each_local_day(world, box, start):
    """The real job, a reader at two in the night in each zone, each half hour."""
    readers = {f"r{n}@board.example": zone for n, zone in enumerate(ZONES)}
    with stopped_at(start), writing() as session:
        home = world.the_community(session)
        for address in readers:
            contacts.confirm(session, contacts.contact_for(session, home, address), contacts.BRIEFS, "yes")
    for address, zone in readers.items():
        reads(world, address, when=start, rhythm="daily", hour=2, zone=zone)
    for halves in range(48 * 7):
        minute(start + halves * timedelta(minutes=30))
    assert states().keys() <= {"sent", "planned", "drafted"}, "none missed, none failed"
    for address, zone in readers.items():
        sent = box.to(address)
        with reading() as session:
            contact = session.exec(select(Contact).where(Contact.address == address)).one()
            mine = session.exec(select(Turn).where(Turn.contact_id == contact.id, Turn.state == "sent")).all()
        days = sorted(turn.due_at.astimezone(ZoneInfo(zone)).date() for turn in mine)
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))], zone
        assert len(days) in (6, 7), zone
        assert len(sent) == len({str(m["Message-ID"]) for m in sent}) == len(days), zone
