"""What the worker does for feedback. Each job opens its own short transactions and is safe to run twice."""

import feedback.imports.jobs  # noqa: F401  (registers its jobs)
from feedback.analysis import snapshots
from feedback.collect import begun, counters, suggestions, telling
from feedback.groups import refreshing as groups
from feedback.integrity import deciding, networks, noticing, seals
from feedback.themes import encoding, naming, readings, refitting
from feedback.themes import refreshing as themes
from heard.kit import work
from heard.kit.db import reading, writing


@work.handles("themes")
def refresh_themes(poll_id: int, full: bool = False) -> None:
    """Read a poll's new comments into its themes; `full` finds all themes anew."""
    themes.refresh(poll_id, full=full)


@work.each_minute
def look_for_silent_readings() -> None:
    """A reading whose worker was killed is taken over, from the vectors that are kept."""
    with reading() as session:
        silent = readings.silent(session)
    if silent:
        with writing() as session:
            for poll_id in silent:
                work.due(session, "themes", f"{poll_id}:silent", poll_id=poll_id)


@work.handles("encode")
def encode_share(poll_id: int, of: int, part: int) -> None:
    """A share of a large poll's comments gets its vectors; the last one asks for the reading."""
    encoding.share(poll_id, of, part, themes.the_encoder())


@work.handles("name_themes")
def name_themes(poll_id: int, tries: int = 0) -> None:
    """The operator's language model is asked for names of a poll's themes, where one is set up."""
    naming.name_themes(poll_id, tries)


@work.handles("poll_closed")
def read_the_rest(poll_id: int) -> None:
    """An anonymous poll's last ballots, fewer than a step, are shown and read once it is closed."""
    with writing() as session:
        counters.release_rest(session, poll_id)
        work.due(session, "snapshot", poll_id, poll_id=poll_id)
        work.due(session, "groups", poll_id, poll_id=poll_id)
        networks.forget_later(session, poll_id)
    tell_of_step(poll_id)
    themes.refresh(poll_id)


@work.handles("results_moved")
def tell_of_step(poll_id: int) -> None:
    """Webhooks are told how many answers an anonymous poll shows."""
    with writing() as session:
        telling.tell_of_step(session, poll_id)


@work.handles("accept_statement")
def accept_statement(statement_id: int) -> None:
    """A statement of a question where they appear at once joins the others, if it is still there and waits."""
    with writing() as session:
        suggestions.accept_by_itself(session, statement_id)


@work.handles("begun_ballots")
def erase_begun_ballots() -> None:
    """What somebody began and left for 30 days is erased."""
    with writing() as session:
        begun.erase_old(session)


@work.each_minute
def look_for_seals() -> None:
    """Ballots that are not sealed as they are now ask for it, all polls by one row."""
    with reading() as session:
        waits = seals.waiting(session)
    if waits:
        with writing() as session:
            work.due(session, "seals", "all")


@work.handles("seals")
def seal_ballots() -> None:
    """What came since the last seal is sealed."""
    seals.seal_all()


@work.handles("snapshot")
def refresh_snapshot(poll_id: int) -> None:
    """A poll's columns for cross tables, made anew when its counters have moved; those of polls that are gone go."""
    snapshots.refresh(poll_id)
    snapshots.sweep()


@work.handles("groups")
def find_groups(poll_id: int) -> None:
    """Look for opinion groups in a poll's votes on statements, as they are now."""
    groups.refresh(poll_id)


@work.handles("forget_networks")
def forget_networks(poll_id: int) -> None:
    """Thirty days after a poll has closed, nothing says any more from which networks its ballots came."""
    networks.forget(poll_id)


@work.handles("integrity_move")
def move_the_rest(decision: int) -> None:
    """Ballots of a large group that the page did not wait for are counted or set aside as it was decided."""
    deciding.move_all(decision)


@work.handles("integrity")
def look_for_signals(poll_id: int) -> None:
    """What looks like many ballots of one hand is noted down, for a person to look at."""
    noticing.notice(poll_id)


@work.handles("propose_refit")
def propose_refit(poll_id: int) -> None:
    """All themes of a poll are found anew, as a proposal beside those that stand."""
    refitting.propose(poll_id)


@work.handles("take_refit")
def take_refit(poll_id: int) -> None:
    """The proposal that somebody took over becomes the themes of the poll."""
    refitting.take_over(poll_id)
