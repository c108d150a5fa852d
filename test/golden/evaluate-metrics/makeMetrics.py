"""Makes metrics.json: made-up predictions, and what scikit-learn, numpy and statsmodels say of them.

    python test/golden/evaluate-metrics/makeMetrics.py

Probabilities are multiples of 1/20, so that many are equal. Figures are over the classes of the test set
(`averaged`), with zero_division=0. AUROC is the mean over those classes for which scikit-learn defines it. ECE is computed
here with numpy, 15 bins (low, high], as are the resamples: each holds documents and seeds by their positions, and its
value is the mean over its seeds.
"""

import json
import pathlib
import warnings

import numpy
import sklearn
import statsmodels
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

warnings.filterwarnings("ignore")
random = numpy.random.default_rng(11)


def probabilities_of(actual, classes, strength):
    """Rows of multiples of 1/20 that sum to 1."""
    rows = []
    for is_class in actual:
        weights = numpy.full(classes, 1.0)
        weights[is_class] += strength
        rows.append(random.multinomial(20, random.dirichlet(weights)) / 20)
    return numpy.array(rows)


def auroc(is_of_class, scores):
    value = metrics.roc_auc_score(is_of_class, scores) if len(set(is_of_class)) > 1 else numpy.nan
    return None if numpy.isnan(value) else float(value)


def macro_auroc(actual, probabilities, classes, averaged):
    if classes == 2:
        return auroc(actual, probabilities[:, 1])
    defined = [auroc(actual == k, probabilities[:, k]) for k in averaged]
    defined = [each for each in defined if each is not None]
    if not defined:
        return None
    mean = float(numpy.mean(defined))
    if len(set(actual)) == classes:
        whole = metrics.roc_auc_score(actual, probabilities, multi_class="ovr", labels=range(classes))
        assert abs(whole - mean) < 1e-14
    return mean


edges = numpy.linspace(0, 1, 16)


def in_bins(confidences):
    for i, (low, high) in enumerate(zip(edges[:-1], edges[1:])):
        yield (confidences > low) & (confidences <= high) | ((i == 0) & (confidences == 0))


def ece(confidences, right):
    return float(
        sum(
            inside.mean() * abs(right[inside].mean() - confidences[inside].mean())
            for inside in in_bins(confidences)
            if inside.any()
        )
    )


def curve(confidences, right):
    return [
        [int(inside.sum()), float(confidences[inside].mean()), float(right[inside].mean())]
        if inside.any()
        else [0, None, None]
        for inside in in_bins(confidences)
    ]


def macro_f1(actual, predicted, averaged):
    return float(metrics.f1_score(actual, predicted, labels=averaged, average="macro", zero_division=0))


def figures(actual, predicted, probabilities, classes, averaged):
    confidence = probabilities[numpy.arange(len(actual)), predicted]
    return {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "macroF1": macro_f1(actual, predicted, averaged),
        "weightedF1": metrics.f1_score(actual, predicted, labels=averaged, average="weighted", zero_division=0),
        "balancedAccuracy": metrics.balanced_accuracy_score(actual, predicted),
        "macroAuroc": macro_auroc(actual, probabilities, classes, averaged),
        "calibrationError": ece(confidence, (actual == predicted).astype(float)),
    }


def per_class(actual, predicted, classes):
    rows = metrics.precision_recall_fscore_support(actual, predicted, labels=range(classes), zero_division=0)
    return numpy.array(rows).T.tolist()


def one_case(name, actual, classes, strength, never=None):
    actual = numpy.array(actual)
    probabilities = probabilities_of(actual, classes, strength)
    if never is not None:
        probabilities[:, never - 1] += probabilities[:, never]
        probabilities = (probabilities * 20).round() / 20
        probabilities[:, never] = 0
    predicted = probabilities.argmax(axis=1)
    averaged = sorted(set(actual.tolist()))
    confidence = probabilities[numpy.arange(len(actual)), predicted]
    return {
        "name": name,
        "labels": "one",
        "classes": classes,
        "averaged": averaged,
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "probabilities": (probabilities * 20).round().astype(int).flatten().tolist(),
        "figures": figures(actual, predicted, probabilities, classes, averaged),
        "perClass": per_class(actual, predicted, classes),
        "confusion": metrics.confusion_matrix(actual, predicted, labels=range(classes)).flatten().tolist(),
        "curve": curve(confidence, (actual == predicted).astype(float)),
    }


def several_case():
    actual = (random.random((50, 5)) < [0.5, 0.3, 0.2, 0.1, 0]).astype(int)
    probabilities = numpy.clip(actual * 0.4 + random.random((50, 5)) * 0.7, 0, 1)
    probabilities = (probabilities * 20).round() / 20
    predicted = (probabilities > 0.5).astype(int)
    averaged = [k for k in range(5) if actual[:, k].any()]
    f1 = lambda average: metrics.f1_score(actual, predicted, labels=averaged, average=average, zero_division=0)
    flat, truth = probabilities.flatten(), actual.flatten().astype(float)
    return {
        "name": "several labels, one never right",
        "labels": "several",
        "classes": 5,
        "averaged": averaged,
        "actual": actual.flatten().tolist(),
        "predicted": predicted.flatten().tolist(),
        "probabilities": (flat * 20).round().astype(int).tolist(),
        "figures": {
            "accuracy": metrics.accuracy_score(actual, predicted),
            "macroF1": f1("macro"),
            "weightedF1": f1("weighted"),
            "balancedAccuracy": None,
            "macroAuroc": float(
                metrics.roc_auc_score(actual[:, averaged], probabilities[:, averaged], average="macro")
            ),
            "calibrationError": ece(flat, truth),
        },
        "perClass": numpy.array(
            metrics.precision_recall_fscore_support(actual, predicted, zero_division=0)
        ).T.tolist(),
        "confusion": None,
        "curve": curve(flat, truth),
    }


def f1_of_class(actual, predicted, k):
    both = (actual == k).sum() + (predicted == k).sum()
    return 2 * ((actual == k) & (predicted == k)).sum() / both if both else 0.0


def plain_figures(actual, predicted, probabilities, averaged):
    """As `figures`, in numpy alone: scikit-learn takes minutes for the resamples."""
    f1 = [f1_of_class(actual, predicted, k) for k in averaged]
    support = [(actual == k).sum() for k in averaged]
    areas = []
    for k in averaged:
        of_class, others = probabilities[actual == k, k], probabilities[actual != k, k]
        if len(of_class) and len(others):
            above = of_class[:, None] - others[None, :]
            areas.append((above > 0).mean() + (above == 0).mean() / 2)
    confidence = probabilities[numpy.arange(len(actual)), predicted]
    return {
        "accuracy": (actual == predicted).mean(),
        "macroF1": numpy.mean(f1),
        "weightedF1": numpy.average(f1, weights=support),
        "balancedAccuracy": numpy.mean([(predicted[actual == k] == k).mean() for k in set(actual)]),
        "macroAuroc": numpy.mean(areas),
        "calibrationError": ece(confidence, (actual == predicted).astype(float)),
    }


def bootstrap_case():
    documents, classes, seeds, resamples = 40, 3, 3, 100
    actual = random.choice(classes, size=documents, p=[0.6, 0.3, 0.1])
    averaged = sorted(set(actual.tolist()))
    models = []
    for strength in (4, 2):
        runs = [probabilities_of(actual, classes, strength) for _ in range(seeds)]
        models.append([(each.argmax(axis=1), each) for each in runs])
    # A model without anything random has one run for all seeds.
    models.append([models[0][0]])
    drawn = random.integers(0, documents, size=(resamples, documents))
    drawn_seeds = random.integers(0, seeds, size=(resamples, seeds))

    def resampled(runs):
        rows = []
        for positions, of_seeds in zip(drawn, drawn_seeds):
            values = [
                plain_figures(actual[positions], runs[seed][0][positions], runs[seed][1][positions], averaged)
                for seed in (of_seeds if len(runs) > 1 else [0])
            ]
            rows.append({key: float(numpy.mean([each[key] for each in values])) for key in values[0]})
        return {key: numpy.array([row[key] for row in rows]) for key in rows[0]}

    values = [resampled(runs) for runs in models]

    for said, probabilities in models[0]:
        plain = plain_figures(actual, said, probabilities, averaged)
        for key, value in figures(actual, said, probabilities, classes, averaged).items():
            assert abs(value - plain[key]) < 1e-14

    def resampled_f1(runs, k):
        return [
            numpy.mean([f1_of_class(actual[positions], runs[seed][0][positions], k) for seed in of_seeds])
            for positions, of_seeds in zip(drawn, drawn_seeds)
        ]

    def observed(runs):
        return float(numpy.mean([macro_f1(actual, predicted, averaged) for predicted, _ in runs]))

    def contrast(a, b):
        difference = values[a]["macroF1"] - values[b]["macroF1"]
        rarer = min((difference <= 0).sum(), (difference >= 0).sum())
        return {
            "a": a,
            "b": b,
            "observed": observed(models[a]) - observed(models[b]),
            "interval": numpy.percentile(difference, [2.5, 97.5]).tolist(),
            "p": min(1.0, 2 * (1 + int(rarer)) / (resamples + 1)),
        }

    return {
        "classes": classes,
        "actual": actual.tolist(),
        "models": [
            [{"predicted": said.tolist(), "probabilities": (p * 20).round().astype(int).flatten().tolist()} for said, p in runs]
            for runs in models
        ],
        "documents": drawn.tolist(),
        "seeds": drawn_seeds.tolist(),
        "macroF1": [each["macroF1"].tolist() for each in values],
        "intervals": [
            {key: numpy.percentile(value, [2.5, 97.5]).tolist() for key, value in each.items()} for each in values
        ],
        "classF1": [numpy.percentile(resampled_f1(models[0], k), [2.5, 97.5]).tolist() for k in range(classes)],
        "contrasts": [contrast(0, 1), contrast(1, 2), contrast(0, 0)],
    }


def mcnemar_case(only_first, only_second):
    table = [[30, only_first], [only_second, 20]]
    chi_squared = mcnemar(table, exact=False, correction=True)
    return {
        "onlyFirst": only_first,
        "onlySecond": only_second,
        "exactP": float(mcnemar(table, exact=True).pvalue),
        "statistic": float(chi_squared.statistic),
        "p": float(chi_squared.pvalue),
    }


p_values = [0.001, 0.04, 0.03, 0.005, 0.005, 0.7, 0.9, 0.0002]
golden = {
    "versions": {
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "cases": [
        one_case("four classes, ties", random.choice(4, size=80), 4, 3),
        one_case("two classes", random.choice(2, size=50), 2, 2),
        one_case("a class that is never predicted", random.choice(4, size=40), 4, 3, never=3),
        one_case("a class without test documents", random.choice([0, 1, 3], size=40), 4, 3),
        one_case("one class in the test set", [1] * 15, 3, 1),
        one_case("one class of two in the test set", [1] * 15, 2, 1),
        one_case("rare classes", [0] * 40 + [1] * 2 + [2], 3, 3),
        several_case(),
    ],
    "bootstrap": bootstrap_case(),
    "mcnemar": [mcnemar_case(*each) for each in [(1, 9), (12, 12), (40, 21), (0, 3), (700, 622), (2000, 3)]],
    "holm": {"p": p_values, "adjusted": multipletests(p_values, method="holm")[1].tolist()},
}
(pathlib.Path(__file__).parent / "metrics.json").write_text(json.dumps(golden) + "\n")
print([case["figures"] for case in golden["cases"]], golden["mcnemar"])
