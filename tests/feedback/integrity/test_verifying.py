"""What `heard verify` finds: every byte that was changed in marks and seals, wrong counters, half ballots."""

import random
import tracemalloc

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback.collect import intake
from feedback.integrity import recount, seals
from feedback.integrity.verifying import TOLD, verify
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.feedback.voting import ballot, rows

pytestmark = pytest.mark.both


def run(sql, **values):
    with writing() as session:
        session.execute(text(sql), values)


@pytest.fixture
def poll(world):
    """Three seals over thirty ballots, one of them withdrawn, and three ballots that wait."""
    made = world.open_poll([Draft("single", "Which?", ("Yes", "No")), Draft("long_text", "Why?")], voter_rule="open")
    for part in range(3):
        intake.submit_many([ballot(made, "Yes", voter=f"v{part}-{n}") for n in range(10)])
        seals.seal_all()
    intake.submit_many([ballot(made, "No", voter=f"late{n}") for n in range(3)])
    return made


def flipped(value, dice):
    """One byte of a text, changed into another one that a text can hold."""
    at = dice.randrange(len(value))
    other = chr(dice.choice([n for n in range(32, 127) if chr(n) != value[at]]))
    return value[:at] + other + value[at + 1 :]


def flips(poll, times, dice):
    """How many of these changes `verify` did not find, or found elsewhere first."""
    missed, done = [], 0
    while done < times:
        which = dice.choice(("mark", "receipt_hash", "submission_id", "marks", "hash"))
        table = "seals" if which in ("marks", "hash") else "responses"
        key = "number" if table == "seals" else "id"
        row = dice.choice(rows(table))
        changed = flipped(row[which], dice)
        put = f"UPDATE {table} SET {which} = :value WHERE {key} = :key AND poll_id = :poll"
        try:
            run(put, value=changed, key=row[key], poll=poll.id)
        except IntegrityError:  # the id of another submission: the database refuses it
            continue
        done += 1
        found = verify(poll.slug)
        name = f"Seal {row[key]} " if table == "seals" else changed if which == "mark" else row["mark"]
        if not found.differences or name not in found.differences[0]:
            missed.append((which, row[which], changed, found.differences))
        run(put, value=row[which], key=row[key], poll=poll.id)
    assert verify(poll.slug).sound
    return missed


def test_a_hundred_changed_bytes_are_all_found_and_the_first_bad_one_is_named(poll):
    assert flips(poll, 100, random.Random(5)) == []


@pytest.mark.long
def test_a_thousand_changed_bytes_are_all_found_and_the_first_bad_one_is_named(poll):
    assert flips(poll, 1000, random.Random(6)) == []


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("UPDATE seals SET number = 9 WHERE number = 2", "Seal 2 is missing."),
        ("DELETE FROM seals WHERE number = 3", "says that it is sealed, and no seal has it."),
        ("DELETE FROM seals WHERE number = 1", "Seal 1 is missing."),
        ("UPDATE seals SET at = '2020-01-01 00:00:00.000000' WHERE number = 2", "Seal 2 is not what it was"),
        ("UPDATE responses SET sealed = 0 WHERE sealed = 1", "its ballot says that it was never sealed"),
        ("UPDATE responses SET withdrawn_at = submitted_at WHERE sealed = 1", "withdrawn there or here"),
    ],
)
def test_what_was_sealed_cannot_be_changed_without_a_trace(poll, deed, said):
    run(deed)
    found = verify(poll.slug)
    assert any(said in difference for difference in found.differences), found.differences
    assert "What was sealed was changed later" in found.lines()[-1]


def test_a_mark_that_is_sealed_a_second_time_is_named(poll):
    run("UPDATE responses SET sealed = 0 WHERE sealed = 1")
    seals.seal_all()
    assert "a second time" in verify(poll.slug).differences[0]


def test_a_ballot_that_was_deleted_after_it_was_sealed_is_named(poll):
    gone = next(row for row in rows("responses") if row["sealed"])
    run("DELETE FROM responses WHERE id = :id", id=gone["id"])
    found = verify(poll.slug).differences
    assert any(gone["mark"] in difference and "no such ballot" in difference for difference in found), found


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("DELETE FROM answers WHERE position = 1 AND response_id = :id", "not even that it was left empty"),
        ("DELETE FROM answers WHERE response_id = :id", "it has nothing for"),
        ("UPDATE responses SET withdrawn_at = submitted_at WHERE id = :id", "withdrawn and still has answers"),
        ("UPDATE answers SET option_id = NULL, number = 3 WHERE response_id = :id AND position = 0", ": q"),
    ],
)
def test_half_a_ballot_is_named_by_its_mark(poll, deed, said):
    one = next(row for row in rows("responses") if not row["sealed"])
    run(deed, id=one["id"])
    found = verify(poll.slug)
    assert found.differences[0].startswith(f"Ballot {one['mark']}: "), found.differences
    assert said in found.differences[0]


def test_a_required_answer_that_is_not_there_is_told_unless_it_came_from_a_file(world):
    poll = world.open_poll([Draft("single", "Which?", ("Yes", "No"), required=True)], voter_rule="open")
    one = intake.submit(ballot(poll, "Yes", voter="ada"))
    run("UPDATE answers SET option_id = NULL")
    assert f"Ballot {one.mark}: it leaves out q" in verify(poll.slug).differences[0]
    run("UPDATE responses SET source = 'import'")
    assert not any("leaves out" in difference for difference in verify(poll.slug).differences)


def test_a_comment_that_is_missing_is_told(world):
    poll = world.open_poll([Draft("long_text", "Why?")])
    world.vote(poll, {"q1": "Because"})
    assert verify(poll.slug).sound
    run("DELETE FROM comments")
    assert verify(poll.slug).differences == ["“Why?” has 0 comments, and 1 ballots say something there."]


def test_the_shown_copies_of_an_anonymous_poll_are_no_step_ahead_and_none_behind(world):
    poll = world.open_poll(anonymous=True, voter_rule="open")
    for n in range(12):
        intake.submit(ballot(poll, "Yes", voter=f"v{n}"))
    assert verify(poll.slug).sound
    run("UPDATE tallies SET n = 5 WHERE cell = 'p:n'")
    assert "stand at 5 responses" in verify(poll.slug).differences[0]
    run("UPDATE tallies SET n = 11 WHERE cell LIKE 'p:%' AND cell <> 'p:n'")
    run("UPDATE tallies SET n = 10 WHERE cell = 'p:n'")
    assert "more than the 10 responses" in verify(poll.slug).differences[0]


def test_a_secret_that_was_lost_is_told_with_what_to_do_and_without_a_line_for_every_ballot(poll):
    run("UPDATE responses SET submission_id = 'x' || submission_id")
    lines = verify(poll.slug).lines()
    assert lines[0] == f"{poll.slug}: 33 differences."
    assert len(lines) == 1 + TOLD + 1 + 1
    assert "bring it back from the backup" in lines[-1]


def test_a_mark_of_bytes_that_are_no_text_is_a_difference_and_no_fault(poll, database):
    if database == "postgresql":  # which refuses such a text
        with pytest.raises(DBAPIError):
            run("UPDATE seals SET marks = convert_from('\\xff', 'UTF8')")
        return
    one = next(row for row in rows("responses") if row["sealed"])
    run("UPDATE responses SET mark = CAST(X'ff' || substr(mark, 2) AS TEXT) WHERE id = :id", id=one["id"])
    run("UPDATE seals SET marks = CAST(X'ff' AS TEXT) WHERE number = 2")
    assert verify(poll.slug).differences == ["Seal 2 cannot be read.", f"Ballot number {one['id']} cannot be read."]


def test_ballots_are_read_in_pieces_and_none_is_kept(world, monkeypatch):
    poll = world.open_poll(voter_rule="open")
    peaks = []
    monkeypatch.setattr(recount, "PIECE", 50)
    for many in (200, 1800):
        intake.submit_many([ballot(poll, "Yes", voter=f"{many}-{n}") for n in range(many)])
        seals.seal_all()
        verify(poll.slug)
        tracemalloc.start()
        assert verify(poll.slug).sound
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400_000, "ten times as many ballots, and a seal of 40 kB"
