"""Makes head.json: steps of the classifier of the paper in PyTorch, without dropout, in float64.

    python test/golden/evaluate/makeHead.py

One batch of all rows a step, so that the order of the rows does not matter; the rate falls in a
straight line, as Hugging Face's trainer lets it. Weights decay, biases do not.
"""

import json
import pathlib

import torch

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
ROWS, COLUMNS, CLASSES, STEPS, RATE, DECAY = 20, 8, 3, 5, 1e-2, 0.1

values = (torch.randn(ROWS, COLUMNS) * 1000).round() / 1000


def steps(targets, weights, loss_of):
    torch.manual_seed(12)
    dense, out = torch.nn.Linear(COLUMNS, COLUMNS), torch.nn.Linear(COLUMNS, CLASSES)
    for each in (*dense.parameters(), *out.parameters()):
        each.data = each.data.float().double()

    def state():
        return {
            "denseWeight": dense.weight.flatten().tolist(), "denseBias": dense.bias.tolist(),
            "outputWeight": out.weight.flatten().tolist(), "outputBias": out.bias.tolist(),
        }

    initial = state()
    optimizer = torch.optim.AdamW(
        [
            {"params": [dense.weight, out.weight], "weight_decay": DECAY},
            {"params": [dense.bias, out.bias], "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / STEPS)
    loss = loss_of()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(out(torch.tanh(dense(values))), targets).backward()
        optimizer.step()
        schedule.step()
    return {
        "targets": targets.int().flatten().tolist(), "classWeights": weights, "initial": initial, "trained": state(),
        "logits": out(torch.tanh(dense(values))).flatten().tolist(),
    }


classes = torch.randint(0, CLASSES, (ROWS,))
labels = torch.randint(0, 2, (ROWS, CLASSES)).double()
weights = [0.5, 1.0, 2.0]
head = {
    "versions": {"torch": torch.__version__},
    "rows": ROWS, "columns": COLUMNS, "outputs": CLASSES, "steps": STEPS, "learningRate": RATE, "weightDecay": DECAY,
    "values": values.flatten().tolist(),
    "classes": steps(classes, None, torch.nn.CrossEntropyLoss),
    "weighted": steps(classes, weights, lambda: torch.nn.CrossEntropyLoss(weight=torch.tensor(weights))),
    "multiLabel": steps(labels, None, torch.nn.BCEWithLogitsLoss),
}
pathlib.Path(__file__).with_name("head.json").write_text(json.dumps(head) + "\n")
