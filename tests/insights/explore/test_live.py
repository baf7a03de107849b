"""Live results: however many watch, the database is asked once, and whoever goes away leaves nothing behind."""

import asyncio
import time

import pytest

from insights.explore import live


@pytest.fixture(autouse=True)
def nobody_watches():
    live._seen.clear()
    yield
    live._seen.clear()
    assert live._open == 0


def test_fifty_who_watch_one_poll_ask_the_database_once(monkeypatch):
    asked = []

    def slow(slug):
        asked.append(slug)
        time.sleep(0.05)
        return "7"

    monkeypatch.setattr(live, "_read", slow)

    async def one():
        return "".join([event async for event in live.moves("evenings", stays=False)])

    async def all_of_them():
        return await asyncio.gather(*(one() for _watcher in range(50)))

    assert all("event: n\ndata: 7\n" in told for told in asyncio.run(all_of_them()))
    assert asked == ["evenings"]


def test_a_watcher_who_goes_away_gives_up_the_place(monkeypatch):
    monkeypatch.setattr(live, "_read", lambda _slug: "7")

    async def watch():
        events = live.moves("evenings", stays=True)
        await anext(events)
        open_ = live._open
        await events.aclose()
        return open_

    assert asyncio.run(watch()) == 1


def test_a_poll_that_is_deleted_while_somebody_watches_is_over(world):
    async def watch():
        return [event async for event in live.moves("nowhere", stays=True)]

    assert "event: closed" in asyncio.run(watch())[-1]
