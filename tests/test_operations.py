"""What an operator meets at night: bad settings, lost secrets, damaged files, a worker that died, an old schema."""

import os
import signal
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from heard.kit import logs
from heard.kit.db import writing
from heard.kit.errors import Misconfigured
from heard.kit.settings import settings, unknown
from tests.conftest import pointing_to
from tests.journeys.server import Server, serving, wait_for


@pytest.fixture
def setting(monkeypatch):
    """Settings read anew with one name set; undone afterwards."""

    def read(name, value):
        monkeypatch.setenv(name, value)
        settings.cache_clear()
        return settings()

    yield read
    settings.cache_clear()


@pytest.fixture
def no_secret(tmp_path, monkeypatch):
    """A data folder whose secret is a file, as on a real machine."""
    monkeypatch.delenv("HEARD_SECRET")
    with pointing_to(f"sqlite:///{tmp_path}/heard.db", tmp_path):
        yield tmp_path / "secret"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HEARD_ALLOW_PRIVATE_TARGETS", "10.0.0.0/99", "IPv4"),
        ("HEARD_WORK", "maybe", "1 or 0"),
        ("HEARD_BASE_URL", "heard.example.org", "begins with"),
        ("HEARD_BASE_URL", "https://example.org/heard", "path"),
        ("HEARD_BASE_URL", "http://x:99999", "port"),
        ("HEARD_SMTP_URL", "mail.example.org", "begins with"),
        ("HEARD_SMTP_URL", "smtp://u:hush@mail.example.org:xx", "port"),
        ("HEARD_MAIL_FROM", "nobody", "e-mail"),
        ("HEARD_MAIL_FROM", "=?utf-8?q?=0a?=x@example.org", "e-mail"),
        ("HEARD_DKIM_SELECTOR", "a._domainkey", "letters"),
        ("HEARD_DNS_SERVER", "dns.example:xx", "port"),
        ("HEARD_DNS_SERVER", "https://dns.example", "host"),
        ("HEARD_SECRET", "hush", "16"),
        ("HEARD_LLM_URL", "zzz", "begins with"),
        ("HEARD_DATABASE_URL", "mysql://u:hush@x/y", "begins with"),
        ("HEARD_DATABASE_URL", "sqlite:///:memory:", "file"),
        ("HEARD_DATABASE_URL", "sqlite:///", "file"),
        ("HEARD_DATABASE_URL", "sqlite:///x.db?mode=ro", "no effect"),
        ("HEARD_DATABASE_URL", "postgresql://u:hush@127.0.0.1:port/heard", "port"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_one_that_does(setting, name, value, said):
    with pytest.raises(Misconfigured) as refused:
        setting(name, value)
    assert name in refused.value.message
    assert said in refused.value.message
    assert name in refused.value.hint
    assert "hush" not in refused.value.message


@pytest.mark.parametrize("name", ["HEARD_BASE_URL", "HEARD_DATABASE_URL", "HEARD_SMTP_URL", "HEARD_WORK"])
def test_an_empty_setting_is_one_that_is_not_set(setting, name):
    field = name.removeprefix("HEARD_").lower()
    assert getattr(setting(name, ""), field) == type(settings()).model_fields[field].default


def test_a_mistyped_name_is_noticed(monkeypatch):
    monkeypatch.setenv("HEARD_SMPT_URL", "smtp://x")
    assert unknown() == ["HEARD_SMPT_URL"]


def test_the_secret_is_made_once_and_for_one_pair_of_eyes(no_secret):
    key = settings().secret_key
    settings.cache_clear()
    assert (settings().secret_key, len(key)) == (key, 64)
    assert stat.S_IMODE(no_secret.stat().st_mode) == 0o600


def test_a_secret_that_a_full_disk_left_empty_is_never_used(no_secret):
    no_secret.touch()
    assert len(settings().secret_key) == 64


def test_a_secret_that_is_cut_off_is_told(no_secret):
    no_secret.write_text("abc")
    with pytest.raises(Misconfigured, match="cut off"):
        settings().secret_key  # noqa: B018


def test_a_data_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    done = Server(tmp_path, HEARD_DATA=str(tmp_path / "file")).run("serve", "--port", "8000")
    assert (done.returncode, "HEARD_DATA" in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    assert [f.name for f in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("option", "value"), [("--port", "99999"), ("--port", "0"), ("--workers", "0")])
def test_numbers_that_cannot_be_are_told(option, value):
    from heard.kit.errors import BadInput
    from heard.serving import serve

    chosen = {"--port": 8000, "--workers": 1} | {option: int(value)}
    with pytest.raises(BadInput, match=value):
        serve("127.0.0.1", chosen["--port"], chosen["--workers"])


def test_a_damaged_database_is_told_and_kept(tmp_path):
    damaged = os.urandom(9000)
    (tmp_path / "heard.db").write_bytes(damaged)
    done = Server(tmp_path).run("migrate")
    assert (done.returncode, "not a database" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert (tmp_path / "heard.db").read_bytes() == damaged


def test_a_restore_throws_away_neither_a_damaged_nor_a_foreign_database(tmp_path):
    import sqlite3

    from heard.backup import _has_data

    (tmp_path / "damaged.db").write_bytes(b"SQLite format 3\0" + os.urandom(9000))
    with sqlite3.connect(tmp_path / "foreign.db") as connection:
        connection.execute("CREATE TABLE letters (text)")
    (tmp_path / "empty.db").touch()
    assert [_has_data(tmp_path / f"{n}.db") for n in ("damaged", "foreign", "empty")] == [True, True, False]


def test_the_database_and_what_comes_back_from_a_backup_are_for_one_pair_of_eyes(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    Server(tmp_path / "one").run("account", "create", "maya@garden.example", "--name", "M", text="long enough words\n")
    Server(tmp_path / "one").run("backup", str(tmp_path / "b.bak"))
    Server(tmp_path / "two").run("restore", str(tmp_path / "b.bak"))
    private = ["b.bak", "one/heard.db", "one/secret", "two/heard.db", "two/secret"]
    assert {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in private} == dict.fromkeys(private, 0o600)


@pytest.mark.both
@pytest.mark.parametrize("version", ["0000", "9999"])
def test_a_server_beside_another_schema_says_that_it_is_not_ready(client, version):
    with writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    answer = client.get("/readyz")
    assert (answer.status_code, f"schema {version}" in answer.text) == (503, True)


def test_a_reason_in_the_log_is_one_line_without_the_statement():
    from sqlalchemy.exc import OperationalError

    error = OperationalError("SELECT secret", {}, Exception("server is away\n\tis it running?"))
    assert logs.reason(error) == "server is away is it running?"


def test_a_worker_that_dies_is_started_again_and_a_polite_end_ends_with_zero(tmp_path):
    with serving(tmp_path) as server:
        assert wait_for(lambda: "work.started" in server.log())
        os.kill(_child(server.process.pid), signal.SIGKILL)
        assert wait_for(lambda: server.log().count("work.started") == 2), server.log()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        assert wait_for(lambda: not _child(server.process.pid))
        assert not (tmp_path / "heard.db-wal").exists()  # so that heard.db alone is the whole database
        assert "Traceback" not in server.log()


def _child(parent: int) -> int:
    """The process id of the worker child; 0 without one."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                return int(folder.name)
        except OSError:
            continue
    return 0
