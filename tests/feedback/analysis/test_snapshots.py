"""Columns on disk: they count to what the counters say, or they are not there; damaged ones are made again."""

import json
import logging
import shutil

import pytest
from sqlalchemy import text

from feedback.analysis import reading, snapshots
from feedback.analysis.columns import cell_key, count
from feedback.collect import counters
from feedback.collect.queries import snapshot
from heard.kit.db import writing
from heard.kit.settings import settings
from polls.frozen import frozen_poll
from tests.feedback import everything
from tests.feedback.voting import rows


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Every poll is a large one here."""
    monkeypatch.setattr(snapshots, "SMALL", 0)


def columns(poll):
    with snapshot() as session:
        return snapshots.columns_for(session, frozen_poll(session, poll.slug))


def recounted(poll, **which):
    with snapshot() as session:
        return reading.recount(session, frozen_poll(session, poll.slug), **which)


def stored(poll, start=""):
    """The counters on disk that begin so."""
    return {
        cell_key(r["cell"].removeprefix(start)): r["n"]
        for r in rows("tallies")
        if r["n"] and r["cell"].startswith(start)
    }


@pytest.mark.both
@pytest.mark.parametrize("seed", range(4))
def test_a_recount_of_the_answers_is_every_counter(world, seed):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 90, seed=seed)
    everything.answered(poll.frozen, 20, seed=100 + seed, set_aside="burst")
    counted = stored(poll)
    assert dict(recounted(poll)) == {cell: n for cell, n in counted.items() if not cell.startswith("s:")}
    assert dict(recounted(poll, set_aside=True)) == stored(poll, "s:")


@pytest.mark.both
def test_a_snapshot_holds_what_the_counters_say(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 120)
    assert snapshots.refresh(poll.id)
    found = columns(poll)
    assert found.n == 120
    option = poll.questions[0].options[0].id
    assert count(found.bits(f"{poll.questions[0].id}:o{option}")) == stored(poll)[f"{poll.questions[0].id}:o{option}"]
    assert set(found.codes["language"]) == {"", "en", "fr"}
    assert found.codes["source"] == ("import",)
    days = sorted(
        {
            r["submitted_at"].toordinal() if hasattr(r["submitted_at"], "toordinal") else day(r)
            for r in rows("responses")
        }
    )
    assert sorted({int(d) for d in found.arrays["day"]}) == days


def day(row):
    from datetime import date

    return date.fromisoformat(row["submitted_at"][:10]).toordinal()


def test_nothing_in_the_files_is_an_id_or_a_text(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 50)
    snapshots.refresh(poll.id)
    home = settings().data_folder / "snapshots" / str(poll.id)
    content = b"".join(f.read_bytes() for f in home.rglob("*") if f.is_file())
    for response in rows("responses"):
        for secret in (
            response["id"].to_bytes(8, "little"),
            str(response["id"]).encode(),
            response["submission_id"].encode(),
            response["voter_key"].encode(),
            response["mark"].encode(),
        ):
            assert secret not in content
    assert all(c["text"].encode() not in content for c in rows("comments") if len(c["text"]) > 8)


def test_a_counter_that_is_wrong_refuses_the_snapshot_and_is_logged(world, caplog):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 40)
    cell = f"{poll.questions[3].id}:v7"
    with writing() as session:
        session.execute(text("UPDATE tallies SET n = n + 1 WHERE cell = :cell"), {"cell": cell})
    with caplog.at_level(logging.WARNING, "heard.snapshots"):
        assert not snapshots.refresh(poll.id)
    assert cell in caplog.text
    assert snapshots.load(poll.id) is None


def test_a_missing_one_is_said_and_made_in_the_background(world, monkeypatch):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 30)
    asked = []
    monkeypatch.setattr(snapshots, "prepare", asked.append)
    with pytest.raises(snapshots.BeingPrepared):
        columns(poll)
    assert asked == [poll.id]
    monkeypatch.undo()
    monkeypatch.setattr(snapshots, "SMALL", 0)
    snapshots.prepare(poll.id).join()
    assert columns(poll).n == 30


@pytest.mark.parametrize("harm", ["truncated", "flipped", "gone", "no manifest", "another form", "rubbish"])
def test_a_damaged_one_is_not_read_and_made_again(world, harm):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 60)
    snapshots.refresh(poll.id)
    home = settings().data_folder / "snapshots" / str(poll.id)
    manifest = json.loads((home / "manifest.json").read_text())
    file = home / manifest["folder"] / manifest["columns"][-1]["file"]
    if harm == "truncated":
        file.write_bytes(file.read_bytes()[:-2])
    elif harm == "flipped":
        file.write_bytes(file.read_bytes()[:-1] + bytes([file.read_bytes()[-1] ^ 1]))
    elif harm == "gone":
        shutil.rmtree(home / manifest["folder"])
    elif harm == "no manifest":
        (home / "manifest.json").unlink()
    else:
        (home / "manifest.json").write_text("{" if harm == "rubbish" else json.dumps(manifest | {"form": 0}))
    assert snapshots.load(poll.id) is None
    assert snapshots.refresh(poll.id)
    assert snapshots.load(poll.id).n == 60
    assert len(list(home.glob("data-*"))) == 1


def test_refreshing_twice_is_once_and_a_new_vote_makes_a_new_one(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 20)
    snapshots.refresh(poll.id)
    home = settings().data_folder / "snapshots" / str(poll.id)
    first = (home / "manifest.json").read_text()
    assert snapshots.refresh(poll.id)
    assert (home / "manifest.json").read_text() == first
    everything.answered(poll.frozen, 1, seed=2)
    assert snapshots.refresh(poll.id)
    assert (columns(poll).n, len([f for f in home.iterdir() if f.is_dir()])) == (21, 1)


@pytest.mark.both
def test_of_an_open_anonymous_poll_it_holds_whole_steps(world, client):
    poll = everything.everything(world, anonymous=True)
    everything.answered(poll.frozen, 4, seed=1)
    assert not snapshots.refresh(poll.id)
    everything.answered(poll.frozen, 3, seed=2)
    assert snapshots.refresh(poll.id)
    everything.answered(poll.frozen, 4, seed=3)
    assert snapshots.refresh(poll.id)
    assert columns(poll).n == 7
    world.close(poll)
    counters_of_rest(poll)
    assert snapshots.refresh(poll.id)
    assert columns(poll).n == 11


def counters_of_rest(poll):
    with writing() as session:
        counters.release_rest(session, poll.id)


def test_a_ballot_that_was_changed_since_its_step_keeps_the_older_snapshot(world, client):
    poll = world.open_poll(anonymous=True, options=("Yes", "No"))
    receipts = [world.vote(poll, {"q1": "Yes"}) for _ in range(5)]
    assert snapshots.refresh(poll.id)
    question = poll.questions[0]
    other = {question.name: str(question.options[1].id)}
    assert client.post(f"/r/{receipts[0]}", data=other).status_code == 303
    snapshots.refresh(poll.id)
    found = columns(poll)
    assert [count(found.bits(f"{question.id}:o{o.id}")) for o in question.options] == [5, 0]


def test_a_poll_that_is_gone_takes_its_snapshot_along(world):
    poll = everything.everything(world)
    everything.answered(poll.frozen, 10)
    snapshots.refresh(poll.id)
    home = settings().data_folder / "snapshots" / str(poll.id)
    (home / "new-left").mkdir()
    snapshots.sweep()
    assert (home / "new-left").is_dir()  # somebody may be at it
    with writing() as session:
        for table in ("comments", "answers", "responses", "tallies", "conditions", "options", "questions", "polls"):
            where = "question_id IN (SELECT id FROM questions)" if table == "options" else "1 = 1"
            session.execute(text(f"DELETE FROM {table} WHERE {where}"))
    snapshots.sweep()
    assert not home.exists()
