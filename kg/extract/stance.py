"""What a sentence claims of a predicate: polarity, modality, source.

The three dimensions are those of FactBank (Saurí & Pustejovsky 2009).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kg.extract.actor import Actor
from kg.types import Modality, Polarity

_STRENGTH = {"actual": 0, "planned": 1, "possible": 2, "demanded": 3}


@dataclass(frozen=True)
class Stance:
    """What a sentence claims of a predicate.

    ``source`` is who says so; ``reported`` is True if somebody says so,
    known or not. ``certainty`` (0..1) falls with each governing word whose
    effect the lexicon does not know. ``says_nothing`` marks questions,
    conditions and commands. ``unreal`` marks Konjunktiv II, which is irrealis
    unless it is reported speech; ``threatened`` what somebody threatens to do and
    ``refused`` what somebody refuses to do. ``aim`` marks what something else is done
    for: it is planned, but nobody has announced it.
    """

    polarity: Polarity = "positive"
    modality: Modality = "actual"
    source: Actor | None = None
    reported: bool = False
    certainty: float = 1.0
    says_nothing: bool = False
    unreal: bool = False
    threatened: bool = False
    refused: bool = False
    aim: bool = False

    def with_modality(self, modality: Modality) -> Stance:
        """Return the stance with the stronger of two modalities."""
        if _STRENGTH[modality] > _STRENGTH[self.modality]:
            return replace(self, modality=modality)
        return self

    def negated(self) -> Stance:
        """Return the stance with the other polarity."""
        other: Polarity = "positive" if self.polarity == "negative" else "negative"
        return replace(self, polarity=other)
