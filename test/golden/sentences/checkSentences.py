"""Does a written model folder embed in sentence-transformers as its base did?

    python test/golden/sentences/checkSentences.py FOLDER EXPECTED.json F32|F16

EXPECTED.json: {"texts": [...], "query": [[...]], "document": [[...]]}, normalised. Prints the
largest differences; exits 1 beyond 1e-4, or 1e-2 for weights stored as F16. The model must be
loaded in float32 without being asked to, and onnx/model.onnx must give the same vectors where
onnxruntime is installed.
"""

import json
import pathlib
import sys

import numpy
import sentence_transformers
import torch
import transformers

folder, expected, stored = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
expected = json.loads(pathlib.Path(expected).read_text(encoding="utf-8"))
texts = expected["texts"]
tolerance = 1e-4 if stored == "F32" else 1e-2


def unit(vectors):
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
assert next(model.parameters()).dtype == torch.float32, next(model.parameters()).dtype
assert transformers.AutoModel.from_pretrained(folder).dtype == torch.float32
differences = {}
for kind, encode in (("query", model.encode_query), ("document", model.encode_document)):
    found = unit(encode(texts))
    differences[kind] = float(numpy.abs(found - numpy.array(expected[kind])).max())

differences["onnx"] = None
try:
    import onnxruntime
except ImportError:
    print("onnxruntime is not installed: onnx/model.onnx was not run")
else:
    session = onnxruntime.InferenceSession(str(folder / "onnx" / "model.onnx"))
    plain = model.encode(texts, prompt="", normalize_embeddings=True)
    batch = model.tokenizer(texts, padding=True, return_tensors="np")
    feeds = {name: batch[name].astype("int64") for name in ("input_ids", "attention_mask")}
    if any(each.name == "pooling_mask" for each in session.get_inputs()):
        feeds["pooling_mask"] = feeds["attention_mask"]
    (found,) = session.run(["sentence_embedding"], feeds)
    width = plain.shape[1]
    differences["onnx"] = float(numpy.abs(unit(found[:, :width]) - plain).max())

print(json.dumps(differences))
sys.exit(0 if max(value or 0 for value in differences.values()) <= tolerance else 1)
