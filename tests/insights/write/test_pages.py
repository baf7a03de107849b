"""Manager pages of briefs, through HTTP, by the three people."""

import pytest
from sqlmodel import select

from heard.kit import work
from insights.models import Brief, Delivery
from tests.insights.scene import library, write


@pytest.fixture
def brief(world):
    library(world)
    return write(world)


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 200), ("vic", 200), ("olu", 404)])
@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/evidence/2", "/{id}/brief.txt"])
def test_members_read_briefs(brief, client, path, person, status):
    at = f"/m/garden/briefs{path.format(id=brief.id)}"
    assert client.sign_in(person).get(at).status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_write_a_brief(world, client, session, person, status):
    library(world)
    assert client.sign_in(person).post("/m/garden/briefs", data={"audience": "both"}).status_code == status
    assert len(session.exec(select(Brief)).all()) == (2 if status == 303 else 0)


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("vic", 403), ("olu", 404)])
def test_only_managers_send_a_brief(brief, client, session, person, status):
    answer = client.sign_in(person).post(f"/m/garden/briefs/{brief.id}/deliveries", data={"to": "maya@garden.example"})
    assert answer.status_code == status
    assert len(session.exec(select(Delivery)).all()) == (1 if status == 303 else 0)


def test_a_brief_of_another_community_is_not_found(brief, client):
    olu = client.sign_in("olu")
    for path in ("", "/evidence/1", "/brief.pdf"):
        assert olu.get(f"/m/outside/briefs/{brief.id}{path}").status_code == 404
    assert olu.post(f"/m/outside/briefs/{brief.id}/deliveries", data={"to": "olu@garden.example"}).status_code == 404


def test_before_the_first_brief_the_page_says_what_will_be_here(world, client):
    assert "Tell what you heard" in client.sign_in("maya").get("/m/garden/briefs").text


def test_days_the_wrong_way_round_are_refused_and_kept(world, client, session):
    form = {"audience": "both", "since": "2026-02-01", "until": "2026-01-01"}
    answer = client.sign_in("maya").post("/m/garden/briefs", data=form)
    assert answer.status_code == 422
    assert 'value="2026-02-01"' in answer.text
    assert session.exec(select(Brief)).all() == []


@pytest.mark.parametrize("form", [{"audience": "everybody"}, {"audience": "both", "since": "soon"}, {"audience": "\0"}])
def test_a_form_that_cannot_be_read_is_refused(world, client, form):
    assert client.sign_in("maya").post("/m/garden/briefs", data=form).status_code == 422


def test_the_page_shows_the_brief_its_hash_charts_and_readers(brief, client):
    maya = client.sign_in("maya")
    page = maya.get(f"/m/garden/briefs/{brief.id}").text
    assert brief.facts_hash in page
    assert "Asked “Do the opening hours suit you?”, 37 of 60 (62%) chose “Yes”." in page
    assert maya.get(f"/m/garden/briefs/{brief.id}/charts").text.count('class="chart"') == 3
    assert "HEARD_SMTP_URL=" in page
    assert maya.get("/assets/plotly.min.js").headers["cache-control"].startswith("public")


def test_a_wrong_address_is_refused_and_what_was_typed_is_kept(brief, client, session):
    answer = client.sign_in("maya").post(
        f"/m/garden/briefs/{brief.id}/deliveries", data={"to": "claire@board.example\nnobody"}
    )
    assert answer.status_code == 422
    assert "claire@board.example\nnobody" in answer.text
    assert session.exec(select(Delivery)).all() == []


def test_without_a_mail_server_the_mail_is_a_file_on_the_page(brief, client, session):
    import insights.jobs  # noqa: F401  (registers the job)

    maya = client.sign_in("maya")
    maya.post(f"/m/garden/briefs/{brief.id}/deliveries", data={"to": "maya@garden.example"})
    work.run_due()
    page = maya.get(f"/m/garden/briefs/{brief.id}").text
    assert "kept as a file" in page
    delivery = session.exec(select(Delivery)).one()
    file = f"/m/garden/briefs/{brief.id}/deliveries/{delivery.id}.eml"
    assert file in page
    assert maya.get(file).content.startswith(b"From: ")
    assert client.sign_in("olu").get(file).status_code == 404
    assert client.sign_in("ravi").get(file).status_code == 403


def test_the_evidence_lists_the_answers_masked(brief, client):
    page = client.sign_in("ravi").get(f"/m/garden/briefs/{brief.id}/evidence/2").text
    assert page.count("<blockquote") == 30
    assert "ada@home.example" not in page


def test_a_sentence_that_is_not_there_is_not_found(brief, client):
    assert client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}/evidence/999").status_code == 404


@pytest.mark.parametrize("brief_id", ["0", "999", "99999999999999999999", "-1"])
def test_a_brief_that_is_not_there_is_not_found(world, client, brief_id):
    assert client.sign_in("maya").get(f"/m/garden/briefs/{brief_id}").status_code in (404, 422)


def test_words_of_people_are_never_markup(world, client):
    library(world, title='<script>alert("x")</script>')
    brief = write(world, "product")
    page = client.sign_in("maya").get(f"/m/garden/briefs/{brief.id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_stands_behind_too_few_answers_is_not_that_there_were_none(world, client):
    library(world, 4, themed=False)
    few = write(world)
    page = client.sign_in("ravi").get(f"/m/garden/briefs/{few.id}/evidence/1").text
    assert "Too few answers to tell anything" in page
    assert "0 answers" not in page
    assert "1 poll with fewer than 5 answers is left out." in page
