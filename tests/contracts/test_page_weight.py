"""What a voter's telephone loads: at most 50 kB in 3 requests, 5 kB of it scripts, and nothing from anybody else.

Counted as a browser gets it: pages plain (they hold secrets of the voter), styles and scripts packed.
"""

import re

import pytest

from polls.kinds.kind import Draft, kinds
from polls.logic import Condition, ShowIf
from tests.browser_client import Client

BYTES, SCRIPT, REQUESTS = 50_000, 5_000, 3
PACKED = {"accept-encoding": "gzip"}
OPTIONS = ("By the gate", "Along the southern fence", "Behind the shed", "On the roof", "Nowhere", "Where it is now")


def draft(kind: str, wording: str = "Where shall the new bed go, and what would you give up for it?", **more) -> Draft:
    """A question of this kind, with as many options as people write."""
    made = kinds()[kind]
    rows = ("Paths", "Tools", "Watering by the neighbours", "The gate") if made.has_rows else ()
    return Draft(kind, wording, OPTIONS if made.has_options else (), "A line that helps.", rows=rows, **more)


POLLS = {
    **{kind: {"questions": [draft(kind)]} for kind in kinds()},
    "ten questions": {"questions": [draft(k) for k in ("single", "multiple", "rating", "nps", "yes_no") * 2]},
    "page by page": {"questions": [draft(kind) for kind in kinds()], "paged": True},
    "conditions and a ranking": {
        "questions": [
            draft("single"), draft("ranking", show_if=ShowIf((Condition(0, "is", (OPTIONS[0],)),))), draft("long_text"),
        ],
    },
    "anonymous": {"questions": [draft("single"), draft("long_text")], "anonymous": True},
}  # fmt: skip


class Weight:
    """A page with all that it loads."""

    def __init__(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code in (200, 303), f"{path}: {answer.status_code}"
        self.page = answer.text
        inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", self.page, re.S)
        scripts = re.findall(r'<script[^>]*\ssrc="([^"]+)"', self.page)
        others = re.findall(r'<link[^>]*rel="(?:stylesheet|preload|modulepreload)"[^>]*href="([^"]+)"', self.page)
        others += re.findall(
            r'<(?:img|source|iframe|video|audio|embed|object)\b[^>]*\s(?:src|data|srcset)="([^"]+)"', self.page
        )
        files = [address for address in [*scripts, *others] if not address.startswith("data:")]
        self.foreign = [a for a in files if not a.startswith("/") or a.startswith("//")]
        self.requests = 1 + len(files)
        sent = {file: client.get(file, headers=PACKED) for file in files}
        sizes = {file: int(got.headers["content-length"]) for file, got in sent.items()}
        for file, got in sent.items():
            assert not (file.endswith(".css") and re.search(r"url\((?!.?data:)|@import", got.text)), file
        self.bytes = len(answer.content) + sum(sizes.values())
        self.script = sum(len(words.encode()) for words in inline) + sum(sizes[file] for file in scripts)

    def faults(self) -> list[str]:
        """What is over the budget."""
        return [
            f"{name} {value}"
            for name, value, most in (
                ("bytes", self.bytes, BYTES), ("script", self.script, SCRIPT), ("requests", self.requests, REQUESTS),
                ("foreign", len(self.foreign), 0),
            )
            if value > most
        ]  # fmt: skip


def test_the_list_has_every_kind():
    assert set(kinds()) <= set(POLLS)


@pytest.mark.parametrize("name", POLLS)
@pytest.mark.parametrize("door", ["p", "e"])
def test_a_ballot_is_light(world, client, name, door):
    poll = world.open_poll(title=f"Poll: {name}", intro="We have room for one more. " * 5, **POLLS[name])
    weight = Weight(client, f"/{door}/{poll.slug}")
    assert weight.faults() == []
    if door == "p" and not weight.script:
        assert weight.requests == 2


def test_pages_on_the_way_and_after_the_vote_are_light(world, client):
    poll = world.open_poll(**POLLS["page by page"])
    first = client.get(f"/p/{poll.slug}").text
    form = dict(re.findall(r'name="(submission|page)" value="([^"]+)"', first))
    kept = client.post(f"/p/{poll.slug}", data={**form, "do": "save"})
    assert kept.status_code == 303
    short = world.open_poll(**POLLS["ten questions"], results_rule="always")
    receipt = world.vote(short, {"q1": OPTIONS[0]}, client=client)
    paths = [kept.headers["location"], f"/r/{receipt}", f"/p/{short.slug}", f"/p/{short.slug}/results"]
    world.close(short)
    paths.append(f"/e/{short.slug}")
    wrong = {path: faults for path in paths if (faults := Weight(client, path).faults())}
    assert wrong == {}


def test_the_answer_inside_a_frame_is_light(world, client):
    poll = world.open_poll(**POLLS["single"])
    submission = re.search(r'name="submission"[^>]*value="([^"]+)"', client.get(f"/e/{poll.slug}").text)
    answer = client.post(
        f"/e/{poll.slug}",
        data={"submission": submission[1], poll.questions[0].name: str(poll.questions[0].options[0].id)},
    )
    assert answer.status_code == 200
    assert len(answer.content) < 10_000
