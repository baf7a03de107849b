"""An import that is killed goes on where it was, and comes out as if nobody had killed it."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from feedback.collect import counters
from feedback.exports import exporting
from feedback.imports import going_on, recording, run
from feedback.imports.recording import Overtaken, Stopped
from feedback.integrity import verifying
from heard.kit.db import reading, writing
from tests.feedback.voting import rows
from tests.world import World

HEAD = "submission_id,collected_at,field_id,field_type,value\n"
RESPONSES = 40


def file_in(folder: Path) -> Path:
    """Forty responses, some of whose rows and values cannot be taken: at the beginning, in the middle and at the end."""
    lines = [",,day,single,Monday\n"]
    for i in range(RESPONSES):
        lines += [f"s{i},2026-01-0{1 + i % 9}T10:00:00Z,day,single,{('Monday', 'Friday')[i % 2]}\n"]
        lines += [f"s{i},,stars,rating,{77 if i % 10 == 5 else i % 5 + 1}\n", f"s{i},,why,text,words {i}\n"]
    lines += [",,why,text,nobody's\n"]
    file = folder / "answers.csv"
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    return file


def a_few_at_a_time(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Batches of so many responses."""
    for name in ("FIRST_BATCH", "SMALLEST_BATCH", "LARGEST_BATCH"):
        monkeypatch.setattr(going_on, name, size)


def outcome() -> dict[str, object]:
    """All that an import leaves behind, without what is random."""
    (poll,) = rows("polls")
    with reading() as session:
        counted = counters.cells(session, poll["id"])
    (found,) = rows("imports")
    exported = sorted("".join(exporting.export(poll["slug"], "jsonl")).splitlines())
    return {
        "responses": [(line["submission_id"], line["submitted_at"], line["answers"]) for line in map(json.loads, exported)],
        "counted": sorted(counted.values()),  # ids of questions and options differ
        "refused": [(r["number"], r["line"], r["reason"]) for r in rows("import_refusals")],
        "import": [found[name] for name in ("status", "rows", "done", "taken", "unchanged", "refused")],
        "comments": sorted(c["text"] for c in rows("comments")),
        "sound": verifying.verify(poll["slug"]).sound,
    }  # fmt: skip


def killed_at(file: Path, batch: int, point: str) -> int:
    """What the process that was to die ended with."""
    command = [sys.executable, "-m", "tests.feedback.imports.killed", str(file), str(batch), point]
    return subprocess.run(command, cwd=Path(__file__).parents[3], env=dict(os.environ), check=False).returncode


@pytest.mark.both
@pytest.mark.parametrize(
    ("batch", "point"),
    [
        (1, "within"),
        (2, "after"),
        *(pytest.param(*at, marks=pytest.mark.long) for at in ((1, "before"), (4, "within"), (5, "after"))),
    ],
)
def test_killed_and_begun_again_it_comes_out_as_if_nobody_had_killed_it(world, database, tmp_path, batch, point):
    file = file_in(tmp_path)
    assert killed_at(file, batch, point) == -signal.SIGKILL
    done_before = rows("imports")[0]["done"]
    run.run(file, "garden", new_poll="Brought in")
    came_out = outcome()
    assert done_before == 7 * (batch - (point != "after"))
    assert came_out["import"] == ["done", RESPONSES, RESPONSES, RESPONSES, 0, 6]
    assert came_out["sound"]
    with writing() as session:
        for table in ("answers", "comments", "responses", "polls", "imports"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    run.run(file, "garden", new_poll="Brought in")
    assert outcome() == came_out


def test_killed_three_times_in_a_row_it_still_gets_there(world, tmp_path):
    file = file_in(tmp_path)
    for batch, point in ((2, "within"), (2, "after"), (1, "after")):
        assert killed_at(file, batch, point) == -signal.SIGKILL
    run.run(file, "garden", new_poll="Brought in")
    assert outcome()["import"] == ["done", RESPONSES, RESPONSES, RESPONSES, 0, 6]


def begun(world: World, file: Path) -> int:
    """An import that is running, without a worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(going_on, "go_on", lambda *_args, **_more: None)
        run.run(file, "garden", new_poll="Brought in")
    return rows("imports")[0]["id"]


@pytest.mark.both
def test_two_workers_at_one_import_double_nothing(world, database, tmp_path, monkeypatch):
    a_few_at_a_time(monkeypatch, 3)
    file = file_in(tmp_path)
    number = begun(world, file)
    workers = [threading.Thread(target=going_on.go_on, args=(number, file)) for _one in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert outcome()["import"] == ["done", RESPONSES, RESPONSES, RESPONSES, 0, 6]
    assert outcome()["sound"]


def test_a_batch_that_somebody_else_recorded_is_left_alone(world, tmp_path, monkeypatch):
    a_few_at_a_time(monkeypatch, 7)
    file, record, calls = file_in(tmp_path), recording.record, []

    def twice(*args):
        calls.append(record(*args))
        with pytest.raises(Overtaken):
            record(*args)
        return calls[-1]

    monkeypatch.setattr(recording, "record", twice)
    run.run(file, "garden", new_poll="Brought in")
    assert outcome()["import"] == ["done", RESPONSES, RESPONSES, RESPONSES, 0, 6]


def test_stopped_within_it_keeps_what_it_has_and_the_same_command_goes_on(world, tmp_path, monkeypatch):
    a_few_at_a_time(monkeypatch, 7)
    file = file_in(tmp_path)

    def stop(done, _total):
        if done == 14:
            with writing() as session:
                session.connection().exec_driver_sql("UPDATE imports SET stopping = 1")

    report = run.run(file, "garden", new_poll="Brought in", progress=stop)
    assert (report.taken, rows("imports")[0]["status"]) == (14, "canceled")
    assert verifying.verify(report.slug).sound
    assert run.run(file, "garden", new_poll="Brought in").taken == RESPONSES
    assert outcome()["import"][0] == "done"


def test_ctrl_c_says_how_far_it_came_and_the_same_command_goes_on(world, tmp_path, monkeypatch):
    a_few_at_a_time(monkeypatch, 7)
    file = file_in(tmp_path)

    def press(done, _total):
        if done == 21:
            raise KeyboardInterrupt

    with pytest.raises(run.Interrupted, match="21 of 40"):
        run.run(file, "garden", new_poll="Brought in", progress=press)
    run.run(file, "garden", new_poll="Brought in")
    assert outcome()["import"] == ["done", RESPONSES, RESPONSES, RESPONSES, 0, 6]


def test_the_same_command_once_all_is_in_changes_nothing(world, tmp_path):
    file = file_in(tmp_path)
    first = run.run(file, "garden", new_poll="Brought in")
    again = run.run(file, "garden", new_poll="Brought in")
    assert (again.slug, again.taken, again.unchanged) == (first.slug, 0, RESPONSES)
    assert len(rows("polls")) == 1


def test_a_stop_is_heard_before_the_next_batch_is_written(world, tmp_path, monkeypatch):
    file = file_in(tmp_path)
    number = begun(world, file)
    with writing() as session:
        session.connection().exec_driver_sql("UPDATE imports SET stopping = 1")
    heard = []
    record = recording.record

    def listening(*args):
        try:
            return record(*args)
        except Stopped:
            heard.append(True)
            raise

    monkeypatch.setattr(recording, "record", listening)
    going_on.go_on(number, file)
    assert heard == [True]
    assert rows("responses") == rows("polls") == []
