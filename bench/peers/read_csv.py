"""Reads a CSV with pandas and DuckDB, whichever are installed; prints how long it took, as JSON.

    python read_csv.py FILE
"""

import json
import multiprocessing
import resource
import sys
import time


def with_pandas(path):
    import pandas

    return len(pandas.read_csv(path))


def with_duckdb(path):
    import duckdb

    # The text must be read, and not only counted.
    query = "select count(*), sum(length(text)) from read_csv(?, header = true)"
    return duckdb.execute(query, [path]).fetchone()[0]


def measured(read, path, pipe):
    start = time.perf_counter()
    try:
        notes = read(path)
    except ImportError:
        pipe.send(None)
        return
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    pipe.send({"notes": notes, "seconds": seconds, "peakMegabytes": peak})


if __name__ == "__main__":
    results = []
    for name, read in (("pandas", with_pandas), ("DuckDB", with_duckdb)):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=measured, args=(read, sys.argv[1], theirs))
        process.start()
        result = ours.recv()
        process.join()
        if result is not None:
            results.append({"name": name, **result})
    print(json.dumps(results))
