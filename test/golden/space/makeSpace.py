"""Makes space.json: vectors, and what scikit-learn, networkx, SciPy and plain NumPy say of them.

    python test/golden/space/makeSpace.py

96 points of 4 overlapping clusters in 8 dimensions, some of no category. All in float64, scaled to
length 1 as an analysis does.
"""

import json
import pathlib

import networkx
import numpy
import scipy
import sklearn
from scipy.stats import skew
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.feature_extraction.text import CountVectorizer
from sklearn import metrics
from sklearn.neighbors import NearestNeighbors

random = numpy.random.default_rng(15)
centres = random.normal(size=(4, 8)) + 0.5
labels = numpy.repeat(numpy.arange(4), 24)
vectors = numpy.round(centres[labels] + 0.8 * random.normal(size=(96, 8)), 3)
categories = [int(label) if i % 12 else -1 for i, label in enumerate(labels)]
units = vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)
known = [i for i, category in enumerate(categories) if category >= 0]
true = numpy.array([categories[i] for i in known])
inside = units[known]

cosines = units @ units.T
pairs = [(i, j) for i in known for j in known if i != j]
within = [cosines[i, j] for i, j in pairs if categories[i] == categories[j]]
between = [cosines[i, j] for i, j in pairs if categories[i] != categories[j]]
cells = [[
    numpy.mean([cosines[i, j] for i, j in pairs if (categories[i], categories[j]) == (a, b)])
    for b in range(4)] for a in range(4)]
squared = 2 - 2 * cosines
off = ~numpy.eye(96, dtype=bool)
_, directions = numpy.linalg.eigh(units.T @ units)
partitions = numpy.concatenate([numpy.exp(units @ directions).sum(0), numpy.exp(-units @ directions).sum(0)])
spectrum = numpy.linalg.eigvalsh(numpy.cov(units.T, bias=True))

k = 6
nearest = NearestNeighbors(n_neighbors=k + 1, metric="cosine", algorithm="brute").fit(units)
distances, found = nearest.kneighbors(units)
neighbours = [[int(j) for j in row if j != i][:k] for i, row in enumerate(found)]
occurrences = numpy.bincount(numpy.ravel(neighbours), minlength=96)


def graph_of(mutual):
    edges = {
        (min(i, j), max(i, j)) for i in range(96) for j in neighbours[i] if not mutual or i in neighbours[j]
    }
    graph = networkx.Graph()
    graph.add_nodes_from(range(96))
    graph.add_edges_from(edges)
    return graph


def graph_numbers(mutual):
    graph = graph_of(mutual)
    inner = graph.subgraph(known).copy()
    networkx.set_node_attributes(inner, {i: categories[i] for i in known}, "category")
    parts = [{i for i in known if categories[i] == c} for c in range(4)]
    louvain = networkx.community.louvain_communities(graph, seed=1)
    sizes = [len(component) for component in networkx.connected_components(graph)]
    degrees = [degree for _, degree in graph.degree()]
    same = sum(categories[a] == categories[b] for a, b in inner.edges())
    return {
        "edges": graph.number_of_edges(),
        "components": len(sizes),
        "largestComponent": max(sizes),
        "isolated": sum(degree == 0 for degree in degrees),
        "degree": {"least": min(degrees), "mean": float(numpy.mean(degrees)), "most": max(degrees)},
        "homophily": same / inner.number_of_edges(),
        "assortativity": networkx.attribute_assortativity_coefficient(inner, "category"),
        "modularity": networkx.community.modularity(inner, parts),
        "louvainModularity": networkx.community.modularity(graph, louvain),
    }


start = units[[3, 30, 55, 80]]
means = KMeans(4, init=start, n_init=1, tol=1e-4).fit(units)
given = numpy.array([(i * 7 + i // 5) % 3 for i in range(len(known))])


def agreement(groups):
    table = metrics.cluster.contingency_matrix(true, groups)
    homogeneity, completeness, v = metrics.homogeneity_completeness_v_measure(true, groups)
    return {
        "adjustedRandIndex": metrics.adjusted_rand_score(true, groups),
        "normalisedMutualInformation": metrics.normalized_mutual_info_score(true, groups),
        "vMeasure": v, "homogeneity": homogeneity, "completeness": completeness,
        "purity": table.max(axis=0).sum() / table.sum(),
    }


# On the circle, so that clusters by density are plain to see; noise between them.
angles = numpy.round(numpy.concatenate([
    random.normal(0.0, 0.05, 30), random.normal(1.2, 0.08, 25), random.normal(1.7, 0.03, 20),
    random.uniform(2.5, 6.0, 12),
]), 4)
circle = numpy.stack([numpy.cos(angles), numpy.sin(angles)], axis=1)
dense = [
    {"minClusterSize": size, "minSamples": samples,
     "labels": HDBSCAN(min_cluster_size=size, min_samples=samples, algorithm="brute", copy=True).fit(circle).labels_.tolist()}
    for size, samples in [(5, 5), (8, 3), (10, 10), (5, 1)]
]

texts = [
    "chest pain and chest tightness", "pain in the chest at night", "the chest was clear",
    "knee pain after running", "the knee was swollen and the knee gave way", "swollen knee",
    "rash on the arm", "itchy rash and the arm was red",
]
groups = [0, 0, 0, 1, 1, 1, 2, 2]
vectorizer = CountVectorizer(token_pattern=r"(?u)\b\w\w+\b")
counts = vectorizer.fit_transform(texts).toarray()
by_group = numpy.array([counts[numpy.array(groups) == g].sum(axis=0) for g in range(3)])
frequency = by_group.sum(axis=0)
mean = by_group.sum() / 3
weights = numpy.sqrt(by_group / by_group.sum(axis=1, keepdims=True)) * numpy.log(
    1 + (mean - frequency + 0.5) / (frequency + 0.5))

matrix = random.normal(size=(12, 12))
matrix = numpy.round(matrix + matrix.T, 3)

answers = {
    "versions": {
        "numpy": numpy.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
        "networkx": networkx.__version__,
    },
    "vectors": vectors.tolist(),
    "categories": categories,
    "figures": {
        "within": numpy.mean(within), "between": numpy.mean(between),
        "gap": numpy.mean(within) - numpy.mean(between),
        "alignment": numpy.mean([squared[i, j] for i, j in pairs if categories[i] == categories[j]]),
        "uniformity": numpy.log(numpy.exp(-2 * squared[off]).mean()),
        "isotropy": partitions.min() / partitions.max(),
        "effectiveDimension": spectrum.sum() ** 2 / (spectrum ** 2).sum(),
        "hubness": skew(occurrences),
        "silhouette": metrics.silhouette_score(inside, true),
        "silhouetteCosine": metrics.silhouette_score(inside, true, metric="cosine"),
        "daviesBouldin": metrics.davies_bouldin_score(inside, true),
        "calinskiHarabasz": metrics.calinski_harabasz_score(inside, true),
    },
    "cells": cells,
    "separation01": numpy.mean([
        metrics.silhouette_samples(inside[true < 2], true[true < 2], metric="cosine")[true[true < 2] == c].mean()
        for c in (0, 1)]),
    "neighbours": {"k": k, "notes": neighbours},
    "graph": {"either": graph_numbers(False), "mutual": graph_numbers(True)},
    "kMeans": {
        "start": [3, 30, 55, 80], "labels": means.labels_.tolist(), "centres": means.cluster_centers_.tolist(),
        "inertia": means.inertia_,
    },
    "agreement": {"groups": given.tolist(), "figures": agreement(given)},
    "density": {"angles": angles.tolist(), "cases": dense},
    "keywords": {
        "texts": texts, "groups": groups, "terms": vectorizer.get_feature_names_out().tolist(),
        "scores": weights.tolist(),
    },
    "eigen": {"matrix": matrix.tolist(), "values": numpy.linalg.eigvalsh(matrix).tolist()},
}
path = pathlib.Path(__file__).with_name("space.json")
path.write_text(json.dumps(answers, default=float) + "\n")
