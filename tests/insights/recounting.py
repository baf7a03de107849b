"""Every figure of a brief's facts once more, straight from the rows by SQL of its own: nothing here calls what made the facts, but
for the two judgements that are no figures (which words praise, and which opinion group somebody is in)."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import Any

from scipy import stats

from feedback.themes.moods import is_content
from heard.kit.settings import settings


class Recount:
    """Opens the database read-only; days are those of a brief."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.base = sqlite3.connect(f"file:{settings().sqlite_file}?mode=ro", uri=True)
        self.days = facts["since"], facts["until"]
        self.earlier = (facts["period"]["since"], facts["period"]["until"]) if facts["period"] else None
        self.polls = dict(self.rows("SELECT slug, id FROM polls"))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.base.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The single value of a query."""
        return self.rows(query, *values)[0][0]

    def all_(self) -> Iterator[tuple[str, float, float]]:
        """(path, as the facts have it, as it is counted here) of every figure."""
        facts = self.facts
        told = [p["slug"] for p in facts["polls"]]
        yield "responses", facts["responses"], sum(self._n(slug, self.days) for slug in told)
        if facts["period"]:
            yield "period/n", facts["period"]["n"], sum(self._n(slug, self.days) for slug in told)
            yield (
                "period/before",
                facts["period"]["before"],
                sum(n for slug in self.polls if (n := self._n(slug, self.earlier)) >= 5),
            )
            yield (
                "period/days",
                facts["period"]["days"],
                (date.fromisoformat(self.earlier[1]) - date.fromisoformat(self.earlier[0])).days + 1,
            )  # type: ignore[index]
        for p, poll in enumerate(facts["polls"]):
            yield f"polls/{p}/n", poll["n"], self._n(poll["slug"], self.days)
            for q, question in enumerate(poll["questions"]):
                yield from self._question(f"polls/{p}/questions/{q}", question)
            for source in poll["sources"]:
                if source["way"] != "rest":
                    yield (
                        f"polls/{p}/sources",
                        source["count"],
                        self.one(
                            f"SELECT count(*) FROM responses WHERE poll_id = ? AND source = ? AND {_IN}",
                            self.polls[poll["slug"]],
                            source["way"],
                            *self.days,
                        ),
                    )
            for s, segment in enumerate(poll["segments"]):
                yield from self._segment(f"polls/{p}/segments/{s}", segment)
        yield from self._themes()
        for t, trial in enumerate(facts["trials"]):
            for q, question in enumerate(trial["questions"]):
                yield from self._trial(f"trials/{t}/questions/{q}", trial, question)
        for g, run in enumerate(facts["groups"]):
            yield from self._groups(f"groups/{g}", run)
        yield from self._loop()

    def _n(self, slug: str, days: Any) -> int:
        return int(
            self.one(
                f"SELECT count(*) FROM responses WHERE poll_id = ? AND withdrawn_at IS NULL AND set_aside = '' AND {_IN}",
                self.polls[slug],
                *days,
            )
        )

    def _question(self, path: str, question: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
        for days, suffix in ((self.days, ""), (self.earlier, "_before")):
            if days is None or (suffix and "n_before" not in question):
                continue
            rows = self.rows(
                "SELECT a.response_id, o.label, a.number FROM answers a JOIN responses r ON r.id = a.response_id"
                " LEFT JOIN options o ON o.id = a.option_id WHERE a.question_id = ?"
                " AND coalesce(a.option_id, a.number, a.text) IS NOT NULL AND r.withdrawn_at IS NULL AND r.set_aside = ''"
                f" AND {_IN.replace('submitted_at', 'r.submitted_at')}",
                question["id"], *days,
            )  # fmt: skip
            n = len({row[0] for row in rows})
            yield f"{path}/n{suffix}", question[f"n{suffix}"], n if n >= 5 else 0
            numbers = [row[2] for row in rows if row[2] is not None]
            if f"mean{suffix}" in question:
                yield f"{path}/mean{suffix}", question[f"mean{suffix}"], round(sum(numbers) / len(numbers), 4)
            if f"nps{suffix}" in question:
                keen, against = sum(v >= 9 for v in numbers), sum(v <= 6 for v in numbers)
                yield f"{path}/nps{suffix}", question[f"nps{suffix}"], round(100 * (keen - against) / n)
                if not suffix:
                    yield f"{path}/promoters", question["promoters"], keen
                    yield f"{path}/passives", question["passives"], n - keen - against
                    yield f"{path}/detractors", question["detractors"], against
            labels = Counter(row[1] for row in rows)
            for o, option in enumerate(question["options"] if question.get("mean") is None else []):
                name = "before" if suffix else "count"
                if option.get(name) is not None and option["label"] != "…":
                    yield f"{path}/options/{o}/{name}", option[name], labels[option["label"]]
                    if not suffix:
                        yield f"{path}/options/{o}/share", option["share"], round(labels[option["label"]] / n, 4)

    def _segment(self, path: str, segment: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
        pairs = self.rows(
            "SELECT x.label, y.label FROM answers a JOIN options x ON x.id = a.option_id JOIN questions p ON p.id = a.question_id"
            " JOIN answers b ON b.response_id = a.response_id JOIN options y ON y.id = b.option_id JOIN questions q ON q.id = b.question_id"
            " WHERE p.wording = ? AND q.wording = ?", segment["by"], segment["of"],
        )  # fmt: skip
        for name, row in (("", segment), ("/other", segment["other"])):
            mine = [y for x, y in pairs if x == row["label"]]
            yield f"{path}{name}/n", row["n"], len(mine)
            yield f"{path}{name}/count", row["count"], mine.count(segment["column"])
        rows, columns = (sorted({pair[i] for pair in pairs}) for i in (0, 1))
        table = [[pairs.count((r, c)) for c in columns] for r in rows]
        test = stats.chi2_contingency(table, correction=False)
        yield (
            f"{path}/v",
            segment["v"],
            round((test.statistic / len(pairs) / (min(len(rows), len(columns)) - 1)) ** 0.5, 2),
        )
        yield f"{path}/p", segment["p"], max(0.001, round(test.pvalue, 3))

    def _themes(self) -> Iterator[tuple[str, float, float]]:
        facts = self.facts
        parents = dict(self.rows("SELECT id, parent_id FROM themes"))
        said: dict[str, dict[int, list[str]]] = {"now": defaultdict(list), "before": defaultdict(list)}
        all_: dict[str, list[str]] = {"now": [], "before": []}
        urgent = 0
        for theme, text, day, flag in self.rows(
            "SELECT s.theme_id, c.text, substr(c.said_at, 1, 10), s.urgent FROM assignments s JOIN comments c ON c.id = s.comment_id"
        ):
            when = (
                "now"
                if self.days[0] <= day <= self.days[1]
                else "before"
                if self.earlier and self.earlier[0] <= day <= self.earlier[1]
                else ""
            )
            if when:
                all_[when].append(text)
                urgent += bool(flag) and when == "now"
                for one in {theme, parents.get(theme)} - {None}:
                    said[when][one].append(text)
        for t, theme in enumerate(facts["themes"]):
            now = said["now"][theme["id"]]
            yield f"themes/{t}/count", theme["count"], len(now)
            yield f"themes/{t}/n", theme["n"], len(all_["now"])
            yield f"themes/{t}/share", theme["share"], round(len(now) / len(all_["now"]), 4)
            yield f"themes/{t}/content", theme["content"], sum(map(is_content, now))
            if theme.get("before") is not None:
                yield f"themes/{t}/before", theme["before"], len(said["before"][theme["id"]])
                yield f"themes/{t}/n_before", theme["n_before"], len(all_["before"])
        yield "comments", facts["comments"], len(all_["now"])
        yield "mood/content", facts["mood"]["content"], sum(map(is_content, all_["now"]))
        if facts["mood"].get("before") is not None:
            yield "mood/before", facts["mood"]["before"], sum(map(is_content, all_["before"]))
        yield "urgent/count", facts["urgent"]["count"], urgent if urgent >= 5 else 0

    def _trial(self, path: str, trial: dict[str, Any], question: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
        found = self.rows(
            "SELECT r.poll_id, r.voter_key, a.number FROM answers a JOIN responses r ON r.id = a.response_id"
            " JOIN questions q ON q.id = a.question_id JOIN polls p ON p.id = r.poll_id JOIN announcements t ON t.id = p.trial_id"
            " WHERE t.slug = ? AND q.wording = ? AND a.number IS NOT NULL ORDER BY p.edition", trial["slug"], question["wording"],
        )  # fmt: skip
        first, second = (
            {key: v for poll, key, v in found if poll == which} for which in sorted({row[0] for row in found})[-2:]
        )
        both = sorted(first.keys() & second.keys())
        moved = [second[key] - first[key] for key in both]
        mean = sum(moved) / len(moved)
        reach = stats.t.ppf(0.975, len(moved) - 1) * stats.sem(moved)
        yield f"{path}/n", question["n"], len(both)
        yield f"{path}/before", question["before"], round(sum(first[key] for key in both) / len(both), 4)
        yield f"{path}/after", question["after"], round(sum(second[key] for key in both) / len(both), 4)
        yield f"{path}/difference", question["difference"], round(mean, 4)
        yield f"{path}/lower", question["lower"], round(mean - reach, 4)
        yield f"{path}/upper", question["upper"], round(mean + reach, 4)

    def _groups(self, path: str, run: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
        """Groups together: all votes on a statement, as the rows have them (everybody was placed)."""
        votes = Counter(
            self.rows(
                "SELECT o.label, a.number FROM answers a JOIN options o ON o.id = a.item_id WHERE a.question_id = ?",
                run["question"],
            )
        )
        people = self.one("SELECT count(DISTINCT response_id) FROM answers WHERE question_id = ?", run["question"])
        yield f"{path}/n", run["n"], people
        yield f"{path}/groups", sum(g["people"] for g in run["groups"]), people
        for kind in ("bridging", "dividing"):
            for i, fact in enumerate(run[kind]):
                stance = 1 if fact["stance"] == "agree" else -1
                yield f"{path}/{kind}/{i}/count", fact["count"], votes[fact["label"], float(stance)]
                yield f"{path}/{kind}/{i}/against", fact["against"], votes[fact["label"], float(-stance)]
                yield (
                    f"{path}/{kind}/{i}/n",
                    fact["n"],
                    sum(n for (label, _v), n in votes.items() if label == fact["label"]),
                )
                yield f"{path}/{kind}/{i}/groups", sum(g["count"] for g in fact["groups"]), fact["count"]

    def _loop(self) -> Iterator[tuple[str, float, float]]:
        facts, days = self.facts, defaultdict(list)
        for theme, day in self.rows(
            "SELECT coalesce(t.parent_id, t.id), substr(c.said_at, 1, 10) FROM assignments s JOIN comments c ON c.id = s.comment_id"
            " JOIN themes t ON t.id = s.theme_id ORDER BY c.said_at"
        ):
            days[theme].append(day)
        for i, one in enumerate(facts["open"]):
            since = date.fromisoformat(days[one["theme"]][4])
            yield f"open/{i}/count", one["count"], len([d for d in days[one["theme"]] if d <= self.days[1]])
            yield f"open/{i}/since", date.fromisoformat(one["since"]).toordinal(), since.toordinal()
            yield f"open/{i}/days", one["days"], (date.fromisoformat(self.days[1]) - since) // timedelta(days=1)
        waits = []
        for i, one in enumerate(facts["answered"]):
            on = self.one("SELECT min(substr(created_at, 1, 10)) FROM actions WHERE theme_id = ?", one["theme"])
            waits.append((date.fromisoformat(on) - date.fromisoformat(days[one["theme"]][4])).days)
            yield f"answered/{i}/days", one["days"], waits[-1]
        if waits:
            yield "loop/median", facts["loop"]["median"], median(waits)
        overdue = (
            "SELECT count(*) FROM actions WHERE due_on < ? AND status IN ('planned', 'doing') AND withdrawn_at IS NULL"
        )
        yield "promised/overdue", facts["promised"]["overdue"], self.one(overdue, self.days[1])


_IN = "substr(submitted_at, 1, 10) BETWEEN ? AND ?"
