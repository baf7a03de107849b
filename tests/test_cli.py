"""The command line: sentences and exit codes."""

import subprocess
import sys

import pytest

from tests.journeys.server import Server


@pytest.fixture
def heard(tmp_path):
    """`heard` in an empty folder."""
    return Server(tmp_path).run


def test_help_names_every_command(heard):
    shown = heard("--help").stdout
    named = "serve work migrate check demo account community token import export themes brief verify backup restore"
    assert [c for c in named.split() if c not in shown] == []


def test_an_account_and_a_community_are_made_without_a_browser(heard):
    assert (
        heard("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n").returncode
        == 0
    )
    made = heard(
        "community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example", "--language", "fr"
    )
    token = heard("token", "create", "maya@garden.example", "--community", "garden")
    assert (made.returncode, token.returncode) == (0, 0)
    odd = heard("community", "create", "g", "--name", "G", "--owner", "maya@garden.example", "--language", "xx")
    assert (odd.returncode, "not a language" in odd.stderr) == (2, True)
    assert "/c/garden" in made.stdout
    assert len(token.stdout.strip()) >= 22


def test_a_token_is_made_with_some_rights_and_an_end(heard):
    heard("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    heard("community", "create", "garden", "--name", "Garden", "--owner", "maya@garden.example")
    make = ("token", "create", "maya@garden.example", "--community", "garden")
    narrow = heard(*make, "--scope", "read", "--scope", "publish", "--days", "30")
    assert (narrow.returncode, len(narrow.stdout.strip()) >= 22) == (0, True)
    odd = heard(*make, "--scope", "fly")
    assert (odd.returncode, "“fly”" in odd.stderr, "Traceback" in odd.stderr) == (2, True, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("account", "create", "not an address", "--name", "X"), "not an e-mail address"),
        (("account", "create", "x@y.example", "--name", "X"), "at least"),
        (("community", "create", "garden", "--name", "Garden", "--owner", "who@y.example"), "no account"),
        (("restore", "nowhere.bak"), "cannot be read"),
        (
            ("brief", "--community", "x", "--audience", "leadership", "--output", "x.txt", "--since", "soon"),
            "not a day",
        ),
        (("export", "nothing-here", "--format", "csv"), "no poll"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(heard, arguments, said):
    done = heard(*arguments, text="short\n" if said == "at least" else "a long enough password\n")
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_database_that_cannot_be_written_is_told(heard, tmp_path):
    (tmp_path / "file").write_text("x")
    server = Server(tmp_path, HEARD_DATABASE_URL=f"sqlite:///{tmp_path}/file/heard.db")
    done = server.run("migrate")
    assert (done.returncode, "HEARD_DATABASE_URL" in done.stderr) == (2, True), done.stderr


def test_a_taken_port_is_told(heard, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = heard("serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, "--port 8001" in done.stderr) == (2, True), done.stderr


def test_a_backup_comes_back_elsewhere_and_never_over_data(heard, tmp_path):
    heard("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    assert heard("backup", str(tmp_path / "b.bak")).returncode == 0
    (tmp_path / "other").mkdir()
    other = Server(tmp_path / "other")
    assert other.run("restore", str(tmp_path / "b.bak")).returncode == 0
    twice = other.run("account", "create", "maya@garden.example", "--name", "Maya", text="a long enough password\n")
    assert (twice.returncode, "already" in twice.stderr) == (2, True)
    assert heard("restore", str(tmp_path / "b.bak")).returncode == 2


def test_check_tells_of_a_dead_mail_server(tmp_path):
    done = Server(tmp_path, HEARD_SMTP_URL="smtp://127.0.0.1:9").run("check")
    assert "does not answer" in done.stdout
    assert done.returncode == 1


def test_the_module_runs_as_a_program():
    assert subprocess.run([sys.executable, "-m", "heard.cli", "--help"], capture_output=True).returncode == 0
