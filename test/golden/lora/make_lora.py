"""Reference numbers for low-rank adaptation: loss, gradients and three AdamW steps of every factor.

In float64, with peft on the models and the batches of test/golden/roberta, distilbert, modernbert and mpnet; dropout
off, the base model frozen. The factors follow the formula of the other parameters, so that B has left 0.

    python test/golden/lora/make_lora.py    (torch, transformers, peft, numpy)

Writes lora.json (RoBERTa), distilbert.json, modernbert.json and mpnet.json, or those named as arguments.
"""

import json
import sys
from pathlib import Path

from peft import LoraConfig, get_peft_model
from transformers import (
    DistilBertConfig,
    DistilBertForMaskedLM,
    ModernBertConfig,
    ModernBertForMaskedLM,
    MPNetConfig,
    MPNetForMaskedLM,
    RobertaConfig,
    RobertaForMaskedLM,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
from modernbertFloat64 import attention as float64_attention  # noqa: E402
from reference import fill, masked_batch, three_steps  # noqa: E402

goldens = Path(__file__).parents[1]
# What peft finds by these patterns, by our names of the modules.
bert_paths = {
    "query": r"attention\.self\.query",
    "key": r"attention\.self\.key",
    "value": r"attention\.self\.value",
    "attention.output": r"attention\.output\.dense",
    "intermediate": r"intermediate\.dense",
    "output": r"output\.dense",
}
distilbert_paths = {
    "query": r"attention\.q_lin",
    "key": r"attention\.k_lin",
    "value": r"attention\.v_lin",
    "attention.output": r"attention\.out_lin",
    "intermediate": r"ffn\.lin1",
    "output": r"ffn\.lin2",
}
# One matrix holds the first three.
modernbert_paths = {
    "query": r"attn\.Wqkv",
    "key": r"attn\.Wqkv",
    "value": r"attn\.Wqkv",
    "attention.output": r"attn\.Wo",
    "intermediate": r"mlp\.Wi",
    "output": r"mlp\.Wo",
}
mpnet_paths = {
    "query": r"attention\.attn\.q",
    "key": r"attention\.attn\.k",
    "value": r"attention\.attn\.v",
    "attention.output": r"attention\.attn\.o",
    "intermediate": r"intermediate\.dense",
    "output": r"output\.dense",
}


def write_cases(path, golden, config_class, model_class, paths, attention="eager"):
    base = json.loads((goldens / golden).read_text())
    config = config_class(**base["config"], attn_implementation=attention)
    batch = masked_batch(base["inputIds"], base["predictions"], config.pad_token_id)

    def reference(rank, alpha, modules):
        model = model_class(config).double()
        frozen = dict(model.named_parameters())
        fill(frozen)
        layer = r".*\.layers?\.\d+\."
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
        matrices = {paths[module] for module in modules}
        assert len(factors) == 2 * len(matrices) * config.num_hidden_layers
        fill(factors, first=len(frozen))
        settings = {"rank": rank, "alpha": alpha, "dropout": 0, "modules": modules}
        return {"settings": settings, **three_steps(adapted, batch, factors, base["adamW"])}

    cases = [reference(4, 8, ["query", "value"]), reference(2, 6, list(paths))]
    path.write_text(json.dumps(cases, indent=1) + "\n")
    print([(len(case["gradients"]), case["losses"]) for case in cases])


files = {
    "lora.json": ("roberta/roberta.json", RobertaConfig, RobertaForMaskedLM, bert_paths),
    "distilbert.json": (
        "distilbert/distilbert.json",
        DistilBertConfig,
        DistilBertForMaskedLM,
        distilbert_paths,
    ),
    "modernbert.json": (
        "modernbert/modernbert.json",
        ModernBertConfig,
        ModernBertForMaskedLM,
        modernbert_paths,
        float64_attention,
    ),
    "mpnet.json": ("mpnet/mpnet.json", MPNetConfig, MPNetForMaskedLM, mpnet_paths),
}
for name in sys.argv[1:] or files:
    write_cases(Path(__file__).with_name(name), *files[name])
