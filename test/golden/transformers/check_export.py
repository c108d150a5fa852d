"""Does a model folder load in transformers and sentence-transformers as it is, with our answers?

    python test/golden/transformers/check_export.py FOLDER EXPECTED.json

The folder holds a masked language model or, by its config.json, a bare encoder. EXPECTED.json:
{"texts": [...], "embeddings": [[...]]}, the embeddings being unnormalised means. Prints the largest differences; exits 1 beyond 1e-4.
F16: 1e-2, since the ONNX file holds the weights as they were before they were rounded.
"""

import json
import pathlib
import sys
import warnings

import numpy
import safetensors
import sentence_transformers
import torch
import transformers

folder = pathlib.Path(sys.argv[1])
expected = json.loads(pathlib.Path(sys.argv[2]).read_text())
texts = expected["texts"]
reference = numpy.array(expected["embeddings"], dtype=numpy.float32)
config = json.loads((folder / "config.json").read_text())
with safetensors.safe_open(folder / "model.safetensors", "pt") as weights:
    stored = {weights.get_slice(name).get_dtype() for name in weights.keys()}
tolerance = 1e-4 if stored == {"F32"} else 1e-2
# F16 is how it is stored, not what it is computed in.
assert config["dtype"] == "float32", config["dtype"]
assert transformers.AutoModel.from_pretrained(folder).dtype == torch.float32
masked = config["architectures"][0].endswith("ForMaskedLM")
auto_class = transformers.AutoModelForMaskedLM if masked else transformers.AutoModel
# A bare encoder of transformers has a pooler, which nothing here asks.
unused = set() if masked else {"pooler.dense.weight", "pooler.dense.bias"}
differences = {}

with warnings.catch_warnings():
    warnings.simplefilter("error", category=UserWarning)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model, loading = auto_class.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True
    )
for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    assert not set(loading[kind]) - unused, (kind, loading[kind])
model.eval()
window = tokenizer.model_max_length
batch = tokenizer(texts, padding=True, truncation=True, max_length=window, return_tensors="pt")
with torch.no_grad():
    hidden = model.base_model(**batch).last_hidden_state
mask = batch["attention_mask"][:, :, None].float()
means = (hidden * mask).sum(1) / mask.sum(1)
differences["transformers"] = float(numpy.abs(means.numpy() - reference).max())

sentences = sentence_transformers.SentenceTransformer(
    str(folder), device="cpu", model_kwargs={"dtype": torch.float32}
)
assert sentences.max_seq_length == window, (sentences.max_seq_length, window)
differences["sentence-transformers"] = float(numpy.abs(sentences.encode(texts) - reference).max())

onnx = folder / "onnx" / "model.onnx"
if onnx.exists():
    try:
        import onnxruntime
    except ImportError:
        print("onnxruntime is not installed: onnx/model.onnx was not run")
    else:
        session = onnxruntime.InferenceSession(str(onnx), providers=["CPUExecutionProvider"])
        feeds = {name: batch[name].numpy() for name in ("input_ids", "attention_mask")}
        last, pooled = session.run(["last_hidden_state", "sentence_embedding"], feeds)
        differences["onnx last_hidden_state"] = float(
            numpy.abs((last - hidden.numpy()) * mask.numpy()).max()
        )
        differences["onnx sentence_embedding"] = float(numpy.abs(pooled - reference).max())

print(json.dumps(differences))
sys.exit(0 if max(differences.values()) <= tolerance else 1)
