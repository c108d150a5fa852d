"""The step of bench/contrast.ts in PyTorch eager with Hugging Face's RoBERTa: same model, notes and dropout.

    python pytorch_declutr.py --threads 2 --steps 20

Spans are drawn as in "DeCLUTR" (Giorgi et al., 2021), anchors are padded to the longest anchor of the
step and positives to the longest positive, as the authors' data loader does.
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
random = numpy.random.default_rng(1)

NOTES, LENGTH, ANCHORS, POSITIVES, VOCABULARY = 32, 256, 2, 2, 8192
LONGEST = min(512, LENGTH // (2 * ANCHORS))
SHORTEST = LONGEST // 2
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


def padded(lengths):
    """Token ids of spans of these lengths and their attention mask, [spans, longest + 2]."""
    ids = torch.ones(len(lengths), max(lengths) + 2, dtype=torch.long)
    for row, length in enumerate(lengths):
        ids[row, 1 : length + 1] = 4 + torch.ceil(
            torch.tensor(VOCABULARY - 5.0) ** torch.rand(length)
        ).long()
        ids[row, 0], ids[row, length + 1] = 0, 2
    return ids, (ids != 1).long()


def spans(count, alpha, beta):
    return (random.beta(alpha, beta, count) * (LONGEST - SHORTEST) + SHORTEST).astype(int).tolist()


def masked(ids):
    labels = torch.full_like(ids, -100)
    chosen = (torch.rand(ids.shape) < 0.15) & (ids > 4)
    labels[chosen] = ids[chosen]
    return ids.masked_fill(chosen, 4), labels


def mean(hidden, mask):
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def nt_xent(anchors, positives):
    """Anchors against the means of their positives, temperature 0.05."""
    both = torch.nn.functional.normalize(torch.cat([anchors, positives]), dim=1)
    similarities = both @ both.T / 0.05
    similarities.fill_diagonal_(float("-inf"))
    count = len(anchors)
    partners = torch.cat([torch.arange(count, 2 * count), torch.arange(count)])
    return torch.nn.functional.cross_entropy(similarities, partners)


def loss_of(model, anchors, positives):
    (ids, mask), (positive_ids, positive_mask) = anchors, positives
    ids, labels = masked(ids)
    hidden = model.roberta(input_ids=ids, attention_mask=mask).last_hidden_state
    chosen = labels != -100
    mlm = torch.nn.functional.cross_entropy(model.lm_head(hidden[chosen]), labels[chosen])
    others = model.roberta(input_ids=positive_ids, attention_mask=positive_mask).last_hidden_state
    means = mean(others, positive_mask).view(-1, POSITIVES, config.hidden_size).mean(1)
    return mlm + nt_xent(mean(hidden, mask), means)


print(f"PyTorch {torch.__version__} eager, transformers {transformers.__version__}, {arguments.threads} threads")
model = transformers.RobertaForMaskedLM(config).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
times, tokens = [], []
for step in range(5 + arguments.steps):
    anchors = padded(spans(NOTES * ANCHORS, 4, 2))
    positives = padded(spans(NOTES * ANCHORS * POSITIVES, 2, 4))
    start = time.perf_counter()
    loss = loss_of(model, anchors, positives)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    if step >= 5:
        times.append((time.perf_counter() - start) * 1000)
        tokens.append(int(anchors[1].sum() + positives[1].sum()))
low, median, high = numpy.percentile(times, [25, 50, 75])
rate = numpy.median(numpy.array(tokens) / numpy.array(times)) * 1000
print(f"  all spans at once      ms/step {median:.0f} [{low:.0f}, {high:.0f}], tokens/s {rate:.0f}")
