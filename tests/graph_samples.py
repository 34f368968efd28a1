"""Hand-made articles and statements for the tests of graph, queries and exports."""

from __future__ import annotations

import datetime
from dataclasses import replace

from kg.ontology import load_relations
from kg.statements import statement_id
from kg.types import Article, Entity, Evidence, Statement

NORTH_KOREA = Entity("North_Korea", "Nordkorea", "North Korea", "State", "Q423")
RUSSIA = Entity("Russia", "Russland", "Russia", "State", "Q159")
UKRAINE = Entity("Ukraine", "Ukraine", "Ukraine", "State", "Q212")
KURSK = Entity("Kursk_Oblast", "Oblast Kursk", "Kursk Oblast", "Subdivision", "Q3178", "Russia")
ARMY = Entity(
    "Russian_Armed_Forces",
    "Russische Streitkräfte",
    "Russian Armed Forces",
    "ArmedForces",
    None,
    "Ministry_of_Defence_of_Russia",
)
MINISTRY = Entity(
    "Ministry_of_Defence_of_Russia",
    "Verteidigungsministerium Russlands",
    "Ministry of Defence of Russia",
    "Institution",
    None,
    "Russia",
)
LAVROV = Entity("Sergey_Lavrov", "Sergej Lawrow", "Sergey Lavrov", "Person", "Q58217")
GERMANY = Entity("Germany", "Deutschland", "Germany", "State", "Q183")
VILLAGER = Entity("Anna_Beispiel", "Anna Beispiel", "Anna Beispiel", "Person", minted=True)

REFERENCE = {
    e.id: e for e in (NORTH_KOREA, RUSSIA, UKRAINE, KURSK, ARMY, MINISTRY, LAVROV, GERMANY)
}


def make(
    article: Article,
    sentence: str,
    subject: tuple[Entity, str],
    relation: str,
    object: tuple[Entity, str],
    cue: str,
    **fields: object,
) -> Statement:
    """Return a statement whose spans are found by searching the words in the sentence."""
    start = article.text.index(sentence)

    def span(words: str) -> tuple[int, int]:
        begin = start + sentence.index(words)
        return begin, begin + len(words)

    evidence = Evidence(
        article.id,
        sentence,
        start,
        start + len(sentence),
        span(subject[1]),
        span(cue),
        span(object[1]),
    )
    statement = Statement(
        id="",
        subject=subject[0],
        relation=load_relations()[relation],
        object=object[0],
        evidence=evidence,
        subject_mention=subject[1],
        object_mention=object[1],
        **fields,  # type: ignore[arg-type]
    )
    source = statement.attributed_to
    return replace(
        statement,
        id=statement_id(
            evidence,
            subject[0].id,
            relation,
            object[0].id,
            statement.polarity,
            statement.modality,
            source.id if source else None,
        ),
    )


GERMAN = Article(
    "de-1",
    "Pjöngjang hat Soldaten in die Region Kursk geschickt. Außenminister Lawrow will Nordkorea "
    "besuchen. Die russische Armee greift nach Angaben Kiews die Ukraine an.\n"
    "Deutschland liefert Russland keine Waffen.",
    "de",
    datetime.date(2024, 11, 5),
    'Titel mit "Anführung" & <Winkel>',
    "Beispielblatt",
    "https://news.example/a b?x=1&y=2",
)
ENGLISH = Article(
    "en/1 ü",
    "North Korea has sent troops to Kursk. Lavrov, the Russian foreign minister, warned Germany. "
    "Germany supports Ukraine.",
    "en",
    datetime.date(2024, 11, 9),
)
SECOND = Article(
    "en-2",
    "Germany imposed sanctions on Russia. Russia attacked Ukraine.",
    "en",
    datetime.date(2024, 12, 1),
)
EMPTY = Article("zz-empty", "Nichts.", "de")


def german() -> list[Statement]:
    s1, s2, s3, s4 = (
        "Pjöngjang hat Soldaten in die Region Kursk geschickt.",
        "Außenminister Lawrow will Nordkorea besuchen.",
        "Die russische Armee greift nach Angaben Kiews die Ukraine an.",
        "Deutschland liefert Russland keine Waffen.",
    )
    return [
        make(
            GERMAN,
            s1,
            (NORTH_KOREA, "Pjöngjang"),
            "sendsTroopsTo",
            (KURSK, "Region Kursk"),
            "geschickt",
            confidence=0.91234567,
            date="2024-11",
        ),
        make(
            GERMAN,
            s2,
            (LAVROV, "Lawrow"),
            "visits",
            (NORTH_KOREA, "Nordkorea"),
            "besuchen",
            modality="planned",
            confidence=1.0,
        ),
        make(
            GERMAN,
            s3,
            (ARMY, "Die russische Armee"),
            "attacks",
            (UKRAINE, "die Ukraine"),
            "greift",
            attributed_to=UKRAINE,
            attributed_mention="Kiews",
            place=KURSK,
            place_mention=None,
            date="2024",
        ),
        make(
            GERMAN,
            s4,
            (GERMANY, "Deutschland"),
            "suppliesArmsTo",
            (RUSSIA, "Russland"),
            "liefert",
            polarity="negative",
            date="2024-11-05",
        ),
    ]


def english() -> list[Statement]:
    s1, s2, s3 = (
        "North Korea has sent troops to Kursk.",
        "Lavrov, the Russian foreign minister, warned Germany.",
        "Germany supports Ukraine.",
    )
    return [
        make(ENGLISH, s1, (NORTH_KOREA, "North Korea"), "sendsTroopsTo", (KURSK, "Kursk"), "sent"),
        make(ENGLISH, s2, (LAVROV, "Lavrov"), "foreignMinisterOf", (RUSSIA, "Russian"), "minister"),
        make(ENGLISH, s2, (LAVROV, "Lavrov"), "warns", (GERMANY, "Germany"), "warned"),
        make(ENGLISH, s3, (GERMANY, "Germany"), "supports", (UKRAINE, "Ukraine"), "supports"),
    ]


def second() -> list[Statement]:
    s1, s2 = "Germany imposed sanctions on Russia.", "Russia attacked Ukraine."
    return [
        make(SECOND, s1, (GERMANY, "Germany"), "sanctions", (RUSSIA, "Russia"), "imposed"),
        make(SECOND, s2, (RUSSIA, "Russia"), "attacks", (UKRAINE, "Ukraine"), "attacked"),
    ]


def corpus() -> list[tuple[Article, list[Statement]]]:
    return [(GERMAN, german()), (ENGLISH, english()), (SECOND, second()), (EMPTY, [])]
