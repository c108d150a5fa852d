"""The fits of bench/probe.ts in scikit-learn: reads tasks from standard input, answers each with its seconds.

    python scikit_probe.py FOLDER ROWS COLUMNS CLASSES

FOLDER holds embeddings.f32, labels.json and notes.json. A task is a line of JSON; so is an answer.
"""

import json
import pathlib
import sys
import time

import numpy
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

folder = pathlib.Path(sys.argv[1])
rows, columns, classes = map(int, sys.argv[2:])
values = numpy.fromfile(folder / "embeddings.f32", dtype=numpy.float32).reshape(rows, columns)
labels = numpy.array(json.loads((folder / "labels.json").read_text()))
notes = json.loads((folder / "notes.json").read_text())
wide = values.astype(numpy.float64)


def fit(features, c, tolerance):
    # Enough iterations that the tolerance ends the fit.
    return LogisticRegression(C=c, tol=tolerance, max_iter=100_000).fit(features, labels)


def embeddings(features):
    def task(c, tolerance):
        fitted = fit(features, c, tolerance)
        return fitted.n_iter_.max(), fitted.predict_proba(features[:100])

    return task


def grid(features):
    def task(grid, tolerance):
        fitted = LogisticRegression(C=1, tol=tolerance, max_iter=100_000, warm_start=True)
        iterations = 0
        for c in grid:
            iterations += fitted.set_params(C=c).fit(features, labels).n_iter_.max()
        return iterations, fitted.predict_proba(features[:100])

    return task


def text(c, tolerance):
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    features = vectorizer.fit_transform(notes)
    fitted = fit(features, c, tolerance)
    return fitted.n_iter_.max(), fitted.predict_proba(features[:100])


tasks = {
    "probe float32": embeddings(values), "probe float64": embeddings(wide),
    "grid float32": grid(values), "grid float64": grid(wide), "text": text,
}

print(json.dumps({"versions": f"scikit-learn {sklearn.__version__}, NumPy {numpy.__version__}"}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    begun, worked = time.perf_counter(), time.process_time()
    iterations, probabilities = tasks[asked["task"]](**asked["options"])
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    answer = {
        "seconds": seconds, "processorSeconds": processor, "iterations": int(iterations),
        "probabilities": probabilities.ravel().tolist(),
    }
    print(json.dumps(answer), flush=True)
