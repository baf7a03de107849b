"""What every request passes: host, origin, size, method, headers, language."""

import pytest


def test_a_form_of_another_site_is_refused(client):
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
    ):
        assert client.post("/sign-in", data={"email": "x", "password": "y"}, headers=headers).status_code == 403


def test_an_old_browser_is_known_by_its_origin(client):
    old = client.fresh()
    del old._http.headers["sec-fetch-site"]
    foreign = old.post("/language", data={"language": "fr"}, headers={"origin": "https://evil.example"})
    own = old.post("/language", data={"language": "fr"}, headers={"origin": "http://127.0.0.1:8000"})
    assert (foreign.status_code, own.status_code) == (403, 303)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", ""])
def test_an_unknown_host_is_refused(client, host):
    assert client.get("/sign-in", headers={"host": host}).status_code == 400


def test_head_answers_like_get_without_a_body(client):
    answer = client.request("HEAD", "/sign-in")
    assert (answer.status_code, answer.content) == (200, b"")


def test_every_page_carries_its_security_headers(client):
    answer = client.get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("length", ["-1", "many", "99999999"])
def test_a_body_that_is_too_large_or_lies_is_refused_before_it_is_read(client, length):
    answer = client.request("POST", "/sign-in", content=b"x", headers={"content-length": length})
    assert answer.status_code == 413


def test_a_chunked_body_is_counted(client):
    async def chunks():
        for _ in range(40):
            yield b"x" * 65536

    answer = client.post("/api/v1/polls/x/responses", content=chunks(), headers={"content-type": "application/json"})
    assert answer.status_code in (400, 413)


def test_errors_are_pages_for_people_and_one_shape_for_programs(client):
    page, api = client.get("/nothing-here"), client.get("/api/v1/nothing-here")
    assert page.headers["content-type"].startswith("text/html")
    assert set(api.json()["error"]) == {"code", "message", "hint", "link", "fields"}
    assert (page.status_code, api.status_code) == (404, 404)


def test_pages_speak_the_language_that_the_browser_asks_for(client):
    assert 'lang="fr"' in client.get("/sign-in", headers={"accept-language": "fr-CA,fr;q=0.9,en;q=0.5"}).text
    assert 'lang="en"' in client.get("/sign-in", headers={"accept-language": "de,en;q=0.5"}).text


def test_assets_are_kept_for_ever_and_nothing_else_is_served(client):
    from heard.kit.web import asset

    style = client.get(asset("app.css"))
    assert (style.status_code, "immutable" in style.headers["cache-control"]) == (200, True)
    for path in ("/assets/x/..%2fbase.html", "/assets/x/.hidden", "/assets/x/nothing.css"):
        assert client.get(path).status_code == 404


def test_several_assets_are_one_file_and_packed_for_those_who_take_it(client):
    from heard.kit.web import asset

    plain = [client.get(asset(name), headers={"accept-encoding": "identity"}) for name in ("app.css", "ranking.css")]
    both = client.get(asset("app.css", "ranking.css"), headers={"accept-encoding": "gzip"})
    assert both.headers["content-encoding"] == "gzip"
    assert (both.headers["vary"], "immutable" in both.headers["cache-control"]) == ("Accept-Encoding", True)
    assert both.text == "\n".join(one.text for one in plain)
    assert int(both.headers["content-length"]) < len(plain[0].content) / 2
    for names in (
        "app.css+ballot.js",
        "app.css+nothing.css",
        "app.css+",
        "+",
        "+".join(["app.css"] * 6),
        "app.css+../base.html",
    ):
        assert client.get(f"/assets/x/{names}").status_code == 404, names


def test_packed_assets_go_to_nobody_who_says_no(client):
    from heard.kit.web import asset

    for accepted, packed in {"gzip": 1, "br, GZIP;q=0.5": 1, "gzip;q=0": 0, "br, gzip ; q=0.000": 0, "x": 0}.items():
        answer = client.get(asset("app.css"), headers={"accept-encoding": accepted})
        assert ("content-encoding" in answer.headers) == packed, accepted


def test_joined_assets_in_every_order_are_not_remembered_without_end(client):
    from heard.kit.web import asset, version_of

    before = asset.cache_info().currsize
    for first in ("app", "polls", "life", "mail"):
        for second in ("account", "brief", "sharing", "stances"):
            answer = client.get(f"/assets/x/{first}.css+{second}.css")
            assert answer.headers["cache-control"] == "public, max-age=60"
            own = client.get(f"/assets/{version_of(answer.content)}/{first}.css+{second}.css")
            assert "immutable" in own.headers["cache-control"]
    assert asset.cache_info().currsize == before


def test_an_origin_that_is_no_address_is_refused_like_every_other(world):
    from tests.browser_client import Client

    with Client() as old:  # a browser that does not say where a request is from
        del old._http.headers["sec-fetch-site"]
        for origin in ("http://[", "null", "http://", "//127.0.0.1:8000", "http://127.0.0.1:8000.evil.example"):
            assert old.post("/sign-in", headers={"origin": origin}).status_code == 403, origin
        assert old.post("/sign-in", headers={"origin": "http://127.0.0.1:8000"}).status_code != 403


def test_health_is_told_without_a_database_and_readiness_with_it(client):
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_fault_of_ours_is_told_in_the_readers_language_without_its_traceback(client, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("feedback.answer.public_pages.community_by_slug", broken, raising=False)
    answer = client.get("/c/garden", headers={"accept-language": "fr"})
    assert answer.status_code == 500
    assert 'lang="fr"' in answer.text
    assert "secret words" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
