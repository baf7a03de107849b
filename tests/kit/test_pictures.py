"""Pictures are drawn once each, one at a time, and the oldest make room."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from heard.kit import pictures
from heard.kit.errors import Unavailable


@pytest.fixture(autouse=True)
def empty_shelf():
    pictures._kept.clear()
    yield
    pictures._kept.clear()


def test_a_hundred_at_once_draw_once():
    drawn, together = [], Barrier(100)

    def ask(_n: int) -> bytes:
        together.wait()
        return pictures.drawing("one", draw).result(30)

    def draw() -> bytes:
        drawn.append(1)
        return b"picture"

    with ThreadPoolExecutor(100) as many:
        assert set(many.map(ask, range(100))) == {b"picture"}
    assert len(drawn) == 1


def test_who_comes_meanwhile_waits_for_the_same_picture():
    begun, go_on = Event(), Event()

    def draw() -> bytes:
        begun.set()
        assert go_on.wait(30)
        return b"picture"

    with ThreadPoolExecutor(2) as two:
        first = two.submit(pictures.drawing, "one", draw)
        assert begun.wait(30)
        second = two.submit(pictures.drawing, "one", lambda: b"another")
        go_on.set()
        assert (first.result(30).result(30), second.result(30).result(30)) == (b"picture", b"picture")


def test_a_drawing_that_fails_is_tried_again():
    def fail() -> bytes:
        raise OSError("no font")

    with pytest.raises(OSError, match="no font"):
        pictures.drawing("one", fail).result(30)
    assert pictures.drawing("one", lambda: b"picture").result(30) == b"picture"


def test_the_one_not_asked_for_longest_makes_room(monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 2)
    for name in ("one", "two", "one", "three"):
        pictures.drawing(name, name.encode).result(30)
    assert list(pictures._kept) == ["one", "three"]


@pytest.fixture
def held():
    """The pen is busy until this is set."""
    go_on, begun = Event(), Event()
    pictures.drawing("held", lambda: begun.set() or (go_on.wait(30) and b"held"))
    assert begun.wait(30)
    yield go_on
    go_on.set()


def test_too_many_that_wait_are_asked_to_come_back_and_those_that_are_there_are_not(monkeypatch, held):
    monkeypatch.setattr(pictures, "WAITING", 3)
    waiting = [pictures.drawing(name, name.encode) for name in ("one", "two")]
    with pytest.raises(Unavailable):
        pictures.drawing("three", bytes)
    assert pictures.drawing("one", bytes) is waiting[0]
    held.set()
    assert [one.result(30) for one in waiting] == [b"one", b"two"]
    assert pictures.drawing("three", lambda: b"three").result(30) == b"three"


def waiting() -> int:
    """How many are not drawn yet."""
    with pictures._shelf:
        return sum(not one.done() for one in pictures._kept.values())


def test_who_waits_for_a_picture_takes_no_thread_from_other_pages(world, client, held):
    polls = [world.open_poll(title=f"Poll {n}") for n in range(50)]  # more than there are threads for pages
    with ThreadPoolExecutor(len(polls)) as many:
        cards = [many.submit(client.get, f"/p/{poll.slug}/card.png") for poll in polls]
        while waiting() <= len(polls):
            assert not any(card.done() for card in cards)
        assert client.get(f"/p/{polls[0].slug}").status_code == 200
        assert not any(card.done() for card in cards)
        held.set()
        assert {card.result(60).status_code for card in cards} == {200}


def test_at_the_end_nothing_more_is_begun(held):
    never = pictures.drawing("one", lambda: b"one")
    pictures.stop()
    held.set()
    assert never.cancelled()
    assert pictures.drawing("one", lambda: b"one").result(30) == b"one"
