"""Pictures are drawn once each, one at a time, and the oldest make room."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from heard.kit import pictures


@pytest.fixture(autouse=True)
def empty_shelf():
    pictures._kept.clear()
    yield
    pictures._kept.clear()


def test_a_hundred_at_once_draw_once():
    drawn, together = [], Barrier(100)

    def ask(_n: int) -> bytes:
        together.wait()
        return pictures.drawn("one", draw)

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
        first = two.submit(pictures.drawn, "one", draw)
        assert begun.wait(30)
        second = two.submit(pictures.drawn, "one", lambda: b"another")
        go_on.set()
        assert (first.result(30), second.result(30)) == (b"picture", b"picture")


def test_a_drawing_that_fails_is_tried_again():
    def fail() -> bytes:
        raise OSError("no font")

    with pytest.raises(OSError, match="no font"):
        pictures.drawn("one", fail)
    assert pictures.drawn("one", lambda: b"picture") == b"picture"


def test_the_one_not_asked_for_longest_makes_room(monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 2)
    for name in ("one", "two", "one", "three"):
        pictures.drawn(name, name.encode)
    assert list(pictures._kept) == ["one", "three"]
