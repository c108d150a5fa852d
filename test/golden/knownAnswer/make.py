"""The known answers that src/engine/knownAnswer.ts compares with, from transformers in float64.

    python test/golden/knownAnswer/make.py > src/engine/knownAnswers.json
"""
import json

import numpy as np
import torch
from transformers import RobertaConfig, RobertaForMaskedLM

LAYERS, HIDDEN, INNER, VOCABULARY, POSITIONS = 2, 16, 32, 40, 66
BATCH, LENGTH, SHORT, SLOTS, USED = 8, 64, 48, 96, 90

config = RobertaConfig(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=2,
    intermediate_size=INNER, max_position_embeddings=POSITIONS, type_vocab_size=1, layer_norm_eps=1e-5,
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, pad_token_id=1, attn_implementation="eager",
)
model = RobertaForMaskedLM(config).double().eval()
# torch gives the padding rows no gradient; here one prediction stands on padding, and its row counts.
model.roberta.embeddings.word_embeddings.padding_idx = None
model.roberta.embeddings.position_embeddings.padding_idx = None


def names():
    yield from (f"roberta.embeddings.{n}_embeddings.weight" for n in ("word", "position", "token_type"))
    yield from (f"roberta.embeddings.LayerNorm.{n}" for n in ("weight", "bias"))
    for i in range(LAYERS):
        for part in (
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm",
        ):
            yield from (f"roberta.encoder.layer.{i}.{part}.{n}" for n in ("weight", "bias"))
    yield from (f"lm_head.{p}.{n}" for p in ("dense", "layer_norm") for n in ("weight", "bias"))
    yield "lm_head.bias"


parameters = dict(model.named_parameters())
with torch.no_grad():
    for t, name in enumerate(names()):
        parameter = parameters[name]
        wave = np.sin(0.7 * np.arange(parameter.numel()) + 1.3 * t)
        is_scale = "norm" in name.lower() and name.endswith("weight")
        values = (1 + 0.1 * wave if is_scale else 0.2 * wave).astype(np.float32).astype(np.float64)
        parameter.copy_(torch.from_numpy(values).view(parameter.shape))

ids = torch.full((BATCH, LENGTH), 7)
ids[1, SHORT:] = 1
labels = torch.full((BATCH * LENGTH,), -100)
for slot in range(USED):
    labels[slot * 5 % (BATCH * LENGTH)] = 5 + slot % 33
labels = labels.view(BATCH, LENGTH)
assert (labels[1, SHORT:] != -100).any() and (labels != -100).sum() == USED
mask = (ids != 1).long()
result = model(input_ids=ids, attention_mask=mask, labels=labels)
result.loss.backward()
gradients = []
for name in names():
    gradient = parameters[name].grad.flatten().numpy()
    signs = np.where(np.arange(gradient.size) % 3 == 0, -1.0, 1.0)
    gradients.append({"name": name, "norm": float(np.linalg.norm(gradient)), "signed": float(signs @ gradient)})
hidden = model.roberta(input_ids=ids, attention_mask=mask).last_hidden_state
mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
print(json.dumps({"loss": result.loss.item(), "gradients": gradients, "embeddings": mean[:2].tolist()}, indent=1))
