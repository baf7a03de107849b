"""Killed at every point of the vote path: what was thanked for is there, once and whole, and a retry gets the same receipt."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from polls.kinds.kind import Draft

ROOT = Path(__file__).parents[2]
DRAFTS = [Draft("single", "Which?", ("Red", "Green", "Blue")), Draft("long_text", "Why?")]


def lives(world, folder, kills, seed):
    """Children that vote in an open poll and in an anonymous one until they are killed; what came of each."""
    slugs = [world.open_poll(DRAFTS, title=f"Kill {n}", voter_rule="open", anonymous=n == 2).slug for n in (1, 2)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.killing", str(kills), str(seed), ",".join(slugs), str(folder)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=1500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.stderr


def holds(told, at_least):
    kills, stderr = told
    assert [kill for kill in kills if kill["wrong"]] == []
    assert {kill["ended"] for kill in kills} <= {-9, 0}, stderr[-3000:]
    assert sum(kill["ended"] == -9 for kill in kills) >= at_least, [k for k in kills if k["ended"] != -9]
    names = {kill["point"] for kill in kills}
    assert {"before commit", "after commit", "after insert into responses", "before http.response.start"} <= names


@pytest.mark.long
def test_a_kill_at_each_named_point_loses_doubles_and_halves_nothing(world, tmp_path):
    holds(lives(world, tmp_path, 0, 1), at_least=30)


@pytest.mark.long
@pytest.mark.both
def test_two_hundred_kills_lose_double_and_halve_nothing(world, tmp_path):
    holds(lives(world, tmp_path, 200, 2), at_least=190)
