"""Reference numbers for a small encoder: loss, every gradient, three AdamW steps, embeddings.

In float64, with PyTorch and Hugging Face transformers; dropout off. The batch holds padding and
repeated tokens. Parameters follow a formula that the test repeats, so that they need not be stored.
The scripts make*.py in bert/, distilbert/ and roberta/ say of which model (torch, transformers, numpy).
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from reference import fill, masked_batch, pack, three_steps  # noqa: E402

adamw = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}


def write_reference(path, config, model, input_ids, predictions):
    """`predictions`: (example, position, label)"""
    model = model.double().train()
    parameters = dict(model.named_parameters())
    fill(parameters)
    batch = masked_batch(input_ids, predictions, config["pad_token_id"])

    mask = batch["attention_mask"]
    hidden = model.base_model(batch["input_ids"], attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).double()
    embedding = (hidden * weights).sum(1) / weights.sum(1)

    golden = {
        "config": config,
        "inputIds": input_ids,
        "predictions": predictions,
        "adamW": adamw,
        "embedding": embedding.flatten().tolist(),
        "hiddenStates": pack(hidden),
        **three_steps(model, batch, parameters, adamw),
    }
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(golden["losses"], len(golden["gradients"]))
