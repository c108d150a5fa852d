"""Makes neighbours.json: neighbours, centroids and scaling by scikit-learn.

    python test/golden/evaluate/makeNeighbours.py

scikit-learn's NearestCentroid has no cosine: its centroids are taken of unit rows, and compared by
cosine_similarity.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.preprocessing import StandardScaler, normalize

random = numpy.random.default_rng(3)
classes = 4
centres = random.normal(size=(classes, 6))
labels = random.integers(0, classes, size=90)
values = numpy.round(centres[labels] + 1.2 * random.normal(size=(90, 6)), 3).astype(numpy.float32)
values[:, 4] = 2.5  # A column that does not vary.
queries = numpy.round(centres[random.integers(0, classes, size=40)] + 1.2 * random.normal(size=(40, 6)), 3)
queries[:, 4] = 2.5
queries = queries.astype(numpy.float32)
wide, asked = values.astype(float), queries.astype(float)


def neighbours(k):
    fitted = KNeighborsClassifier(k, metric="cosine").fit(wide, labels)
    return {"k": k, "probabilities": fitted.predict_proba(asked).ravel().tolist(), "classes": fitted.predict(asked).tolist()}


centroids = NearestCentroid().fit(normalize(wide), labels)
scaler = StandardScaler().fit(wide)
out = {
    "versions": {"scikit-learn": sklearn.__version__},
    "columns": 6, "classes": classes, "values": values.ravel().tolist(), "labels": labels.tolist(),
    "queries": queries.ravel().tolist(),
    "kNearest": [neighbours(k) for k in (1, 4, 5)],
    "centroidCosines": cosine_similarity(asked, centroids.centroids_).ravel().tolist(),
    "scaling": {
        "means": scaler.mean_.tolist(), "deviations": scaler.scale_.tolist(),
        "scaled": scaler.transform(asked).ravel().tolist(),
    },
}
pathlib.Path(__file__).with_name("neighbours.json").write_text(json.dumps(out) + "\n")
