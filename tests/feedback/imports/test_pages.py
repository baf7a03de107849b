"""Bringing a file in by the pages: looked at first, mapped, recorded by the worker, told to the end."""

import gzip
import random
import re

import pytest

import feedback.jobs  # noqa: F401  (registers its jobs)
from feedback.imports import looking, uploads
from feedback.integrity import verifying
from heard.kit import work
from heard.kit.db import writing
from polls.kinds.kind import Draft
from tests.feedback.voting import n_of, rows

AT = "/m/garden/polls/imports"
TABLE = "Which day?,Why?\n" + "".join(f"{('Monday', 'Thursday')[i % 2]},words number {i}\n" for i in range(12))
PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def upload(browser, content: str | bytes = TABLE, name: str = "days.csv", **fields: str) -> str:
    """The address of the import that an upload makes."""
    raw = content.encode() if isinstance(content, str) else content
    answer = browser.post(AT, data=fields, files={"file": (name, raw, "text/csv")})
    assert answer.status_code == 303, answer.text[:2000]
    return answer.headers["location"]


def form_of(page: str) -> dict[str, str | list[str]]:
    """The mapping form as a browser would send it."""
    form: dict[str, str | list[str]] = {}
    inside = page.split('id="mapping"')[1].split("</form>")[0]
    for tag in re.findall(r"<input [^>]*>", inside):
        name = re.search(r'name="([^"]+)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or "checked" in tag:
            form[name] = value[1] if value else ""
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', inside, re.S):
        form[name] = (re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options))[1]
    return form


def bring_in(browser, at: str, **other: str) -> str:
    """Press "Import", let the worker work, read the page."""
    form = {**form_of(browser.get(at).text), "do": "import", **other}
    answer = browser.post(at, data=form)
    assert answer.status_code == 303, answer.text[:2000]
    work.run_due()
    return browser.get(at).text


@pytest.mark.both
def test_a_file_is_looked_at_and_then_brought_in(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    shown = maya.get(at).text
    assert "Import 12 responses" in shown
    assert "words number 0" in shown
    assert rows("responses") == rows("polls") == []
    report = bring_in(maya, at)
    assert "12 responses are in" in report
    (poll,) = rows("polls")
    assert (poll["title"], bool(poll["listed"]), len(rows("responses"))) == ("days", False, 12)
    assert verifying.verify(poll["slug"]).sound
    assert rows("import_pieces") == []
    assert "words number 0" not in str(rows("imports"))


def test_looking_writes_no_poll_no_answer_and_no_counter(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    maya.get(at)
    maya.post(at, data={**form_of(maya.get(at).text), "do": "look"})
    work.run_due()
    for table in ("polls", "questions", "responses", "answers", "comments", "tallies"):
        assert rows(table) == []


def test_questions_are_renamed_turned_into_another_kind_and_left_out(world, client):
    maya = client.sign_in("maya")
    at = upload(maya, title="Days that suit")
    form = form_of(maya.get(at).text)
    form.pop("take-0")
    form |= {"wording-1": "What makes you say so?", "kind-1": "short_text", "listed": "1"}
    assert maya.post(at, data={**form, "do": "look"}).status_code == 303
    shown = maya.get(at).text
    assert "What makes you say so?" in shown
    maya.post(at, data={**form_of(shown), "do": "import"})
    work.run_due()
    assert [(q["kind"], q["wording"]) for q in rows("questions")] == [("short_text", "What makes you say so?")]
    (poll,) = rows("polls")
    assert (poll["title"], poll["slug"]) == ("Days that suit", "days-that-suit")


def test_choices_count_even_when_nobody_looks_at_them_again(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    bring_in(maya, at, **{"wording-0": "Your day"})
    assert rows("questions")[0]["wording"] == "Your day"


def test_only_kinds_that_fit_are_offered(world, client):
    maya = client.sign_in("maya")
    shown = maya.get(upload(maya)).text
    of_days = shown.split('name="kind-0"')[1].split("</select>")[0]
    assert 'value="single" selected' in of_days
    assert 'value="long_text"' in of_days
    assert 'value="number"' not in of_days
    assert 'value="rating"' not in of_days


def test_another_format_reads_the_file_anew(world, client):
    maya = client.sign_in("maya")
    long = "submission_id,field_id,field_type,value\na,day,single,Monday\nb,day,single,Thursday\n"
    at = upload(maya, long)
    form = form_of(maya.get(at).text)
    assert form["format"] == "long"
    maya.post(at, data={**form, "format": "csv", "do": "look"})
    assert 'name="wording-2"' in maya.get(at).text
    maya.post(at, data={"format": "polis", "do": "look", "hash": form["hash"]})
    told = maya.get(at).text
    assert 'class="error-summary"' in told
    assert "Import " not in told.split("<main")[1].split("Not this file")[0]


def test_columns_go_to_the_questions_of_a_poll_by_their_words_or_by_choice(world, client):
    poll = world.open_poll([Draft("single", "Which day?", ("Monday", "Thursday")), Draft("long_text", "Tell us more")])
    world.vote(poll, {"q1": "Monday"})
    maya = client.sign_in("maya")
    at = upload(maya, poll=poll.slug)
    form = form_of(maya.get(at).text)
    assert (form["to-0"], form["to-1"]) == (poll.questions[0].field_id, "-")
    report = bring_in(maya, at, **{"to-1": poll.questions[1].field_id})
    assert "12 responses are in" in report
    assert n_of(poll) == 13
    assert len(rows("comments")) == 12
    assert verifying.verify(poll.slug).sound


def test_two_columns_cannot_go_to_one_question(world, client):
    poll = world.open_poll([Draft("long_text", "Why?")])
    maya = client.sign_in("maya")
    at = upload(maya, poll=poll.slug)
    form = {**form_of(maya.get(at).text), "to-0": poll.questions[0].field_id}
    assert maya.post(at, data={**form, "do": "import"}).status_code == 303
    told = maya.get(at).text
    assert "Two questions of the file go to “Why?”" in told.replace("&#39;", "'")
    assert 'href="#to-0"' in told
    assert n_of(poll) == 0


def test_bringing_a_file_in_twice_changes_nothing(world, client):
    maya = client.sign_in("maya")
    bring_in(maya, upload(maya))
    (poll,) = rows("polls")
    report = bring_in(maya, upload(maya, poll=poll["slug"]))
    assert "Nothing new in this file" in report
    assert len(rows("responses")) == 12


def test_a_row_that_cannot_be_taken_is_told_before_and_after(world, client):
    maya = client.sign_in("maya")
    long = "submission_id,field_id,field_type,value\na,stars,rating,4\nb,stars,rating,77\n"
    at = upload(maya, long)
    shown = maya.get(at).text
    assert "What will not be taken" in shown
    assert "Import 1 response<" in shown
    report = bring_in(maya, at)
    assert "from 1 to 5" in report
    download = maya.get(f"{at}/refused.csv")
    assert download.text.splitlines()[0] == '\ufeff"line","reason"'
    assert "from 1 to 5" in download.text


def test_all_rows_that_were_not_taken_are_paged(world, client):
    maya = client.sign_in("maya")
    text = "submission_id,field_id,field_type,value\nok,stars,rating,4\n"
    text += "".join(f"b{i},stars,rating,77\n" for i in range(250))
    at = upload(maya, text)
    bring_in(maya, at)
    assert "Page 1 of 3" in maya.get(at).text
    assert maya.get(f"{at}?number=3").text.count('<tr><th scope="row"') == 50
    assert maya.get(f"{at}?number=4").status_code == 404
    assert len(maya.get(f"{at}/refused.csv").text.splitlines()) == 251


def test_a_file_that_changed_is_looked_at_again(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    form = form_of(maya.get(at).text)
    other = TABLE + "Monday,one more\n"
    assert maya.post(f"{at}/file", files={"file": ("days.csv", other.encode(), "text/csv")}).status_code == 303
    answer = maya.post(at, data={**form, "do": "import"})
    assert answer.status_code == 409
    assert "The file has changed since you looked at it" in answer.text
    assert "Import 13 responses" in answer.text
    assert (rows("polls"), rows("work_due")[0]["kind"]) == ([], "import_forgotten")
    assert "13 responses are in" in bring_in(maya, at)


def test_a_piece_that_was_changed_behind_our_back_is_not_brought_in(world, client):
    from sqlalchemy import text

    maya = client.sign_in("maya")
    at = upload(maya)
    maya.post(at, data={**form_of(maya.get(at).text), "do": "import"})
    with writing() as session:
        session.execute(
            text("UPDATE import_pieces SET content = :other"), {"other": TABLE.replace("12", "13").encode() + b"x,y\n"}
        )
    work.run_due()
    assert "The file has changed" in maya.get(at).text
    assert rows("responses") == rows("polls") == []


def test_stopped_before_it_began_it_leaves_nothing_behind(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    maya.post(at, data={**form_of(maya.get(at).text), "do": "import"})
    running = maya.get(at).text
    assert "<progress" in running
    assert '<noscript><meta http-equiv="refresh"' in running
    assert maya.post(f"{at}/stopping").status_code == 303
    assert "It stops after the rows it is at" in maya.get(at).text
    work.run_due()
    assert "Stopped after 0 responses" in maya.get(at).text
    assert rows("polls") == rows("import_pieces") == []


def test_progress_is_told_in_figures(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    maya.post(at, data={**form_of(maya.get(at).text), "do": "import"})
    assert maya.get(f"{at}/progress").json() == {"status": "running", "done": 0, "rows": 12, "percent": 0}
    work.run_due()
    assert maya.get(f"{at}/progress").json()["status"] == "done"


def test_a_poll_that_closed_meanwhile_takes_nothing_and_says_so(world, client):
    poll = world.open_poll([Draft("single", "Which day?", ("Monday", "Thursday"))])
    maya = client.sign_in("maya")
    at = upload(maya, poll=poll.slug)
    maya.post(at, data={**form_of(maya.get(at).text), "do": "import"})
    world.close(poll)
    work.run_due()
    told = maya.get(at).text
    assert "The import broke off" in told
    assert "is closed" in told
    assert n_of(poll) == 0


def test_errors_keep_the_form(world, client):
    maya = client.sign_in("maya")
    poll = world.open_poll()
    answer = maya.post(AT, data={"title": "My title", "poll": poll.slug})
    assert answer.status_code == 422
    assert 'value="My title"' in answer.text
    assert f'value="{poll.slug}" selected' in answer.text
    assert 'href="#file"' in answer.text


def test_a_file_that_is_too_large_is_told_with_what_to_do(world, client, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 100)
    answer = client.sign_in("maya").post(AT, files={"file": ("days.csv", TABLE.encode(), "text/csv")})
    assert answer.status_code == 422
    assert "heard import" in answer.text
    assert rows("imports") == []


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(world, client):
    answer = client.sign_in("maya").post(AT, content=b"x", headers={"content-length": str(22 * 1024 * 1024)})
    assert answer.status_code == 413


def test_a_large_file_is_looked_through_by_the_worker(world, client, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL", 10)
    maya = client.sign_in("maya")
    at = upload(maya)
    waiting = maya.get(at).text
    assert "The file is being read" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    work.run_due()
    assert "Import 12 responses" in maya.get(at).text


def test_a_large_file_is_mapped_by_the_worker_too(world, client, monkeypatch):
    monkeypatch.setattr(uploads, "PIECE", 50)
    monkeypatch.setattr(uploads, "SMALL", 100)
    maya = client.sign_in("maya")
    at = upload(maya)
    work.run_due()
    form = {**form_of(maya.get(at).text), "wording-0": "Your day", "do": "import"}
    maya.post(at, data=form)
    assert "The file is being read" in maya.get(at).text
    work.run_due()
    shown = maya.get(at).text
    assert 'value="Your day"' in shown
    assert rows("polls") == []
    bring_in(maya, at)
    assert rows("questions")[0]["wording"] == "Your day"


def test_what_no_poll_can_hold_is_told_before_it_is_brought_in(world, client):
    maya = client.sign_in("maya")
    long = f"submission_id,field_id,field_type,value\na,day,single,{'x' * 501}\nb,day,single,y\n"
    shown = maya.get(upload(maya, long)).text
    assert 'class="error-summary"' in shown
    assert 'value="import"' not in shown


def test_a_file_in_many_pieces_is_put_together_again(world, client, monkeypatch):
    monkeypatch.setattr(uploads, "PIECE", 7)
    maya = client.sign_in("maya")
    assert "12 responses are in" in bring_in(maya, upload(maya))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"Why?\n", b"a,a\n1,2\n"])
def test_what_cannot_be_taken_is_told_and_another_file_may_follow(world, client, content):
    maya = client.sign_in("maya")
    answer = maya.post(AT, files={"file": ("odd.csv", content, "text/csv")})
    page = answer.text if answer.status_code == 422 else maya.follow(answer).text
    assert 'class="error-summary"' in page
    assert rows("polls") == []
    if answer.status_code == 303:
        at = answer.headers["location"]
        maya.post(f"{at}/file", files={"file": ("days.csv", TABLE.encode(), "text/csv")})
        assert "12 responses are in" in bring_in(maya, at)


def test_words_of_a_file_are_never_code(world, client):
    maya = client.sign_in("maya")
    text = f'submission_id,field_id,field_type,field_label,value\na,"{PAYLOAD}",single,"{PAYLOAD}","{PAYLOAD}"\n'
    text += f'b,"{PAYLOAD}",single,,other\n"{PAYLOAD}",stars,rating,,77\nc,stars,rating,,4\n,x,text,,"{PAYLOAD}"\n'
    at = upload(maya, text, name=f"{PAYLOAD}.csv", title=PAYLOAD)
    pages = [maya.get(at).text]
    pages += [bring_in(maya, at), maya.get(AT).text]
    for page in pages:
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.csv", "b.csv"), ("..", "file"), ("a\tb.csv", "ab.csv")],
)
def test_a_files_name_leads_nowhere(name, kept):
    assert uploads.plain_name(name) == kept


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_those_who_publish_see_and_bring_in(world, client, person, status):
    at = upload(client.sign_in("maya"))
    browser = client.sign_in(person)
    for path in (AT, f"{AT}/new", at, f"{at}/progress", f"{at}/refused.csv"):
        assert browser.get(path).status_code == status
    if person != "maya":
        for path in (at, f"{at}/stopping", f"{at}/removal", f"{at}/file", AT):
            assert browser.post(path, data={"do": "import"}).status_code == status
    assert len(rows("imports")) == 1


def test_imports_of_another_community_are_not_there(world, client):
    at = upload(client.sign_in("maya"))
    olu = client.sign_in("olu")
    assert olu.get(at.replace("garden", "outside")).status_code == 404
    assert olu.post(f"{at.replace('garden', 'outside')}/removal").status_code == 404


def test_the_list_says_what_can_be_brought_in_and_then_what_was(world, client):
    maya = client.sign_in("maya")
    assert "LimeSurvey, Typeform" in maya.get(AT).text
    assert f'href="{AT}"' in maya.get("/m/garden/polls").text
    at = upload(maya)
    assert "To look through" in maya.get(AT).text
    bring_in(maya, at)
    listed = maya.get(AT).text
    assert "12 responses taken" in listed
    assert maya.post(f"{at}/removal").status_code == 303
    assert "days.csv" not in maya.get(AT).text
    assert len(rows("responses")) == 12


def test_a_file_that_nobody_brings_in_is_forgotten(world, client):
    from feedback.imports import jobs

    maya = client.sign_in("maya")
    upload(maya)
    (wish,) = rows("work_due")
    assert wish["kind"] == "import_forgotten"
    jobs.forget(rows("imports")[0]["id"])
    assert rows("imports") == rows("import_pieces") == []


def test_a_look_that_comes_too_late_changes_nothing(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    bring_in(maya, at)
    before = rows("imports")
    looking.look(before[0]["id"])
    assert rows("imports") == before


def test_the_button_pressed_twice_begins_once(world, client):
    maya = client.sign_in("maya")
    at = upload(maya)
    form = {**form_of(maya.get(at).text), "do": "import"}
    assert [maya.post(at, data=form).status_code for _again in range(2)] == [303, 303]
    work.run_due()
    assert len(rows("polls")) == 1
    assert len(rows("responses")) == 12


def test_a_long_name_in_another_script_is_a_name_too(world, client):
    """A disk takes 255 bytes, and each of these letters has three."""
    maya = client.sign_in("maya")
    at = upload(maya, name="問" * 150 + ".csv")
    assert "12 responses" in maya.get(at).text


def test_a_packed_file_is_as_large_as_what_is_in_it(world, client):
    """gzip makes a two-hundredth of a table that repeats itself: no browser waits for a table of 200 MB."""
    packed = gzip.compress(random.Random(1).randbytes(210_000))
    at = upload(client.sign_in("maya"), packed, "days.csv.gz")
    assert rows("imports")[0]["status"] == "uploaded"
    assert [r["kind"] for r in rows("work_due") if r["kind"] == "import_look"] == ["import_look"]
    assert "days.csv.gz" in client.sign_in("maya").get(at).text
