"""The step of bench/train.ts in PyTorch eager with Hugging Face's RoBERTa: same model, batch and dropout.

    python pytorch_mlm.py --threads 2 --steps 20
"""

import torch

from small_roberta import CLS, SEP, report_versions, time_steps, words

BATCH, LENGTH, MASKED, MASK = 16, 128, 19, 4


def batch():
    ids = words(BATCH, LENGTH)
    ids[:, 0], ids[:, -1] = CLS, SEP
    labels = torch.full_like(ids, -100)
    for row in range(BATCH):
        places = 1 + torch.randperm(LENGTH - 2)[:MASKED]
        labels[row, places] = ids[row, places]
        ids[row, places] = MASK
    return (ids, labels), ids.numel()


def all_logits(model, ids, labels):
    """Logits of every token, as Hugging Face ships it."""
    model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss.backward()


def masked_logits(model, ids, labels):
    """Logits of the masked tokens alone, as our graph computes them."""
    hidden = model.roberta(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    masked = labels != -100
    torch.nn.functional.cross_entropy(model.lm_head(hidden[masked]), labels[masked]).backward()


report_versions()
time_steps("masked tokens' logits", batch, masked_logits)
time_steps("all logits", batch, all_logits)
