import re

import pytest
from sqlmodel import select

from polls.frozen import frozen_poll
from polls.models import Poll

NEW = "/m/garden/polls/new"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)> {{ 7*7 }}'


def form(*questions, **more):
    """A filled editor: (kind, wording, options) for each question; `do` is the button."""
    data = {
        "title": "Summer",
        "voter_rule": "browser",
        "results_rule": "after_vote",
        "locale": "en",
        "listed": "1",
        "may_change": "1",
        "revision": "1",
    }
    data |= {"question": [str(n) for n in range(len(questions))], **more}
    for n, (kind, wording, options) in enumerate(questions):
        data |= {f"q-{n}-kind": kind, f"q-{n}-wording": wording, f"q-{n}-options": options}
    return data


DAYS = ("single", "Which day?", "1. Mon\n2. Tue")


@pytest.fixture
def maya(client):
    """Maya's browser."""
    return client.sign_in("maya")


@pytest.mark.both
def test_a_poll_is_written_and_published_in_one_go(maya, session):
    answer = maya.post(NEW, data=form(DAYS, title="", do="publish"))
    assert answer.headers["location"] == "/m/garden/polls/which-day/sharing"
    poll = frozen_poll(session, "which-day")
    assert (poll.status, poll.title, [o.label for o in poll.questions[0].options]) == (
        "open",
        "Which day?",
        ["Mon", "Tue"],
    )
    assert "The poll is open." in maya.follow(answer).text


def test_the_first_thing_to_type_into_has_the_focus_and_little_is_in_the_way(maya):
    page = maya.get(NEW).text
    editor = page[page.index('id="editor"') : page.index("</form>", page.index('id="editor"'))]
    assert re.search(r'<textarea class="asking" id="q-0-wording"[^>]* autofocus', editor)
    assert editor.count("autofocus") == 1
    in_sight = re.sub(r"<details.*?</details>", "", editor, flags=re.S)
    settings = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* name="([^"]+)"', in_sight)
    assert settings == [
        "title", "intro", "q-0-kind", "q-0-wording", "q-0-rows", "q-0-options", "q-0-required", "q-0-shuffled",
    ]  # fmt: skip
    assert len(set(settings) - {"q-0-rows"}) <= 7  # rows are not shown for one choice
    for safe in ("One vote for each browser", "results after voting", "closes after 7 days"):
        assert safe in page
    assert "Publish poll" in editor
    assert "Save draft" in editor


def test_a_draft_is_saved_edited_and_published(maya, session):
    saved = maya.post(NEW, data=form(DAYS, ("rating", "How is it?", ""), do="save"))
    page = maya.follow(saved)
    assert "Draft saved." in page.text
    assert "How is it?" in page.text
    at = saved.headers["location"]
    again = maya.post(
        at,
        data=form(
            ("multiple", "Which tools?", "Spade; Rake"), title="Tools", do="publish", **{"q-0-set-multiple-max": "1"}
        ),
    )
    assert again.headers["location"] == "/m/garden/polls/tools/sharing"  # the address follows the title until then
    poll = frozen_poll(session, "tools")
    assert (poll.status, poll.title, poll.questions[0].settings, len(poll.questions)) == (
        "open",
        "Tools",
        {"min": 0, "max": 1, "other": False, "dont_know": False},
        1,
    )


@pytest.mark.parametrize(("sent", "field", "words"), [
    ({"title": "x" * 300}, "title", "300 characters; 200 are the most"),
    ({"q-0-options": "A\na"}, "q-0-options", "same option"),
    ({"q-0-options": "A\n" + "x" * 100_000}, "q-0-options", "100,000 characters"),
    ({"q-0-wording": "w" * 100_000}, "q-0-wording", "100,000 characters"),
    ({"q-0-wording": "nul\0inside"}, "q-0-wording", "cannot be stored"),
    ({"q-0-kind": "holograph"}, "q-0-kind", "no question kind"),
    ({"q-0-kind": "rating", "q-0-set-rating-low": "9"}, "q-0-more", "two whole numbers"),
])  # fmt: skip
@pytest.mark.parametrize("stored", [False, True])
def test_what_is_refused_is_kept_in_the_form_and_not_stored(world, maya, session, sent, field, words, stored):
    at = world.draft_poll(title="As it was").page if stored else NEW
    answer = maya.post(
        at, data=form(DAYS, ("short_text", "My second question", ""), intro="My intro words", do="publish") | sent
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    for kept in ("My second question", "My intro words", next(iter(sent.values())).replace("\0", "�")):
        assert kept in answer.text
    assert [(p.title, p.status) for p in session.exec(select(Poll))] == ([("As it was", "draft")] if stored else [])


def test_a_poll_with_gaps_is_saved_as_a_draft_and_says_what_is_missing(maya, session):
    answer = maya.post(NEW, data=form(("single", "Which day?", "Mon"), do="publish"))
    assert answer.status_code == 422
    assert "needs at least two options" in answer.text
    assert 'action="/m/garden/polls/summer"' in answer.text  # the next save goes to the stored draft
    assert frozen_poll(session, "summer").status == "draft"


def test_nothing_typed_at_all_is_asked_for_kindly(maya, session):
    answer = maya.post(NEW, data=form(("single", "", ""), title="", do="publish"))
    assert answer.status_code == 422
    assert "Write a title, or a first question." in answer.text
    assert session.exec(select(Poll)).all() == []


def test_two_editors_see_each_other(world, client, maya, session):
    poll = world.draft_poll(title="Ours")
    client.sign_in("ines").post(poll.page, data=form(DAYS, title="By Ines", do="save"))
    late = maya.post(poll.page, data=form(DAYS, title="By Maya", do="save"))
    assert late.status_code == 409
    for words in (
        "Ines saved",
        "theirs is “By Ines”, yours is “By Maya”",
        'value="By Maya"',
        'name="revision" value="2"',
    ):
        assert words in late.text
    knowingly = maya.post(poll.page, data=form(DAYS, title="By Maya", revision="2", do="save"))
    assert knowingly.status_code == 303
    assert frozen_poll(session, poll.slug).title == "By Maya"


def test_buttons_work_without_a_script_and_store_nothing(maya, session):
    page = maya.post(NEW, data=form(DAYS, do="add"))
    assert page.status_code == 200
    assert page.text.count("Which day?") == 1
    assert 'name="q-1-wording"' in page.text
    assert 'id="q-0-wording"' not in maya.post(NEW, data=form(DAYS, ("nps", "How likely?", ""), do="remove:0")).text
    assert session.exec(select(Poll)).all() == []


def test_a_published_poll_cannot_be_edited_and_shows_its_overview(world, maya):
    poll = world.open_poll(title="Frozen")
    world.vote(poll, {"q1": "Yes"})
    page = maya.get(poll.page).text
    assert "Close the poll" in page
    assert 'id="editor"' not in page
    refused = maya.post(poll.page, data=form(DAYS, do="save"))
    assert refused.status_code == 409
    assert "stay as they are" in refused.text


def test_closing_and_reopening_by_their_buttons(world, maya):
    poll = world.open_poll()
    assert "is closed" in maya.follow(maya.post(f"{poll.page}/closing")).text
    assert "Reopen the poll" in maya.get(poll.page).text
    assert "open again" in maya.follow(maya.post(f"{poll.page}/reopening")).text


def test_ravi_sees_a_draft_but_no_editor(world, client):
    poll = world.draft_poll(title="Not yet")
    page = client.sign_in("ravi").get(poll.page).text
    assert "Not yet" in page
    assert 'id="editor"' not in page
    assert "Close the poll" not in page


def test_the_list_groups_by_state_and_says_what_to_do_when_empty(world, maya, client):
    empty = maya.get("/m/garden/polls").text
    assert "Ask your first question" in empty
    assert f"{NEW}?example=1" in empty
    world.draft_poll(title="Later")
    world.close(world.open_poll(title="Past"))
    world.open_poll(title="Now")
    page = maya.get("/m/garden/polls").text
    assert page.index("Now") < page.index("Later") < page.index("Past")
    assert "New poll" not in client.sign_in("vic").get("/m/garden/polls").text


def test_the_example_fills_the_editor_and_stores_nothing(maya, session):
    assert "What should we plant first?" in maya.get(f"{NEW}?example=1").text
    assert session.exec(select(Poll)).all() == []


@pytest.mark.parametrize("at", [NEW, "stored"])
def test_the_preview_is_the_ballot_of_what_stands_in_the_form(world, maya, at):
    at = world.draft_poll().page if at == "stored" else at
    page = maya.post(f"{at}/preview", data=form(DAYS, ("rating", "How is it?", ""), title="Typed", do="preview"))
    assert page.status_code == 200
    for words in ("Typed", "Which day?", "Mon", "How is it?"):
        assert words in page.text
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "x-frame-options" not in page.headers
    assert "<form" not in page.text


def test_the_preview_speaks_the_language_of_the_ballot(maya):
    page = maya.post(f"{NEW}/preview", data=form(("yes_no", "On y va ?", ""), locale="fr"))
    assert '<html lang="fr">' in page.text
    assert page.headers["content-language"] == "fr"


def test_the_editor_may_show_frames_of_ours_only(maya):
    policy = maya.get(NEW).headers["content-security-policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_words_of_managers_stay_words_on_every_page(world, maya):
    from polls.kinds.kind import Draft

    poll = world.draft_poll([Draft("single", HOSTILE, (HOSTILE, "b"), HOSTILE)], title=HOSTILE, intro=HOSTILE)
    opened = world.open_poll([Draft("single", HOSTILE, (HOSTILE, "b"))], title=HOSTILE, voter_rule="link")
    pages = [
        "/m/garden/polls",
        "/m/garden/sharing",
        *(p.page + more for p in (poll, opened) for more in ("", "/preview", "/sharing")),
    ]
    for path in pages:
        page = maya.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "style=" not in page.text
        assert "{{ 7*7 }}" in page.text


def test_a_form_from_another_site_is_refused(maya, session):
    answer = maya.post(NEW, data=form(DAYS, do="publish"), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert session.exec(select(Poll)).all() == []


def test_a_form_larger_than_any_is_refused(maya, session):
    answer = maya.post(NEW, data=form(DAYS, intro="x" * 900_000))
    assert answer.status_code in (413, 422)
    assert session.exec(select(Poll)).all() == []


def test_autosave_stores_a_draft_and_says_where_it_is(maya, session):
    first = maya.post(NEW, data=form(("single", "Wh", ""), title="", do="autosave")).json()
    assert first == {"at": "/m/garden/polls/wh", "revision": 1}
    second = maya.post(first["at"], data=form(DAYS, title="", do="autosave")).json()
    assert second == {"at": "/m/garden/polls/wh", "revision": 2}
    assert (
        maya.post(first["at"], data=form(DAYS, title="", do="publish", revision="2")).headers["location"]
        == "/m/garden/polls/which-day/sharing"
    )
    assert [(p.slug, p.status) for p in session.exec(select(Poll))] == [("which-day", "open")]


@pytest.mark.parametrize(("state", "sent", "status", "code"), [
    ("draft", {"title": "x" * 300}, 422, "bad_input"),
    ("draft", {"revision": "7"}, 409, "edited_elsewhere"),
    ("open", {}, 409, "edition_frozen"),
])  # fmt: skip
def test_autosave_tells_its_refusals_as_json(world, maya, state, sent, status, code):
    poll = world.draft_poll(opened=state == "open", options=["Yes", "No"])
    if state == "open":
        world.vote(poll, {"q1": "Yes"})
    answer = maya.post(poll.page, data=form(DAYS, do="autosave") | sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert world.frozen(poll).title == "Best day"


def test_an_unlisted_address_stays_when_published(world, maya):
    poll = world.draft_poll(listed=False)
    sent = form(DAYS, title="Other", do="publish")
    del sent["listed"]
    assert maya.post(poll.page, data=sent).headers["location"] == f"{poll.page}/sharing"
