"""Distributions of the spans that DeCLUTR's sampler draws, as histograms over many documents.

Written after section 3.1 of Giorgi et al. (ACL 2021) and the behaviour of the authors' sampler, over
token numbers alone. One difference: a positive that begins with the document counts as adjacent to an
anchor behind it, which the authors' comparison leaves out.

    python test/golden/contrastive/make_spans.py    (numpy; writes spans.json)
"""

import json
from pathlib import Path

import numpy as np

rng = np.random.default_rng(4021)
documents = 20_000
bins = 60


def length(a, b, shortest, longest):
    return shortest + int(rng.beta(a, b) * (longest - shortest))


def uniform(first, last):
    return int(rng.integers(first, last + 1))


def positive(tokens, start, end, shortest, longest, strategy):
    if strategy == "subsuming":
        size = length(2, 4, shortest, end - start)
        return uniform(start, end - size), size
    if strategy == "adjacent":
        room = max(start, tokens - end)
        size = length(2, 4, shortest, min(longest, room))
        sides = [s for s in (start - size, end) if 0 <= s and s + size <= tokens]
        return int(rng.choice(sides)), size
    size = length(2, 4, shortest, longest)
    return uniform(max(0, start - size), min(end, tokens - size)), size


def sample(tokens, anchors, shortest, longest, strategy):
    """(anchor start, anchor length, positive start, positive length) of every anchor."""
    free = [chunk * longest for chunk in range(tokens // longest)]
    spans = []
    for left in range(anchors, 0, -1):
        size = length(4, 2, shortest, longest)
        at_an_end = len(free) // left < left
        index = int(rng.choice([0, len(free) - 1])) if at_an_end else uniform(0, len(free) - 1)
        start = uniform(free[index], free[index] + longest - size)
        free = free[: max(0, index - 1)] + free[index + 2 :]
        spans.append((start, size, *positive(tokens, start, start + size, shortest, longest, strategy)))
    return spans


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
