"""Reference numbers for low-rank adaptation: loss, gradients and three AdamW steps of every factor.

In float64, with peft on the model and the batch of test/golden/roberta; dropout off, the base model
frozen. The factors follow the formula of the other parameters, so that B has left 0.

    python test/golden/lora/make_lora.py    (torch, transformers, peft, numpy; writes lora.json)
"""

import json
import sys
from pathlib import Path

from peft import LoraConfig, get_peft_model
from transformers import RobertaConfig, RobertaForMaskedLM

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import fill, masked_batch, three_steps  # noqa: E402

base = json.loads((Path(__file__).parents[1] / "roberta" / "roberta.json").read_text())
config = RobertaConfig(**base["config"], attn_implementation="eager")
batch = masked_batch(base["inputIds"], base["predictions"], config.pad_token_id)
layer = r".*encoder\.layer\.\d+\."
paths = {
    "query": r"attention\.self\.query",
    "key": r"attention\.self\.key",
    "value": r"attention\.self\.value",
    "attention.output": r"attention\.output\.dense",
    "intermediate": r"intermediate\.dense",
    "output": r"output\.dense",
}


def reference(rank, alpha, modules):
    model = RobertaForMaskedLM(config).double()
    frozen = dict(model.named_parameters())
    fill(frozen)
    target = layer + "(" + "|".join(paths[module] for module in modules) + ")"
    lora = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, target_modules=target)
    adapted = get_peft_model(model, lora, autocast_adapter_dtype=False).train()
    factors = {
        name.removeprefix("base_model.model.").replace(".default.", "."): tensor
        for name, tensor in adapted.named_parameters()
        if tensor.requires_grad
    }
    # peft casts its factors to the base model's type; anything less would not be a reference.
    assert all(str(tensor.dtype) == "torch.float64" for tensor in factors.values())
    assert len(factors) == 2 * len(modules) * config.num_hidden_layers
    fill(factors, first=len(frozen))
    settings = {"rank": rank, "alpha": alpha, "dropout": 0, "modules": modules}
    return {"settings": settings, **three_steps(adapted, batch, factors, base["adamW"])}


cases = [reference(4, 8, ["query", "value"]), reference(2, 6, list(paths))]
Path(__file__).with_name("lora.json").write_text(json.dumps(cases, indent=1) + "\n")
print([(len(case["gradients"]), case["losses"]) for case in cases])
