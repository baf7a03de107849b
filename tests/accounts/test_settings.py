import pytest

from heard.accounts.communities import zones

PAGE = "/m/garden/settings"
NEW = {
    "name": "Harbour Readers", "mission": "Books for all.", "brand_story": "It began with a box.", "audience": "Neighbours",
    "locale": "fr", "zone": "Europe/Paris", "accent": "#aa3366",
}  # fmt: skip


@pytest.mark.parametrize(("person", "status"), [("ines", 200), ("maya", 403), ("ravi", 403), ("olu", 404)])
def test_only_owners_see_the_settings(client, person, status):
    assert client.sign_in(person).get(PAGE).status_code == status


@pytest.mark.parametrize(("person", "status"), [("ines", 303), ("maya", 403), ("ravi", 403), ("olu", 404)])
def test_only_owners_change_the_settings(client, world, session, person, status):
    assert client.sign_in(person).post(PAGE, data=NEW).status_code == status
    kept = {name: getattr(world.the_community(session), name) for name in NEW}
    assert (kept == NEW) is (person == "ines")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 121}, {"mission": "x" * 2001}, {"brand_story": "x" * 4001}, {"audience": "x" * 2001},
        {"locale": "de"}, {"zone": "Mars/Olympus"}, {"zone": "../../etc/passwd"}, {"accent": "red"}, {"accent": "#12345g"},
        {"accent": "#fff;}body{display:none"},
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_the_rest_is_kept_and_nothing_is_stored(client, world, session, wrong):
    answer = client.sign_in("ines").post(PAGE, data={**NEW, **wrong})
    assert answer.status_code == 422
    assert f'href="#{next(iter(wrong))}"' in answer.text
    assert "It began with a box." in answer.text or "brand_story" in wrong
    assert world.the_community(session).name == "The Quiet Garden"


def test_a_colour_that_cannot_be_read_is_adjusted_and_that_is_said(client):
    ines = client.sign_in("ines")
    ines.post(PAGE, data={**NEW, "accent": "#ffcc00"})
    assert "#ffcc00 cannot be read on a light page" in ines.get(PAGE).text


def test_zones_start_with_utc_and_are_places():
    assert zones()[0] == "UTC"
    assert {"Europe/Paris", "America/New_York"} <= set(zones())
