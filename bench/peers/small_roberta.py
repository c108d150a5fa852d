"""What the peers of the training benchmarks share: the model, its options, and how a step is timed."""

import argparse
import resource
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

WARM_UP_STEPS = 5
CLS, PAD, SEP, LAST_SPECIAL = 0, 1, 2, 4
VOCABULARY = 8192
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


def words(*shape):
    """Ids of ordinary tokens that follow Zipf's law."""
    return LAST_SPECIAL + torch.ceil(torch.tensor(VOCABULARY - 5.0) ** torch.rand(*shape)).long()


def report_versions():
    print(f"PyTorch {torch.__version__} eager, transformers {transformers.__version__}, {arguments.threads} threads")


def time_steps(name, batch, backward):
    """
    Times backward(model, *inputs), clipping and AdamW together, on a model of its own.
    batch() gives the inputs and how many tokens they hold without padding.
    """
    model = transformers.RobertaForMaskedLM(config).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    times, rates = [], []
    for step in range(WARM_UP_STEPS + arguments.steps):
        inputs, tokens = batch()
        start = time.perf_counter()
        backward(model, *inputs)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step >= WARM_UP_STEPS:
            times.append((time.perf_counter() - start) * 1000)
            rates.append(tokens / times[-1] * 1000)
    low, median, high = numpy.percentile(times, [25, 50, 75])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"  {name:22} ms/step {median:.0f} [{low:.0f}, {high:.0f}], tokens/s {numpy.median(rates):.0f}, "
        f"peak memory so far {peak:.0f} MB"
    )
