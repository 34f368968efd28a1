"""``kg entities``: what was linked, minted and left, so that a user can mend it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.mentions import Decided, Status, read
from kg.types import Entity

_HEADINGS: dict[Status, str] = {
    "linked": "linked to reference data",
    "minted": "known from the text only",
    "left": "left (undecided, or no actor and no place)",
}


@dataclass(slots=True)
class Summary:
    """One entity, or one name that was left, with how it is written and where it stands."""

    status: Status
    entity: Entity | None
    mentions: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    candidates: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How often it occurs."""
        return sum(self.mentions.values())

    @property
    def name(self) -> str:
        """The id of the entity, or the words that were left."""
        return self.entity.id if self.entity else _frequent(self.mentions)[0]


def summarise(decided: Iterable[Decided]) -> list[Summary]:
    """Return a summary of each entity and each name that was left, the frequent ones first."""
    found: dict[tuple[str, str, tuple[str, ...]], Summary] = {}
    for each in decided:
        name = each.entity.id if each.entity else each.mention
        summary = found.setdefault(
            (each.status, name, each.candidates),
            Summary(each.status, each.entity, candidates=each.candidates),
        )
        summary.mentions[each.mention] += 1
        summary.articles[each.article] += 1
        if each.tag:
            summary.tags[each.tag] += 1
    order = list(_HEADINGS)
    return sorted(
        found.values(), key=lambda s: (order.index(s.status), -s.count, s.name, s.candidates)
    )


def report(
    path: Path, format: str = "table", status: str | None = None, limit: int = 0, width: int = 80
) -> str:
    """Return the report on an output folder as ``table``, ``csv`` or ``json``.

    ``limit`` is the number of rows a section of the table shows; 0 for all.

    Raises:
        FileNotFoundError: the folder has no record of mentions.
    """
    summaries = [s for s in summarise(read(path)) if status in (None, s.status)]
    if format == "csv":
        return _csv(summaries)
    if format == "json":
        records = [_record(s) for s in summaries]
        return json.dumps(records, ensure_ascii=False, indent=1) + "\n"
    return _table(summaries, limit, width)


def _record(summary: Summary) -> dict[str, object]:
    entity = summary.entity
    return {
        "status": summary.status,
        "id": entity.id if entity else None,
        "class": entity.cls if entity else None,
        "label_de": entity.label_de if entity else None,
        "label_en": entity.label_en if entity else None,
        "wikidata": entity.wikidata if entity else None,
        "part_of": entity.part_of if entity else None,
        "count": summary.count,
        "mentions": {words: summary.mentions[words] for words in _frequent(summary.mentions)},
        "articles": sorted(summary.articles),
        "tag": next(iter(_frequent(summary.tags)), None),
        "candidates": list(summary.candidates),
    }


def _csv(summaries: Sequence[Summary]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    columns = list(_record(Summary("left", None, Counter([""]))))
    table.writerow(columns)
    for summary in summaries:
        row = []
        for value in _record(summary).values():
            if isinstance(value, (dict, list)):
                value = "|".join(value)
            row.append("" if value is None else value)
        table.writerow(row)
    return out.getvalue()


def _table(summaries: Sequence[Summary], limit: int, width: int) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    for status, heading in _HEADINGS.items():
        here = [s for s in summaries if s.status == status]
        if not here:
            continue
        left = status == "left"
        things = "names" if left else "entities"
        total = sum(s.count for s in here)
        console.print(f"{heading} ({len(here)} {things}, {total} mentions)", markup=False)
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), width=width)
        columns = {
            "words" if left else "entity": 24,
            "tag" if left else "class": 12,
            "n": 4,
            "may be" if left else "written": 22,
            "in": 14,
        }
        for name, ratio in columns.items():
            table.add_column(
                name,
                ratio=ratio,
                no_wrap=name != "entity",  # an id is of use only in full
                overflow="fold" if name == "entity" else "ellipsis",
                justify="right" if name == "n" else "left",
            )
        for summary in here[: limit or None]:
            entity = summary.entity
            shown = summary.candidates if left else _frequent(summary.mentions)
            cells = (
                summary.name,
                entity.cls if entity else ", ".join(_frequent(summary.tags)),
                f"{summary.count}",
                ", ".join(shown),
                _articles(summary.articles),
            )
            # Text, not str: square brackets in a name are no markup.
            table.add_row(*(Text(cell) for cell in cells))
        console.print(table)
        if limit and len(here) > limit:
            console.print(f"... and {len(here) - limit} more (--limit 0 shows all)\n")
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
    return text.strip() + "\n" if text.strip() else "nothing was found\n"


def _frequent(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda words: (-counts[words], words))


def _articles(articles: Counter[str]) -> str:
    first = min(articles)
    return first if len(articles) == 1 else f"{len(articles)}: {first}"
