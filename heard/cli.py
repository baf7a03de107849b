"""The `heard` command. Each command loads what it needs when it is called, so that `heard --help` is quick.

Exit codes: 0 done, 1 a fault of ours, 2 bad input, with a sentence and what to do.
"""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from heard.kit.errors import BadInput, Misconfigured, Refused
from heard.kit.i18n import _

app = typer.Typer(
    name="heard",
    help="Polls ask, feedback listens, insights tell.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
account_app = typer.Typer(help="People who sign in.", no_args_is_help=True)
community_app = typer.Typer(help="Communities.", no_args_is_help=True)
token_app = typer.Typer(help="Tokens of the API.", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.add_typer(community_app, name="community")
app.add_typer(token_app, name="token")

Community = Annotated[str, typer.Option("--community", help="The community's slug.")]


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
    typer.echo(f"heard: {refusal.message}", err=True)
    if refusal.hint:
        typer.echo(f"       {refusal.hint}", err=True)
    raise typer.Exit(2)


@app.command()
@told
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Web processes.")] = 1,
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
@told
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from heard.migrations.run import head
    from heard.migrations.run import migrate as bring_up

    typer.echo(
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
        typer.echo(f"{finding.mark}  {finding.what}")
        if finding.hint:
            typer.echo(f"       {finding.hint}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


@app.command()
@told
def demo(
    serve: Annotated[bool, typer.Option("--serve", help="In a throw-away folder, and serve it, signed in.")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """A sample community with polls, answers in two languages, themes, a brief and a closed loop."""
    from heard.demo import build
    from heard.serving import serve_demo

    serve_demo(port) if serve else typer.echo(build())


@account_app.command("create")
@told
def account_create(email: str, name: Annotated[str, typer.Option("--name", help="How the person is called.")]) -> None:
    """Make an account; the password is read from standard input."""
    from heard.accounts import signin
    from heard.kit.db import writing

    _ready()
    password = (
        typer.prompt("Password", hide_input=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\r\n")
    )
    password_hash = signin.hash_password(password)
    with writing() as session:
        account = signin.create_account(session, email, name, password_hash)
    typer.echo(_("Account made for %(email)s.") % {"email": account.email})


@community_app.command("create")
@told
def community_create(
    slug: str,
    name: Annotated[str, typer.Option("--name", help="How the community is called.")],
    owner: Annotated[str, typer.Option("--owner", help="The owner's e-mail address.")],
    language: Annotated[str, typer.Option("--language", help="Of its pages and mails: en or fr.")] = "en",
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
    typer.echo(f"{settings().base_url}/c/{made.slug}")


@token_app.command("create")
@told
def token_create(
    email: str,
    community: Community,
    read_only: Annotated[bool, typer.Option("--read-only", help="It may only read.")] = False,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="A right it has: read, export, edit_themes, act, publish, people; several times."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=0, max=36_500, help="It works so long; 0: no end.")] = 0,
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
    typer.echo(token)


@app.command("import")
@told
def import_(
    file: Path,
    community: Community,
    poll: Annotated[str, typer.Option("--poll", help="Add to this poll.")] = "",
    new_poll: Annotated[str, typer.Option("--new-poll", help="Make a poll with this title.")] = "",
    form: Annotated[str, typer.Option("--format", help="auto, long or csv.")] = "auto",
) -> None:
    """Bring in responses from a file. Importing the same file twice changes nothing."""
    from feedback.imports import run
    from heard.kit.settings import settings

    _ready()
    report = run.run(file, community, poll_slug=poll, new_poll=new_poll, form=form, progress=_progress(_("Importing")))
    typer.echo(f"{settings().base_url}/p/{report.slug}")
    for line in report.lines():
        typer.echo(line)


@app.command()
@told
def export(
    poll: str,
    form: Annotated[str, typer.Option("--format", help="csv, jsonl or long.")],
    output: Annotated[Path | None, typer.Option("--output", help="A file; standard output without it.")] = None,
) -> None:
    """Write a poll's responses."""
    from feedback.exports import exporting

    _ready()
    chunks = exporting.export(poll, form)
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        for chunk in chunks:
            sys.stdout.write(chunk)
        return
    with _writable(output) as target:
        target.writelines(chunks)


@app.command()
@told
def themes(
    file: Path,
    column: Annotated[str, typer.Option("--column", help="The column that holds the texts.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="A CSV with row,theme,label,score,parent,parent_label.")
    ] = None,
) -> None:
    """Find the themes of a CSV of texts; no database, no network."""
    from feedback.themes.csv_file import themes_of_file
    from heard.kit.settings import settings

    summary = themes_of_file(file, column, output, settings().data_folder / "models", progress=_progress(_("Reading")))
    for line in summary.lines():
        typer.echo(line)


@app.command()
@told
def brief(
    community: Community,
    audience: Annotated[str, typer.Option("--audience", help="product or leadership.")],
    output: Annotated[Path, typer.Option("--output", help="A file that ends in .html, .txt, .eml or .pdf.")],
    since: Annotated[str, typer.Option("--since", help="First day, such as 2026-11-01.")] = "",
    until: Annotated[str, typer.Option("--until", help="Last day.")] = "",
) -> None:
    """Write a brief to a file and print the hash of its facts."""
    from insights.brief_file import brief_to_file

    _ready()
    typer.echo(brief_to_file(community, audience, _day(since, "--since"), _day(until, "--until"), output))


@app.command()
@told
def verify(poll: str) -> None:
    """Recount a poll from its stored responses and compare with its counters."""
    from feedback.integrity.verifying import verify as recount

    _ready()
    report = recount(poll)
    for line in report.lines():
        typer.echo(line)
    if not report.sound:
        raise typer.Exit(1)


@app.command()
@told
def backup(file: Path) -> None:
    """Copy the database and the secret into one file, while the server runs."""
    from heard.backup import backup as write

    _ready()
    typer.echo(write(file))


@app.command()
@told
def restore(file: Path) -> None:
    """Bring a backup into an empty database."""
    from heard.backup import restore as read

    typer.echo(read(file))


def _ready() -> None:
    """Commands work on a current schema, on an empty folder too."""
    from heard.kit import logs
    from heard.migrations.run import migrate as bring_up

    logs.configure()
    bring_up()


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(
            _("%(option)s is not a day: %(text)s.") % {"option": option, "text": text}, hint="2026-11-23"
        ) from error


def _writable(path: Path) -> Any:
    try:
        return open(path, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(
            _("%(path)s cannot be written: %(why)s.") % {"path": path, "why": error.strerror},
            hint=_("Choose another file with --output."),
        ) from error


def _progress(what: str) -> Callable[[int, int], None] | None:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    from rich.progress import Progress

    bar = Progress(transient=True)
    task = bar.add_task(what)
    bar.start()

    def show(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return show


def main() -> None:
    """The console script. Faults of ours end with 1; a broken pipe is nobody's fault."""
    try:
        app()
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
