"""Options in order, the best first. How the winner is found: polls/ranked.py."""

import string
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from heard.kit.i18n import _, number
from polls.kinds.items import WithItems, counted, id_of, whole_from
from polls.kinds.kind import FrozenQuestion, ItemResult, QuestionResult, Value
from polls.ranked import Ranked, ranked

PLACES = string.digits + string.ascii_uppercase + string.ascii_lowercase  # a character for each place on the ballot
MOST = 50  # options: a counter's name holds a character for each, and 80 in all


class Ranking(WithItems):
    """Ranks from 1, without gaps and ties; options at the end may be left out."""

    name, has_options = "ranking", True
    nominal = True
    place = 90
    seconds, seconds_per_item = 6, 4
    height, height_per_item = 90, 64
    assets = ("ranking.css", "ranking.js")
    default_settings: ClassVar[Mapping[str, Any]] = {"method": "irv"}
    setting_codes = frozenset({"method"})

    def label(self) -> str:
        """Its name in the editor."""
        return _("Ranking")

    def purpose(self) -> str:
        """What it is for, where the editor lets one choose."""
        return _("Which matters most, in order.")

    def setting_labels(self) -> Mapping[str, str]:
        """What stands beside the field."""
        return {"method": _("How the winner is found")}

    def setting_choices(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The methods."""
        return {
            "method": (
                ("irv", _("Instant runoff: the last one leaves, round by round")),
                ("borda", _("Borda count: points for each place")),
                ("schulze", _("Schulze method: each against each")),
            )
        }

    def gaps(self, question: FrozenQuestion) -> list[str]:
        """Too many options cannot be counted."""
        gaps, many = super().gaps(question), len(self.items(question))
        if many > MOST:
            words = _("“%(wording)s” has %(many)s options; a ranking holds at most %(most)s.")
            gaps.append(words % {"wording": question.wording, "many": number(many), "most": number(MOST)})
        return gaps

    def value(self, question: FrozenQuestion, item: int, sent: str) -> Value:
        """The rank: a select named q<id>-i<option>."""
        return Value(item, number=whole_from(question, sent, 1, len(self.items(question))))

    def from_json(self, question: FrozenQuestion, answer: Mapping[str, Any]) -> list[Value]:
        """{"options": [id, …]}, best first."""
        given = answer.get("options")
        if given is not None and not isinstance(given, list):
            raise question.refuse(_("“options” is a list of option ids."))
        return [Value(id_of(question, v), number=rank) for rank, v in enumerate(given or [], 1)]

    def check(self, question: FrozenQuestion, values: list[Value]) -> list[Value]:
        """Every rank from 1 to the last one given, once. Stored in the order of ranks."""
        if any(v.number is None for v in values):
            raise question.refuse(_("Give ranks to the options."))
        values = sorted(super().check(question, values), key=lambda v: v.number or 0)
        ranks = [v.number or 0 for v in values]
        for rank, given in enumerate(ranks, 1):
            if given != rank and given in ranks[: rank - 1]:
                raise question.refuse(_("Two options have the rank %(n)s.") % {"n": f"{given:g}"})
            if given != rank:
                words = _("The rank %(n)s is missing: count from 1 without a gap.")
                raise question.refuse(words % {"n": number(rank)})
        return values

    def cells(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """Each option's rank, and the whole ballot: "12:b201" ranks the third option of the ballot first."""
        cells, places = super().cells(question, values), {o.id: at for at, o in enumerate(self.items(question))}
        if cells and len(places) <= MOST:
            order = sorted((v for v in values if not v.empty), key=lambda v: v.number or 0)
            cells.append(f"{question.id}:b{''.join(PLACES[places[v.item or 0]] for v in order)}")
        return cells

    def result(self, question: FrozenQuestion, cells: Mapping[str, int]) -> QuestionResult:
        """For each option: `n` who ranked it, `mean` rank among these, `count` and `share` of first places, `score`.

        The score is the Borda count whatever the method. `ranked` is left out where whole ballots were not counted yet:
        the shown step of an anonymous poll may be older than they are.
        """
        n, found, options = cells.get(f"{question.id}:n", 0), counted(question, cells, "v"), self.items(question)
        items = []
        for option in options:
            ranks = found.get(option.id, {})
            ranked_by, first = sum(ranks.values()), ranks.get(1, 0)
            items.append(
                ItemResult(
                    option.id, option.label, ranked_by, count=first, share=first / n if n else 0.0,
                    mean=sum(r * c for r, c in ranks.items()) / ranked_by if ranked_by else None,
                    score=sum((len(options) - r) * c for r, c in ranks.items()),
                )
            )  # fmt: skip
        start, method = (
            f"{question.id}:b",
            question.settings.get("method", "borda"),
        )  # older than the setting: as it was
        whole = tuple(sorted((cell, c) for cell, c in cells.items() if cell.startswith(start) and c))
        complete = n and sum(c for _cell, c in whole) == n
        result = _counted(whole, len(options), method, f"{question.id}-{n}") if complete else None
        return QuestionResult(question.id, self.name, question.wording, n, items=tuple(items), ranked=result)

    def finding(self, result: QuestionResult) -> str:
        """The winner, by which method, and whether it beats every other option one to one. Ties and lots are said."""
        if result.ranked is None:
            best = max(i.score or 0 for i in result.items)
            return _borda_winner(result, [at for at, i in enumerate(result.items) if i.score == best])
        tell = {"irv": _runoff_winner, "borda": _borda_winner, "schulze": _schulze_winner}[result.ranked.method]
        said = [tell(result, result.ranked.winners), _one_to_one(result, result.ranked)]
        if result.ranked.method == "irv" and result.ranked.drawn:
            said.append(_("On the way a lot decided a tie."))
        return " ".join(filter(None, said))

    def to_long_items(self, question: FrozenQuestion, values: list[Value]) -> dict[int, list[str]]:
        """The rank by option."""
        return {v.item: [f"{v.number:g}"] for v in values if v.item and v.number is not None}

    def from_long_items(self, question: FrozenQuestion, cells: Mapping[int, list[str]]) -> list[Value]:
        """The rank by option."""
        return [self.value(question, item, cell) for item, several in cells.items() for cell in several]

    def told(self, question: FrozenQuestion, values: list[Value]) -> list[str]:
        """The options in order."""
        order = sorted((v for v in values if v.number is not None), key=lambda v: v.number or 0)
        return [f"{v.number:g}. {question.option(v.item or 0).label}" for v in order]


@lru_cache(maxsize=16)
def _counted(whole: tuple[tuple[str, int], ...], options: int, method: str, seed: str) -> Ranked:
    """The result, kept for as long as nobody votes: many ballots of many options take seconds."""
    return ranked(ballots_from(dict(whole)), options, method, seed)


def ballots_from(cells: Mapping[str, int]) -> dict[tuple[int, ...], int]:
    """Whole ballots as places of options, and how often each was cast, from one question's "12:b…" cells."""
    return {tuple(PLACES.index(place) for place in cell.rpartition(":b")[2]): n for cell, n in cells.items() if n}


def _names(result: QuestionResult, options: Sequence[int]) -> str:
    if len(options) > 5:
        return _("%(many)s options") % {"many": number(len(options))}
    return ", ".join(f"“{result.items[o].label}”" for o in options)


def _runoff_winner(result: QuestionResult, winners: Sequence[int]) -> str:
    assert result.ranked is not None
    last = result.ranked.rounds[-1]
    figures = {"votes": number(last.votes[0][1]), "n": number(last.counting)}
    if len(winners) > 1:
        words = _("%(names)s are level by instant runoff, with %(votes)s of %(n)s each in the last round.")
        return words % {**figures, "names": _names(result, winners)}
    if len(result.ranked.rounds) == 1:
        words = _("“%(one)s” wins by instant runoff, with %(votes)s of %(n)s in the first round.")
    else:
        words = _("“%(one)s” wins by instant runoff, with %(votes)s of %(n)s in the last round.")
    return words % {**figures, "one": result.items[winners[0]].label}


def _borda_winner(result: QuestionResult, winners: Sequence[int]) -> str:
    first = result.items[winners[0]]
    if len(winners) > 1:
        words = _("%(names)s are level in front, with %(points)s points each by Borda count.")
        return words % {"names": _names(result, winners), "points": number(first.score or 0)}
    words = _("“%(one)s” comes first by Borda count, and %(votes)s of %(n)s put it first.")
    return words % {"one": first.label, "votes": number(first.count or 0), "n": number(result.n)}


def _schulze_winner(result: QuestionResult, winners: Sequence[int]) -> str:
    if len(winners) > 1:
        return _("%(names)s are level in front by the Schulze method.") % {"names": _names(result, winners)}
    return _("“%(one)s” wins by the Schulze method.") % {"one": result.items[winners[0]].label}


def _one_to_one(result: QuestionResult, found: Ranked) -> str:
    """Whether the Condorcet winner is the same; nothing where there are two options only."""
    if len(result.items) < 3:
        return ""
    if found.condorcet is None:
        return _("No option beats every other one to one.")
    if found.winners == (found.condorcet,):
        return _("It also beats every other option one to one.")
    return _("One to one, “%(one)s” beats every other option.") % {"one": result.items[found.condorcet].label}
