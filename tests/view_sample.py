"""Statements written by hand for the tests of the page: public facts, our own sentences."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path
from typing import Any

from kg.types import Article, Entity, Evidence, Relation, Statement


def entity(name: str, de: str, en: str, cls: str, wikidata: str | None = None) -> Entity:
    return Entity(name, de, en, cls, wikidata, minted=wikidata is None)


ENTITIES = {
    e.id: e
    for e in [
        entity("Russia", "Russland", "Russia", "State", "Q159"),
        entity("Ukraine", "Ukraine", "Ukraine", "State", "Q212"),
        entity("North_Korea", "Nordkorea", "North Korea", "State", "Q423"),
        entity("South_Korea", "Südkorea", "South Korea", "State", "Q884"),
        entity("United_States", "Vereinigte Staaten", "United States", "State", "Q30"),
        entity("Germany", "Deutschland", "Germany", "State", "Q183"),
        entity("China", "China", "China", "State", "Q148"),
        entity("Iran", "Iran", "Iran", "State", "Q794"),
        entity("Israel", "Israel", "Israel", "State", "Q801"),
        entity("Qatar", "Katar", "Qatar", "State", "Q846"),
        entity("Armenia", "Armenien", "Armenia", "State", "Q399"),
        entity("Azerbaijan", "Aserbaidschan", "Azerbaijan", "State", "Q227"),
        entity("Finland", "Finnland", "Finland", "State", "Q33"),
        entity("Sweden", "Schweden", "Sweden", "State", "Q34"),
        entity("NATO", "NATO", "NATO", "InternationalOrganisation", "Q7184"),
        entity("EU", "Europäische Union", "European Union", "InternationalOrganisation", "Q458"),
        entity(
            "ICC",
            "Internationaler Strafgerichtshof",
            "International Criminal Court",
            "InternationalOrganisation",
            "Q47488",
        ),
        entity("Hamas", "Hamas", "Hamas", "ArmedGroup", "Q38799"),
        entity("Hezbollah", "Hisbollah", "Hezbollah", "ArmedGroup", "Q41053"),
        entity("Putin", "Wladimir Putin", "Vladimir Putin", "Person", "Q7747"),
        entity("Kim", "Kim Jong Un", "Kim Jong Un", "Person", "Q56226"),
        entity("Selenskyj", "Wolodymyr Selenskyj", "Volodymyr Zelenskyy", "Person", "Q3874799"),
        entity("Scholz", "Olaf Scholz", "Olaf Scholz", "Person", "Q61053"),
        entity("Xi", "Xi Jinping", "Xi Jinping", "Person", "Q15031"),
        entity(
            "Russian_Army",
            "Russische Streitkräfte",
            "Russian Armed Forces",
            "ArmedForces",
            "Q192236",
        ),
        entity(
            "US_Congress",
            "Kongress der Vereinigten Staaten",
            "United States Congress",
            "Institution",
            "Q11268",
        ),
        entity(
            "NIS",
            "Nationaler Nachrichtendienst Südkoreas",
            "National Intelligence Service",
            "Institution",
            "Q484416",
        ),
        entity("Kursk", "Oblast Kursk", "Kursk Oblast", "Subdivision", "Q3178"),
        entity("Kyiv", "Kiew", "Kyiv", "City", "Q1899"),
        entity("Pyongyang", "Pjöngjang", "Pyongyang", "City", "Q18808"),
        entity("Vovchansk", "Wowtschansk", "Vovchansk", "City", "Q157005"),
        entity("Nagorno_Karabakh", "Bergkarabach", "Nagorno-Karabakh", "Territory", "Q2397"),
    ]
}

RELATIONS = {
    r.id: r
    for r in [
        Relation("sendsTroopsTo", "schickt Truppen nach", "sends troops to", "AID", "aids"),
        Relation("suppliesArmsTo", "liefert Waffen an", "supplies arms to", "AID", "aids"),
        Relation("financiallyAids", "unterstützt finanziell", "financially aids", "AID", "aids"),
        Relation("meets", "trifft", "meets", "CONSULT", symmetric=True),
        Relation("visits", "besucht", "visits", "CONSULT"),
        Relation("mediatesBetween", "vermittelt zwischen", "mediates between", "CONSULT"),
        Relation(
            "signsAgreementWith",
            "unterzeichnet Abkommen mit",
            "signs agreement with",
            "AGREE",
            symmetric=True,
        ),
        Relation("attacks", "greift an", "attacks", "ASSAULT"),
        Relation("invades", "marschiert ein in", "invades", "ASSAULT", "attacks"),
        Relation(
            "startsOffensiveIn", "beginnt Offensive in", "starts offensive in", "ASSAULT", "attacks"
        ),
        Relation("accuses", "beschuldigt", "accuses", "ACCUSE"),
        Relation("condemns", "verurteilt", "condemns", "ACCUSE"),
        Relation("sanctions", "verhängt Sanktionen gegen", "sanctions", "SANCTION"),
        Relation("demandsOf", "fordert von", "demands of", "REQUEST"),
        Relation("withdrawsFrom", "zieht sich zurück aus", "withdraws from", "RETREAT"),
        Relation("joins", "tritt bei", "joins", "MEMBER"),
        Relation("headOfStateOf", "ist Staatsoberhaupt von", "is head of state of", "ROLE"),
        Relation(
            "headOfGovernmentOf", "ist Regierungschef von", "is head of government of", "ROLE"
        ),
        Relation(
            "issuesArrestWarrantFor",
            "erlässt Haftbefehl gegen",
            "issues arrest warrant for",
            "THREATEN",
        ),
        Relation("locatedIn", "liegt in", "is located in", "LOCATED"),
        Relation("partOf", "gehört zu", "is part of", "MEMBER"),
        Relation("borders", "grenzt an", "borders", "BORDERS", symmetric=True),
    ]
}

ARTICLES = [
    Article(f"a{i}", "", lang, datetime.date.fromisoformat(date), title, "Beispielredaktion", url)
    for i, (lang, date, title, url) in enumerate(
        [
            ("de", "2024-11-05", "Nordkoreas Soldaten in Kursk", "https://news.example/kursk"),
            (
                "en",
                "2024-06-20",
                "Moscow and Pyongyang sign a treaty",
                "https://news.example/treaty",
            ),
            ("de", "2024-03-08", "Schweden ist in der NATO", "https://news.example/nato"),
            ("en", "2024-04-24", "Congress passes aid for Ukraine", "https://news.example/aid"),
            ("en", "2023-10-09", "The attack of 7 October", "https://news.example/october"),
            ("de", "2023-09-21", "Das Ende von Bergkarabach", "https://news.example/karabach"),
            ("en", "2023-03-18", "Court in The Hague seeks Putin", "https://news.example/icc"),
            ("de", "2024-05-13", "Neue Front bei Charkiw", "https://news.example/charkiw"),
        ]
    )
]


def statement(
    number: int,
    article: str,
    subject: Entity,
    relation: Relation,
    object_: Entity,
    marked: str,
    offset: int = 0,
    **details: Any,
) -> Statement:
    """Build a statement from a sentence in which ``[subject] {cue} <object>`` are marked."""
    text = ""
    spans: dict[str, tuple[int, int]] = {}
    for character in marked:
        if character in "[{<":
            spans[character] = (offset + len(text), -1)
        elif character in "]}>":
            opening = {"]": "[", "}": "{", ">": "<"}[character]
            spans[opening] = (spans[opening][0], offset + len(text))
        else:
            text += character
    evidence = Evidence(
        article, text, offset, offset + len(text), spans["["], spans["{"], spans["<"]
    )
    subject_mention, object_mention = (
        text[a - offset : b - offset] for a, b in (spans["["], spans["<"])
    )
    return Statement(
        f"s{number:04}",
        subject,
        relation,
        object_,
        evidence,
        subject_mention,
        object_mention,
        **details,
    )


def sample() -> tuple[list[Article], list[Statement]]:
    """Return the articles and the statements of ``view_sample.jsonl``."""
    statements = []
    lines = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines)):
        for key in ("subject", "object", "attributed_to", "place"):
            if key in row:
                row[key] = ENTITIES[row[key]]
        head = [row.pop(key) for key in ("article", "subject", "relation", "object", "sentence")]
        article, subject, relation, object_, marked = head
        statements.append(
            statement(
                number,
                article,
                subject,
                RELATIONS[relation],
                object_,
                marked,
                offset=100 * number,
                **row,
            )
        )
    return ARTICLES, statements


HOSTILE = [
    "<script>window.broken=1</script>",
    "</script><script>window.broken=1</script>",
    "<!--<script>window.broken=1//",
    "<img src=x onerror=window.broken=1> href",
    "\"'`><svg onload=window.broken=1>",
    "javascript:window.broken=1",
    "{{ 7*7 }}${window.broken=1}",
    "a\u2028window.broken=1\u2029b \u202etxt",
    "]]>&lt;script&gt;window.broken=1&#x3c;/script>",
    "__proto__",
]


def hostile(nasty: str) -> tuple[list[Article], list[Statement]]:
    """One statement with ``nasty`` in every field that comes from a text or a table."""
    article = Article(nasty, nasty, "de", None, nasty, nasty, nasty)
    subject = Entity(nasty, nasty, nasty, nasty, nasty, nasty, True)
    object_ = Entity(nasty + "2", nasty, nasty, "Person", nasty)
    relation = Relation(nasty, nasty, nasty, nasty)
    sentence = f"{nasty} {nasty} {nasty}"
    width = len(nasty)
    spans = [(0, width), (width + 1, 2 * width + 1), (2 * width + 2, 3 * width + 2)]
    evidence = Evidence(nasty, sentence, 0, len(sentence), *spans)
    return [article], [
        Statement(
            nasty,
            subject,
            relation,
            object_,
            evidence,
            nasty,
            nasty,
            attributed_to=subject,
            attributed_mention=nasty,
            date=nasty,
            place=subject,
            place_mention=nasty,
        )
    ]


def large(nodes: int) -> tuple[list[Article], list[Statement]]:
    """A graph with hubs, as news makes them: every new entity joins two earlier ones."""
    rng = random.Random(7)
    classes = ["State", "Person", "City", "InternationalOrganisation", "Institution"]
    entities = [
        Entity(f"e{i:05}", f"Akteur {i}", f"Actor {i}", classes[i % len(classes)])
        for i in range(nodes)
    ]
    relations = sorted(RELATIONS.values(), key=lambda r: r.id)
    ends = [0]
    statements: list[Statement] = []
    for i in range(1, nodes):
        for target in {rng.choice(ends), rng.choice(ends)}:
            ends += [i, target]
            statements.append(
                statement(
                    len(statements),
                    f"a{i % 8}",
                    entities[i],
                    rng.choice(relations),
                    entities[target],
                    "[x] {does} something to <y>.",
                )
            )
    return ARTICLES, statements
