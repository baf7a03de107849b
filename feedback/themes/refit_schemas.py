"""What the API tells of a reading that runs, and of themes found anew."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from feedback.answer.schemas import RunOut
from feedback.models import ThemeRefit
from feedback.themes.reading_views import ReadingNow
from feedback.themes.refit_views import Told
from heard.kit.taken import Taken


class ReadingOut(BaseModel):
    """How far a reading is: `done` of `total` comments. state: running; stopped by somebody; silent: its worker was killed,
    and another one takes it over."""

    state: str
    done: int
    total: int
    began_at: datetime

    @classmethod
    def of(cls, shown: ReadingNow) -> "ReadingOut":
        """From what pages show."""
        return cls(**{name: getattr(shown, name) for name in cls.model_fields})


class RunsOut(BaseModel):
    """The last reading, and the one that runs or was stopped, or null."""

    run: RunOut | None
    reading: ReadingOut | None


class RefitAsked(Taken):
    """make: have a proposal made, in place of one that is there; take: have it written as it is shown."""

    what: Literal["make", "take"] = "make"


class MovedOut(BaseModel):
    """Answers that come from a theme, or went to one. theme null: none, they stand alone."""

    theme: int | None
    n: int


class NowOut(BaseModel):
    """A theme that stands, with its answers, and the themes to which some `went`."""

    id: int
    parent: int | None
    label: str
    n: int | None
    went: list[MovedOut]


class ThenOut(BaseModel):
    """A theme that would be. A new one has an id below zero, which is of no use elsewhere. `stay`: answers that are in it
    already; `came`: from other themes; `fresh`: that no reading has seen yet."""

    id: int
    parent: int | None
    label: str
    keywords: list[str]
    n: int | None
    stay: int | None
    fresh: int | None
    came: list[MovedOut]


class RefitOut(BaseModel):
    """All themes found anew beside those that stand. state: making, ready, taking, stale. Of `n` answers `moves` would be in
    another finer theme, or in none; `held` stay because people hold them. In an anonymous poll figures below 5 are null."""

    state: str
    made_at: datetime
    n: int
    moves: int | None
    held: int | None
    now: list[NowOut]
    then: list[ThenOut]

    @classmethod
    def of(cls, refit: ThemeRefit, state: str, *, anonymous: bool) -> "RefitOut":
        """From its row."""
        result, told = refit.result or {"n": 0, "moves": 0, "held": 0, "now": [], "then": []}, Told(anonymous)
        return cls(
            state=state, made_at=refit.made_at, n=result["n"], moves=told.figure(result["moves"]),
            held=told.figure(result["held"]),
            now=[
                NowOut(**_named(row), n=told.figure(row["n"]), went=_moved(told, row["to"])) for row in result["now"]
            ],
            then=[
                ThenOut(
                    **_named(row), keywords=row["keywords"], came=_moved(told, row["from"]),
                    **{name: told.figure(row[name]) for name in ("n", "stay", "fresh")},
                )
                for row in result["then"]
            ],
        )  # fmt: skip


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "parent", "label")}


def _moved(told: Told, flows: list[list[int]]) -> list[MovedOut]:
    return [MovedOut(theme=theme or None, n=n) for theme, n in told.flows(flows)]
