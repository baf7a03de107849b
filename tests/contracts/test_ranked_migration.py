"""Counters of whole ballots made by migration 0002."""

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import text

from feedback.integrity import verifying
from heard.kit.db import engines
from polls.kinds.kind import Draft

FILE = next(Path(__file__).resolve().parents[2].glob("heard/migrations/versions/0002*.py"))


def fill(connection):
    """What the migration does to polls that were counted before it."""
    spec = importlib.util.spec_from_file_location("migration", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.fill_ranking_patterns(connection)


def counters(poll):
    """Every counter of the poll."""
    with engines().write.connect() as connection:
        rows = connection.execute(text("SELECT cell, n FROM tallies WHERE poll_id = :p AND n > 0"), {"p": poll.id})
        return {row.cell: row.n for row in rows}


def without_whole_ballots(poll):
    """As the version before left it."""
    question = poll.questions[0].id
    with engines().write.begin() as connection:
        for start in (f"{question}:b%", f"p:{question}:b%"):
            connection.execute(text("DELETE FROM tallies WHERE cell LIKE :start"), {"start": start})


def voted(world, client, times, **rules):
    """An open ranking with this many ballots, by API."""
    poll = world.open_poll([Draft("ranking", "Order?", ("Tea", "Coffee", "Water"))], voter_rule="open", **rules)
    tea, coffee, water = (o.id for o in poll.questions[0].options)
    orders = ([tea, coffee], [water], [coffee, water, tea])
    receipts = []
    for at in range(times):
        answers = [{"question": poll.questions[0].id, "options": orders[at % 3]}]
        receipts.append(
            client.post(f"/api/v1/polls/{poll.slug}/responses", json={"answers": answers}).json()["receipt"]
        )
    return poll, receipts


@pytest.mark.both
@pytest.mark.parametrize("anonymous", [False, True])
def test_whole_ballots_of_rankings_are_counted_from_what_is_stored(world, client, anonymous):
    poll, receipts = voted(world, client, 8, anonymous=anonymous)
    assert client.post(f"/r/{receipts[7]}/withdrawal").status_code == 303
    before = counters(poll)
    assert sum(n for cell, n in before.items() if ":b" in cell and not cell.startswith("p:")) == 7
    assert sum(n for cell, n in before.items() if ":b" in cell and cell.startswith("p:")) == (5 if anonymous else 0)
    without_whole_ballots(poll)
    assert not verifying.verify(poll.slug).sound
    for _ in range(2):
        with engines().write.begin() as connection:
            fill(connection)
        assert counters(poll) == before
    assert verifying.verify(poll.slug).sound


@pytest.mark.both
def test_a_ballot_changed_since_the_last_step_makes_no_copies(world, client):
    poll, receipts = voted(world, client, 7, anonymous=True)
    assert client.post(f"/r/{receipts[0]}/withdrawal").status_code == 303
    without_whole_ballots(poll)
    with engines().write.begin() as connection:
        fill(connection)
    assert not any(cell.startswith("p:") and ":b" in cell for cell in counters(poll))
    assert verifying.verify(poll.slug).sound
