"""Reference numbers for a small RoBERTa: loss, every gradient, three AdamW steps, embeddings.

In float64, with PyTorch and Hugging Face transformers; dropout off. The batch holds padding and
repeated tokens. Parameters follow a formula that the test repeats, so that they need not be stored.

    python test/golden/roberta/makeRoberta.py    (torch, transformers, numpy; writes roberta.json)
"""

import base64
import json
from pathlib import Path

import numpy as np
import torch
from transformers import RobertaConfig, RobertaForMaskedLM

config = {
    "model_type": "roberta",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 14,
    "type_vocab_size": 1,
    "pad_token_id": 1,
    "layer_norm_eps": 1e-5,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
input_ids = [
    [0, 7, 7, 60, 7, 9, 33, 2],
    [0, 60, 7, 4, 2, 1, 1, 1],
    [0, 4, 7, 7, 4, 12, 2, 1],
]
# (example, position, label)
predictions = [(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)]
adamw = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}


def parameter(index, name, shape):
    """Formula of the test: pseudo-random, and LayerNorm's gamma around 1."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = ((i * 7919 + (index + 1) * 104729) % 2003) / 2003 - 0.5
    values = values * 0.25
    if name.endswith(("LayerNorm.weight", "layer_norm.weight")):
        values = values + 1
    return values.astype(np.float32).astype(np.float64).reshape(shape)


def pack(tensor):
    return base64.b64encode(tensor.detach().numpy().astype("<f4").tobytes()).decode()


model = RobertaForMaskedLM(RobertaConfig(**config, attn_implementation="eager")).double().train()
names = [name for name, _ in model.named_parameters()]
with torch.no_grad():
    for index, (name, tensor) in enumerate(sorted(model.named_parameters())):
        tensor.copy_(torch.from_numpy(parameter(index, name, tuple(tensor.shape))))

ids = torch.tensor(input_ids)
mask = (ids != config["pad_token_id"]).long()
labels = torch.full_like(ids, -100)
for example, position, label in predictions:
    labels[example, position] = label

hidden = model.roberta(ids, attention_mask=mask).last_hidden_state
weights = mask.unsqueeze(-1).double()
embedding = (hidden * weights).sum(1) / weights.sum(1)

decayed = [p for n, p in model.named_parameters() if p.dim() > 1]
plain = [p for n, p in model.named_parameters() if p.dim() == 1]
optimizer = torch.optim.AdamW(
    [
        {"params": decayed, "weight_decay": adamw["weightDecay"]},
        {"params": plain, "weight_decay": 0.0},
    ],
    lr=adamw["learningRate"],
    betas=(adamw["beta1"], adamw["beta2"]),
    eps=adamw["epsilon"],
)
losses, gradients = [], {}
for step in range(3):
    optimizer.zero_grad()
    loss = model(ids, attention_mask=mask, labels=labels).loss
    loss.backward()
    losses.append(loss.item())
    if step == 0:
        gradients = {n: pack(p.grad) for n, p in sorted(model.named_parameters())}
    optimizer.step()

golden = {
    "config": config,
    "inputIds": input_ids,
    "predictions": predictions,
    "adamW": adamw,
    "embedding": embedding.flatten().tolist(),
    "losses": losses,
    "gradients": gradients,
    "afterThreeSteps": {n: pack(p) for n, p in sorted(model.named_parameters())},
}
Path(__file__).with_name("roberta.json").write_text(json.dumps(golden, indent=1) + "\n")
print(losses, len(gradients))
