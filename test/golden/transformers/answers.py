"""What transformers and sentence-transformers make of texts with a model, for a test to compare.

    python test/golden/transformers/answers.py FOLDER TEXTS.json ANSWERS.json

ANSWERS.json: {"ids": [[...]], "hidden": [base64 of float32, tokens x width], "embeddings": [[...]]},
one entry a text; hidden states are the last layer's, of the whole text, which must fit into the
model's positions; embeddings are what sentence-transformers returns, which cuts where the folder says.
"""

import base64
import json
import pathlib
import sys

import sentence_transformers
import torch
import transformers

folder, texts, answers = (pathlib.Path(name) for name in sys.argv[1:])
texts = json.loads(texts.read_text(encoding="utf-8"))
tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

ids, hidden = [], []
with torch.no_grad():
    for text in texts:
        batch = tokenizer(text, padding=False, truncation=False, return_tensors="pt")
        states = model(**batch).last_hidden_state[0]
        ids.append(batch["input_ids"][0].tolist())
        hidden.append(base64.b64encode(states.numpy().astype("<f4").tobytes()).decode())

sentences = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
embeddings = sentences.encode(texts).tolist()
answers.write_text(json.dumps({"ids": ids, "hidden": hidden, "embeddings": embeddings}))
