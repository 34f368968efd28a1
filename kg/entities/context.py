"""What the words around a name say about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from kg.entities.gazetteer import Gazetteer, Name
from kg.entities.match import Hit, Pieces, match_words
from kg.types import Article, Mention

_PLACE_PREPOSITIONS = {
    "de": {
        *("in", "im", "aus", "nach", "bei", "bis", "über", "um", "ins", "nahe", "nördlich"),
        *("südlich", "östlich", "westlich", "unweit", "Stadt", "Hauptstadt", "Hafenstadt"),
        *("Großstadt", "Kleinstadt", "Grenzstadt", "Frontstadt", "Küstenstadt", "Metropole"),
        *("Dorf", "Ort", "Küstenort", "Raum", "Badeort", "Stadtrand"),
    },
    "en": {
        *("in", "at", "near", "to", "around", "outside", "through", "throughout", "across"),
        *("into", "leaving", "inside", "toward", "towards", "via", "city", "town", "village"),
        *("downtown", "capital", "port"),
    },
}
_ANNOUNCING = {
    "Media": {
        *("nachrichtenagentur", "agentur", "staatsagentur", "zeitung", "tageszeitung", "sender"),
        *("magazin", "nachrichtenmagazin", "fernsehsender", "staatsfernsehen", "portal", "blatt"),
        *("nachrichtenportal", "agency", "newspaper", "broadcaster", "magazine", "daily", "outlet"),
        *("plattform", "network"),
    },
    "ArmedGroup": {"miliz", "terrormiliz", "gruppe", "rebellengruppe", "group", "militia"},
    "City": {"stadt", "hauptstadt", "city", "town", "hafenstadt", "dorf", "village"},
    "Institution": {"geheimdienst", "inlandsgeheimdienst", "auslandsgeheimdienst", "agency"},
}
_PLACES = {"State", "Territory", "Region", "Subdivision", "City", "Sea", "Place"}
# "the Fatah Party": the word says what the name is.
_SPECIES = {"party", "partei", "movement", "bewegung", "militia", "miliz"}
# "Western Cambodia"; what has such a name of its own is in the tables.
_DIRECTIONS = {
    *("Northern", "Southern", "Eastern", "Western", "Central", "North", "South", "East", "West"),
    *("Northeastern", "Northwestern", "Southeastern", "Southwestern"),
}
_TITLES = {
    *("herr", "frau", "herrn", "dr.", "dr", "prof.", "mr", "mr.", "mrs", "mrs.", "ms", "ms."),
    *("sir", "lady", "lord", "the", "der", "die", "das", "den", "dem", "des", "former", "late"),
    *("president-elect", "scheich", "sheikh", "ayatollah", "general", "gen.", "sen.", "ex"),
}


@dataclass(slots=True)
class Context:
    """One text and what is known about it while its entities are decided.

    ``evidence`` counts, by id, the states that the text names unmistakably;
    ``spelled_out`` has the ids of entities named by several words, so that
    their abbreviations can be trusted.
    """

    doc: Doc
    article: Article
    gazetteer: Gazetteer
    lang: str
    pieces: Pieces
    entity_at: dict[int, Span] = field(default_factory=dict)
    evidence: Counter[str] = field(default_factory=Counter)
    spelled_out: set[str] = field(default_factory=set)
    sentenced: bool = field(init=False)
    parsed: bool = field(init=False)

    def __post_init__(self) -> None:
        # Asking the Doc goes through all its words.
        self.sentenced = self.doc.has_annotation("SENT_START")
        self.parsed = self.doc.has_annotation("DEP")

    def label_of(self, start: int, end: int) -> str:
        """Return the label of the named entity on just these tokens, or ``""``."""
        span = self.entity_at.get(start)
        return span.label_ if span is not None and (span.start, span.end) == (start, end) else ""

    def starts_sentence(self, i: int) -> bool:
        """Return whether token ``i`` opens a sentence, a quotation or a headline."""
        if i == 0:
            return True
        token, before = self.doc[i], self.doc[i - 1]
        if self.sentenced and token.is_sent_start:
            return True
        return before.is_space or before.text in {".", "!", "?", ":", '"', "„", "“", "»", "-", "–"}

    def noun_ahead(self, i: int) -> bool:
        """Return whether a German noun stands at ``i`` or after adjectives there."""
        while i < len(self.doc) and self.doc[i].text[0].islower():
            if not self.doc[i].text.endswith(("e", "en", "er", "es", "em")):
                return False
            i += 1
        return i < len(self.doc) and self.doc[i].text[0].isupper()

    def announced(self, start: int, cls: str) -> bool:
        """Return whether the word before says what the name is ("Zeitung Bild")."""
        i = start - 1
        while i >= 0 and self.doc[i].text in {'"', "„", "“", "«", "»", "'"}:
            i -= 1
        if i < 0:
            return False
        word = self.doc[i].lower_
        media = cls == "Media" and word.endswith(("zeitung", "magazin", "agentur", "sender"))
        return media or word in _ANNOUNCING.get(cls, set())

    def quoted(self, start: int, end: int) -> bool:
        """Return whether just these words stand in quotation marks ("dem »Spiegel« zufolge")."""
        marks = {'"', "„", "“", "”", "«", "»"}
        inside = start > 0 and end < len(self.doc)
        return inside and self.doc[start - 1].text in marks and self.doc[end].text in marks


def hyphenated(i: int, context: Context) -> bool:
    """Return whether a hyphen without spaces joins token ``i`` to the one before it."""
    doc = context.doc
    if i < 2 or i >= len(doc) or doc[i - 1].text != "-":
        return False
    return not doc[i - 1].whitespace_ and not doc[i - 2].whitespace_


def in_place_position(hit: Hit, context: Context) -> bool:
    """Return whether a preposition or noun before the name calls it a place."""
    if not hit.start or looks_like_name_part(hit, context):
        return False
    before = context.doc[hit.start - 1]
    words = _PLACE_PREPOSITIONS[context.lang]
    if before.text in words or before.lower_ in words:
        return True
    if hit.start > 1 and before.lower_ in {"of", "von"}:
        return context.doc[hit.start - 2].text in words
    return False


def looks_like_name_part(hit: Hit, context: Context) -> bool:
    """Return whether a capitalised neighbour makes an English name part of a longer one.

    German capitalises every noun, so there only a named entity can tell.
    """
    if context.lang != "en" or hit.rest:
        return False
    doc = context.doc
    if hit.end < len(doc):
        after = doc[hit.end]
        if after.text[:1].isupper() and after.text.isalpha() and not after.is_sent_start:
            nouns = context.gazetteer.office_nouns["en"], context.gazetteer.kind_nouns["en"]
            if not any(match_words(context.pieces, hit.end, t)[1] for t in nouns):
                return context.label_of(hit.start, hit.end) != "LOC"
    return False


def owns_an_office(hit: Hit, context: Context) -> bool:
    """Return whether an English name owns an office or body ("Jordan's king")."""
    doc = context.doc
    if context.lang != "en" or hit.end + 1 >= len(doc) or doc[hit.end].text not in {"'s", "’s"}:
        return False
    if (
        hit.start
        and doc[hit.start - 1].text[0].isupper()
        and not context.starts_sentence(hit.start)
    ):
        return False
    nouns = context.gazetteer.office_nouns["en"], context.gazetteer.kind_nouns["en"]
    return any(match_words(context.pieces, hit.end + 1, trie)[1] for trie in nouns)


def open_reading(name: Name, hit: Hit, context: Context) -> bool:
    """Return whether a name of the other language may stand in this text."""
    entity = context.gazetteer.entities[name.entity]
    if name.kind != "name" or len(context.doc[hit.start : hit.end].text) < 4:
        return False
    return entity.cls not in {"State", "Territory", "Region"} and name.guard != "context"


def blocked_by_entity(hit: Hit, mentions: list[Mention], context: Context) -> bool:
    """Return whether the hit is a mere part of a longer named entity ("Bank of China").

    The longer entity does not win when all its other words are titles,
    nouns of offices or institutions, or parts of other names that are known.
    """
    span = context.entity_at.get(hit.start) or context.entity_at.get(hit.end - 1)
    if span is None or (span.start >= hit.start and span.end <= hit.end):
        return False
    places = {context.gazetteer.entities[n.entity].cls for n in hit.names} <= _PLACES
    if hit.genitive and context.lang == "de" and places:
        if hit.end == span.end or (span.label_ == "MISC" and hit.start == span.start):
            return False  # "Norden Syriens", "Russlands Krieg"
    if context.lang == "de" and not places and hit.end == span.end and _is_named_noun(hit, context):
        return False  # "Wirtschaftsgemeinschaft Ecowas"
    if span.label_ == "PER" and span.start == hit.start and _country_before_name(hit, context):
        return False  # "U.S. Senator John Cornyn", "Russian President ..."
    start, end = _segment(span, hit, context)
    state = any(context.gazetteer.entities[n.entity].cls == "State" for n in hit.names)
    before = context.doc[hit.start - 1].lower_ if hit.start else ""
    if context.lang == "de" and state and before == "der" and hit.start == span.start:
        return False  # "lieferte der Ukraine Panzer": the article is the state's own
    known = {i for m in mentions for i in range(m.start, m.end)}
    gazetteer = context.gazetteer
    nouns = (gazetteer.office_nouns[context.lang], gazetteer.kind_nouns[context.lang])
    regions = {w for key, ws in gazetteer.place_words.items() if key[0] == context.lang for w in ws}
    i = start
    while i < end:
        token = context.doc[i]
        if hit.start <= i < hit.end:
            i += 1
            continue
        ends = [match_words(context.pieces, i, trie)[0] for trie in nouns]
        if max(ends) > i:
            i = max(ends)
        elif (
            i in known
            or (i == hit.end and token.lower_ in _SPECIES)
            or (state and token.text in _DIRECTIONS)
            or token.lower_ in _TITLES
            or token.text in regions
            or not token.text[:1].isupper()
        ):
            i += 1
        else:
            return True
    return False


def _is_named_noun(hit: Hit, context: Context) -> bool:
    """Return whether the hit stands in apposition to the common noun before it."""
    word = context.doc[hit.start]
    noun = word.head
    return context.parsed and word.dep_ == "appos" and noun.i == word.i - 1 and noun.pos_ == "NOUN"


def _country_before_name(hit: Hit, context: Context) -> bool:
    """Return whether the hit is an adjective or abbreviation of a state ("US", "Russian")."""
    word = context.doc[hit.start].text
    adjective = any(n.kind == "adjective" for n in hit.names)
    return adjective or word.isupper()


def _segment(span: Span, hit: Hit, context: Context) -> tuple[int, int]:
    """Return the part of a long entity between commas where the hit stands."""
    start, end = span.start, span.end
    for i in range(span.start, span.end):
        if context.doc[i].text in {",", ";", "(", ")"}:
            if i < hit.start:
                start = i + 1
            elif i >= hit.end:
                end = i
                break
    return start, end
