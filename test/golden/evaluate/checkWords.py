"""The TF-IDF baseline in scikit-learn: reads one JSON document, prints the test probabilities.

    python checkWords.py < task.json

A task has train and test texts, the training classes (numbers), and C.
"""

import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

task = json.load(sys.stdin)
vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
train = vectorizer.fit_transform(task["train"])
fitted = LogisticRegression(C=task["c"], tol=1e-7, max_iter=100_000).fit(train, task["classes"])
probabilities = fitted.predict_proba(vectorizer.transform(task["test"]))
json.dump({"classes": fitted.classes_.tolist(), "probabilities": probabilities.tolist()}, sys.stdout)
