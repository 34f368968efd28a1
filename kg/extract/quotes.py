"""Direct speech: which characters stand in quotation marks."""

from __future__ import annotations

from dataclasses import dataclass

_CLOSING = {"„": "“”", "“": "”", "«": "»", "»": "«", "‚": "‘’", '"': '"', "‘": "’"}
_LONGEST = 1500


@dataclass(frozen=True)
class Quote:
    """Characters between quotation marks, the marks not included."""

    start: int
    end: int

    def __contains__(self, character: int) -> bool:
        return self.start <= character < self.end


def find(text: str) -> list[Quote]:
    """Return the quotations of a text in order; they do not nest.

    A mark that is not closed within 1,500 characters, or an apostrophe inside
    a word, opens nothing.
    """
    out: list[Quote] = []
    i = 0
    while i < len(text):
        mark = text[i]
        if mark in _CLOSING and not (mark in "‘‚" and i and text[i - 1].isalnum()):
            end = next(
                (j for j in range(i + 1, min(len(text), i + _LONGEST)) if text[j] in _CLOSING[mark]
                 and not (text[j] == "’" and j + 1 < len(text) and text[j + 1].isalnum())),
                None,
            )  # fmt: skip
            if end is not None and "\n\n" not in text[i:end]:
                out.append(Quote(i + 1, end))
                i = end
        i += 1
    return out
