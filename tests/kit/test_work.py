"""What must happen later is a row, unique while it waits."""

from datetime import timedelta

import pytest

from heard.kit import work
from heard.kit.db import writing

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
