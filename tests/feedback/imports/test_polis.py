"""A conversation of Polis: signs, votes that were changed, gaps, what was moderated out. All of it is invented."""

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from feedback.exports import exporting
from feedback.imports import formats, run
from feedback.imports.parsed import RefusedRow
from feedback.integrity import verifying
from heard.kit.errors import BadInput
from polls.kinds.kind import kind_of

IDS = [0, 1, 2, 5, 6, 9]  # with gaps
OUT = {2, 6}  # moderated out; people had voted on 6 before


def written(rows: list[list[object]], *, quoted: bool = True) -> str:
    """CSV, or the bare joining of an old server."""
    if not quoted:
        return "".join(",".join(map(str, row)) + "\n" for row in rows)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def conversation(
    folder: Path, *, flipped: bool = False, seconds: bool = False, quoted: bool = True
) -> dict[str, list[int]]:
    """Write the files; the counts [agree, disagree, pass] of each statement, by its words."""
    random, sign, scale = Random(7), -1 if flipped else 1, 1 if seconds else 1000
    events, last = [], {}
    authors = {c: n for n, c in enumerate(IDS)}
    for author in IDS:
        events.append((author, authors[author], 1))  # as Polis casts it
    for voter in range(12):
        for comment in IDS:
            if comment != 2 and random.random() < 0.7:
                events += [(comment, voter, random.choice((1, -1, 0))) for _again in range(1 + (random.random() < 0.2))]
    rows: list[list[object]] = []
    for at, (comment, voter, vote) in enumerate(events):
        if (comment, voter) == (2, 2):
            continue
        last[comment, voter] = vote
        rows.append([(1_500_000_000 + at) * scale, "a day", comment, voter, sign * vote])
    random.shuffle(rows)  # the time orders them, not the file
    folder.mkdir(exist_ok=True)
    (folder / "votes.csv").write_text(written([["timestamp", "datetime", "comment-id", "voter-id", "vote"], *rows]))
    body = {c: f"Statement number {c}, with a comma" + ("\nand two lines" if c == 5 else "") for c in IDS}
    comments = [[1, "a day", c, authors[c], 99, 3, -1 if c in OUT else 1, body[c]] for c in IDS]
    head = ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"]
    (folder / "comments.csv").write_text(written([head, *comments], quoted=quoted))
    taken = [c for c in IDS if c != 2]
    matrix = [[v, "", 0, 0, 0, 0, *(last.get((c, v), "") for c in taken)] for v in range(12)]
    heads = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"]
    (folder / "participants-votes.csv").write_text(written([[*heads, *taken], *matrix]))
    (folder / "summary.csv").write_text(
        'topic,A garden for all\nurl,https://example.org/x\nvoters,12\nconversation-description,"two\nlines"\n'
    )
    counts: dict[str, list[int]] = {}
    for (comment, _voter), vote in last.items():
        counts.setdefault(" ".join(body[comment].split()), [0, 0, 0])[(1, -1, 0).index(vote)] += 1
    return counts


def read(source: Path) -> tuple[dict[str, list[int]], list[str]]:
    """Counts as above, and the notes."""
    form, sheets = formats.opened(source)
    assert form.NAME == "polis"
    layout = form.survey(sheets)
    counts: dict[str, list[int]] = {}
    for response in form.responses(sheets, layout):
        assert not isinstance(response, RefusedRow)
        for item, (vote,) in response.cells.items():
            counts.setdefault(layout.items[item][1], [0, 0, 0])[("1", "-1", "0").index(vote)] += 1
    return counts, layout.notes


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("seconds", [False, True])
@pytest.mark.parametrize("quoted", [False, True])
def test_the_counts_are_those_of_the_last_votes_whatever_the_sign(tmp_path, flipped, seconds, quoted):
    wanted = conversation(tmp_path / "c", flipped=flipped, seconds=seconds, quoted=quoted)
    counts, notes = read(tmp_path / "c" / "votes.csv")
    assert counts == wanted
    assert any("all signs were turned" in note for note in notes) is flipped


def test_a_folder_a_zip_and_renamed_files_are_the_same(tmp_path):
    wanted = conversation(tmp_path / "c")
    assert read(tmp_path / "c")[0] == wanted
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as made:
        for file in (tmp_path / "c").iterdir():
            made.write(file, f"export/{file.name}")
    assert read(tmp_path / "c.zip")[0] == wanted
    for file in (tmp_path / "c").iterdir():
        file.rename(tmp_path / f"garden_{file.name}")
    (tmp_path / "other_votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,0,1,1\n")
    assert read(tmp_path / "garden_votes.csv")[0] == wanted


def test_what_was_told_from_what_is_said(tmp_path):
    conversation(tmp_path / "c")
    notes = " ".join(read(tmp_path / "c")[1])
    assert "of 12 voters on 5 statements" in notes
    assert "changed by later ones" in notes
    assert "2 statements were moderated out. 1 of them are taken" in notes
    assert "gaps: 5 between 0 and 9" in notes
    assert "counts of 6 of 6 statements differ" in notes


def test_without_the_matrix_what_was_moderated_out_stays_out(tmp_path):
    wanted = conversation(tmp_path / "c")
    (tmp_path / "c" / "participants-votes.csv").unlink()
    del wanted["Statement number 6, with a comma"]
    assert read(tmp_path / "c")[0] == wanted


def test_without_the_votes_the_matrix_is_read(tmp_path):
    wanted = conversation(tmp_path / "c")
    (tmp_path / "c" / "votes.csv").unlink()
    assert read(tmp_path / "c")[0] == wanted


def test_votes_alone_have_statements_without_words(tmp_path):
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,4,1,1\n2,4,2,-1\n3,x,2,1\n4,4,3,7\n")
    form, sheets = formats.opened(tmp_path / "votes.csv")
    layout = form.survey(sheets)
    assert [label for _group, label in layout.items.values()] == ["Statement 4"]
    assert [r.line for r in form.responses(sheets, layout) if isinstance(r, RefusedRow)] == [4, 5]


def test_comments_alone_are_no_conversation(tmp_path):
    (tmp_path / "comments.csv").write_text("comment-id,comment-body\n1,x\n")
    form, sheets = formats.opened(tmp_path / "comments.csv", "polis")
    with pytest.raises(BadInput, match="no votes"):
        form.survey(sheets)


@pytest.mark.both
def test_it_is_stored_as_counted_and_importing_twice_changes_nothing(world, tmp_path):
    wanted = conversation(tmp_path / "c", flipped=True)
    report = run.run(tmp_path / "c" / "votes.csv", "garden", form="polis")
    assert (report.taken, report.refused) == (12, [])
    assert verifying.verify(report.slug).sound
    found: Counter[tuple[str, float]] = Counter()
    for line in "".join(exporting.export(report.slug, "jsonl")).splitlines():
        (values,) = json.loads(line)["answers"].values()
        found.update((v["item"], v["number"]) for v in values)
    assert found == Counter(
        {
            (words, n): count
            for words, three in wanted.items()
            for n, count in zip((1, -1, 0), three, strict=True)
            if count
        }
    )
    assert run.run(tmp_path / "c", "garden", poll_slug=report.slug).unchanged == 12


def test_what_was_moderated_out_and_has_votes_is_taken_and_stays_out(world, client, tmp_path):
    conversation(tmp_path / "c")
    report = run.run(tmp_path / "c", "garden", form="polis")
    told = world.heard("vic").results(report.slug)["questions"][0]["items"]
    assert [item["label"] for item in told if item.get("moderated")] == ["Statement number 6, with a comma"]
    assert sum(option["count"] for item in told if item.get("moderated") for option in item["options"]) > 0
    ballot = client.get(f"/p/{report.slug}").text
    assert "Statement number 5, with a comma" in ballot
    assert "Statement number 6" not in ballot


def test_a_conversation_of_which_all_is_moderated_out_is_no_fault(world, tmp_path):
    conversation(tmp_path / "c")
    comments = (tmp_path / "c" / "comments.csv").read_text().replace("99,3,1,", "99,3,-1,")
    (tmp_path / "c" / "comments.csv").write_text(comments)
    report = run.run(tmp_path / "c", "garden", form="polis")
    told = world.heard("vic").results(report.slug)["questions"][0]["items"]
    assert told
    assert all(item["moderated"] for item in told)


def test_two_thousand_statements_are_one_question(world, tmp_path):
    many = 2_161
    rows = "".join(f"{at},{at % many},{at % 7},1\n" for at in range(many * 2))
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n" + rows)
    form, sheets = formats.opened(tmp_path / "votes.csv")
    (found,) = form.survey(sheets).fields.values()
    assert len(found.draft().options) == many <= kind_of("statements").most_options
    assert run.run(tmp_path / "votes.csv", "garden", form="polis").taken == 7
