"""Reference numbers for fine-tuning: loss, gradients and three AdamW steps of a BERT with a classifier.

In float64, with transformers on the model of test/golden/bert, whose window is widened; dropout
off. The classifier is a linear layer on the mean of the hidden states over all tokens of a note.
Parameters follow the formula of the other golden files, and so are not stored; the head is numbered
after the parameters of the encoder.

    python test/golden/fineTuning/makeFineTuning.py
    (torch, transformers, numpy; writes fineTuning.json)
"""

import json
import sys
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import BertConfig, BertModel

golden = Path(__file__).parents[1]
sys.path.insert(0, str(golden))
from reference import fill, pack  # noqa: E402

file = json.loads((golden / "bert" / "bert.json").read_text())
adamw = file["adamW"]
config = BertConfig(**file["config"] | {"max_position_embeddings": 12})
config._attn_implementation = "eager"
first, last, padding = 3, 2, 0

# One without tokens, one that fills the window, and tokens that repeat within and across.
notes = [
    [7, 7, 60, 7, 9, 33, 12, 12, 5, 40],
    [60, 7, 14, 5, 8],
    [21, 22, 21, 22, 30, 31, 7, 50, 50],
    [],
    [44, 45, 7, 7, 46, 47, 48],
    [13, 60, 60],
    [9],
]
sequences = [[first, *note, last] for note in notes]
# Class 3 has no note.
one = [0, 1, 0, 2, 0, 1, 0]
# The first label is in all notes, the last in none; one note has only the first.
several = [
    [1, 0, 1, 0],
    [1, 1, 0, 0],
    [1, 0, 0, 0],
    [1, 1, 1, 0],
    [1, 0, 1, 0],
    [1, 0, 1, 0],
    [1, 1, 0, 0],
]
classes = 4


def logits_of(encoder, head):
    length = max(map(len, sequences))
    ids = torch.tensor([ids + [padding] * (length - len(ids)) for ids in sequences])
    kept = torch.tensor([[1] * len(ids) + [0] * (length - len(ids)) for ids in sequences])
    hidden = encoder(ids, attention_mask=kept).last_hidden_state
    weights = kept.unsqueeze(-1).double()
    return head((hidden * weights).sum(1) / weights.sum(1))


def one_loss(balanced):
    labels = torch.tensor(one)
    counts = torch.bincount(labels, minlength=classes).double()
    # scikit-learn's class_weight="balanced" over the classes that there are.
    weights = torch.where(counts > 0, counts.sum() / ((counts > 0).sum() * counts), 0)
    return lambda logits: cross_entropy(logits, labels, weights if balanced else None)


def several_loss(balanced):
    labels = torch.tensor(several).double()
    count = labels.sum(0)
    rest = len(labels) - count
    sides = (count > 0).double() + (rest > 0).double()
    present = torch.where(count > 0, len(labels) / (sides * count), 0)
    absent = torch.where(rest > 0, len(labels) / (sides * rest), 0)
    weights = torch.where(labels == 1, present, absent) if balanced else None
    return lambda logits: binary_cross_entropy_with_logits(logits, labels, weights)


def case(name, labels, balanced, head_rate=None):
    encoder = BertModel(config, add_pooling_layer=False).double().train()
    head = torch.nn.Linear(config.hidden_size, classes).double()
    body = {f"bert.{n}": p for n, p in encoder.named_parameters()}
    added = {("category" if labels == "one" else "labels") + f".{n}": p for n, p in head.named_parameters()}
    fill(body)
    fill(added, first=len(body))
    parameters = body | added
    rate = adamw["learningRate"]
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p],
                "weight_decay": adamw["weightDecay"] if p.dim() > 1 else 0.0,
                "lr": head_rate if n in added and head_rate else rate,
            }
            for n, p in parameters.items()
        ],
        betas=(adamw["beta1"], adamw["beta2"]),
        eps=adamw["epsilon"],
    )
    loss_of = (one_loss if labels == "one" else several_loss)(balanced)
    losses, gradients = [], {}
    with torch.no_grad():
        logits = logits_of(encoder, head)
        probabilities = logits.softmax(-1) if labels == "one" else logits.sigmoid()
    for step in range(3):
        optimizer.zero_grad()
        loss = loss_of(logits_of(encoder, head))
        assert loss.dtype == torch.float64
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {n: pack(p.grad) for n, p in sorted(parameters.items())}
        optimizer.step()
    return {
        "name": name,
        "labels": labels,
        "classWeights": "balanced" if balanced else "equal",
        "headLearningRate": head_rate,
        "actual": one if labels == "one" else sum(several, []),
        "probabilities": probabilities.flatten().tolist(),
        "losses": losses,
        "gradients": gradients,
        "afterThreeSteps": {n: pack(p) for n, p in sorted(parameters.items())},
    }


cases = [
    case("one class, weighed alike", "one", False),
    case("one class, balanced", "one", True),
    case("several labels, weighed alike", "several", False),
    case("several labels, balanced, with a learning rate for the head", "several", True, 0.005),
]
numbers = {"sequences": sequences, "classes": classes, "cases": cases}
Path(__file__).with_name("fineTuning.json").write_text(json.dumps(numbers, indent=1) + "\n")
for each in cases:
    print(each["name"], len(each["gradients"]), each["losses"])
