"""Ranked ballots against elections with published winners, and against a library that counts another way."""

import random
from collections import Counter
from typing import Any

import pytest

from polls.ranked import lot, ranked
from tests.polls.elections import ELECTIONS, Known


def cast(ballots: str) -> tuple[str, dict[tuple[int, ...], int]]:
    """The options in alphabetical order, and the ballots as places."""
    options = "".join(sorted({letter for letter in ballots if letter.isalpha()}))
    counted: Counter[tuple[int, ...]] = Counter()
    for part in ballots.split(", "):
        n, order = part.split()
        counted[tuple(options.index(letter) for letter in order)] += int(n)
    return options, dict(counted)


def count(ballots: str, method: str = "irv"):
    """The result of such ballots."""
    options, counted = cast(ballots)
    return ranked(counted, len(options), method, "seed")


def test_at_least_thirty_elections_are_known_and_each_method_has_several():
    assert len({election.ballots for election in ELECTIONS}) == len(ELECTIONS) >= 30
    assert min(sum(getattr(e, m) is not None for e in ELECTIONS) for m in ("irv", "borda", "condorcet", "schulze")) >= 5


@pytest.mark.parametrize("election", ELECTIONS, ids=lambda election: election.name)
def test_the_published_winner_is_found(election: Known):
    options, counted = cast(election.ballots)
    found = ranked(counted, len(options), "irv", "seed")
    winners = {method: "".join(options[o] for o in won) for method, won in found.by_method.items()}
    winners["condorcet"] = "" if found.condorcet is None else options[found.condorcet]
    published = {m: getattr(election, m) for m in ("irv", "borda", "condorcet", "schulze")}
    published = {method: won for method, won in published.items() if won is not None}
    assert published
    assert {method: winners[method] for method in published} == published


def test_the_published_order_of_schulze_and_strengths_of_paths():
    found = count("5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC", "schulze")
    assert found.schulze == ((4,), (0,), (2,), (1,), (3,))
    assert found.strengths == (
        (0, 28, 28, 30, 24), (25, 0, 28, 33, 24), (25, 29, 0, 29, 24), (25, 28, 28, 0, 24), (25, 28, 28, 31, 0)
    )  # fmt: skip
    assert [stand.option for stand in found.standing] == [4, 0, 2, 1, 3]


def test_the_rounds_of_burlington_are_those_that_were_published():
    found = count("1332 MKW, 767 MWK, 455 M, 2043 KMW, 371 KWM, 568 K, 1513 WMK, 495 WKM, 1289 W")
    first, last = found.rounds
    assert (first.votes, first.out, first.exhausted) == (((2, 3297), (0, 2982), (1, 2554)), (1,), 0)
    assert (last.votes, last.out, last.exhausted) == (((0, 4314), (2, 4064)), (), 455)
    assert (found.pairwise[1][0], found.pairwise[0][1]) == (4067, 3477)


def test_more_than_half_is_of_the_ballots_that_still_count():
    found = count("5 A, 3 B, 2 C")
    assert [(r.votes, r.exhausted, r.out) for r in found.rounds] == [
        (((0, 5), (1, 3), (2, 2)), 0, (2,)),
        (((0, 5), (1, 3)), 2, ()),  # 5 of 8 is more than half, 5 of 10 would not be: B does not have to leave
    ]
    assert found.rounds[-1].counting == 8


def test_exactly_half_is_not_a_majority():
    assert len(count("5 A, 3 B, 2 CB").rounds) == 2
    assert len(count("6 A, 3 B, 2 CB").rounds) == 1


def test_a_tie_in_the_last_round_is_a_tie():
    found = count("4 A, 3 B, 1 CB")
    assert found.winners == (0, 1)
    assert not found.drawn


def test_all_who_are_level_win_together():
    assert count("1 A, 1 B, 1 C").winners == (0, 1, 2)


def test_a_tie_at_the_bottom_is_decided_by_a_lot_that_anyone_can_draw_again():
    assert not count("5 ABC, 2 BCA, 2 CBA").drawn  # a majority needs no lot
    _options, counted = cast("4 ABC, 2 BCA, 2 CBA")
    for seed in ("1-8", "2-8", "3-8", "4-8"):
        found = ranked(counted, 3, "irv", seed)
        assert found.drawn
        assert found.rounds[0].drawn == (1, 2)
        assert found.rounds[0].out == (min((1, 2), key=lambda option: lot(seed, option)),)


def test_a_lot_is_what_sha256sum_says_of_seed_and_place():
    assert lot("12-57", 2).startswith("a2d862a16d88451d")  # printf 12-57-3 | sha256sum


def test_two_that_are_level_have_no_victory_over_each_other():
    found = count("2 AB, 2 BA", "schulze")
    assert found.strengths == ((0, 0), (0, 0))
    assert found.schulze == ((0, 1),)
    assert found.condorcet is None


def test_options_without_votes_leave_together_and_need_no_lot():
    found = count("3 ACDE, 2 BCDE, 2 C")
    assert found.rounds[0].out == (3, 4)
    assert found.rounds[0].drawn == ()


def test_borda_gives_nothing_to_what_is_left_out():
    found = count("2 AB, 1 BCD", "borda")
    assert found.borda == (6, 7, 2, 1)
    assert [(s.option, s.figure, s.whole) for s in found.standing] == [(1, 7, 9), (0, 6, 9), (2, 2, 9), (3, 1, 9)]


def test_the_standing_of_a_runoff_goes_by_who_stayed_longest():
    found = count("42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM")
    assert [(s.option, s.figure, s.whole, s.round) for s in found.standing] == [
        (1, 58, 100, 3), (2, 42, 100, 3), (3, 26, 100, 2), (0, 15, 100, 1)
    ]  # fmt: skip


def test_fifty_options_on_as_many_places_are_counted():
    orders = {tuple((first + step) % 50 for step in range(50)): 2 for first in range(50)}
    found = ranked({**orders, tuple(range(50)): 3}, 50, "irv", "seed")
    assert found.ballots == 101
    assert found.condorcet is None
    assert sum(found.borda) == 101 * 49 * 25


@pytest.mark.parametrize(
    ("ballots", "options", "method"),
    [
        ({(0, 1): 1}, 2, "plurality"),
        ({}, 2, "irv"),
        ({(): 3}, 2, "irv"),
        ({(0, 0): 1}, 2, "irv"),
        ({(0, 2): 1}, 2, "irv"),
    ],
)
def test_what_is_no_election_is_refused(ballots, options, method):
    with pytest.raises(ValueError):  # noqa: PT011  its arguments say which
        ranked(ballots, options, method, "seed")


class ByLot:
    """The library's choice of who stays when somebody has to leave: as ours, where it would refuse a tie."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def evaluate(self, votes: dict[int, int], n_seats: int = 1) -> list[int]:
        """All but those without votes, or all but the last, by lot among several."""
        least = min(votes.values())
        bottom = [option for option in votes if votes[option] == least]
        out = bottom if not least else [min(bottom, key=lambda option: lot(self.seed, option))]
        return [option for option in votes if option not in out]


def random_election(chance: random.Random) -> tuple[int, dict[tuple[int, ...], int]]:
    """2 to 7 options, 1 to 40 different ballots of any length, from three voters to a thousand."""
    options, most = chance.randint(2, 7), chance.choice([1, 1, 3, 10, 40])
    liked = [chance.random() * chance.choice([0.5, 2]) for _ in range(options)]
    ballots: Counter[tuple[int, ...]] = Counter()
    for _ in range(chance.randint(1, 40)):
        order = sorted(range(options), key=lambda option: liked[option] + chance.random())
        ballots[tuple(order[: chance.randint(1, options)])] += chance.randint(1, most)
    return options, dict(ballots)


def by_library(options: int, ballots: dict[tuple[int, ...], int], rounds: int, seed: str) -> dict[str, Any]:
    """The same by votelib. A ballot that counts 0 times tells it of the options that nobody ranks."""
    from votelib import convert
    from votelib.component import rankscore
    from votelib.evaluate import condorcet, sequential

    told = {**ballots, tuple(range(options)): ballots.get(tuple(range(options)), 0)}
    pairs = convert.RankedToCondorcetVotes().convert(told)
    paths = condorcet.Schulze.widest_paths(pairs)
    points = convert.RankedToPositionalVotes(rankscore.Borda(0)).convert(told)
    runoff = sequential.TransferableVoteSelector(quota_function="droop", retainer=ByLot(seed))
    everybody = range(options)
    return {
        "pairwise": tuple(tuple(pairs.get((a, b), 0) if a != b else 0 for b in everybody) for a in everybody),
        "condorcet": next(iter(condorcet.CondorcetWinner().evaluate(pairs)), None),
        "strengths": tuple(tuple(paths.get((a, b), 0) if a != b else 0 for b in everybody) for a in everybody),
        "borda": tuple(points[option] for option in everybody),
        "last round": {
            option or 0: n for option, n in runoff.nth_count(told, 1, rounds)[0].items() if option is not None
        },
        "irv": runoff.evaluate(told, 1),
    }


def compared(elections: int, seed: int) -> Counter[str]:
    """How many elections were compared; asserts that each is the same. Ties of a runoff are where the rules differ: the
    library would draw where ours says that all who are left are level, so there only the votes are compared."""
    chance, seen = random.Random(seed), Counter[str]()
    for number in range(elections):
        options, ballots = random_election(chance)
        found = ranked(ballots, options, "irv", f"{number}")
        theirs = by_library(options, ballots, len(found.rounds), f"{number}")
        assert found.pairwise == theirs["pairwise"], (options, ballots)
        assert found.condorcet == theirs["condorcet"], (options, ballots)
        assert found.strengths == theirs["strengths"], (options, ballots)
        assert found.borda == theirs["borda"], (options, ballots)
        assert dict(found.rounds[-1].votes) == theirs["last round"], (options, ballots)
        unbeaten = tuple(
            a for a in range(options)
            if all(theirs["strengths"][a][b] >= theirs["strengths"][b][a] for b in range(options))
        )  # fmt: skip
        assert found.by_method["schulze"] == unbeaten, (options, ballots)
        most = max(theirs["borda"])
        assert found.by_method["borda"] == tuple(o for o in range(options) if theirs["borda"][o] == most)
        level = len(found.by_method["irv"]) > 1
        if not level:
            assert list(found.by_method["irv"]) == theirs["irv"], (options, ballots)
        seen.update({
            "elections": 1, "level in the runoff": level, "with a lot": found.drawn,
            "no Condorcet winner": found.condorcet is None, "several by Schulze": len(unbeaten) > 1,
            "several by Borda": len(found.by_method["borda"]) > 1,
        })  # fmt: skip
    return seen


def test_ten_thousand_random_elections_come_out_as_by_another_library():
    seen = compared(10_000, seed=2026)
    print(dict(seen))
    assert seen["elections"] == 10_000
    assert min(seen.values()) >= 100  # each kind of difficulty was met
    assert seen["level in the runoff"] <= 1_000
