"""Steps of bench/train.ts in PyTorch with Hugging Face's RoBERTa: same model, batch and dropout, in several ways.

Answers {"row": NAME, "steps": N} as turns.py says. All rows train the same model, each with an optimizer of its own.
"""

import argparse

import torch
import transformers

from turns import Turns

parser = argparse.ArgumentParser()
for name in ("layers", "width", "heads", "vocabulary", "batch", "length", "threads"):
    parser.add_argument(f"--{name}", type=int, required=True)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)

CLS, SEP, MASK, LAST_SPECIAL = 0, 2, 4, 4
MASKED = round(0.15 * (arguments.length - 2))
config = transformers.RobertaConfig(
    vocab_size=arguments.vocabulary,
    hidden_size=arguments.width,
    num_hidden_layers=arguments.layers,
    num_attention_heads=arguments.heads,
    intermediate_size=4 * arguments.width,
    max_position_embeddings=514,
    type_vocab_size=1,
    hidden_dropout_prob=0.1,
    attention_probs_dropout_prob=0.1,
)
model = transformers.RobertaForMaskedLM(config).train()


def batch():
    """Words follow Zipf's law."""
    shape = (arguments.batch, arguments.length)
    ids = LAST_SPECIAL + torch.ceil(torch.tensor(arguments.vocabulary - 5.0) ** torch.rand(shape)).long()
    ids[:, 0], ids[:, -1] = CLS, SEP
    labels = torch.full_like(ids, -100)
    for row in range(arguments.batch):
        places = 1 + torch.randperm(arguments.length - 2)[:MASKED]
        labels[row, places] = ids[row, places]
        ids[row, places] = MASK
    return ids, labels


def all_logits(ids, labels):
    """Logits of every token."""
    return model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss


def predict(ids, rows, places, labels):
    hidden = model.roberta(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[rows, places]), labels)


def masked_logits(ids, labels, predicting=predict):
    """Logits of the masked tokens alone, as our graph computes them. The places are found outside of what is compiled."""
    rows, places = (labels != -100).nonzero(as_tuple=True)
    return predicting(ids, rows, places, labels[rows, places])


compiled = torch.compile(predict)
ROWS = {
    "shipped": (all_logits, False, False),
    "masked": (masked_logits, True, False),
    "compiled": (lambda ids, labels: masked_logits(ids, labels, compiled), True, False),
    "bf16": (masked_logits, True, True),
}
optimizers = {}
turns = Turns()
turns.wait()
while True:
    name = turns.request["row"]
    loss_of, fused, half = ROWS[name]
    if name not in optimizers:
        optimizers[name] = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=fused)
    ids, labels = batch()
    turns.begin_step()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        loss = loss_of(ids, labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizers[name].step()
    optimizers[name].zero_grad()
    turns.lap(ids.numel())
