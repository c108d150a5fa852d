"""The step of bench/train.ts in PyTorch eager with Hugging Face's RoBERTa: same model, batch and dropout.

    python pytorch_mlm.py --threads 2 --steps 20
"""

import argparse
import time

import numpy
import torch
import transformers

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=20)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(1)

BATCH, LENGTH, VOCABULARY, MASKED = 16, 128, 8192, 19
config = transformers.RobertaConfig(
    vocab_size=VOCABULARY,
    hidden_size=256,
    num_hidden_layers=4,
    num_attention_heads=4,
    intermediate_size=1024,
    max_position_embeddings=514,
    type_vocab_size=1,
    hidden_dropout_prob=0.1,
    attention_probs_dropout_prob=0.1,
)


def batch():
    ids = 4 + torch.ceil(torch.tensor(VOCABULARY - 5.0) ** torch.rand(BATCH, LENGTH)).long()
    ids[:, 0], ids[:, -1] = 0, 2
    labels = torch.full_like(ids, -100)
    for row in range(BATCH):
        places = 1 + torch.randperm(LENGTH - 2)[:MASKED]
        labels[row, places] = ids[row, places]
        ids[row, places] = 4
    return ids, labels


def loss_of_all(model, ids, labels):
    """Logits of every token, as Hugging Face ships it."""
    return model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss


def loss_of_masked(model, ids, labels):
    """Logits of the masked tokens alone, as our graph computes them."""
    hidden = model.roberta(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
    masked = labels != -100
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[masked]), labels[masked])


print(f"PyTorch {torch.__version__} eager, transformers {transformers.__version__}, {arguments.threads} threads")
for name, loss_function in [("masked tokens' logits", loss_of_masked), ("all logits", loss_of_all)]:
    model = transformers.RobertaForMaskedLM(config).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    times = []
    for step in range(5 + arguments.steps):
        ids, labels = batch()
        start = time.perf_counter()
        loss = loss_function(model, ids, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step >= 5:
            times.append((time.perf_counter() - start) * 1000)
    low, median, high = numpy.percentile(times, [25, 50, 75])
    rate = BATCH * LENGTH / median * 1000
    print(f"  {name:22} ms/step {median:.0f} [{low:.0f}, {high:.0f}], tokens/s {rate:.0f}")
