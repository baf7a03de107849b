"""What must happen later is a row, unique while it waits."""

from datetime import timedelta

import pytest
from sqlmodel import select

from heard.kit import leases, work
from heard.kit.clock import now
from heard.kit.db import writing
from heard.kit.work import WorkDue

pytestmark = pytest.mark.both


def test_a_thousand_wishes_are_one_thing_to_do(world):
    with writing() as session:
        for _ in range(20):
            work.due(session, "themes", 7, poll_id=7)
    assert [(row.kind, row.args) for row in work.waiting()] == [("themes", {"poll_id": 7})]


def test_what_is_for_later_is_not_due_now(world):
    with writing() as session:
        work.due(session, "themes", 7, wait=timedelta(hours=1), poll_id=7)
    assert work.waiting() == []


def test_a_wish_that_arrives_while_the_row_is_handed_over_is_kept(world):
    with writing() as session:
        work.due(session, "themes", 7, poll_id=7)
    row = work.waiting()[0]
    with writing() as session:
        work.due(session, "themes", 7, poll_id=7)
    work.taken(row)
    again = work.waiting()
    assert len(again) == 1
    assert again[0].workflow_id != row.workflow_id


def test_a_rolled_back_transaction_leaves_nothing_to_do(world):
    with pytest.raises(RuntimeError), writing() as session:
        work.due(session, "themes", 7, poll_id=7)
        raise RuntimeError
    assert work.waiting() == []


def test_a_mail_without_a_row_of_its_own_is_put_off_longer_each_time_and_given_up_after_two_days(world):
    waits = []
    with writing() as session:
        while leases.put_off(session, "poke", len(waits), len(waits), of="it"):
            row = session.exec(select(WorkDue).where(WorkDue.key == str(len(waits)))).one()
            assert row.args == {"of": "it", "tries": len(waits) + 1}
            waits.append(round((row.due_at - now()).total_seconds() / 60))
    assert waits[:5] == [30, 60, 120, 240, 480]
    assert set(waits[5:]) == {480}
    assert 40 < sum(waits) / 60 <= 48
