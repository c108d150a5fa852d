"""Makes test/fixtures/mixed.safetensors and halves.json with Python's safetensors and torch.

    python test/golden/transformers/make_safetensors.py
"""

import json
import pathlib
import random
import struct

import safetensors.torch
import torch

here = pathlib.Path(__file__).parent
values = torch.tensor([[0.0, -0.0, 1.0, -2.5], [1e-7, 65504.0, 3.14159265, -1e-3]])
tensors = {
    "whole": values,
    "half": values.half(),
    "brain": values.bfloat16(),
    "scalar": torch.tensor(7.0),
    "empty": torch.zeros(0, 3),
    "position_ids": torch.arange(5),
}
safetensors.torch.save_file(
    tensors, here.parent.parent / "fixtures" / "mixed.safetensors", {"format": "pt"}
)

# float32 bits -> F16 bits: edges (subnormals, ties, overflow) and random values.
random.seed(3)
bits = [0, 0x80000000, 0x33000000, 0x33000001, 0x33800000, 0x33C00000, 0x387FC000, 0x387FE000]
bits += [0x387FF000, 0x38800000, 0x477FE000, 0x477FEFFF, 0x3F801000, 0x3F803000, 0x3F802FFF]
bits += [0x7F800000, 0xFF800000]
for _ in range(300):
    exponent = random.randrange(100, 143)
    bits.append(random.randrange(2) << 31 | exponent << 23 | random.randrange(1 << 23))
floats = torch.tensor([struct.unpack("<f", struct.pack("<I", b))[0] for b in bits])
halves = floats.half()
finite = [i for i in range(len(bits)) if halves[i].isfinite() or not floats[i].isfinite()]
golden = {
    "tensors": {name: tensor.float().flatten().tolist() for name, tensor in tensors.items()},
    "float32": [bits[i] for i in finite],
    "float16": [struct.unpack("<H", struct.pack("<e", halves[i].item()))[0] for i in finite],
}
(here / "halves.json").write_text(json.dumps(golden) + "\n")
