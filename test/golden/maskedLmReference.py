"""Reference numbers for a small encoder: hidden states, their means, loss, every gradient, three AdamW steps.

In float64, with PyTorch and Hugging Face transformers; dropout off. The batch holds padding and
repeated tokens. Parameters follow a formula that the test repeats, so that they need not be stored.
The scripts make*.py in the folder of each family say of which model (torch, transformers, numpy).
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
    # A tied weight has the name of its first module, which differs between families.
    tied = set(getattr(model, "_tied_weights_keys", None) or [])
    named = model.named_parameters(remove_duplicate=False)
    parameters = {name: tensor for name, tensor in named if name not in tied}
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
