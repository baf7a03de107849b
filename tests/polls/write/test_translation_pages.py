"""The page that shows a poll beside its translation."""

import re

import pytest

from polls.kinds.kind import Draft
from polls.write.texts import Text

DAYS = Draft("single", "Which day?", ("Mon", "Tue"))
FRENCH = {"Best day": "Le meilleur jour", "Which day?": "Quel jour ?", "Mon": "Lundi", "Tue": "Mardi"}


def key(source):
    return Text(source, "").key


def sent(words, revision=1, **more):
    return {"revision": str(revision), **{key(source): text for source, text in words.items()}, **more}


@pytest.mark.parametrize(("person", "status"), [("maya", 200), ("ravi", 403), ("olu", 404)])
def test_a_manager_alone_sees_the_translations(world, client, person, status):
    poll, browser = world.draft_poll([DAYS]), client.sign_in(person)
    for page in ("", "/fr"):
        assert browser.get(f"{poll.page}/translations{page}").status_code == status


@pytest.mark.parametrize(("person", "status"), [("maya", 303), ("ravi", 403), ("olu", 404)])
@pytest.mark.both
def test_a_manager_alone_translates_and_takes_out(world, client, person, status):
    poll, browser = world.draft_poll([DAYS]), client.sign_in(person)
    assert browser.post(f"{poll.page}/translations/fr", data=sent(FRENCH)).status_code == status
    assert world.frozen(poll).translations == ({"fr": FRENCH} if status == 303 else {})
    assert browser.post(f"{poll.page}/translations/fr/removal").status_code == status
    assert world.frozen(poll).translations == {}


@pytest.mark.parametrize("locale", ["en", "de", "FR", "x" * 300])
def test_its_own_language_and_those_we_do_not_speak_are_not_there(world, client, locale):
    poll, maya = world.draft_poll([DAYS]), client.sign_in("maya")
    for path in (f"{poll.page}/translations/{locale}", f"{poll.page}/translations/{locale}/removal"):
        assert maya.post(path, data=sent({})).status_code == 404
    assert maya.get(f"{poll.page}/translations/{locale}").status_code == 404


def test_half_a_translation_is_kept_and_the_page_says_what_is_missing(world, client):
    poll, maya = world.draft_poll([DAYS]), client.sign_in("maya")
    saved = maya.follow(maya.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lundi"})))
    assert "Something is still missing" in saved.text
    assert "1 of 4 texts are translated" in saved.text
    assert saved.text.count('class="missing"') == 3
    assert re.search(rf'id="{key("Mon")}"[^>]* value="Lundi" lang="fr"', saved.text)
    assert "1 of 4 texts are translated" in maya.get(f"{poll.page}/translations").text


def test_publishing_names_what_the_translation_misses(world, client):
    poll, maya = world.draft_poll([DAYS], translations={"fr": {"Best day": "Jour"}}), client.sign_in("maya")
    refused = maya.post(f"{poll.page}/opening")
    assert refused.status_code == 422
    assert "The translation (Français) misses: “Which day?”, “Mon”, “Tue”" in refused.text


def test_what_is_refused_stays_in_its_field_and_is_led_to(world, client):
    poll, maya = world.draft_poll([DAYS]), client.sign_in("maya")
    refused = maya.post(f"{poll.page}/translations/fr", data=sent({**FRENCH, "Tue": "LUNDI"}))
    assert refused.status_code == 422
    assert f'<a href="#{key("Tue")}" dir="auto">“Mon” and “Tue” would be the same option' in refused.text
    assert 'value="LUNDI"' in refused.text
    odd = maya.post(f"{poll.page}/translations/fr", data=sent({**FRENCH, "Tue": "Mar\0di"}))
    assert odd.status_code == 422
    assert "Mar�di" in odd.text
    assert world.frozen(poll).translations == {}


def test_a_published_poll_is_translated_whole_and_the_page_marks_the_rest(world, client):
    poll, maya = world.open_poll([DAYS]), client.sign_in("maya")
    refused = maya.post(f"{poll.page}/translations/fr", data=sent({**FRENCH, "Tue": ""}, 2))
    assert refused.status_code == 422
    assert f'href="#{key("Tue")}"' in refused.text
    assert "The translation (Français) misses: “Tue”" in refused.text
    assert 'value="Lundi"' in refused.text


def test_an_overtaken_editor_sees_what_is_different_and_may_save_again(world, client):
    poll, maya, ines = world.draft_poll([DAYS]), client.sign_in("maya"), client.sign_in("ines")
    ines.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lundi"}))
    overtaken = maya.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lun"}))
    assert overtaken.status_code == 409
    assert "theirs is “Lundi”, yours is “Lun”" in overtaken.text
    assert 'name="revision" value="2"' in overtaken.text
    assert maya.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lun"}, 2)).status_code == 303
    assert world.frozen(poll).translations["fr"] == {"Mon": "Lun"}


def test_the_editor_keeps_translations_and_an_old_one_is_offered_and_taken(world, client):
    poll, maya = world.draft_poll([DAYS], translations={"fr": FRENCH}), client.sign_in("maya")
    form = {"revision": "1", "title": "Best day", "question": "0", "q-0-kind": "single", "do": "save"}
    form |= {"q-0-wording": "Which day of the week?", "q-0-options": "Mon\nTue", "locale": "en", "listed": "1"}
    assert maya.post(poll.page, data=form).status_code == 303
    page = maya.get(f"{poll.page}/translations/fr").text
    new = key("Which day of the week?")
    assert 'lang="en" dir="auto">Which day?</del>' in page
    used = maya.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lu"}, 2, do=f"use:{new}"))
    assert re.search(rf'id="{new}"[^>]* value="Quel jour \?"[^>]* autofocus', used.text)
    assert 'value="Lu"' in used.text  # what was typed elsewhere stays
    assert world.frozen(poll).translations["fr"] == FRENCH  # and nothing is stored by it


def test_after_a_vote_its_words_are_shown_and_cannot_be_changed(world, client):
    poll, maya = world.open_poll([DAYS], translations={"fr": FRENCH}), client.sign_in("maya")
    world.vote(poll, {"q1": "Mon"})
    page = maya.get(f"{poll.page}/translations/fr").text
    assert f'name="{key("Mon")}"' not in page
    assert 'class="button primary"' not in page
    assert "Take this translation out" not in page
    changed = maya.post(f"{poll.page}/translations/fr", data=sent({"Mon": "Lun"}, 2))
    assert changed.status_code == 409
    assert "stay as they are" in changed.text
    assert maya.post(f"{poll.page}/translations/fr/removal").status_code == 409
    assert world.frozen(poll).translations["fr"] == FRENCH
