"""How well the answering sentence of a text is chosen: by words, by meaning, and by our score over both and more.

A folder holds `SPLIT.jsonl`; a line holds a question, the text's sentences in order and the indexes of those that
answer: {"id", "question", "sentences": [...], "gold": [...]}, and optionally "label", SUPPORT or CONTRADICT, for
questions that are claims, and "document", what the sentences come from (else the sentences themselves tell).
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.errors import UnreadableFileError
from evals.embedded import Progress, cached_vectors
from evals.paired import Difference, compare
from evals.sentence_training import learn
from index.embedder import Embedder
from index.lexical import LexicalIndex
from index.sentence_choice import FEATURES, Features, load_weights, sentence_features
from index.sentence_cues import Stance, load_cues

_FOLDS = 10
_OURS = "ours"
_LEARNED = "cross-validated"
_STANCES = {"SUPPORT": Stance.SAME, "CONTRADICT": Stance.OPPOSITE}


@dataclass(frozen=True, slots=True)
class SentenceItem:
    """A question with the sentences of a text; `gold` are the indexes of those that answer."""

    question: str
    sentences: tuple[str, ...]
    gold: frozenset[int]
    label: str = ""

    @property
    def fold(self) -> int:
        """Return the fold of the text: all its questions share it."""
        return int(hashlib.sha256("\0".join(self.sentences).encode()).hexdigest(), 16) % _FOLDS


@dataclass(frozen=True, slots=True)
class SentenceReport:
    """Means by system: the share of questions with a gold sentence first, among the first three, and the MRR.

    "cross-validated" is ours with weights learned without the text's fold, "without" a feature the same less that
    feature. `differences` compares the first with ours, and each "without" with "cross-validated", by the paired test.
    `stances` counts, for the gold sentences of claims, what direction and negation alone say: right, wrong, unclear.
    """

    items: int
    candidates: float
    systems: dict[str, dict[str, float]]
    differences: dict[str, Difference]
    stances: dict[str, int]


def read_sentences(folder: Path, split: str) -> list[SentenceItem]:
    """Return the items of a split.

    Raises:
        UnreadableFileError: the file is missing or malformed.
    """
    path = folder / f"{split}.jsonl"
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        items = [
            SentenceItem(
                str(line["question"]),
                tuple(str(text) for text in line["sentences"]),
                frozenset(int(i) for i in line["gold"]),
                str(line.get("label") or ""),
            )
            for line in lines
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFileError(
            f"{path} holds no sentences to choose from; each line needs question, sentences and gold."
        ) from error
    if any(not item.sentences or not item.gold <= set(range(len(item.sentences))) for item in items):
        raise UnreadableFileError(f"{path} has a line whose gold is none of its sentences; correct or leave it out.")
    return items


def features_of(
    items: Sequence[SentenceItem], embedder: Embedder, cache: Path, progress: Progress
) -> tuple[list[Features], list[Features]]:
    """Return of each item the features of its sentences, and 1 for each that is gold; words weigh by these texts."""
    flat = [text for item in items for text in item.sentences]
    vectors = cached_vectors(flat, embedder, cache, progress)
    asked = cached_vectors([item.question for item in items], embedder, cache, progress)
    with tempfile.TemporaryDirectory() as folder:
        words = lru_cache(maxsize=None)(LexicalIndex.create(Path(folder)).words)
        distinct = set(flat)
        frequency = Counter(word for text in distinct for word in set(words(text)))

        def weight(word: str) -> float:
            return math.log(1 + (len(distinct) - frequency[word] + 0.5) / (frequency[word] + 0.5))

        found, at = [], 0
        for item, vector in zip(items, asked, strict=True):
            cosines = vectors[at : at + len(item.sentences)] @ vector
            at += len(item.sentences)
            found.append(sentence_features(item.question, item.sentences, cosines, words, weight))
    gold = [np.array([float(i in item.gold) for i in range(len(item.sentences))]) for item in items]
    return found, gold


def measure(
    items: Sequence[SentenceItem], embedder: Embedder, cache: Path, progress: Progress, *, ablation: bool = False
) -> SentenceReport:
    """Choose a sentence for every question and return the means and the paired tests.

    With `ablation` every feature is left out in turn, which takes as often as long to learn.
    """
    features, gold = features_of(items, embedder, cache, progress)
    ours = load_weights()
    scored = {
        "words": [one[:, FEATURES.index("coverage")] for one in features],
        "meaning": [one[:, FEATURES.index("cosine")] for one in features],
        _OURS: [ours.scores(one) for one in features],
    }
    if len({item.fold for item in items}) > 1:
        scored[_LEARNED] = _cross_validated(items, features, gold)
        for column, name in enumerate(FEATURES) if ablation else ():
            scored[f"without {name}"] = _cross_validated(items, [_without(one, column) for one in features], gold)
    ranks = {name: [_first_gold(one, held) for one, held in zip(of, gold, strict=True)] for name, of in scored.items()}
    firsts = {name: [float(rank == 1) for rank in held] for name, held in ranks.items()}
    return SentenceReport(
        len(items),
        round(sum(len(one) for one in gold) / len(items), 1) if items else 0.0,
        {
            name: {
                "first": _mean(firsts[name]),
                "top 3": _mean([float(rank <= 3) for rank in held]),
                "mrr": _mean([1 / rank for rank in held]),
            }
            for name, held in ranks.items()
        },
        {
            name: compare(firsts[_LEARNED if name.startswith("without") else _OURS], held)
            for name, held in firsts.items()
            if name != _OURS
        },
        _stances(items),
    )


def _without(features: Features, column: int) -> Features:
    kept = features.copy()
    kept[:, column] = 0.0
    return kept


def _cross_validated(
    items: Sequence[SentenceItem], features: Sequence[Features], gold: Sequence[Features]
) -> list[Features]:
    learned = {}
    for fold in {item.fold for item in items}:
        kept = [at for at, item in enumerate(items) if item.fold != fold]
        learned[fold] = learn([features[at] for at in kept], [gold[at] for at in kept])
    return [learned[item.fold].scores(one) for item, one in zip(items, features, strict=True)]


def _first_gold(scores: Features, gold: Features) -> float:
    order = np.argsort(-scores, kind="stable")
    return next((float(rank) for rank, at in enumerate(order, start=1) if gold[at]), math.inf)


def _stances(items: Sequence[SentenceItem]) -> dict[str, int]:
    cues = load_cues()
    told: Counter[str] = Counter(dict.fromkeys(("right", "wrong", "unclear"), 0))
    for item in items:
        expected = _STANCES.get(item.label)
        for at in sorted(item.gold) if expected else ():
            stance = cues.stance(item.question, item.sentences[at])
            told["unclear" if stance is Stance.UNCLEAR else "right" if stance is expected else "wrong"] += 1
    return dict(told)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
