"""SPF, evaluated as receivers do: what a record makes of an address, and what makes it unusable."""

import pytest

from heard.kit import spf
from heard.kit.dns import Answer

HERE = "198.41.0.4"


class Zone:
    """Stands in for the DNS."""

    def __init__(self, **texts):
        self.texts = {name.replace("_", "."): value for name, value in texts.items()}
        self.hosts = {"mail.example": (HERE,), "near.example": ("198.41.0.77",), "six.example": ("2001:503::1",)}

    def txt(self, name):
        value = self.texts.get(name)
        return Answer("unreachable") if value == "away" else Answer("found", (value,)) if value else Answer("none")

    def addresses(self, name):
        return Answer("found", self.hosts[name]) if name in self.hosts else Answer("none")

    def mail_servers(self, name):
        return Answer("found", ("near.example", "mail.example")) if name == "mx.example" else Answer("none")


def result(record, zone=None, address=HERE):
    return spf.Evaluation(zone or Zone(), address).result("mail.example", record)


@pytest.mark.parametrize(
    ("record", "word"),
    [
        ("v=spf1 ip4:198.41.0.4 -all", "pass"),
        ("v=spf1 IP4:198.41.0.0/24 -ALL", "pass"),
        ("v=spf1 ip4:198.41.1.0/24 -all", "fail"),
        ("v=spf1 ip6:2001:503::/32 ~all", "softfail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1 a:near.example -all", "fail"),
        ("v=spf1 a:near.example/24 -all", "pass"),
        ("v=spf1 a:near.example/24//64 -all", "pass"),
        ("v=spf1 a:six.example//64 -all", "fail"),
        ("v=spf1 mx:mx.example -all", "pass"),
        ("v=spf1 mx:nothing.example ?all", "neutral"),
        ("v=spf1 -a ip4:198.41.0.4 -all", "fail"),
        ("v=spf1 include:good.example -all", "pass"),
        ("v=spf1 include:bad.example ~all", "softfail"),
        ("v=spf1 redirect=good.example", "pass"),
        ("v=spf1 redirect=bad.example", "fail"),
        ("v=spf1 redirect=good.example -all", "fail"),
        ("v=spf1 exp=why.example ip4:198.41.0.4", "pass"),
        ("v=spf1 +all", "pass"),
        ("v=spf1", "neutral"),
        ("v=spf1 -all ip4:198.41.0.4", "fail"),
        ("v=spf1 exists:%{i}.x.example ip4:198.41.0.4 -all", "pass"),
        ("v=spf1 ip4:198.41.0.4 include:away.example -all", "pass"),
    ],
)
def test_what_a_record_makes_of_an_address(record, word):
    zone = Zone(good_example="v=spf1 ip4:198.41.0.4 -all", bad_example="v=spf1 ip4:8.8.8.8 -all", away_example="away")
    assert result(record, zone) == word


def test_an_address_of_version_6_is_found_by_the_same_rules():
    assert result("v=spf1 a:six.example//32 -all", address="2001:503::9") == "pass"
    assert result("v=spf1 a:six.example -all", address="2001:503::9") == "fail"


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("v=spf1 ipv4:1.2.3.4 -all", "syntax"),
        ("v=spf1 ip4:1.2.3.400 -all", "syntax"),
        ("v=spf1 ip4 -all", "syntax"),
        ("v=spf1 include: -all", "syntax"),
        ("v=spf1 mail.example.org -all", "syntax"),
        ("v=spf1 all:x -all", "syntax"),
        ("v=spf1 include:nothing.example -all", "include"),
        ("v=spf1 include:mail.example -all", "lookups"),
        ("v=spf1 redirect=loop.example", "lookups"),
        ("v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " -all", "lookups"),
        ("v=spf1 ip4:198.41.0.4 " + " ".join(f"a:h{n}.example" for n in range(11)), "lookups"),
    ],
)
def test_what_receivers_cannot_use_is_told_with_its_reason(record, why):
    zone = Zone(loop_example="v=spf1 redirect=loop.example", mail_example=record)
    with pytest.raises(spf.Broken) as broken:
        result(record, zone)
    assert broken.value.why == why


def test_ten_lookups_are_allowed():
    assert result("v=spf1 " + " ".join(f"a:h{n}.example" for n in range(10)) + " ip4:198.41.0.4 -all") == "pass"


@pytest.mark.parametrize("part", ["include:away.example", "exists:%{i}.x.example", "include:%{d}.example", "ptr"])
def test_what_cannot_be_found_out_is_not_guessed(part):
    with pytest.raises(spf.Unclear):
        result(f"v=spf1 {part} -all", Zone(away_example="away"))


def test_records_are_told_from_other_texts():
    texts = ("v=spf1 -all", "V=SPF1 -all", "v=spf10 -all", "v=spf1", "google-site=x", "")
    assert spf.records(texts) == ["v=spf1 -all", "V=SPF1 -all", "v=spf1"]
