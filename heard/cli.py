"""The `heard` command. Each command loads what it needs when it is called, so that `heard --help` is quick.

Exit codes: 0 done, 1 a fault of ours, 2 bad input, with a sentence and what to do.
"""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

from heard.kit.commandline import Commands, Option, progress
from heard.kit.errors import BadInput, Misconfigured, Refused
from heard.kit.i18n import _

app = Commands("heard", "Polls ask, feedback listens, insights tell.")
account_app = app.group("account", "People who sign in.")
community_app = app.group("community", "Communities.")
token_app = app.group("token", "Tokens of the API.")

Community = Annotated[str, Option("--community", help="The community's slug.")]


def told(command: Callable[..., None]) -> Callable[..., None]:
    """What Heard refuses is said in a sentence, and the command ends with 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refused as refusal:
            refuse(refusal)
        except Exception as error:
            if (outside := _from_outside(error)) is None:
                raise
            refuse(outside)

    return wrapped


def _from_outside(error: Exception) -> Refused | None:
    """What the database or the disk refuses is no fault of the program: a sentence instead of a traceback."""
    if isinstance(error, BrokenPipeError):
        return None
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return Misconfigured(
            _("The system refused: %(why)s.") % {"why": f"{where}{error.strerror or error}"},
            hint=_("Check that the file is there, the rights of its folder, and that the disk is not full."),
        )
    if "sqlalchemy" in sys.modules:
        from heard.migrations.run import database_away

        return database_away(error)
    return None


def refuse(refusal: Refused) -> NoReturn:
    """Print message and hint to standard error; end with 2."""
    print(f"heard: {refusal.message}", file=sys.stderr)
    if refusal.hint:
        print(f"       {refusal.hint}", file=sys.stderr)
    sys.exit(2)


@app.command()
@told
def serve(
    host: Annotated[str, Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, Option(help="Web processes.")] = 1,
) -> None:
    """Serve the web pages and the API; migrates first, starts one worker, prints the set-up address when empty."""
    from heard.serving import serve as run

    run(host, port, workers)


@app.command()
@told
def work() -> None:
    """Do the work that is due: themes, briefs, mail. `heard serve` starts one by itself."""
    from heard.kit import dkim
    from heard.migrations.run import migrate as bring_up
    from heard.worker import main as run

    dkim.key()  # a key that cannot be used is told now, not mail by mail
    bring_up()
    run()


@app.command()
def bounces() -> None:
    """Read mails that came back from standard input: one, or an mbox; a mail server pipes them here."""
    import heard.worker  # noqa: F401  (registers which mails are ours)
    from heard.accounts.bounce_jobs import take_in_stream

    take_in_stream(sys.stdin.buffer, told(_ready))


@app.command()
@told
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from heard.migrations.run import head
    from heard.migrations.run import migrate as bring_up

    print(
        _("The schema is now %(head)s.") % {"head": head()}
        if bring_up()
        else _("The schema is current; nothing to do.")
    )


@app.command()
@told
def check() -> None:
    """Look over the installation: database, mail, language model, addresses; each with what to do."""
    from heard.checks import checks

    findings = list(checks())
    for finding in findings:
        print(f"{finding.mark}  {finding.what}")
        if finding.hint:
            print(f"       {finding.hint}")
    if any(finding.state == "bad" for finding in findings):
        sys.exit(1)


@app.command()
@told
def demo(
    serve: Annotated[bool, Option("--serve", help="In a throw-away folder, and serve it, signed in.")] = False,
    port: Annotated[int, Option(help="Port to listen on.")] = 8000,
) -> None:
    """A sample community with polls, answers in two languages, themes, a brief and a closed loop."""
    from heard.demo import build
    from heard.serving import serve_demo

    serve_demo(port) if serve else print(build())


@account_app.command("create")
@told
def account_create(email: str, name: Annotated[str, Option("--name", help="How the person is called.")]) -> None:
    """Make an account; the password is read from standard input."""
    from heard.accounts import signin
    from heard.kit.db import writing

    _ready()
    if sys.stdin.isatty():
        from getpass import getpass

        password = getpass("Password: ", sys.stderr)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    password_hash = signin.hash_password(password)
    with writing() as session:
        account = signin.create_account(session, email, name, password_hash)
    print(_("Account made for %(email)s.") % {"email": account.email})


@community_app.command("create")
@told
def community_create(
    slug: str,
    name: Annotated[str, Option("--name", help="How the community is called.")],
    owner: Annotated[str, Option("--owner", help="The owner's e-mail address.")],
    language: Annotated[str, Option("--language", help="Of its pages and mails: en or fr.")] = "en",
) -> None:
    """Make a community with its owner."""
    from heard.accounts import communities, signin
    from heard.kit.db import writing
    from heard.kit.settings import settings

    _ready()
    with writing() as session:
        made = communities.create_community(
            session, slug, name, signin.account_by_email(session, owner), locale=language
        )
    print(f"{settings().base_url}/c/{made.slug}")


@token_app.command("create")
@told
def token_create(
    email: str,
    community: Community,
    read_only: Annotated[bool, Option("--read-only", help="It may only read.")] = False,
    scope: Annotated[
        list[str] | None,
        Option("--scope", help="A right it has: read, export, edit_themes, act, publish, people; several times."),
    ] = None,
    days: Annotated[int, Option("--days", help="It works so long; 0: no end.")] = 0,
) -> None:
    """Make a token for the API and print it, alone on its line. It is shown this once."""
    from heard.accounts import access, api_tokens, communities, signin
    from heard.kit.db import writing

    _ready()
    with writing() as session:
        account = signin.account_by_email(session, email)
        found = communities.community_by_slug(session, community)
        access.access_community(session, account, found.slug, to="read")
        token = api_tokens.create_token(
            session, account, found, read_only=read_only, name="heard token create", scopes=scope or (),
            ends_at=api_tokens.in_days(days),
        )  # fmt: skip
    print(token)


@app.command()
@told
def sending(what: str, with_old: Annotated[bool, Option("--with-old", help="Also what is old.")] = False) -> None:
    """Let nothing go out of any community (pause), or everything again (resume)."""
    import heard.worker  # noqa: F401  (registers what waits)
    from heard.accounts.sending import by_command

    _ready()
    print(by_command(what, with_old=with_old))


@app.command("import")
@told
def import_(
    file: Path,
    community: Community,
    poll: Annotated[str, Option("--poll", help="Add to this poll.")] = "",
    new_poll: Annotated[str, Option("--new-poll", help="Make a poll with this title.")] = "",
    form: Annotated[
        str,
        Option(
            "--format",
            help="auto, long, csv, jsonl, limesurvey, typeform, surveymonkey, google, formbricks or polis.",
        ),
    ] = "auto",
    refused: Annotated[
        Path | None, Option("--refused", help="Write all rows that were not taken to this CSV file.")
    ] = None,
) -> None:
    """Bring in responses from a file. The same command again goes on where it was stopped, and then changes nothing."""
    from feedback.imports import run
    from heard.kit.settings import settings

    _ready()
    shown = progress(_("Importing"))
    try:
        report = run.run(file, community, poll_slug=poll, new_poll=new_poll, form=form, progress=shown)
    except run.Interrupted as interrupted:
        print(f"heard: {interrupted}", file=sys.stderr)
        sys.exit(130)
    print(f"{settings().base_url}/p/{report.slug}")
    for line in report.lines():
        print(line)
    if refused is not None:
        with _writable(refused, "--refused") as target:
            target.writelines(line.encode() for line in report.refused_lines())


@app.command()
@told
def export(
    poll: str,
    form: Annotated[
        str,
        Option(
            "--format",
            help="csv, long, jsonl, xlsx, codebook, participants, statements, comments, survey-text or set-aside.",
        ),
    ],
    output: Annotated[Path | None, Option("--output", help="A file; standard output without it.")] = None,
) -> None:
    """Write a poll's responses."""
    from feedback.exports import exporting

    _ready()
    file = exporting.download(poll, form)
    if output is None:
        if file.media_type == exporting.XLSX and sys.stdout.isatty():
            raise BadInput(_("A workbook is no text."), hint=_("Name a file with --output."))
        sys.stdout.flush()
        sys.stdout.buffer.writelines(file.pieces)
        return
    with _writable(output) as target:
        target.writelines(file.pieces)


@app.command()
@told
def themes(
    file: Path,
    column: Annotated[str, Option("--column", help="The column that holds the texts.")],
    output: Annotated[
        Path | None, Option("--output", help="A report: .csv (a line for each answer), .json, or .html to read.")
    ] = None,
) -> None:
    """Find the themes of a CSV of texts; no database, no network."""
    from feedback.themes.csv_file import themes_of_file
    from heard.kit.settings import settings

    models = settings().data_folder / "models"
    summary = themes_of_file(file, column, output, models, progress(_("Reading")), progress(_("Placing")))
    for line in summary.lines():
        print(line)


@app.command()
@told
def brief(
    community: Community,
    audience: Annotated[str, Option("--audience", help="product or leadership.")],
    output: Annotated[Path, Option("--output", help="A file that ends in .html, .txt, .eml or .pdf.")],
    since: Annotated[str, Option("--since", help="First day, such as 2026-11-01.")] = "",
    until: Annotated[str, Option("--until", help="Last day.")] = "",
) -> None:
    """Write a brief to a file and print the hash of its facts."""
    from insights.write.brief_file import brief_to_file

    _ready()
    print(brief_to_file(community, audience, _day(since, "--since"), _day(until, "--until"), output))


@app.command()
@told
def verify(poll: str) -> None:
    """Recount a poll from its stored responses and compare with its counters."""
    from feedback.integrity.verifying import verify as recount

    _ready()
    report = recount(poll)
    for line in report.lines():
        print(line)
    if not report.sound:
        sys.exit(1)


@app.command()
@told
def backup(file: Path) -> None:
    """Copy the database and the secret into one file, while the server runs."""
    from heard.backup import backup as write

    _ready()
    print(write(file))


@app.command()
@told
def restore(file: Path) -> None:
    """Bring a backup into an empty database."""
    from heard.backup import restore as read

    print(read(file))


def _ready() -> None:
    """Commands work on a current schema, on an empty folder too."""
    from heard.migrations.run import migrate as bring_up

    bring_up()


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            _("%(option)s is not a day: %(text)s.") % {"option": option, "text": text}, hint="2026-11-23"
        ) from error


def _writable(path: Path, option: str = "--output") -> Any:
    try:
        return open(path, "wb")
    except OSError as error:
        raise BadInput(
            _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror},
            hint=_("Choose another file with %(option)s.") % {"option": option},
        ) from error


def main() -> None:
    """The console script. Faults of ours end with 1; a broken pipe is nobody's fault."""
    try:
        app.run()
    except Misconfigured as refusal:
        print(f"heard: {refusal.message}\n       {refusal.hint}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    finally:
        if database := sys.modules.get("heard.kit.db"):
            database.close()


if __name__ == "__main__":
    main()
