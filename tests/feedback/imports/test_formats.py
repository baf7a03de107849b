"""The same small poll, as every tool writes it, gives the same counts."""

import json

import pytest

from feedback.exports import exporting
from feedback.imports import formats, run
from feedback.integrity import verifying
from heard.kit.errors import BadInput
from tests.feedback.imports.samples import EXPECTED, KINDS, SAMPLES, counts, kinds, read

WITH_GRID = ["limesurvey", "surveymonkey", "google", "formbricks", "long", "jsonl"]


@pytest.mark.parametrize("form", SAMPLES)
def test_a_file_is_recognised_by_its_heads(form):
    assert form == formats.opened(SAMPLES[form])[0].NAME


@pytest.mark.parametrize("form", SAMPLES)
def test_every_format_gives_the_same_counts(form):
    layout, responses, refused = read(SAMPLES[form])
    assert (refused, layout.rows, len(responses)) == ([], 6, 6)
    assert counts(layout, responses) == EXPECTED


@pytest.mark.parametrize("form", WITH_GRID)
def test_every_format_gives_the_same_questions(form):
    assert kinds(read(SAMPLES[form])[0]) == KINDS


@pytest.mark.parametrize("form", SAMPLES)
def test_what_tells_about_the_person_is_not_taken(form):
    layout, responses, _refused = read(SAMPLES[form])
    everything = repr((layout.fields, responses))
    assert not any(told in everything for told in ("192.0.2.1", "ann@example.org", "Lee", "net1", "utm", "pro'", "FR'"))


@pytest.mark.both
@pytest.mark.parametrize("form", SAMPLES)
def test_it_is_stored_as_it_was_counted_and_importing_twice_changes_nothing(world, tmp_path, form):
    file = tmp_path / f"answers.{'jsonl' if form == 'jsonl' else 'csv'}"
    file.write_bytes(SAMPLES[form])
    report = run.run(file, "garden")
    assert (report.taken, report.refused) == (6, [])
    assert verifying.verify(report.slug).sound
    found = dict.fromkeys(
        [option for question in EXPECTED.values() for option in question if option != "Other: Milk, cold"], 0
    )
    for line in "".join(exporting.export(report.slug, "jsonl")).splitlines():
        for values in json.loads(line)["answers"].values():
            for value in values:
                said = value.get("option") or value.get("text") or f"{value.get('number'):g}"
                found[said] = found.get(said, 0) + 1
    wanted = {
        option: n for question in EXPECTED.values() for option, n in question.items() if option not in ("Good", "Bad")
    }
    del wanted["Other: Milk, cold"]
    assert found == {**wanted, "Good": 7, "Bad": 5, "Other": 1, "Milk, cold": 1}
    again = run.run(file, "garden", poll_slug=report.slug)
    assert (again.taken, again.unchanged, again.refused) == (0, 6, [])


def test_a_format_that_is_none_is_named_with_those_there_are():
    with pytest.raises(BadInput) as refusal:
        formats.opened(b"a,b\n1,2\n", "doc")
    assert "limesurvey" in refusal.value.hint
