"""Makes analysis.json: vectors, and what scikit-learn and umap-learn say about them.

    python test/golden/analysis/make_analysis.py

240 points of 6 overlapping clusters in 12 dimensions; some are of no category, a third belong to
groups of three. Trustworthiness is scikit-learn's, by cosine, over 10 neighbours; for umap-learn the
median of five seeds.
"""

import json
import pathlib
import statistics

import numpy
import sklearn
import umap
from sklearn.manifold import trustworthiness
from sklearn.metrics.pairwise import cosine_similarity

random = numpy.random.default_rng(5)
centres = random.normal(size=(6, 12))
labels = random.integers(0, 6, size=240)
vectors = centres[labels] + 0.9 * random.normal(size=(240, 12))
vectors = numpy.round(vectors, 3).astype(numpy.float32)
categories = [f"c{label}" if i % 20 else None for i, label in enumerate(labels)]
groups = [f"g{i // 3}" if i < 80 else None for i in range(240)]
# The members of a group resemble each other: without the rule they would answer for each other.
for i in range(78):
    vectors[i] = numpy.round(0.7 * vectors[3 * (i // 3)] + 0.3 * vectors[i], 3)


def accuracy(respect_groups):
    similarity = cosine_similarity(vectors.astype(numpy.float64))
    asked = [i for i in range(240) if categories[i] is not None]
    right = 0
    for i in asked:
        others = [
            j
            for j in asked
            if j != i and not (respect_groups and groups[i] is not None and groups[i] == groups[j])
        ]
        nearest = max(others, key=lambda j: similarity[i, j])
        right += categories[nearest] == categories[i]
    return right / len(asked)


def umap_trust(seed):
    points = umap.UMAP(n_neighbors=15, min_dist=0.1, metric="cosine", random_state=seed)
    return trustworthiness(vectors, points.fit_transform(vectors), n_neighbors=10, metric="cosine")


golden = {
    "versions": {"scikit-learn": sklearn.__version__, "umap-learn": umap.__version__},
    "dimension": 12,
    "vectors": [float(f"{x:.3f}") for x in vectors.flatten()],
    "categories": categories,
    "groups": groups,
    "accuracy": {"alone": accuracy(False), "groups": accuracy(True)},
    "trustworthiness": {
        "firstTwoColumns": trustworthiness(vectors, vectors[:, :2], n_neighbors=10, metric="cosine"),
        "umap": statistics.median(umap_trust(seed) for seed in range(5)),
    },
}
(pathlib.Path(__file__).parent / "analysis.json").write_text(json.dumps(golden) + "\n")
print(golden["accuracy"], golden["trustworthiness"])
