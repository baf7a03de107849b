"""Programs of others read us: a scraper of OpenGraph tags and an oEmbed client, from npm, against a running server.

tests/consumers/ holds what they are, pinned with their hashes and without any address to fetch them from: npm knows it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heard.kit.db import writing
from polls.models import Poll
from polls.publish import framing
from tests.conftest import pointing_to
from tests.journeys.server import Server, serving
from tests.world import PollHandle, World

HERE = Path(__file__).resolve().parents[1] / "consumers"
MISSING = [name for name in ("node", "npm") if not shutil.which(name)]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(MISSING), reason=f"{' and '.join(MISSING)} not here; the consumers are Node programs"),
]


@pytest.fixture(scope="module")
def consumers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs, in a folder of their own; nothing of them runs while they are put there."""
    folder = tmp_path_factory.mktemp("consumers")
    for name in ("package.json", "package-lock.json", "read.mjs"):
        shutil.copy(HERE / name, folder)
    fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    done = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, World]]:
    """A running server and what stands in it."""
    folder = tmp_path_factory.mktemp("garden")
    with serving(folder, HEARD_WORK="0") as server, pointing_to(server.environment["HEARD_DATABASE_URL"], folder):
        yield server, World()


def read(consumers: Path, address: str, *, maxwidth: int = 0) -> dict[str, Any]:
    """What both of them say."""
    said = subprocess.run(
        ["node", "read.mjs", address, str(maxwidth)], cwd=consumers, capture_output=True, text=True, timeout=60,
        env={**os.environ, "NO_PROXY": "*"},
    )  # fmt: skip
    assert said.returncode == 0, said.stderr[-2000:]
    return dict(json.loads(said.stdout))


def page_of(server: Server, poll: PollHandle) -> str:
    return f"{server.url}/p/{poll.slug}"


def test_the_lock_names_versions_and_hashes_and_no_address():
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []


def test_a_scraper_finds_the_preview(garden, consumers):
    server, world = garden
    poll = world.open_poll(title='Tea & <coffee> "café"', intro="Once a week, in the hall.")
    found = read(consumers, page_of(server, poll))["preview"]
    assert found["ogTitle"] == 'Tea & <coffee> "café"'
    assert found["ogDescription"]
    assert found["ogSiteName"] == "The Quiet Garden"
    assert found["ogUrl"] == page_of(server, poll)
    assert found["twitterCard"] == "summary_large_image"
    image = found["ogImage"][0]
    assert image["url"].startswith(f"{page_of(server, poll)}/card.png")
    assert (int(image["width"]), int(image["height"])) == (1200, 630)
    assert image["alt"]


@pytest.mark.parametrize("way", ["/p/{}", "/p/{}/results", "/l/{}"])
def test_a_client_finds_the_frame_from_any_address_of_the_poll(garden, consumers, way):
    server, world = garden
    poll = world.open_poll(title=f"Which day, {way[1]}", results_rule="always")
    token = world.link(poll, "site").token
    found = read(consumers, server.url + way.format(token if way.startswith("/l/") else poll.slug))["embed"]
    assert (found["type"], found["title"], found["author_name"]) == ("rich", f"Which day, {way[1]}", "The Quiet Garden")
    assert f"{server.url}/e/{poll.slug}{f'?via={token}' if way.startswith('/l/') else ''}" in found["html"]
    assert (found["width"], found["thumbnail_width"]) == (600, 1200)


def test_a_client_that_has_little_room_gets_a_small_frame(garden, consumers):
    server, world = garden
    poll = world.open_poll(title="Little room")
    assert read(consumers, page_of(server, poll), maxwidth=320)["embed"]["width"] == 320


def test_a_poll_that_nobody_may_frame_is_a_link_and_a_draft_is_nothing(garden, consumers):
    server, world = garden
    poll, draft = world.open_poll(title="No frame"), world.draft_poll(title="Secret plans")
    with writing() as session:
        framing.let_frame(session, session.get_one(Poll, poll.id), framing.Choice("nobody"), by=None)
    found = read(consumers, page_of(server, poll))["embed"]
    assert (found["type"], "html" in found) == ("link", False)
    nothing = read(consumers, page_of(server, draft))
    assert "error" in nothing["embed"]
    assert "Secret" not in json.dumps(nothing)
