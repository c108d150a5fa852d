"""Reference numbers for a small encoder: loss, every gradient, three AdamW steps, embeddings.

In float64, with PyTorch and Hugging Face transformers; dropout off. The batch holds padding and
repeated tokens. Parameters follow a formula that the test repeats, so that they need not be stored.
roberta/makeRoberta.py and bert/makeBert.py say of which model (torch, transformers, numpy).
"""

import base64
import json

import numpy as np
import torch

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


def write_reference(path, config, model, input_ids, predictions):
    """`predictions`: (example, position, label)"""
    model = model.double().train()
    with torch.no_grad():
        for index, (name, tensor) in enumerate(sorted(model.named_parameters())):
            tensor.copy_(torch.from_numpy(parameter(index, name, tuple(tensor.shape))))

    ids = torch.tensor(input_ids)
    mask = (ids != config["pad_token_id"]).long()
    labels = torch.full_like(ids, -100)
    for example, position, label in predictions:
        labels[example, position] = label

    hidden = model.base_model(ids, attention_mask=mask).last_hidden_state
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
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(losses, len(gradients))
