"""Reference numbers for merging a trained model with its base: merged tensors and their loss.

The model and the batch of test/golden/roberta, in float64; dropout off. Start and trained are two
fillings of the formula; merged tensors are numpy's, rounded to float32 once, and the loss is that of
transformers on them.

    python test/golden/merge/make_merge.py    (torch, transformers, numpy)

Writes merge.json.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import RobertaConfig, RobertaForMaskedLM

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import masked_batch, pack, parameter  # noqa: E402

base = json.loads((Path(__file__).parents[1] / "roberta" / "roberta.json").read_text())
model = RobertaForMaskedLM(RobertaConfig(**base["config"], attn_implementation="eager")).double()
model.eval()
batch = masked_batch(base["inputIds"], base["predictions"], model.config.pad_token_id)
named = sorted(model.named_parameters())
first = 1000  # of the trained model's filling


def merged(ratio):
    tensors = {}
    for index, (name, tensor) in enumerate(named):
        start = parameter(index, name, tuple(tensor.shape))
        trained = parameter(first + index, name, tuple(tensor.shape))
        mixed = (1 - ratio) * start + ratio * trained
        tensors[name] = torch.from_numpy(mixed.astype(np.float32).astype(np.float64))
    return tensors


cases = []
for ratio in [0.25, 0.5, 0.75, 0.9]:
    tensors = merged(ratio)
    with torch.no_grad():
        for name, tensor in named:
            tensor.copy_(tensors[name])
        loss = model(**batch).loss.item()
    cases.append(
        {
            "ratio": ratio,
            "loss": loss,
            "beginnings": {name: pack(values.flatten()[:8]) for name, values in tensors.items()},
            "sums": {name: values.sum().item() for name, values in tensors.items()},
        }
    )
path = Path(__file__).parent / "merge.json"
path.write_text(json.dumps({"first": first, "cases": cases}, indent=1) + "\n")
