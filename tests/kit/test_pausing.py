"""While sending is paused nothing goes out, nothing is lost, and what is old asks a person (trust.md, M2, U6, U7)."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

import insights.jobs  # noqa: F401  (registers its jobs)
import polls.announce.trial_jobs  # noqa: F401
from heard import checks, cli
from heard.accounts import clock_jobs, copies
from heard.accounts.models import AuditEntry
from heard.kit import leases, pausing, work
from heard.kit.clock import now, stopped_at
from heard.kit.db import close, reading, writing
from heard.kit.pausing import SendingPause
from insights.models import Brief, Delivery
from insights.send import deliveries
from tests.conftest import PEOPLED, pointing_to
from tests.insights.scene import write
from tests.insights.send.turning import INES, MAYA, Box, people_answer

both = pytest.mark.both(long=True)


@pytest.fixture
def box(monkeypatch):
    return Box(monkeypatch)


@pytest.fixture
def brief(world):
    people_answer(world, now(), n=12, themed=False)
    return write(world)


@pytest.fixture
def alone(world):
    """The garden is the only community."""
    with writing() as session:
        session.delete(world.the_community(session, "outside"))


def send_to(world, brief, *addresses):
    with writing() as session:
        deliveries.send_to(session, session.get_one(Brief, brief.id), addresses, by=world.people["maya"])


def pause(reason="person"):
    with writing() as session:
        pausing.pause(session, reason)


def statuses():
    with reading() as session:
        return {d.recipient: d.status for d in session.exec(select(Delivery))}


@both
def test_nothing_goes_out_and_all_of_it_goes_once_somebody_says_so(world, alone, brief, box, client):
    pause()
    send_to(world, brief, MAYA, "claire@board.example")
    assert work.run_due() == 0
    assert list(box) == []
    maya = client.sign_in("maya")
    assert "1 mail with a brief" in maya.get("/m/garden/sending").text
    assert maya.post("/m/garden/sending").status_code == 303
    work.run_due()
    assert {m["To"] for m in box} == {MAYA, "claire@board.example"}
    with reading() as session:
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "sending.resumed")).one()
        assert (told.account_id, pausing.paused(session)) == (world.people["maya"].id, None)


@both
def test_nobody_can_claim_anything_for_sending(world, brief):
    send_to(world, brief, MAYA)
    pause()
    with writing() as session:
        assert leases.claim(session, Delivery, Delivery.brief_id == brief.id) is None
        pausing.go_on(session)
        assert leases.claim(session, Delivery, Delivery.brief_id == brief.id) is not None


@both
def test_what_the_engine_had_already_goes_back_into_a_row(world, brief, box):
    """After a restore the engine goes on with what it had begun before."""
    pause("restored")
    work.HANDLERS["trial_version"](version_id=1)
    work.HANDLERS["trial_version"](version_id=1)
    with reading() as session:
        waiting = session.exec(select(work.WorkDue).where(work.WorkDue.kind == "trial_version")).all()
    assert [row.args for row in waiting] == [{"version_id": 1}]


def test_every_page_of_a_manager_says_so_and_nobody_elses(world, client):
    pause()
    said = "Sending is paused."
    assert said in client.sign_in("maya").get("/m/garden/polls").text
    assert said not in client.sign_in("ravi").get("/m/garden/polls").text
    assert said not in client.get("/c/garden").text


@pytest.mark.parametrize(
    ("person", "goes_on", "pauses"), [("ines", 303, 303), ("maya", 303, 403), ("ravi", 403, 403), ("olu", 404, 404)]
)
def test_who_may_let_things_go_and_who_may_stop_them(world, alone, client, person, goes_on, pauses):
    browser = client.sign_in(person)
    assert browser.post("/m/garden/sending/pause").status_code == pauses
    assert browser.post("/m/garden/sending").status_code == goes_on


@pytest.mark.parametrize("person", ["ines", "maya"])
def test_where_others_are_nobody_lets_their_mails_go_or_stops_them(world, client, person):
    browser = client.sign_in(person)
    assert "/m/garden/sending/pause" not in browser.get("/m/garden/sending").text
    assert browser.post("/m/garden/sending/pause").status_code == (403 if person == "maya" else 409)
    pause()
    page = browser.get("/m/garden/sending").text
    assert ("Send again from now on" in page, "heard sending resume" in page) == (False, True)
    refused = browser.post("/m/garden/sending")
    assert (refused.status_code, "other communities" in refused.text) == (409, True)
    with reading() as session:
        assert pausing.paused(session)


def test_who_runs_the_server_stops_and_resumes_for_all(world, capsys):
    for command, paused in (("pause", True), ("resume", False)):
        for _twice in range(2):
            cli.sending(command)
        with reading() as session:
            assert (pausing.paused(session) is not None) == paused
    assert capsys.readouterr().out.count("Everything goes out again.") == 2
    with reading() as session:
        told = session.exec(select(AuditEntry.action).where(AuditEntry.action.startswith("sending."))).all()
    assert told == ["sending.paused", "sending.resumed"]
    with pytest.raises(SystemExit):
        cli.sending("stop")


@both
def test_two_that_pause_at_once_are_one_pause(world):
    with writing() as session:
        pausing.pause(session, "restored")
        pausing.pause(session, "clock")
        assert pausing.paused(session).reason == "restored"


def test_a_database_that_was_read_back_elsewhere_starts_paused(postgres, tmp_path):
    """As pg_restore leaves it: the same rows in another database."""
    original = postgres.new_database(PEOPLED)
    with pointing_to(original, tmp_path):
        for _start in range(2):
            copies.notice()
        with reading() as session:
            assert pausing.paused(session) is None, "an ordinary start, and the next one"
        close()
    copy = postgres.new_database(original.partition("?")[0].rpartition("/")[2])
    with pointing_to(copy, tmp_path):
        copies.notice()
        with writing() as session:
            assert pausing.paused(session).reason == "restored"
            pausing.go_on(session)
        copies.notice()
        with reading() as session:
            assert pausing.paused(session) is None, "a person has said so once for all"
        close()
    for url in (copy, original):
        postgres.drop(url)


def test_where_the_database_has_no_number_nothing_is_noticed(world):
    copies.notice()
    with reading() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == copies.DEED)).first() is None


@both
@pytest.mark.parametrize(("old", "sent"), [("leave", {INES}), ("send", {MAYA, INES})])
def test_what_is_older_than_a_day_goes_only_when_that_was_said(world, alone, brief, box, client, old, sent):
    pause()
    with stopped_at(now() - timedelta(hours=25)):
        send_to(world, brief, MAYA)
    send_to(world, brief, INES)
    maya = client.sign_in("maya")
    assert "What has waited for more than a day" in maya.get("/m/garden/sending").text
    maya.post("/m/garden/sending", data={"old": old})
    work.run_due()
    assert {m["To"] for m in box} == sent
    assert statuses()[MAYA] == ("sent" if old == "send" else "failed")


def test_a_restored_copy_sends_nothing_that_its_original_has_sent(world, alone, brief, box, tmp_path, client):
    """Backed up with a mail on its way, which the original then sends; the copy starts paused, and leaves it be."""
    from heard import backup

    send_to(world, brief, MAYA)
    backup.backup(tmp_path / "night.tar.gz")
    work.run_due()
    assert len(box) == 1
    restore_here(tmp_path)
    work.run_due()
    assert len(box) == 1
    maya = client.sign_in("maya")
    assert "brought back from a backup" in maya.get("/m/garden/sending").text
    maya.post("/m/garden/sending")
    work.run_due()
    assert len(box) == 1
    assert statuses() == {MAYA: "failed"}, "shown on its page, where a person may send it again"


def restore_here(tmp_path):
    from heard import backup

    close()
    (tmp_path / "heard.db").unlink()
    backup.restore(tmp_path / "night.tar.gz")


def test_a_copy_of_a_heard_without_pauses_is_paused_too(world, tmp_path):
    from heard import backup
    from heard.kit.settings import settings

    older = tmp_path / "older.db"
    with sqlite3.connect(older) as connection:
        connection.execute("CREATE TABLE work_due (id INTEGER)")
    assert backup._pause(older) is False
    backup._pause_after_upgrade()
    with reading() as session:
        assert session.get_one(SendingPause, 1).reason == "restored"
    assert settings().sqlite_file is not None


def test_check_says_that_sending_is_paused(world):
    pause("restored")
    [said] = [check for check in checks._database() if check.state == "bad"]
    assert "Sending is paused" in said.what


MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "seconds", "noted", "paused"),
    [
        (timedelta(minutes=1), 60.0, False, None),
        (timedelta(minutes=1, hours=-1), 60.0, True, None),
        (timedelta(minutes=1, hours=2), 60.0, True, None),
        (timedelta(days=1, minutes=1), 60.0, True, None),
        (timedelta(days=1, minutes=2), 60.0, True, "clock"),
        (timedelta(days=3653), 60.0, True, "clock"),
        (timedelta(days=2), 2 * 86400.0, False, None),  # nobody looked, but time went by as the clock says
    ],
)
def test_a_clock_that_jumps_is_noted_and_ahead_by_more_than_a_day_it_pauses(
    world, monkeypatch, later, seconds, noted, paused
):
    steady = iter([5.0, 5.0 + seconds])
    monkeypatch.setattr(clock_jobs, "_before", None)
    monkeypatch.setattr(clock_jobs.time, "monotonic", lambda: next(steady))
    for moment in (MOMENT, MOMENT + later):
        with stopped_at(moment):
            clock_jobs.watch_clock()
    with reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "clock.jumped")).all()
        row = pausing.paused(session)
    assert (bool(entries), row.reason if row else None) == (noted, paused)
