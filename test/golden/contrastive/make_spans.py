"""Distributions of the spans that the authors' own sampler draws, as histograms over many documents.

Their function is taken from a copy of their file declutr/common/contrastive_utils.py
(github.com/JohnGiorgi/DeCLUTR, commit b78ac57), which is not part of this project:

    python test/golden/contrastive/make_spans.py PATH/contrastive_utils.py    (numpy; writes spans.json)
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np

np.random.seed(4021)
documents = 20_000
bins = 60


def authors_sampler(path):
    """Their module wants AllenNLP for a logger alone."""

    class Logger:
        def __init__(self, name):
            pass

        def warning_once(self, message):
            pass

    for name in ("allennlp", "allennlp.common", "allennlp.common.logging"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["allennlp.common.logging"].AllenNlpLogger = Logger
    spec = importlib.util.spec_from_file_location("contrastive_utils", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.sample_anchor_positive_pairs


sample_pairs = authors_sampler(sys.argv[1])


def sample(tokens, anchors, shortest, longest, strategy):
    """(anchor start, anchor length, positive start, positive length) of every anchor."""
    text = " ".join(map(str, range(tokens)))
    name = None if strategy == "any" else strategy
    own, positives = sample_pairs(text, anchors, 1, longest, shortest, sampling_strategy=name)
    spans = [[int(word) for word in span.split()] for span in (*own, *positives)]
    pairs = zip(spans[:anchors], spans[anchors:])
    return [(a[0], len(a), p[0], len(p)) for a, p in pairs]


def histogram(values):
    low, high = int(min(values)), int(max(values)) + 1
    edges = np.unique(np.linspace(low, high, bins + 1).astype(int))
    counts, _ = np.histogram(values, edges)
    assert counts.sum() == len(values)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


scenarios = [
    # tokens, anchors, shortest, longest, strategy
    (2400, 2, 32, 510, "any"),
    (2400, 2, 32, 510, "adjacent"),
    (2400, 2, 32, 510, "subsuming"),
    (5000, 3, 32, 510, "any"),
    (330, 2, 32, 82, "adjacent"),
    (130, 1, 32, 65, "any"),
]
golden = []
for tokens, anchors, shortest, longest, strategy in scenarios:
    drawn = np.array([sample(tokens, anchors, shortest, longest, strategy) for _ in range(documents)])
    golden.append(
        {
            "tokens": tokens,
            "anchors": anchors,
            "shortest": shortest,
            "longest": longest,
            "strategy": strategy,
            "byAnchor": [
                {
                    "anchorStart": histogram(drawn[:, i, 0]),
                    "anchorLength": histogram(drawn[:, i, 1]),
                    "positiveOffset": histogram(drawn[:, i, 2] - drawn[:, i, 0]),
                    "positiveLength": histogram(drawn[:, i, 3]),
                }
                for i in range(anchors)
            ],
        }
    )
Path(__file__).with_name("spans.json").write_text(json.dumps(golden) + "\n")
