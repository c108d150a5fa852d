"""What the scripts of several golden folders share: formulas for parameters, a batch, AdamW steps."""

import base64
import re

import numpy as np
import torch


def parameter(index, name, shape):
    """Formula of the tests: pseudo-random, and LayerNorm's gamma around 1."""
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    values = ((i * 7919 + (index + 1) * 104729) % 2003) / 2003 - 0.5
    values = values * 0.25
    if re.search(r"(norm\d?|ln)\.weight$", name, re.IGNORECASE):
        values = values + 1
    return values.astype(np.float32).astype(np.float64).reshape(shape)


def fill(parameters, first=0):
    """Gives named tensors the formula's values, numbered from `first` in the order of their names."""
    with torch.no_grad():
        for index, (name, tensor) in enumerate(sorted(parameters.items()), first):
            tensor.copy_(torch.from_numpy(parameter(index, name, tuple(tensor.shape))))


def masked_batch(input_ids, predictions, padding):
    """`predictions` are (example, position, label)."""
    ids = torch.tensor(input_ids)
    labels = torch.full_like(ids, -100)
    for example, position, label in predictions:
        labels[example, position] = label
    return {"input_ids": ids, "attention_mask": (ids != padding).long(), "labels": labels}


def three_steps(model, batch, parameters, adamw):
    """`adamw_steps` of a model that computes its loss itself."""
    return adamw_steps(lambda: model(**batch).loss, parameters, adamw)


def adamw_steps(loss_of, parameters, adamw):
    """Losses before each of three AdamW steps of `parameters`, their first gradients, and the end."""
    decayed = [p for p in parameters.values() if p.dim() > 1]
    plain = [p for p in parameters.values() if p.dim() == 1]
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
        loss = loss_of()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {n: pack(p.grad) for n, p in sorted(parameters.items())}
        optimizer.step()
    after = {n: pack(p) for n, p in sorted(parameters.items())}
    return {"losses": losses, "gradients": gradients, "afterThreeSteps": after}


def pack(tensor):
    return base64.b64encode(tensor.detach().numpy().astype("<f4").tobytes()).decode()
