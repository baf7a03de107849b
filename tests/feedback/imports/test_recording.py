"""What is recorded of an import is what intake would have recorded, on both databases; and the command tells it."""

import csv
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from feedback.imports import bulk, run
from feedback.integrity import verifying
from polls.kinds.kind import Draft
from tests.feedback.voting import counts, n_of, rows

LONG = "submission_id,collected_at,field_id,field_type,value,language\n"


def file_of(folder: Path, poll, responses: int) -> Path:
    """Answers to a poll's first question, in the order of their times."""
    field = poll.questions[0].field_id
    lines = [f"s{i},2026-01-02T10:00:{i:02d}Z,{field},single,{('Red', 'Blue')[i % 2]},fr\n" for i in range(responses)]
    file = folder / "answers.csv"
    file.write_text(LONG + "".join(lines), encoding="utf-8")
    return file


@pytest.mark.both
def test_a_poll_that_people_vote_in_takes_them_along(world, session, tmp_path):
    poll = world.open_poll(options=("Red", "Blue"))
    world.vote(poll, {"q1": "Red"})
    report = run.run(file_of(tmp_path, poll, 6), "garden", poll_slug=poll.slug)
    assert (report.taken, report.unchanged, report.refused) == (6, 0, [])
    assert counts(session, poll) == {"Red": 4, "Blue": 3}
    of_file = {r["submission_id"]: r for r in rows("responses") if r["source"] == "import"}
    assert str(of_file["s3"]["submitted_at"]).startswith("2026-01-02 10:00:03")
    assert (of_file["s3"]["language"], len(of_file)) == ("fr", 6)
    world.vote(poll, {"q1": "Red"})
    assert verifying.verify(poll.slug).sound


@pytest.mark.both
def test_an_anonymous_poll_keeps_a_day_and_no_order_of_the_file(world, tmp_path):
    poll = world.open_poll(options=("Red", "Blue"), anonymous=True)
    run.run(file_of(tmp_path, poll, 40), "garden", poll_slug=poll.slug)
    stored = rows("responses")
    assert {str(r["submitted_at"])[11:19] for r in stored} == {"00:00:00"}
    assert all(r["submission_id"].startswith("~") and r["released"] for r in stored)
    ids = sorted(r["id"] for r in stored)
    assert min(b - a for a, b in pairwise(ids)) > 1
    assert n_of(poll) == 40
    assert verifying.verify(poll.slug).sound
    assert run.run(tmp_path / "answers.csv", "garden", poll_slug=poll.slug).unchanged == 40


def test_the_ids_of_a_batch_tell_nothing_of_the_order_of_the_file(world, tmp_path):
    poll = world.open_poll(options=("Red", "Blue"))
    run.run(file_of(tmp_path, poll, 50), "garden", poll_slug=poll.slug)
    stored = sorted(rows("responses"), key=lambda r: r["id"])
    assert [r["voter_key"] for r in stored] == sorted(r["voter_key"] for r in stored)
    assert [r["submission_id"] for r in stored] != sorted(
        (r["submission_id"] for r in stored), key=lambda s: int(s[1:])
    )


@pytest.mark.both
def test_the_same_submission_twice_in_a_file_is_one_response(world, tmp_path):
    file = tmp_path / "twice.csv"
    file.write_text("submission_id,Why?\na,first\nb,other\na,second\n", encoding="utf-8")
    report = run.run(file, "garden")
    assert (report.taken, report.unchanged) == (2, 1)
    assert sorted(a["text"] for a in rows("answers")) == ["first", "other"]


@pytest.mark.both
def test_known_submissions_are_found_whatever_they_look_like(world, session, tmp_path):
    odd = ["a", 'say "x"', "{b}", "c\\d", "é😀", "1"]
    poll = world.open_poll([Draft("long_text", "Why?")])
    with open(tmp_path / "odd.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("submission_id", "Why?"), *((one, "words") for one in odd)])
    run.run(tmp_path / "odd.csv", "garden", poll_slug=poll.slug)
    assert bulk.known_submissions(session, poll.id, [*odd, "nobody"]) == set(odd)


def command(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """`heard import …` on the database of the test."""
    return subprocess.run(
        [sys.executable, "-m", "heard.cli", "import", *arguments],
        cwd=Path(__file__).parents[3], env=dict(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_names_the_first_rows_that_were_not_taken_and_writes_them_all(world, tmp_path):
    file = tmp_path / "stars.csv"
    bad = "".join(f"b{i},,stars,rating,77,\n" for i in range(30))
    file.write_text(LONG + "a,,stars,rating,4,\n" + bad, encoding="utf-8")
    done = command(str(file), "--community", "garden", "--refused", str(tmp_path / "refused.csv"))
    assert done.returncode == 0, done.stderr
    address, *told = done.stdout.splitlines()
    assert address.endswith("/p/stars")
    assert "1 responses taken, 0 were there already, 30 rows not taken." in told
    assert sum(line.startswith("line ") for line in told) == 20
    assert told[-1] == "… and 10 more; --refused FILE writes them all."
    with open(tmp_path / "refused.csv", encoding="utf-8-sig", newline="") as written:
        assert len(list(csv.DictReader(written))) == 30


def test_the_command_says_what_it_cannot_take_and_ends_with_2(world, tmp_path):
    done = command(str(tmp_path / "nothing.csv"), "--community", "garden")
    assert (done.returncode, rows("imports")) == (2, [])
    assert "nothing.csv" in done.stderr
