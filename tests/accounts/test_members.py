"""The key with which a community's own site signs in its members: who sees it, and what it is good for."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.accounts import members
from heard.accounts.members import NotAMember, TokenExpired
from heard.accounts.models import Community
from heard.kit.clock import now, stopped_at

HERE = "/m/garden/settings"


def home(number=1, community_id=7):
    return Community(
        id=community_id, slug="x", name="X", member_key=number, member_url="https://club.example/vote", created_at=now()
    )


def token_of(community, member="42", *, age=0):
    return members.signed(members.key_of(community), member, int(now().timestamp()) - age)


@given(st.text(min_size=1, max_size=80).filter(lambda t: t.encode("utf-8", "ignore").decode() == t))
def test_a_member_is_always_the_same_and_no_other(member):
    one, other = members.who(home(), token_of(home(), member)), members.who(home(), token_of(home(), member + "1"))
    assert one == members.who(home(), token_of(home(), member, age=599))
    assert one != other
    assert len(one) == 43


@given(st.integers(0, 200), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_token_that_was_touched_anywhere_is_nobodys(place, character):
    token = token_of(home())
    place %= len(token)
    bent = token[:place] + character + token[place + 1 :]
    if bent != token:
        with pytest.raises((NotAMember, TokenExpired)) as refused:
            members.who(home(), bent)
        assert refused.value.status == 403


@pytest.mark.parametrize(
    "token", ["", "v1", "v1..1.", "v2.NDI.1." + "0" * 64, "v1.NDI.1." + "0" * 64, "x" * 10_000, "p1.a.1.b"]
)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(NotAMember):
        members.who(home(), token)


def test_a_key_of_another_community_or_an_older_one_is_good_for_nothing():
    for other in (home(community_id=8), home(number=2)):
        with pytest.raises(NotAMember):
            members.who(home(), token_of(other))
    with pytest.raises(NotAMember):
        members.who(home(number=-1), token_of(home()))


@pytest.mark.parametrize(("age", "good"), [(0, True), (600, True), (601, False), (-60, True), (-62, False)])
def test_a_token_is_good_for_ten_minutes(age, good):
    with stopped_at(now().replace(microsecond=0)):
        token = token_of(home(), age=age)
        if good:
            assert members.who(home(), token)
        else:
            with pytest.raises(TokenExpired) as refused:
                members.who(home(), token)
            assert refused.value.link == "https://club.example/vote"


def test_a_pass_is_good_for_a_day_and_for_its_member_only():
    at = now()
    whose = members.who(home(), token_of(home()))
    made = members.pass_of(home(), whose)
    assert members.who(home(), made) == whose
    assert "42" not in made.split(".")
    with pytest.raises(NotAMember):
        members.who(home(), made.replace(whose, "A" * 43))
    with pytest.raises(NotAMember):
        members.who(home(number=2), made)
    with stopped_at(at + timedelta(hours=25)), pytest.raises(TokenExpired):
        members.who(home(), made)


@pytest.mark.parametrize(("person", "status"), [("ines", 303), ("maya", 403), ("ravi", 403), ("olu", 404)])
def test_owners_make_replace_and_remove_the_key(client, world, session, person, status):
    browser = client.sign_in(person)
    data = {"key": "make", "member_url": "https://club.example/vote"}
    assert browser.post(f"{HERE}/members", data=data).status_code == status
    assert world.the_community(session).member_key == (1 if person == "ines" else 0)
    if person == "ines":
        first = shown_key(browser)
        browser.post(f"{HERE}/members", data={"key": "replace", "member_url": ""})
        second = shown_key(browser)
        browser.post(f"{HERE}/members", data={"key": "remove", "member_url": ""})
        assert "Make a key" in browser.get(HERE).text
        assert second not in browser.get(HERE).text
        browser.post(f"{HERE}/members", data={"key": "make", "member_url": ""})
        assert len({first, second, shown_key(browser)}) == 3


def shown_key(browser):
    found = re.search(r'id="member_key"[^>]*value="([^"]+)"', browser.get(HERE).text)
    assert found
    return found[1]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "club.example", "ftp://club.example", "https://" + "x" * 600])
def test_the_way_back_is_an_address_of_the_web(client, world, session, url):
    answer = client.sign_in("ines").post(f"{HERE}/members", data={"key": "make", "member_url": url})
    assert answer.status_code == 422
    assert world.the_community(session).member_url == ""
