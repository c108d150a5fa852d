"""Embeds texts with sentence-transformers, for bench/embed.ts.

    python sentence_embed.py MODEL TEXTS THREADS

TEXTS is a JSON list of strings. Each line of standard input names a precision, "fp32" or "bf16"; the answer has the
seconds that all texts took, and the processor time of all threads.
"""

import json
import pathlib
import sys
import time

import sentence_transformers
import torch
from sentence_transformers import SentenceTransformer

folder, texts, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
texts = json.loads(pathlib.Path(texts).read_text())
models = {}


def model_of(precision):
    if precision not in models:
        model = SentenceTransformer(folder, device="cpu")
        models[precision] = model.to(torch.bfloat16) if precision == "bf16" else model
        models[precision].encode(texts[:32])
    return models[precision]


versions = f"sentence-transformers {sentence_transformers.__version__}, PyTorch {torch.__version__}"
print(json.dumps({"versions": versions}), flush=True)
for line in sys.stdin:
    model = model_of(line.strip())
    begun, worked = time.perf_counter(), time.process_time()
    vectors = model.encode(texts, batch_size=32, show_progress_bar=False, convert_to_tensor=True).float()
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "processorSeconds": processor, "first": vectors[0].tolist()}), flush=True)
