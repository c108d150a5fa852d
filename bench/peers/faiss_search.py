"""Times FAISS beside bench/search.ts: an exact scan and an HNSW graph over the same vectors.

    python faiss_search.py FOLDER ROWS COLUMNS QUERIES [HNSW]

FOLDER holds rows.f32 and queries.f32, rows of unit length. Answers each line of standard input, "flat" or "hnsw",
with the milliseconds of every query and the share of the ten nearest that it finds.
"""

import json
import pathlib
import sys
import time

import faiss
import numpy

folder = pathlib.Path(sys.argv[1])
rows, columns, count = map(int, sys.argv[2:5])
vectors = numpy.fromfile(folder / "rows.f32", dtype=numpy.float32).reshape(rows, columns)
queries = numpy.fromfile(folder / "queries.f32", dtype=numpy.float32).reshape(count, columns)
faiss.omp_set_num_threads(1)
flat = faiss.IndexFlatIP(columns)
flat.add(vectors)
_, exact = flat.search(queries, 10)
indexes = {"flat": flat}
built = None
if len(sys.argv) > 5:
    begun = time.perf_counter()
    faiss.omp_set_num_threads(2)
    graph = faiss.IndexHNSWFlat(columns, 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 100
    graph.add(vectors)
    graph.hnsw.efSearch = 256
    faiss.omp_set_num_threads(1)
    indexes["hnsw"] = graph
    built = time.perf_counter() - begun

print(json.dumps({"version": faiss.__version__, "indexes": list(indexes), "hnswSeconds": built}), flush=True)
for line in sys.stdin:
    index = indexes[line.strip()]
    times, found = [], 0
    for i in range(count):
        begun = time.perf_counter()
        _, near = index.search(queries[i : i + 1], 10)
        times.append(1000 * (time.perf_counter() - begun))
        found += len(set(near[0]) & set(exact[i]))
    print(json.dumps({"milliseconds": times, "recall": found / (10 * count)}), flush=True)
