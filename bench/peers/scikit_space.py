"""Measures of bench/analyze.ts in scikit-learn: reads tasks from standard input, answers each with its seconds and figures.

    python scikit_space.py FOLDER ROWS COLUMNS CLASSES MEASURED

FOLDER holds embeddings.f32 and labels.json. A task is a line of JSON; so is an answer. The figures stand where other
benchmarks have probabilities.
"""

import json
import pathlib
import sys
import time

import numpy
import sklearn
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

folder = pathlib.Path(sys.argv[1])
rows, columns, classes, measured = map(int, sys.argv[2:])
values = numpy.fromfile(folder / "embeddings.f32", dtype=numpy.float32).reshape(rows, columns)
values /= numpy.linalg.norm(values, axis=1, keepdims=True)
labels = numpy.array(json.loads((folder / "labels.json").read_text()))


def neighbours():
    nearest = NearestNeighbors(n_neighbors=16, metric="cosine", algorithm="brute").fit(values)
    _, found = nearest.kneighbors(values)
    same = labels[found[:, 1:]] == labels[:, None]
    return [same.mean()]


def silhouette():
    size = measured if measured < rows else None
    return [metrics.silhouette_score(values, labels, sample_size=size, random_state=0)]


def dispersion():
    return [metrics.davies_bouldin_score(values, labels), metrics.calinski_harabasz_score(values, labels)]


def k_means():
    fitted = KMeans(classes, n_init=10, random_state=0).fit(values)
    return [metrics.adjusted_rand_score(labels, fitted.labels_)]


tasks = {"neighbours": neighbours, "silhouette": silhouette, "dispersion": dispersion, "k-means": k_means}

print(json.dumps({"versions": f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}"}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    begun, worked = time.perf_counter(), time.process_time()
    figures = tasks[asked["task"]]()
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    print(json.dumps({
        "seconds": seconds, "processorSeconds": processor, "iterations": 0,
        "probabilities": [float(figure) for figure in figures],
    }), flush=True)
