"""People whom no name names: "168 Liberians", "French farmers", "rebels in Zimbabwe"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from spacy.tokens import Doc, Token

from kg.entities.text import slug
from kg.extract import tree
from kg.extract.actor import Actor, is_place
from kg.extract.lexicon import Lexicon
from kg.types import Entity, Mention

_HOMES = frozenset({"in", "from", "of", "across", "throughout", "aus"})


class Groups:
    """Makes nodes of the unnamed people of one document; ``at`` holds its mentions by token."""

    def __init__(self, doc: Doc, at: Mapping[int, Mention], lexicon: Lexicon, article: str) -> None:
        self.doc = doc
        self.text = doc.text  # asking for it joins all words anew
        self.at = at
        self.lexicon = lexicon
        self.article = article
        self.people = lexicon.words("actor_people")
        # Groups whose name says whose they are: "Afghan rebels", but not "rebels".
        self.told: set[str] = set()

    def named(self, token: Token) -> Actor | None:
        """Mint unnamed people as the text calls them ("officials", "ein Sprecher", "rebels")."""
        known = self.people | self.lexicon.words("actor_groups")
        if token.pos_ not in {"NOUN", "PROPN"} or not self.lexicon.is_a(token.lemma_, known):
            return None
        return self.minted(token)

    def minted(self, token: Token) -> Actor:
        """Make a node of this article for the phrase, in its words without article or number."""
        start, end = tree.phrase(token)
        home = self.home(token)
        if home is not None:
            end = max(end, self.doc[home.end - 1].idx + len(self.doc[home.end - 1]))
        words = self.text[start:end]
        for article in tree.children(token, "det", "nummod"):
            if article.idx == start:
                words = words[len(article) :].strip()
        words = re.sub(r"^[\d.,\s]+", "", words) or words
        entity = Entity(
            f"Group_{slug(words)}_{slug(self.article)}", words, words, "Group", minted=True
        )
        if any(t.i in self.at for t in token.subtree if start <= t.idx < end):
            self.told.add(entity.id)
        return Actor(entity, token, start, end, 0.8)

    def home(self, token: Token) -> Mention | None:
        """Return where people live or act who have no other name: "rebels in Zimbabwe"."""
        for child in tree.children(token, "nmod"):
            mention = self.at.get(child.i)
            if child.i < token.i or mention is None or not is_place(mention.entity):
                continue
            if mention.kind == "name" and tree.preposition(child) in _HOMES:
                if mention.start - token.i <= 3:
                    return mention
        return None

    def counted(self, mention: Mention, token: Token) -> Actor | None:
        """Return the people whom a demonym counts ("168 Liberians"): not their state, but of it.

        One person is nobody's example ("ein Belgier"), and an ethnic group no citizenry.
        """
        if tree.feature(token, "Number") == "Sing":
            return None
        if self.is_ethnic(token):
            return self.minted(token)
        return self._people(mention, token, 0.9)

    def may_be_citizens(self, token: Token) -> bool:
        """Say whether a noun can name citizens: several, and no rebels."""
        several = tree.feature(token, "Number") != "Sing"
        return several and not any(self.is_group_word(m) for m in modifiers(token))

    def citizens_of(self, token: Token) -> list[Actor]:
        """Return the people of a state whom a plural names: "French farmers", "Iraqi refugees"."""
        return [
            self._people(self.at[m.i], token, 0.85)
            for m in tree.children(token, "amod", "compound")
            if m.i in self.at and self.at[m.i].kind == "adjective"
        ]

    def _people(self, mention: Mention, token: Token, factor: float) -> Actor:
        start, end = min(self.doc[mention.start].idx, token.idx), token.idx + len(token)
        words = " ".join(self.text[start:end].split())
        people = Entity(
            f"Group_{slug(words)}", words, words, "Group", part_of=mention.entity.id, minted=True
        )
        return Actor(people, token, start, end, factor * mention.certainty)

    def is_ethnic(self, token: Token) -> bool:
        """Say whether a demonym names a people, no citizens: "ethnic Albanians"."""
        own = self.at[token.i].entity.id
        return any(
            self.is_group_word(m) or (m.i in self.at and self.at[m.i].entity.id != own)
            for m in tree.children(token, "amod", "compound", "nmod")
        )

    def is_group_word(self, token: Token) -> bool:
        return self.lexicon.is_a(token.lemma_, self.lexicon.words("actor_groups"))

    def is_opposed(self, token: Token) -> bool:
        """Say whether people are not their state's: "Afghan rebels", "opposition leaders"."""
        if self.is_group_word(token):
            return True
        if self.lexicon.is_a(token.lemma_, self.lexicon.words("actor_bodies")) and any(
            self.lexicon.is_a(m.lemma_, self.lexicon.words("unofficial"))
            for m in tree.children(token, "amod", "compound")
        ):
            return True  # "armed groups", not "armed forces"
        bodies = self.people | self.lexicon.words("actor_bodies")
        return self.lexicon.is_a(token.lemma_, bodies) and any(
            self.is_group_word(m) for m in tree.children(token, "compound", "amod")
        )

    def is_some(self, token: Token) -> bool:
        """Say whether a demonym names people, not their state: "ein Belgier", "many Greeks"."""
        counted = tree.children(token, "nummod") or any(
            self.lexicon.is_a(c.lemma_, self.lexicon.words("quantity"))
            for c in tree.children(token, "det", "amod")
        )
        return bool(counted) or tree.feature(token, "Number") == "Sing"


def modifiers(token: Token) -> list[Token]:
    """Return the words before a noun that describe it, and those that describe these."""
    own = tree.children(token, "amod", "compound")
    return own + [m for o in own for m in tree.children(o, "amod", "compound", "obl", "nmod")]
