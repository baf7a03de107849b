"""Calls to addresses that people give: what is never called, and what a bad target cannot do (trust.md 2.7, S1 to S6)."""

import http.server
import ipaddress
import ssl
import subprocess
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heard.kit import outbound
from heard.kit.outbound import Answer, TargetRefused, look_at
from heard.kit.settings import settings
from tests.name_server import answering
from tests.receiver import bomb, receiving, say, trickle
from tests.targets import TARGETS, ZONE

PUBLIC = ipaddress.ip_address("198.41.0.4")


@pytest.fixture
def names(monkeypatch):
    """Our own name server is asked."""
    with answering(ZONE) as made:
        monkeypatch.setattr(settings(), "dns_server", made.address)
        yield made


@pytest.fixture
def receiver(monkeypatch):
    """A receiver on this machine, which the operator allows."""
    monkeypatch.setattr(settings(), "allow_private_targets", "127.0.0.0/8")
    with receiving() as made:
        yield made


def call(url):
    return outbound.post(url, b"{}", {"Heard-Event": "test"})


def test_there_are_sixty_targets_at_least():
    assert len(TARGETS) == len(set(TARGETS)) >= 60


@pytest.mark.parametrize("url", TARGETS)
def test_it_is_refused_when_it_is_saved_and_again_when_it_is_called(names, url):
    with pytest.raises(TargetRefused) as refused:
        look_at(url)
    assert call(url) == Answer(None, refused.value.why)


def test_names_that_lead_inside_are_asked_for_and_refused_for_where_they_lead(names):
    inside = [
        url
        for url in TARGETS
        if ".nip.io" in url
        or (".example/" in url and "@" not in url and "//nobody" not in url and " " not in url and "\r" not in url)
    ]
    found = {}
    for url in inside:
        with pytest.raises(TargetRefused) as refused:
            look_at(url)
        found[url] = refused.value.why
    assert {url: why for url, why in found.items() if why != "private"} == {
        "ftp://open.example/": "form",
        "http://alias.example/": "unknown",
        "//open.example/": "form",
    }  # fmt: skip  (our name server does not follow an alias)


def test_what_is_public_is_looked_at_and_dialled_by_its_address(names):
    place = look_at("https://Open.Example./a/b?c=d#e")
    assert place == ("https", "open.example", 443, "/a/b?c=d", (PUBLIC,))
    assert place.host == "open.example"
    assert look_at("http://open.example:8080").host == "open.example:8080"
    assert look_at("https://[2001:503:ba3e::2:30]/").host == "[2001:503:ba3e::2:30]"
    assert look_at("http://[64:ff9b::198.41.0.4]/").addresses, "the way of IPv6 networks to public IPv4 addresses"


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_refused_exactly_when_it_is_not_public(address):
    closed = not address.is_global or address.is_multicast or address in ipaddress.ip_network("192.88.99.0/24")
    closed |= address in ipaddress.ip_network("192.0.0.0/24") or str(address) == "168.63.129.16"
    for url in (f"http://{address}/", f"http://[::ffff:{address}]/", f"http://[64:ff9b::{address}]/"):
        try:
            look_at(url)
            assert not closed
        except TargetRefused:
            assert closed


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "http:", ""]))
def test_no_text_is_more_than_refused(text, scheme):
    """Names are not asked for here: what is left must be refused, or be a public address."""
    kept, outbound.resolve = outbound.resolve, lambda _name, _seconds: []
    try:
        place = look_at(scheme + text)
        assert all(address.is_global for address in place.addresses)
    except TargetRefused:
        pass
    finally:
        outbound.resolve = kept


def test_a_name_that_turns_inside_after_it_was_looked_at_leads_nowhere_else(names, receiver, monkeypatch):
    """S3, DNS rebinding: a public address when it is looked at, 127.0.0.1 a moment later. The literal address is dialled."""
    monkeypatch.setattr(settings(), "allow_private_targets", "")
    dialled = []

    async def note(_http, address, place, _content, _headers):
        names.zone = names.zone.replace("open.example. 0 IN A 198.41.0.4", "open.example. 0 IN A 127.0.0.1")
        dialled.append((str(address), place.host))
        return Answer(200)

    monkeypatch.setattr(outbound, "_to", note)
    url = f"http://open.example:{receiver.port}/"
    assert call(url) == Answer(200)
    assert dialled == [("198.41.0.4", f"open.example:{receiver.port}")]
    assert call(url) == Answer(None, "private"), "and the next call looks anew"
    assert receiver.taken == []


def test_the_name_is_asked_for_once_a_call_and_the_literal_address_is_called(names, receiver):
    names.zone += "\nhook.example. 0 IN A 127.0.0.1"
    assert call(f"http://hook.example:{receiver.port}/hooks?x=1").status == 204
    assert [q for q in names.asked if q.endswith("hook.example")] == ["udp A hook.example", "udp AAAA hook.example"]
    assert receiver.taken[0].headers["host"] == f"hook.example:{receiver.port}"
    assert receiver.taken[0].path == "/hooks?x=1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, status):
    """S2: not to a private address, not to another protocol, not to itself."""
    receiver.answer = lambda http, _taken: say(http, status, Location=receiver.url)
    assert call(receiver.url) == Answer(status)
    assert len(receiver.taken) == 1


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    """S4."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert call(receiver.url).status == 204


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_gigabyte_a_megabyte_is_read_and_none_is_unpacked(receiver, packed):
    receiver.answer = bomb(packed)
    assert call(receiver.url) == Answer(200)
    time.sleep(0.2)
    assert receiver.sent < 20_000_000, "what is read, and what the network's buffers hold"


def test_a_byte_a_second_ends_after_ten_seconds(receiver, monkeypatch):
    """The limit is for the whole call; here a shorter one, so that the test is short too."""
    monkeypatch.setattr(outbound, "SECONDS", 1.0)
    receiver.answer = trickle
    began = time.monotonic()
    assert call(receiver.url) == Answer(None, "timeout")
    assert time.monotonic() - began < 5


def test_an_answer_whose_rest_never_comes_is_an_answer(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "REST_SECONDS", 0.2)

    def half(http, _taken):
        http.send_response(200)
        http.send_header("Content-Length", "100000")
        http.end_headers()
        http.wfile.flush()
        time.sleep(3)

    receiver.answer = half
    assert call(receiver.url) == Answer(200)


def test_silence_refusal_and_nonsense_have_their_words(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    receiver.answer = lambda _http, _taken: time.sleep(2)
    assert call(receiver.url) == Answer(None, "timeout")
    receiver.answer = lambda http, _taken: http.wfile.write(b"hello\r\n\r\n")
    monkeypatch.undo()
    monkeypatch.setattr(settings(), "allow_private_targets", "127.0.0.0/8")
    assert call(receiver.url) == Answer(None, "broken")
    from tests.journeys.server import free_port

    port = free_port()
    while port in outbound.CLOSED_PORTS:
        port = free_port()
    assert call(f"http://127.0.0.1:{port}/") == Answer(None, "unreachable")


@pytest.mark.parametrize("allowed", ["127.0.0.0/8, 10.0.0.0/8,fd00::/8,169.254.0.0/16,100.64.0.0/10", "0.0.0.0/0,::/0"])
def test_what_the_operator_allows_is_called_but_never_where_clouds_keep_their_keys(names, monkeypatch, allowed):
    """S6."""
    monkeypatch.setattr(settings(), "allow_private_targets", allowed)
    for url in (
        "http://127.0.0.1/",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://[fd00::1]/",
        "http://100.64.0.1/",
    ):
        assert look_at(url).addresses
    for url in (
        "http://169.254.169.254/", "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/", "http://100.100.100.200/",
        "http://a9fea9fe.nip.io/", "http://169.254.170.2/", "http://[64:ff9b::169.254.169.254]/", "http://168.63.129.16/",
        "http://2130706433/", "http://a@10.0.0.1/", "http://10.0.0.1:22/",
    ):  # fmt: skip
        with pytest.raises(TargetRefused):
            look_at(url)


def test_nothing_is_logged_of_the_address(receiver, caplog):
    caplog.set_level("DEBUG", logger="httpx")
    call(f"{receiver.url}/secret-part")
    assert "secret-part" not in caplog.text


def test_a_certificate_must_be_valid_for_the_name_and_the_name_is_told(names, receiver, tmp_path, monkeypatch):
    """SNI and certificate are of the name, though the address is dialled."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-keyout", str(key), "-out",
        str(certificate), "-subj", "/CN=hook.example", "-addext", "subjectAltName=DNS:hook.example",
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    names.zone += "\nhook.example. 0 IN A 127.0.0.1\nother.example. 0 IN A 127.0.0.1"
    told = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.sni_callback = lambda _socket, name, _context: told.append(name)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            say(self, 204)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        assert call(f"https://hook.example:{server.server_port}/") == Answer(None, "certificate"), (
            "nobody vouches for it"
        )
        trusting = ssl.create_default_context(cafile=certificate)
        monkeypatch.setattr(outbound, "_certificates", lambda: trusting)
        assert call(f"https://hook.example:{server.server_port}/") == Answer(204)
        assert call(f"https://other.example:{server.server_port}/") == Answer(None, "certificate")
    finally:
        server.shutdown()
        server.server_close()
    assert set(told) == {"hook.example", "other.example"}


def test_without_a_dns_server_of_our_own_the_machine_is_asked(monkeypatch):
    monkeypatch.setattr(settings(), "dns_server", "")
    asked = []
    monkeypatch.setattr(
        outbound.socket, "getaddrinfo", lambda name, *_, **__: asked.append(name) or [(2, 1, 6, "", ("10.0.0.5", 0))]
    )
    with pytest.raises(TargetRefused):
        look_at("https://inside.example/")
    assert asked == ["inside.example"]


def test_a_resolver_that_never_answers_does_not_hold_the_caller(monkeypatch):
    monkeypatch.setattr(settings(), "dns_server", "")
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: time.sleep(1.5) or [])
    with pytest.raises(TargetRefused) as refused:
        look_at("https://slow.example/", seconds=0.1)
    assert refused.value.why == "unknown"
