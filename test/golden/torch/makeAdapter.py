"""Makes adapters of peft on the tiny BERT of makeTorch.py, and what merge_and_unload makes of them.

    python test/golden/torch/makeAdapter.py

`adapters.json` holds the mean and the sums of each merged model's tensors and its mean hidden state.
"""

import json
import pathlib
import shutil
import tempfile

import peft
import torch
import transformers

here = pathlib.Path(__file__).parent
tokens = [2, 17, 40, 40, 301, 3]
golden = {"versions": {"torch": torch.__version__, "peft": peft.__version__}, "merged": {}}


def base(kind):
    config = transformers.BertConfig.from_pretrained(here)
    state = torch.load(here / "bert.bin", weights_only=True)
    state = {
        name.replace("gamma", "weight").replace("beta", "bias"): tensor
        for name, tensor in state.items()
        if "position_ids" not in name
    }
    model = transformers.BertForMaskedLM(config).eval()
    model.load_state_dict(state)
    return model if kind == "head" else model.bert


def make(name, kind, **settings):
    torch.manual_seed(3)
    model = peft.get_peft_model(base(kind), peft.LoraConfig(init_lora_weights=False, **settings))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad and parameter.ndim == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))
        for key, parameter in model.named_parameters():
            if "modules_to_save" in key and parameter.ndim == 2:
                parameter.add_(0.1 * torch.randn_like(parameter))
    folder = here / "adapters" / name
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as saved:
        model.save_pretrained(saved, safe_serialization=True, save_embedding_layers=False)
        folder.mkdir(parents=True)
        config = json.loads((pathlib.Path(saved) / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = "clinic/tiny"
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
        shutil.copy(pathlib.Path(saved) / "adapter_model.safetensors", folder)
    merged = model.merge_and_unload().eval()
    encoder = merged.bert if kind == "head" else merged
    with torch.no_grad():
        hidden = encoder(input_ids=torch.tensor([tokens])).last_hidden_state[0].mean(0)
    prefix = "" if kind == "head" else "bert."
    sums = {}
    for key, tensor in merged.state_dict().items():
        weights = torch.arange(tensor.numel(), dtype=torch.float64).cos().view(tensor.shape)
        sums[prefix + key] = (tensor.double() * weights).sum().item()
    golden["merged"][name] = {"mean": [round(x, 6) for x in hidden.tolist()], "sums": sums}


attention = ["query", "value"]
make("plain", "head", r=2, lora_alpha=3, target_modules=attention)
make("stabilised", "bare", r=4, lora_alpha=2, use_rslora=True, target_modules=["query", "dense"])
make(
    "everything",
    "head",
    r=2,
    lora_alpha=4,
    bias="all",
    target_modules=["query", "value", "word_embeddings"],
    alpha_pattern={"value": 1},
    rank_pattern={"query": 3},
    modules_to_save=["transform"],
)
make("loraOnly", "head", r=2, lora_alpha=4, bias="lora_only", target_modules=attention)
make("dora", "head", r=2, lora_alpha=4, use_dora=True, target_modules=attention)
(here / "adapters.json").write_text(json.dumps(golden, indent=1) + "\n")
