"""Makes logistic.json: problems, and scikit-learn's logistic regression on them at tolerance 1e-10.

    python test/golden/evaluate/makeLogistic.py

More rows than columns and fewer, two classes and more, balanced weights, weak penalties, sparse rows,
and a multi-label problem as one sigmoid a label.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

random = numpy.random.default_rng(7)


def problem(name, rows, columns, classes, noise, c, weight=None, zeros=0.0, shares=None):
    centres = random.normal(size=(classes, columns))
    labels = random.choice(classes, size=rows, p=shares)
    labels[:classes] = numpy.arange(classes)
    values = centres[labels] + noise * random.normal(size=(rows, columns))
    values[random.random(values.shape) < zeros] = 0
    values = numpy.round(values, 3)
    others = numpy.round(centres[random.choice(classes, size=5)] + noise * random.normal(size=(5, columns)), 3)
    fitted = LogisticRegression(C=c, class_weight=weight, tol=1e-10, max_iter=100_000).fit(values, labels)
    return {
        "name": name, "rows": rows, "columns": columns, "classes": classes, "c": c,
        "classWeight": weight, "sparse": zeros > 0, "values": values.ravel().tolist(),
        "labels": labels.tolist(), "others": others.ravel().tolist(),
        "coefficients": fitted.coef_.T.ravel().tolist(), "intercepts": fitted.intercept_.tolist(),
        "probabilities": fitted.predict_proba(others).ravel().tolist(),
    }


problems = [
    problem("several classes", 120, 6, 4, 1.5, 1.0),
    problem("a weak penalty", 200, 5, 3, 2.5, 1000.0),
    problem("two classes", 90, 7, 2, 2.0, 0.5),
    problem("balanced weights", 150, 5, 3, 1.5, 1.0, "balanced", shares=[0.7, 0.2, 0.1]),
    problem("two classes, balanced", 100, 4, 2, 1.5, 10.0, "balanced", shares=[0.85, 0.15]),
    problem("fewer rows than columns", 24, 40, 3, 1.0, 1.0),
    problem("sparse rows", 60, 30, 3, 1.0, 10.0, zeros=0.7),
    problem("fewer sparse rows than columns, two classes", 20, 50, 2, 1.0, 100.0, zeros=0.7),
]

values = numpy.round(random.normal(size=(80, 5)), 3)
targets = (values @ random.normal(size=(5, 3)) + random.normal(size=(80, 3)) > 0.3).astype(int)
others = numpy.round(random.normal(size=(6, 5)), 3)
many = OneVsRestClassifier(LogisticRegression(C=2.0, tol=1e-10, max_iter=100_000)).fit(values, targets)
multi = {
    "rows": 80, "columns": 5, "labels": 3, "c": 2.0, "values": values.ravel().tolist(),
    "targets": targets.ravel().tolist(), "others": others.ravel().tolist(),
    "probabilities": many.predict_proba(others).ravel().tolist(),
}

out = {"versions": {"scikit-learn": sklearn.__version__}, "problems": problems, "multiLabel": multi}
pathlib.Path(__file__).with_name("logistic.json").write_text(json.dumps(out) + "\n")
