"""Writes activations.json: transformers' activations and their slopes in float64, by name.

    python test/golden/activations/makeActivations.py
"""

import json
from pathlib import Path

import torch
from transformers.activations import ACT2FN

names = ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu"]
# Dense where they bend, and far outside of it. Not 0, where relu has no slope.
inputs = [i / 8 + 1 / 16 for i in range(-48, 48)] + [-1000.0, -100.0, -20.0, 20.0, 100.0, 1000.0]

functions = {}
for name in names:
    x = torch.tensor(inputs, dtype=torch.float64, requires_grad=True)
    y = ACT2FN[name](x)
    y.sum().backward()
    functions[name] = {
        "values": [round(value, 9) for value in y.tolist()],
        "slopes": [round(value, 9) for value in x.grad.tolist()],
    }
path = Path(__file__).with_name("activations.json")
path.write_text(json.dumps({"inputs": inputs, "functions": functions}) + "\n")
