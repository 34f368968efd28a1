"""Parsed text as CoNLL-U, with entities and character offsets in the last column."""

from __future__ import annotations

from spacy.tokens import Doc


def to_conllu(doc: Doc, name: str) -> str:
    """Return a document in CoNLL-U.

    MISC holds ``SpaceAfter=No``, ``TokenRange=start:end`` (characters of the
    text) and ``NER=B-PER`` and the like. White space tokens are left out.
    """
    lines = [f"# newdoc id = {name}"]
    for sentence in doc.sents:
        words = [t for t in sentence if not t.is_space]
        if not words:
            continue
        number = {t.i: n for n, t in enumerate(words, 1)}
        text = doc.text[words[0].idx : words[-1].idx + len(words[-1])]
        lines.append(f"# text = {' '.join(text.split())}")
        for token in words:
            root = token.head == token or token.head.i not in number
            misc = [f"TokenRange={token.idx}:{token.idx + len(token)}"]
            if token.ent_type_:
                misc.insert(0, f"NER={token.ent_iob_}-{token.ent_type_}")
            if not token.whitespace_ and not _before_space(token.i, doc):
                misc.append("SpaceAfter=No")
            columns = [
                str(number[token.i]), token.text, token.lemma_ or "_", token.pos_ or "_",
                token.tag_ or "_", str(token.morph) or "_",
                "0" if root else str(number[token.head.i]),
                "root" if root else token.dep_, "_", "|".join(misc),
            ]  # fmt: skip
            lines.append("\t".join(columns))
        lines.append("")
    return "\n".join(lines)


def _before_space(i: int, doc: Doc) -> bool:
    return i + 1 >= len(doc) or doc[i + 1].is_space
