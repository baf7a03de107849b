"""`heard brief`: files of every kind, and what is refused."""

import email
import email.policy
import re
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from heard.kit.errors import BadInput, NotFound
from insights.models import Brief
from insights.write.brief_file import brief_to_file
from tests.insights.scene import library


def pages(pdf: bytes) -> int:
    """How many pages a PDF of ours says it has."""
    return int(
        re.search(rb"/Type\s*/Pages.*?/Count\s+(\d+)|/Count\s+(\d+).*?/Type\s*/Pages", pdf, re.S)[0]
        .split(b"/Count")[1]
        .split()[0]
    )


@pytest.fixture
def write(world, tmp_path):
    library(world)

    def run(name, audience="leadership", since=None, until=None, community="garden"):
        file = tmp_path / name
        return brief_to_file(community, audience, since, until, file), file

    return run


@pytest.mark.parametrize("audience", ["product", "leadership"])
@pytest.mark.parametrize("ending", ["html", "txt", "eml", "pdf"])
def test_every_kind_of_file(write, audience, ending):
    facts_hash, file = write(f"brief.{ending}", audience)
    content = file.read_bytes()
    assert len(content) > 500
    if ending != "pdf":
        plain = (
            content
            if ending != "eml"
            else email.message_from_bytes(content, policy=email.policy.default)
            .get_body(("plain",))
            .get_content()
            .encode()
        )
        assert facts_hash.encode() in plain
        assert b"37 of 60" in plain


def test_the_leadership_brief_is_one_page(write):
    _hash, file = write("brief.pdf")
    assert file.read_bytes().startswith(b"%PDF")
    assert pages(file.read_bytes()) == 1


def test_writing_the_same_again_stores_no_second_brief(write, session):
    first, _file = write("a.txt")
    second, _file = write("b.html")
    assert first == second
    assert len(session.exec(select(Brief)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"name": "x.docx"}, BadInput),
        ({"name": "x"}, BadInput),
        ({"name": "no/such/x.txt"}, BadInput),
        ({"name": "x.txt", "since": date(2026, 2, 1), "until": date(2026, 1, 1)}, BadInput),
        ({"name": "x.txt", "audience": "everybody"}, BadInput),
        ({"name": "x.txt", "community": "nobody-here"}, NotFound),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(write, tmp_path, wrong, error):
    with pytest.raises(error) as refused:
        write(**wrong)
    assert refused.value.hint
    assert [f for f in tmp_path.iterdir() if f.suffix in (".txt", ".docx", ".part")] == []


def test_a_file_that_cannot_be_written_leaves_nothing(write, tmp_path):
    (tmp_path / "taken.txt").mkdir()
    with pytest.raises(BadInput):
        write("taken.txt")
    assert [f.name for f in tmp_path.iterdir() if f.name.endswith(".part")] == []


def test_what_people_write_is_text_in_the_pdf_and_never_a_program(world, tmp_path):
    library(world, title='#read("/etc/passwd") \\ #panic() $x$ *b* _i_ ` " </script>')
    for audience in ("product", "leadership"):
        brief_to_file("garden", audience, None, None, tmp_path / "x.pdf")
    assert Path(tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
