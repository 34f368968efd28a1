"""The packaged language model as a spaCy component.

A paragraph is read in windows of whole sentences. Each window is one call of
the encoder, never a batch: dynamic int8 scales span a call, so that only this
makes a text come out the same alone and in company.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch
from tokenizers import Tokenizer

from kg.parse import agreement, decode
from kg.parse.lemma import Lemmatizer
from kg.resources import model_dir

MAX_WORDS = 110
"""Words a window holds: as many as windows had in training."""
ENTITY_LABELS = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "OTH": "MISC"}
META = "▁"


@dataclass(frozen=True)
class Parsed:
    """What the network says of one sentence; indices count the words of the paragraph."""

    start: int
    end: int
    upos: NDArray[np.int64]
    feats: list[str]
    heads: NDArray[np.int64]
    rels: list[str]
    probability: list[float]
    entities: list[tuple[int, int, str]]


class UniversalParser:
    """Tags, features, lemmas, trees, sentences and entity names, in one step."""

    def __init__(self, threads: int = 0) -> None:
        """Make the component; weights come with ``from_disk``, else at the first text."""
        self.threads = threads or os.cpu_count() or 1
        self.folder: Path | None = None

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> UniversalParser:
        """Load the model files.

        Raises:
            FileNotFoundError: the folder has no model.
        """
        folder = Path(path)
        meta = json.loads((folder / "labels.json").read_text("utf-8"))
        self.encoder = _session(folder / "encoder.onnx")
        self.relations = _session(folder / "relations.onnx")
        self.outputs = [o.name for o in self.encoder.get_outputs()]
        self.embedding = np.load(folder / "embedding.npy", mmap_mode="r")
        self.scale = np.load(folder / "embedding_scale.npy")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.lemmatizer = Lemmatizer(
            json.loads(gzip.decompress((folder / "lemmas.json.gz").read_bytes()))
        )
        labels = meta["labels"]
        self.upos: list[str] = labels["upos"]
        self.feats: dict[str, list[str]] = labels["feats"]
        self.ner: list[str] = labels["ner"]
        self.rels: list[str] = labels["rels"]
        before_case = list(itertools.takewhile(lambda name: name != "Case", self.feats))
        start = sum(len(self.feats[name]) for name in before_case)
        self.case = slice(start, start + len(self.feats["Case"]))
        self.max_pieces: int = meta["max_pieces"] - 2
        self.unk = self.tokenizer.token_to_id("<unk>")
        self.bos = self.tokenizer.token_to_id("<s>")
        self.eos = self.tokenizer.token_to_id("</s>")
        self.known_pieces: dict[str, list[int]] = {}
        self.folder = folder
        return self

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        """Copy the model files."""
        shutil.copytree(self._loaded(), path, dirs_exist_ok=True)

    def _loaded(self) -> Path:
        if self.folder is None:
            self.from_disk(model_dir() / "kg_ud")
        assert self.folder is not None
        return self.folder

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Annotate documents in order, paragraphs in parallel."""
        self._loaded()
        with ThreadPoolExecutor(self.threads) as pool:
            for batch in minibatch(stream, batch_size):
                docs = list(batch)
                paragraphs = [_paragraphs(doc) for doc in docs]
                results = pool.map(
                    lambda job: self._read(*job),
                    [(doc, words) for doc, each in zip(docs, paragraphs, strict=True)
                     for words in each],
                )  # fmt: skip
                for doc, each in zip(docs, paragraphs, strict=True):
                    self._annotate(doc, [(words, next(results)) for words in each])
                    yield doc

    def read_sentence(self, doc: Doc, known_heads: Mapping[int, int] | None = None) -> Parsed:
        """Parse a Doc that is known to be one sentence of at most 500 pieces.

        ``known_heads`` gives words (from 0) heads (from 1, 0 for the root) that the tree shall
        have; where they make no tree together, most of them.
        """
        scores = self._run([self._pieces(doc, i) for i in range(len(doc))])
        for word, head in (known_heads or {}).items():
            others = np.arange(scores["arc"].shape[1]) != head
            scores["arc"][word] -= 1000 * others
        return self._sentences(scores, [0, len(doc)], 0, _german_words(doc, range(len(doc))))[0]

    def _pieces(self, doc: Doc, i: int) -> list[int]:
        spaced = i == 0 or bool(doc[i - 1].whitespace_) or doc[i - 1].is_space
        key = (META if spaced else "") + unicodedata.normalize("NFKC", doc[i].text).replace(
            " ", META
        )
        ids = self.known_pieces.get(key)
        if ids is None:
            ids = [t.id for t in self.tokenizer.model.tokenize(key)][:16] or [self.unk]
            if len(self.known_pieces) > 200_000:
                self.known_pieces.clear()
            self.known_pieces[key] = ids
        return ids

    def _read(self, doc: Doc, words: list[int]) -> list[Parsed]:
        """Read one paragraph (token indices ``words``), window by window."""
        pieces = [self._pieces(doc, i) for i in words]
        out: list[Parsed] = []
        start = 0
        limit = MAX_WORDS
        while start < len(words):
            end, size = start, 0
            while end < len(words) and end - start < limit:
                if size + len(pieces[end]) > self.max_pieces:
                    break
                size += len(pieces[end])
                end += 1
            scores = self._run(pieces[start:end])
            begins = (scores["start"][:, 1] > scores["start"][:, 0]).nonzero()[0].tolist()
            begins = [0, *[b for b in begins if b > 0]]
            if end < len(words):
                if len(begins) > 1:
                    # The last sentence may go on behind the window: read it again.
                    bounds = begins
                elif limit < self.max_pieces and end - start == limit:
                    limit = self.max_pieces
                    continue
                else:
                    bounds = [0, end - start]
            else:
                bounds = [*begins, end - start]
            german = _german_words(doc, words[start:end])
            out += self._sentences(scores, bounds, start, german)
            start += bounds[-1]
            limit = MAX_WORDS
        return out

    def _run(self, pieces: list[list[int]]) -> dict[str, NDArray[np.float32]]:
        ids = np.array([self.bos, *[i for word in pieces for i in word], self.eos])
        embedded = self.embedding[ids].astype(np.float32) * self.scale[ids]
        pool = np.zeros((len(pieces), len(ids)), np.float32)
        at = 1
        for n, word in enumerate(pieces):
            pool[n, at : at + len(word)] = 1 / len(word)
            at += len(word)
        values = self.encoder.run(None, {"embedded": embedded[None], "pool": pool[None]})
        return {name: value[0] for name, value in zip(self.outputs, values, strict=True)}

    def _sentences(
        self,
        scores: dict[str, NDArray[np.float32]],
        bounds: list[int],
        offset: int,
        german: list[str] | None,
    ) -> list[Parsed]:
        """Decode the sentences of a window.

        ``bounds`` are their starts and the last end; ``german`` the words, if German.
        """
        spans = list(itertools.pairwise(bounds))
        of_languages = np.split(scores["ner"], len(decode.NAME_LANGUAGES), axis=1)
        tags_of_names = of_languages[decode.NAME_LANGUAGES.index("en" if german is None else "de")]
        heads: list[NDArray[np.int64]] = []
        columns: list[NDArray[np.int64]] = []
        certain: list[NDArray[np.float32]] = []
        for a, b in spans:
            own = np.concatenate([[0], np.arange(a + 1, b + 1)])
            arcs = decode.log_softmax(scores["arc"][a:b][:, own])
            heads.append(decode.heads(arcs))
            columns.append(own[heads[-1]])
            certain.append(arcs[np.arange(b - a), heads[-1]])
        end = bounds[-1]
        (rel,) = self.relations.run(
            None,
            {
                "dependent": scores["dependent"][:end],
                "head": scores["head"][np.concatenate(columns)],
            },
        )
        root = self.rels.index("root")
        # The root, and nothing else, is called root.
        rel[:, root] = np.where(np.concatenate(columns) == 0, 1e9, -1e9)
        best = rel.argmax(1)
        margin = decode.log_softmax(rel)[np.arange(end), best]
        probability = np.exp(np.concatenate(certain) + margin).round(4).tolist()
        upos = scores["upos"][:end].argmax(1)
        names = [self.rels[i] for i in best.tolist()]
        chosen = self._features(scores["feats"][:end])
        tags = [self.upos[i] for i in upos.tolist()]
        passive = self.feats["Voice"].index("Pass")
        if german is None:
            for (a, b), head in zip(spans, heads, strict=True):
                verbs = agreement.english_passives(head.tolist(), names[a:b], tags[a:b])
                for i, told in verbs.items():
                    chosen["Voice"][a + i] = passive if told else 0
        else:
            cases = decode.log_softmax(scores["feats"][:end, self.case])
            for (a, b), head in zip(spans, heads, strict=True):
                for i in agreement.twin_of_compound(german[a:b], head.tolist(), names[a:b]):
                    head[i], names[a + i] = i + 3, "compound"
                for i in agreement.datives_before_object(head.tolist(), names[a:b], tags[a:b]):
                    head[i], names[a + i] = head[head[i] - 1], "obl:arg"
                chosen["Case"][a:b] = agreement.one_case(
                    cases[a:b], self.feats["Case"], head.tolist(), names[a:b], tags[a:b]
                )
            for i, (word, rel) in enumerate(zip(german, names, strict=False)):
                by_tree = agreement.passive_by_tree(word, rel) if tags[i] == "AUX" else None
                if by_tree is not None:
                    chosen["Voice"][i] = passive if by_tree else 0
        feats = self._written(chosen, end)
        return [
            Parsed(
                offset + a, offset + b, upos[a:b], feats[a:b], head,
                names[a:b], probability[a:b],
                decode.entity_spans(tags_of_names[a:b], self.ner),
            )
            for (a, b), head in zip(spans, heads, strict=True)
        ]  # fmt: skip

    def _features(self, scores: NDArray[np.float32]) -> dict[str, NDArray[np.int64]]:
        """Return for each feature the number of the best value of each word; 0 is none."""
        ends = list(itertools.accumulate(len(values) for values in self.feats.values()))
        parts = np.split(scores, ends[:-1], axis=1)
        return {name: part.argmax(1) for name, part in zip(self.feats, parts, strict=True)}

    def _written(self, chosen: dict[str, NDArray[np.int64]], length: int) -> list[str]:
        rows: list[list[str]] = [[] for _ in range(length)]
        for name, best in chosen.items():
            values = self.feats[name]
            for i in best.nonzero()[0]:
                rows[i].append(f"{name}={values[best[i]]}")
        return ["|".join(row) for row in rows]

    def _annotate(self, doc: Doc, paragraphs: list[tuple[list[int], list[Parsed]]]) -> None:
        """Write the results into the Doc; white space hangs on the word before it."""
        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        lang = doc.user_data.get("lang", "en")
        values = np.zeros((len(doc), 5), np.uint64)
        head = np.zeros(len(doc), np.int64)
        certain = [1.0] * len(doc)
        entities: list[Span] = []
        previous = 0
        starts: set[int] = set()
        for words, sentences in paragraphs:
            for s in sentences:
                at = words[s.start : s.end]
                starts.add(at[0])
                for n, i in enumerate(at):
                    upos = self.upos[int(s.upos[n])]
                    target = int(s.heads[n])
                    head[i] = (at[target - 1] - i) if target else 0
                    rel = "ROOT" if s.rels[n] == "root" else s.rels[n]
                    certain[i] = s.probability[n]
                    lemma = self.lemmatizer(doc[i].text, upos, lang)
                    values[i] = (
                        strings.add(upos), morphology.add(s.feats[n]), strings.add(lemma),
                        0, strings.add(rel),
                    )  # fmt: skip
                for a, b, label in s.entities:
                    if label in ENTITY_LABELS:
                        entities.append(Span(doc, at[a], at[b - 1] + 1, ENTITY_LABELS[label]))
        space = strings.add("SPACE")
        for token in doc:
            if token.is_space:
                head[token.i] = previous - token.i
                values[token.i, 0] = space
                values[token.i, 2] = token.orth
                values[token.i, 4] = strings.add("dep") if token.i else strings.add("ROOT")
            else:
                previous = token.i
        values[:, 3] = head.astype(np.uint64)
        if len(doc):
            doc.from_array([POS, MORPH, LEMMA, HEAD, DEP], values)  # type: ignore[arg-type]
        doc.set_ents(entities)
        doc.user_data["arc_probability"] = certain


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Paragraphs run in parallel, one thread each.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _german_words(doc: Doc, indices: Iterable[int]) -> list[str] | None:
    if doc.user_data.get("lang") != "de":
        return None
    return [doc[i].text for i in indices]


def _paragraphs(doc: Doc) -> list[list[int]]:
    """Return the word indices of each paragraph; a blank line parts paragraphs."""
    out: list[list[int]] = [[]]
    for token in doc:
        if not token.is_space:
            out[-1].append(token.i)
        elif token.text.count("\n") > 1 and out[-1]:
            out.append([])
    return [words for words in out if words]


@Language.factory("kg_ud", default_config={"threads": 0})
def create(nlp: Language, name: str, threads: int) -> UniversalParser:
    """Make the component for a spaCy pipeline."""
    return UniversalParser(threads)
