"""Open triples: what German and English clauses say, word by word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import OK, main
from kg.extract.open import open_triples
from kg.parse import load, make_doc


def triples(text: str, lang: str) -> list[str]:
    nlp = load()
    return [" | ".join(t) for t in open_triples(nlp(make_doc(nlp, text, lang)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Parlament lehnte den Antrag ab.", ["Das Parlament | lehnte ab | den Antrag"]),
        # arguments grow from left to right
        (
            "Die Verhandlungen wurden am Montag von der Regierung abgebrochen.",
            [
                "Die Verhandlungen | wurden abgebrochen | am Montag",
                "Die Verhandlungen | wurden abgebrochen | am Montag von der Regierung",
            ],
        ),
        # verb-final clauses come in the order of main clauses
        (
            "Der Minister, der das Abkommen unterzeichnet hatte, trat gestern zurück.",
            [
                "Der Minister | hatte unterzeichnet | das Abkommen",
                "Der Minister | trat zurück | gestern",
            ],
        ),
        (
            "Der Brief, den der Anwalt schrieb, war lang.",
            ["der Anwalt | schrieb | Der Brief", "Der Brief | war | lang"],
        ),
        # coordination, apposition
        (
            "Anna Schmidt, die Präsidentin des Verbands, kritisierte die Reform.",
            [
                "Anna Schmidt | kritisierte | die Reform",
                "die Präsidentin des Verbands | kritisierte | die Reform",
            ],
        ),
        (
            "Frankreich und Polen liefern Panzer und Munition.",
            [
                "Frankreich | liefern | Panzer",
                "Frankreich | liefern | Munition",
                "Polen | liefern | Panzer",
                "Polen | liefern | Munition",
            ],
        ),
        # infinitives are told with the verb above
        (
            "Die Firma weigerte sich, den Vertrag zu verlängern.",
            ["Die Firma | weigerte sich | den Vertrag zu verlängern"],
        ),
        (
            "Die Mannschaft gewann das Spiel, um den Titel zu verteidigen.",
            [
                "Die Mannschaft | gewann | das Spiel",
                "Die Mannschaft | gewann das Spiel | um den Titel zu verteidigen",
            ],
        ),
        # modality and negation belong to the relation
        (
            "Die Regierung will die Steuern nicht erhöhen.",
            ["Die Regierung | will nicht erhöhen | die Steuern"],
        ),
        (
            "Der Name leitet sich jedoch nicht von der Region Samaria, sondern von einem Fluss ab.",
            ["Der Name | leitet sich ab | jedoch von einem Fluss"],
        ),
        (
            "Berlin ist die Hauptstadt von Deutschland.",
            [
                "Berlin | ist | die Hauptstadt",
                "Berlin | ist | die Hauptstadt von Deutschland",
            ],
        ),
        (
            "Die Stadt ist für ihre Brücken bekannt.",
            ["Die Stadt | ist bekannt | für ihre Brücken"],
        ),
        # speech is an object and a clause of its own
        (
            '"Wir liefern Panzer", sagte der Minister.',
            ["Wir | liefern | Panzer", 'der Minister | sagte | "Wir liefern Panzer"'],
        ),
    ],
)
def test_german(text: str, expected: list[str]) -> None:
    assert triples(text, "de") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The government rejected the proposal on Tuesday.",
            [
                "The government | rejected | the proposal",
                "The government | rejected the proposal on | Tuesday",
            ],
        ),
        (
            "Not all states agreed to the treaty.",
            ["Not all states | agreed to | the treaty"],
        ),
        (
            "The bridge was not destroyed by drones in March.",
            [
                "The bridge | was not destroyed by | drones",
                "The bridge | was not destroyed in | March",
            ],
        ),
        (
            "The troops who crossed the border captured two villages and a railway station.",
            [
                "The troops | crossed | the border",
                "The troops | captured | two villages",
                "The troops | captured | a railway station",
            ],
        ),
        (
            "The river that the soldiers crossed is deep.",
            ["the soldiers | crossed | The river", "The river | is | deep"],
        ),
        (
            "The minister refused to publish the text of the deal.",
            [
                "The minister | refused to publish | the text of the deal",
                "The minister | refused to publish the text of | the deal",
            ],
        ),
        (
            "The mayor tried to close the bridge and open a ferry.",
            [
                "The mayor | tried to close | the bridge",
                "The mayor | tried to open | a ferry",
            ],
        ),
        (
            "The army left the city, leaving behind the wounded.",
            ["The army | left | the city", "The army | leaving behind | the wounded"],
        ),
        (
            "Rebels backed by Iran attacked a ship.",
            ["Rebels | backed by | Iran", "Rebels | attacked | a ship"],
        ),
        (
            "Rome is the capital of Italy.",
            ["Rome | is | the capital of Italy", "Rome | is the capital of | Italy"],
        ),
        ("The company is known for its pumps.", ["The company | is known for | its pumps"]),
        (
            "The president said that the talks had failed.",
            ["The president | said | that the talks had failed"],
        ),
        ("Who signed the treaty?", []),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert triples(text, "en") == expected


def test_a_phrase_before_the_german_verb_is_told_with_the_object() -> None:
    assert triples("Am Samstag traf er in Wien den Kanzler.", "de") == [
        "er | traf den Kanzler | Am Samstag",
        "er | traf | in Wien den Kanzler",
        "er | traf | den Kanzler",
    ]


def test_the_command_writes_four_columns(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "articles.jsonl"
    article = {"id": "a 1", "lang": "de", "text": "Der\nMinister traf\tdie Kanzlerin.\n\nSie floh."}
    path.write_text(json.dumps(article), "utf-8")
    assert main(["extract", "--open", str(path)]) == OK
    assert capsysbinary.readouterr().out.decode("utf-8").splitlines() == [
        "a 1\tDer Minister\ttraf\tdie Kanzlerin"
    ]


def test_texts_without_clauses_give_nothing() -> None:
    assert triples("", "de") == []
    assert triples("???\n\n12", "en") == []
