"""Odd text, odd numbers, odd addresses in every place that takes any: refused or kept as it is, never a fault of ours."""

import pytest

from tests.contracts import full_house
from tests.contracts.test_permissions import VALID

TEXTS = {
    "nul": "a\0b",
    "long": "x" * 100_000,
    "combining": "e" + "\u0301" * 1000,
    "controls": "a\u202eb\u2028c\u200d\x1b[31m",
}
NUMBERS = (-1, 2**31, 10**30, -(10**30), "9" * 5000, "²", "%00", "%ED%A0%80")
KINDS = (
    "multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=x; charset=foo",
    "application/x-www-form-urlencoded; charset=utf-16", "text/plain",
)  # fmt: skip
BODIES = (
    b"", b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\nhello\r\n--x--\r\n', b"%",
    b"email=%ED%A0%80&submission=%ED%A0%80", b"email=%ff&q=%00&\xff=1", b"&" * 5000, b"a&" * 5000, b"--x\r\n" * 500,
)  # fmt: skip


@pytest.fixture
def house(world):
    return full_house.build(world)


def faults(tried):
    return [f"{what}: {answer.status_code}" for what, answer in tried if answer.status_code >= 500]


@pytest.mark.both(long=True)
def test_odd_text_in_every_field_of_every_form(world, client, house):
    ines, tried = client.sign_in("ines"), []
    asked = [q.name for q in house.poll.questions]
    for route, names in full_house.FIELDS.items():
        for name in [*names, *(asked if route[:3] in ("/p/", "/e/", "/r/") else ())]:
            for kind, value in TEXTS.items():
                form = {"question": "0", "q-0-kind": "single", "q-0-wording": "Which?", name: value}
                tried.append((f"{route} {name} {kind}", ines.post(house.path(route), data=form)))
    assert faults(tried) == []


@pytest.mark.both(long=True)
def test_odd_text_in_every_field_of_the_api(world, client, house):
    headers, tried = {"authorization": f"Bearer {world.token('ines')}"}, []
    question = house.poll.questions[2].id
    bodies = VALID | {
        "POST /api/v1/polls/{slug}/responses": {
            "submission_id": "s",
            "voter": "v",
            "answers": [{"question": question, "text": "t"}],
        }
    }
    for row, body in bodies.items():
        method, route = row.split(" ")
        for place, made in spoiled(body or {"x": 1}):
            tried.append((f"{row} {place}", client.request(method, house.path(route), content=made, headers=headers)))
    assert faults(tried) == []


def spoiled(body):
    """The body as JSON with each text, number and name in turn made odd; and bodies that are no JSON at all."""
    import json

    whole = json.dumps(body)
    values = [f'"{v}"' for v in ("\\u0000", "\\ud800", "\\udc00x", "x" * 100_000, "e" + "\u0301" * 1000)]
    values += ["1e999", "-1", "9" * 5000, "9223372036854775808", "NaN", "null", "true", "[]", "{}", "[[" * 30]
    for old in {json.dumps(v) for v in leaves(body)}:
        yield from ((f"{old[:20]}={new[:20]}", whole.replace(old, new, 1).encode()) for new in values)
    for name in ('"\\ud800"', '"\\u0000"', '"' + "n" * 100_000 + '"', '"__proto__"'):
        yield name[:20], whole.replace("{", "{" + name + ": 1, ", 1).encode()
    yield from (
        ("no json", raw) for raw in (b"", b"\xff\xfe", b"[" * 50_000, b'{"a":' * 20_000, b"null", b"[]", b'"x"')
    )


def leaves(value):
    if isinstance(value, dict):
        return [*value, *(x for v in value.values() for x in leaves(v))]
    return [x for v in value for x in leaves(v)] if isinstance(value, list) else [value]


@pytest.mark.both(long=True)
def test_odd_numbers_and_names_in_every_address(world, client, house):
    ines, headers, tried = client.sign_in("ines"), {"authorization": f"Bearer {world.token('ines')}"}, []
    for route in full_house.routes():
        method, path = route.split(" ")
        for name in {part.split("}")[0] for part in path.split("{")[1:]}:
            for odd in NUMBERS:
                address = house.path(path, **{name: odd})
                form = {
                    "role": "viewer",
                    "label": "x",
                    "title": "x",
                    "public_note": "x",
                    "status": "done",
                    "to": "a@b.example",
                }
                tried.append(
                    (
                        address[:80],
                        ines.request(method, address, headers=headers, data=None if method == "GET" else form),
                    )
                )
    for odd in NUMBERS:
        theme = house.path("/m/{community}/themes/{theme_id}")
        tried += [(f"{name}={odd}", ines.get(f"{theme}?{name}={odd}")) for name in ("after", "sample", "q")]
        secrets = (
            f"/u/briefs.{odd}.x",
            f"/subscriptions/{odd}.x",
            f"/p/{house.by_link.slug}?t={odd}",
            f"/sign-in?next={odd}",
        )
        tried += [(path[:60], client.get(path)) for path in secrets]
    assert faults(tried) == []


def test_odd_headers_and_bodies(world, client, house):
    tried = []
    hosts = ("[::1", "127.0.0.1:x", "127.0.0.1:8000/api/", "[", "]", "127.0.0.1:99999", "a b", "\u00e9", "[::1]:8000")
    tried += [(f"host {h}", client.get("/sign-in", headers={"host": h.encode("latin-1")})) for h in hosts]
    for name in ("cookie", "accept-language", "origin", "authorization", "if-none-match", "content-type", "referer"):
        for value in (
            b"\xff\xfe",
            b"a" * 20_000,
            b"en;q=nan,fr;q=inf,de;q=-1e400",
            b"heard-language=\xe9; heard-flash=%ff%fe; heard=%00",
        ):
            for path in (
                "/sign-in",
                f"/c/{house.values['community']}",
                "/c/garden/feed.atom",
                "/m/garden",
                "/api/v1/polls/x",
            ):
                tried.append((f"{path} {name} {value[:12]}", client.get(path, headers={name: value})))
    for kind in KINDS:
        for body in BODIES:
            for path in ("/sign-in", f"/p/{house.poll.slug}", f"/e/{house.poll.slug}", f"/u/{house.values['u']}"):
                answer = client.post(path, content=body, headers={"content-type": kind})
                tried.append((f"{path} {kind} {body[:12]!r}", answer))
    for length in (b"\xb2", b"1_0", b"+5", b"0x5", b"5, 5", b"9" * 5000):
        answer = client.post("/sign-in", content=b"a=b", headers={"content-length": length})
        tried.append((f"length {length[:9]!r}", answer))
    assert faults(tried) == []
