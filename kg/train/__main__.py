"""``python -m kg.train --data FOLDER --work FOLDER``: raw data to packaged model."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from kg.resources import model_dir
from kg.train import annotated, augment, data, fit, silver
from kg.train.settings import Settings


def main() -> None:
    """Train (or resume from the last checkpoint), then export."""
    parser = argparse.ArgumentParser(prog="python -m kg.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="with ud/, ner/, gazetteer/")
    parser.add_argument("--work", type=Path, default=Path("output/train"), help="checkpoints, log")
    parser.add_argument(
        "--config", type=Path, default=Path(__file__).with_name("config.json"), help="settings"
    )
    parser.add_argument("--output", type=Path, default=model_dir(), help="where the model goes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--export-only", action="store_true", help="export the last checkpoint, train no further"
    )
    parser.add_argument(
        "--start-from", type=Path, help="checkpoint of an earlier run that gives the first weights"
    )
    parser.add_argument(
        "--teacher", type=Path, help="earlier packaged model that labels what has no gold labels"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    settings = Settings(**json.loads(arguments.config.read_text("utf-8")))
    corpus = data.load(arguments.data)
    gazetteer = arguments.data / "gazetteer"
    pools = augment.name_pools(corpus.train, gazetteer)
    sentences = [*annotated.with_names(corpus.train), *annotated.read_written()]
    if arguments.teacher:
        taught = silver.teach(sentences, arguments.teacher, settings.silver_from)
    else:
        taught = silver.add_entities(sentences)
    corpus = data.Corpus(taught, corpus.held_out)
    words = silver.vocabulary_words(gazetteer)
    trained = fit.train(
        corpus, settings, arguments.work, words, pools, arguments.export_only, arguments.start_from
    )
    from kg.train import export

    export.write(*trained, corpus.train, arguments.output)
    print(f"wrote {arguments.output}")


if __name__ == "__main__":
    main()
