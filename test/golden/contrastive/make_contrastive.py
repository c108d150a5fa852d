"""Reference numbers for the losses over embeddings: NT-Xent, SupCon and the category classifier.

In float64, with pytorch-metric-learning's NTXentLoss and SupConLoss and PyTorch's cross-entropy:
losses, and gradients by every input embedding. Inputs are rounded to float32 first.

    python test/golden/contrastive/make_contrastive.py    (torch, pytorch-metric-learning, numpy)
"""

import base64
import json
from pathlib import Path

import numpy as np
import torch
from pytorch_metric_learning.losses import NTXentLoss, SupConLoss
from pytorch_metric_learning.reducers import DoNothingReducer

rng = np.random.default_rng(20260101)


def pack(values):
    array = values.detach().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)
    return base64.b64encode(array.astype("<f4").tobytes()).decode()


def leaf(values):
    rounded = np.asarray(values).astype(np.float32).astype(np.float64)
    return torch.tensor(rounded, requires_grad=True)


def gradient(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def nt_xent_case(name, anchors, positives, temperature):
    """positives [A, P, H]; averaged, then told apart from all others, as DeCLUTR's model does."""
    a, p = leaf(anchors), leaf(positives)
    count = a.shape[0]
    labels = torch.arange(count).repeat(2)
    loss = NTXentLoss(temperature=temperature)(torch.cat([a, p.mean(1)]), labels)
    if loss.requires_grad:
        loss.backward()
    return {
        "name": name,
        "temperature": temperature,
        "anchorCount": count,
        "positivesPerAnchor": p.shape[1],
        "width": a.shape[1],
        "anchors": pack(a),
        "positives": pack(p),
        "loss": loss.item(),
        "anchorGradient": pack(gradient(a)),
        "positiveGradient": pack(gradient(p)),
    }


def sup_con_case(name, embeddings, categories, temperature, category_weights=None):
    """The library sees the rows with a category only. None: a row without one."""
    e = leaf(embeddings)
    rows = torch.tensor([i for i, c in enumerate(categories) if c is not None])
    labels = torch.tensor([c for c in categories if c is not None])
    if category_weights is None:
        loss = SupConLoss(temperature=temperature)(e[rows], labels)
    else:
        each = SupConLoss(temperature=temperature, reducer=DoNothingReducer())(e[rows], labels)
        losses = each["loss"]["losses"]
        counts = torch.bincount(labels)
        weights = torch.tensor(category_weights, dtype=torch.float64)[labels] * (counts[labels] > 1)
        loss = (losses * weights).sum() / weights.sum()
    if loss.requires_grad:
        loss.backward()
    return {
        "name": name,
        "temperature": temperature,
        "categories": categories,
        "categoryWeights": category_weights,
        "width": e.shape[1],
        "embeddings": pack(e),
        "loss": loss.item(),
        "gradient": pack(gradient(e)),
    }


def category_case(name, embeddings, weight, bias, labels, weights):
    e, w, b = leaf(embeddings), leaf(weight), leaf(bias)
    sample = torch.tensor(np.float32(weights).astype(np.float64))
    logits = e @ w.T + b
    each = torch.nn.functional.cross_entropy(logits, torch.tensor(labels), reduction="none")
    loss = (each * sample).sum()
    loss.backward()
    correct = ((logits.argmax(1) == torch.tensor(labels)) * sample).sum()
    return {
        "name": name,
        "labels": labels,
        "weights": weights,
        "width": e.shape[1],
        "embeddings": pack(e),
        "weight": pack(w),
        "bias": pack(b),
        "loss": loss.item(),
        "correct": float(correct),
        "gradient": pack(e.grad),
        "weightGradient": pack(w.grad),
        "biasGradient": pack(b.grad),
    }


def pairs(count, positives, width, closeness, scale=1.0):
    anchors = rng.normal(size=(count, width)) * scale
    noise = rng.normal(size=(count, positives, width)) * scale
    return anchors, closeness * anchors[:, None, :] + (1 - closeness) * noise


def clustered(categories, width, closeness):
    centres = rng.normal(size=(10, width))
    noise = rng.normal(size=(len(categories), width))
    picked = [centres[9 if c is None else c] for c in categories]
    return closeness * np.array(picked) + (1 - closeness) * noise


repeated_anchors, repeated_positives = pairs(6, 2, 16, 0.5)
repeated_anchors[3] = repeated_anchors[1]
repeated_positives[1, 0] = repeated_anchors[1]
repeated_positives[4] = repeated_positives[1]
scales = np.logspace(-3, 3, 8)[:, None]
scaled_anchors, scaled_positives = pairs(8, 2, 16, 0.5)

ragged = [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3]
mixed = [0, None, 1, 0, 2, None, 1, 3, 1, None, 3, 4]
repeated = clustered(mixed, 16, 0.4)
repeated[3] = repeated[0]
repeated[7] = repeated[4]
repeated[8] = repeated[6]

golden = {
    "ntXent": [
        nt_xent_case("one anchor", *pairs(1, 2, 8, 0.3), 0.05),
        nt_xent_case("two anchors, one positive each", *pairs(2, 1, 8, 0.3), 0.05),
        nt_xent_case("unrelated", *pairs(7, 2, 24, 0.0), 0.05),
        nt_xent_case("close", *pairs(12, 3, 48, 0.3), 0.05),
        nt_xent_case("close at 0.1", *pairs(12, 2, 48, 0.3), 0.1),
        nt_xent_case("large", *pairs(32, 2, 64, 0.25), 0.05),
        nt_xent_case("repeated embeddings", repeated_anchors, repeated_positives, 0.05),
        nt_xent_case(
            "lengths from 0.001 to 1000",
            scaled_anchors * scales,
            scaled_positives * scales[::-1, :, None],
            0.1,
        ),
    ],
    "supCon": [
        sup_con_case("categories of 2 to 5", clustered(ragged, 24, 0.4), ragged, 0.1),
        sup_con_case("categories of 2 to 5 at 0.05", clustered(ragged, 24, 0.4), ragged, 0.05),
        sup_con_case("some alone, some without", clustered(mixed, 24, 0.4), mixed, 0.1),
        sup_con_case("repeated embeddings", repeated, mixed, 0.1),
        sup_con_case("one category", clustered([0] * 5, 8, 0.4), [0] * 5, 0.1),
        sup_con_case("none shares a category", clustered([0, 1, 2], 8, 0.4), [0, 1, 2], 0.1),
        sup_con_case(
            "weighted categories",
            clustered(ragged, 16, 0.2),
            ragged,
            0.1,
            [1.75, 1.25, 0.875, 0.5],
        ),
    ],
    "category": [
        category_case(
            "repeated labels and weights of 0",
            rng.normal(size=(9, 16)),
            rng.normal(size=(4, 16)) * 0.5,
            rng.normal(size=4) * 0.5,
            [0, 2, 2, 1, 2, 0, 0, 2, 1],
            [0.25, 0.5, 0.5, 0.125, 0.0, 0.25, 0.25, 0.5, 0.0],
        ),
        category_case(
            "a head of zeros",
            rng.normal(size=(5, 8)),
            np.zeros((3, 8)),
            np.zeros(3),
            [2, 2, 1, 2, 1],
            [0.2] * 5,
        ),
    ],
}
Path(__file__).with_name("contrastive.json").write_text(json.dumps(golden, indent=1) + "\n")
for kind, cases in golden.items():
    for case in cases:
        print(kind, case["name"], case["loss"])
