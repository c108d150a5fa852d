"""Reference numbers for a small RoBERTa: loss, every gradient, three AdamW steps, embeddings.

In float64, with PyTorch and Hugging Face transformers; dropout off. The batch holds padding and
repeated tokens. Parameters follow a formula that the test repeats, so that they need not be stored.

    python test/golden/roberta/makeRoberta.py    (torch, transformers, numpy; writes roberta.json)
"""

import json
import sys
from pathlib import Path

from transformers import RobertaConfig, RobertaForMaskedLM

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import fill, masked_batch, three_steps  # noqa: E402

config = {
    "model_type": "roberta",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 14,
    "type_vocab_size": 1,
    "pad_token_id": 1,
    "layer_norm_eps": 1e-5,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
input_ids = [
    [0, 7, 7, 60, 7, 9, 33, 2],
    [0, 60, 7, 4, 2, 1, 1, 1],
    [0, 4, 7, 7, 4, 12, 2, 1],
]
# (example, position, label)
predictions = [(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)]
adamw = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}

model = RobertaForMaskedLM(RobertaConfig(**config, attn_implementation="eager")).double().train()
parameters = dict(model.named_parameters())
fill(parameters)
batch = masked_batch(input_ids, predictions, config["pad_token_id"])

mask = batch["attention_mask"]
hidden = model.roberta(batch["input_ids"], attention_mask=mask).last_hidden_state
weights = mask.unsqueeze(-1).double()
embedding = (hidden * weights).sum(1) / weights.sum(1)

golden = {
    "config": config,
    "inputIds": input_ids,
    "predictions": predictions,
    "adamW": adamw,
    "embedding": embedding.flatten().tolist(),
    **three_steps(model, batch, parameters, adamw),
}
Path(__file__).with_name("roberta.json").write_text(json.dumps(golden, indent=1) + "\n")
print(golden["losses"], len(golden["gradients"]))
