"""What the worker does for imports: each finds its file in the database, so any worker can."""

from pathlib import Path
from tempfile import TemporaryDirectory

from feedback.imports import going_on, looking, uploads
from feedback.imports.mapping import Choice
from feedback.imports.models import Import
from heard.kit import work
from heard.kit.db import reading, writing
from heard.kit.errors import Refused


@work.handles("import_look")
def look_through(
    import_id: int, form: str = "", choices: dict[str, dict[str, str]] | None = None, listed: bool = False
) -> None:
    """Look a file through for its preview; done by the page itself where the file is small."""
    chosen = {name: Choice(**said) for name, said in choices.items()} if choices else None
    looking.look(import_id, form=form, choices=chosen, listed=listed)


@work.handles("import")
def bring_in(import_id: int) -> None:
    """Bring in what was looked through. Should this worker be killed for good, another one follows."""
    with writing() as session:
        found = session.get(Import, import_id)
        if found is None or found.status != "running":
            return
        work.due(session, "import", import_id, wait=uploads.AGAIN_AFTER, import_id=import_id)
    with TemporaryDirectory(prefix="heard-import-") as folder:
        try:
            with reading() as session:
                path = uploads.unpacked(session, found, Path(folder))
        except Refused as refusal:
            going_on.end(import_id, "failed", error=refusal.message)
            return
        try:
            going_on.go_on(import_id, path)
        except Refused:
            return  # told on its page


@work.handles("import_forgotten")
def forget(import_id: int) -> None:
    """A file that was looked at and never brought in is deleted."""
    with writing() as session:
        uploads.forget_if_left(session, import_id)
