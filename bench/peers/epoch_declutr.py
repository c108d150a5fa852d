"""An epoch of DeCLUTR in a plain PyTorch loop: the spans and masks that bench/epoch.ts drew, all spans of a step at once.

Anchors are padded to the longest anchor of the step and positives to the longest positive, as the authors' data
loader does. Answers as epoch_mlm.py does.
"""

import json

import torch
import transformers

from epoch_options import parse
from turns import Turns

arguments = parse()
transformers.utils.logging.set_verbosity_error()
model = transformers.AutoModelForMaskedLM.from_pretrained(arguments.base).train()
with open(arguments.data, encoding="utf-8") as lines:
    steps = [json.loads(line) for line in lines]


def padded(sequences, fill=0):
    longest = max(map(len, sequences))
    return torch.tensor([ids + [fill] * (longest - len(ids)) for ids in sequences])


def mask_of(sequences):
    return padded([[1] * len(ids) for ids in sequences])


def mean(hidden, mask):
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def nt_xent(anchors, positives):
    """Anchors against the means of their positives."""
    both = torch.nn.functional.normalize(torch.cat([anchors, positives]), dim=1)
    similarities = both @ both.T / arguments.temperature
    similarities.fill_diagonal_(float("-inf"))
    count = len(anchors)
    partners = torch.cat([torch.arange(count, 2 * count), torch.arange(count)])
    return torch.nn.functional.cross_entropy(similarities, partners)


def loss_of(step):
    anchors = [anchor["ids"] for anchor in step["anchors"]]
    mask = mask_of(anchors)
    hidden = model.base_model(input_ids=padded(anchors), attention_mask=mask).last_hidden_state
    rows = [row for row, anchor in enumerate(step["anchors"]) for _ in anchor["positions"]]
    places = [place for anchor in step["anchors"] for place in anchor["positions"]]
    labels = torch.tensor([label for anchor in step["anchors"] for label in anchor["labels"]])
    logits = model.cls(hidden[rows, places])
    masked = torch.nn.functional.cross_entropy(logits.float(), labels)
    other = mask_of(step["positives"])
    positives = model.base_model(input_ids=padded(step["positives"]), attention_mask=other).last_hidden_state
    compared = mean(positives.float(), other).view(len(anchors), -1, hidden.shape[-1]).mean(1)
    return masked + nt_xent(mean(hidden.float(), mask), compared)


def decays(name):
    return not name.endswith("bias") and "LayerNorm" not in name


groups = [
    {"params": [p for name, p in model.named_parameters() if decays(name) == decay], "weight_decay": 0.01 if decay else 0}
    for decay in (True, False)
]
optimizer = torch.optim.AdamW(groups, lr=arguments.learning_rate, fused=True)
scheduler = transformers.get_linear_schedule_with_warmup(optimizer, 0, len(steps))
turns = Turns()
turns.wait()
turns.answer({"steps": len(steps)})
turns.wait()
for step in steps:
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bf16"):
        loss = loss_of(step)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
    turns.lap(sum(len(anchor["ids"]) for anchor in step["anchors"]) + sum(map(len, step["positives"])))
model.save_pretrained(turns.request["save"])
turns.answer({"saved": True})
