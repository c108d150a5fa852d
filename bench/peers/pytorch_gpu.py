"""The masked-language-model step of bench/gpu.ts in PyTorch on CUDA, with torch.compile, in fp32 and bf16.

    python pytorch_gpu.py NAME LAYERS HIDDEN HEADS VOCABULARY STEPS
"""

import statistics
import sys
import time

import torch
import transformers

name, *numbers = sys.argv[1:]
layers, hidden, heads, vocabulary, steps = map(int, numbers)
device = "cuda" if torch.cuda.is_available() else "cpu"
BATCH, LENGTH, MASKED, WARM_UP = 16, 128, 19, 5
config = transformers.RobertaConfig(
    vocab_size=vocabulary,
    hidden_size=hidden,
    num_hidden_layers=layers,
    num_attention_heads=heads,
    intermediate_size=4 * hidden,
    max_position_embeddings=514,
    type_vocab_size=1,
)


def measure(precision):
    torch.manual_seed(1)
    model = transformers.RobertaForMaskedLM(config).to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    @torch.compile
    def loss_of(ids, places, labels):
        states = model.roberta(input_ids=ids).last_hidden_state.flatten(0, 1)[places]
        return torch.nn.functional.cross_entropy(model.lm_head(states), labels)

    seconds = []
    for step in range(WARM_UP + steps):
        ids = torch.randint(5, vocabulary, (BATCH, LENGTH), device=device)
        places = torch.randperm(BATCH * LENGTH, device=device)[: BATCH * MASKED]
        labels = ids.flatten()[places]
        if device == "cuda":
            torch.cuda.synchronize()
        begun = time.perf_counter()
        with torch.autocast(device, torch.bfloat16, enabled=precision == "bf16"):
            loss = loss_of(ids, places, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
        if step >= WARM_UP:
            seconds.append(time.perf_counter() - begun)
    speed = BATCH * LENGTH / statistics.median(seconds)
    held = torch.cuda.max_memory_allocated() / 1e6 if device == "cuda" else 0
    print(f"| {name} | mlm, PyTorch {torch.__version__} compiled, {precision} | {speed:.0f} | | {held:.0f} MB of the card |", flush=True)


for precision in ("fp32", "bf16"):
    measure(precision)
