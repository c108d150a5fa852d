"""PyTorch's AdamW with clipping by the global norm, for test/core/train/optimizer.test.ts.

    python adamw.py > adamw.json
"""

import json

import torch

torch.manual_seed(3)
decayed = torch.nn.Parameter(torch.randn(11))
plain = torch.nn.Parameter(torch.randn(6))
settings = {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6, "weightDecay": 0.1}
optimizer = torch.optim.AdamW(
    [{"params": [decayed], "weight_decay": settings["weightDecay"]}, {"params": [plain], "weight_decay": 0.0}],
    lr=settings["learningRate"],
    betas=(settings["beta1"], settings["beta2"]),
    eps=settings["epsilon"],
)
result = {
    "torch": torch.__version__,
    "settings": settings,
    "maxGradNorm": 2.0,
    "initial": {"decayed": decayed.tolist(), "plain": plain.tolist()},
    "steps": [],
}
for step in range(6):
    size = 0.3 if step % 2 else 3.0
    decayed.grad = torch.randn(11) * size
    plain.grad = torch.randn(6) * size
    gradients = {"decayed": decayed.grad.tolist(), "plain": plain.grad.tolist()}
    norm = torch.nn.utils.clip_grad_norm_([decayed, plain], 2.0)
    optimizer.step()
    result["steps"].append(
        {"gradients": gradients, "norm": norm.item(), "decayed": decayed.tolist(), "plain": plain.tolist()}
    )
print(json.dumps(result))
