"""The step of bench/contrast.ts in PyTorch eager with Hugging Face's RoBERTa: same model, notes and dropout.

    python pytorch_declutr.py --threads 2 --steps 20

Spans are drawn as in "DeCLUTR" (Giorgi et al., 2021), anchors are padded to the longest anchor of the
step and positives to the longest positive, as the authors' data loader does. Once all spans go through
the model at once; once in chunks, by gradient caching (Gao et al., 2021).
"""

import numpy
import torch

from small_roberta import CLS, LAST_SPECIAL, PAD, SEP, config, report_versions, time_steps, words

random = numpy.random.default_rng(1)

NOTES, LENGTH, ANCHORS, POSITIVES, MASK = 32, 256, 2, 2, 4
LONGEST = min(512, LENGTH // (2 * ANCHORS))
SHORTEST = LONGEST // 2
# Spans that go through the model together when gradients are cached.
CHUNK = 16


def batch():
    anchors = padded(spans(NOTES * ANCHORS, 4, 2))
    positives = padded(spans(NOTES * ANCHORS * POSITIVES, 2, 4))
    return (anchors, positives), int(anchors[1].sum() + positives[1].sum())


def padded(lengths):
    """Token ids of spans of these lengths and their attention mask, [spans, longest + 2]."""
    ids = torch.full((len(lengths), max(lengths) + 2), PAD)
    for row, length in enumerate(lengths):
        ids[row, 1 : length + 1] = words(length)
        ids[row, 0], ids[row, length + 1] = CLS, SEP
    return ids, (ids != PAD).long()


def spans(count, alpha, beta):
    return (random.beta(alpha, beta, count) * (LONGEST - SHORTEST) + SHORTEST).astype(int).tolist()


def masked(ids):
    labels = torch.full_like(ids, -100)
    chosen = (torch.rand(ids.shape) < 0.15) & (ids > LAST_SPECIAL)
    labels[chosen] = ids[chosen]
    return ids.masked_fill(chosen, MASK), labels


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


def embed(model, ids, mask):
    hidden = model.roberta(input_ids=ids, attention_mask=mask).last_hidden_state
    return hidden, mean(hidden, mask)


def contrast(anchors, positives):
    return nt_xent(anchors, positives.view(-1, POSITIVES, config.hidden_size).mean(1))


def masked_loss(model, hidden, labels, reduction="mean"):
    chosen = labels != -100
    logits = model.lm_head(hidden[chosen])
    return torch.nn.functional.cross_entropy(logits, labels[chosen], reduction=reduction)


def at_once(model, anchors, positives):
    ids, labels = masked(anchors[0])
    hidden, means = embed(model, ids, anchors[1])
    loss = masked_loss(model, hidden, labels) + contrast(means, embed(model, *positives)[1])
    loss.backward()


def in_chunks(model, anchors, positives):
    """Embeddings first, without gradients; then every chunk again, under the same dropout."""
    ids, labels = masked(anchors[0])
    predicted = int((labels != -100).sum())
    chunks = list(zip(ids.split(CHUNK), anchors[1].split(CHUNK), labels.split(CHUNK)))
    count = len(chunks)
    chunks += [(i, m, None) for i, m in zip(positives[0].split(CHUNK), positives[1].split(CHUNK))]
    seeds, means = [], []
    with torch.no_grad():
        for chunk_ids, mask, _ in chunks:
            seeds.append(torch.get_rng_state())
            means.append(embed(model, chunk_ids, mask)[1])
    leaves = [torch.cat(means[:count]).requires_grad_(), torch.cat(means[count:]).requires_grad_()]
    contrast(*leaves).backward()
    gradients = [part for leaf in leaves for part in leaf.grad.split(CHUNK)]
    for (chunk_ids, mask, chunk_labels), seed, gradient in zip(chunks, seeds, gradients):
        torch.set_rng_state(seed)
        hidden, means = embed(model, chunk_ids, mask)
        loss = (means * gradient).sum()
        if chunk_labels is not None:
            loss = loss + masked_loss(model, hidden, chunk_labels, "sum") / predicted
        loss.backward()


report_versions()
time_steps("gradient caching", batch, in_chunks)
time_steps("all spans at once", batch, at_once)
