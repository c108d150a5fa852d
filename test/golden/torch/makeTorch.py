"""Makes files of torch.save in its formats, and what they hold, for tests of our own reader.

    python test/golden/torch/makeTorch.py

`values.*` hold every type, layout and way of sharing that a state dict may have; `values.json` says
what they are. `bert*.bin` are the weights of a tiny BERT under the names that old checkpoints have,
`bert.json` its mean hidden state on a few tokens. `evil.json` are pickles that would run code.
"""

import collections
import json
import os
import pathlib
import pickle

import torch
import transformers

here = pathlib.Path(__file__).parent
torch.manual_seed(7)


def values():
    base = torch.randn(4, 6)
    large = torch.arange(40, dtype=torch.float32) / 8
    state = collections.OrderedDict()
    state["whole"] = base
    state["tied"] = base
    state["transposed"] = torch.randn(3, 5).t()
    state["permuted"] = torch.randn(2, 3, 4).permute(2, 0, 1)
    state["slice"] = large[10:22].view(3, 4)
    state["column"] = large.view(8, 5)[:, 2]
    state["half"] = base.half()
    state["brain"] = base.bfloat16()
    state["double"] = base.double() / 3
    state["scalar"] = torch.tensor(7.5)
    state["empty"] = torch.zeros(0, 3)
    state["parameter"] = torch.nn.Parameter(torch.randn(3))
    state["position_ids"] = torch.arange(8).expand((1, -1))
    state["steps"] = 12
    state._metadata = collections.OrderedDict(version=1)
    return state


def write_values():
    state = values()
    torch.save(state, here / "values.zip.bin")
    torch.save(state, here / "values.protocol4.bin", pickle_protocol=4)
    torch.save(state, here / "values.legacy.bin", _use_new_zipfile_serialization=False)
    floats = {
        name: {
            "shape": list(tensor.shape),
            "values": tensor.detach().float().contiguous().flatten().tolist(),
        }
        for name, tensor in state.items()
        if torch.is_tensor(tensor) and tensor.is_floating_point()
    }
    (here / "values.json").write_text(json.dumps(floats, indent=1) + "\n")


def old_name(name):
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
        "LayerNorm.bias", "LayerNorm.beta"
    )


def write_bert():
    config = transformers.BertConfig(
        vocab_size=330,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        initializer_range=0.3,
    )
    model = transformers.BertForMaskedLM(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:
                parameter.add_(0.1 * torch.randn_like(parameter))
    state = collections.OrderedDict((old_name(name), t) for name, t in model.state_dict().items())
    state["bert.embeddings.position_ids"] = torch.arange(64).expand((1, -1))
    torch.save(state, here / "bert.bin")
    torch.save(state, here / "bert.legacy.bin", _use_new_zipfile_serialization=False)
    names = list(state)
    shards = {}
    for n, part in enumerate((names[::2], names[1::2]), 1):
        file = f"pytorch_model-0000{n}-of-00002.bin"
        torch.save({name: state[name].clone() for name in part}, here / file)
        shards.update({name: file for name in part})
    index = {"metadata": {}, "weight_map": shards}
    (here / "pytorch_model.bin.index.json").write_text(json.dumps(index) + "\n")
    (here / "config.json").write_text(
        json.dumps({**config.to_dict(), "architectures": ["BertForMaskedLM"]}, indent=1) + "\n"
    )
    tokens = [2, 17, 40, 40, 301, 3]
    with torch.no_grad():
        hidden = model.bert(input_ids=torch.tensor([tokens])).last_hidden_state[0].mean(0)
    golden = {
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "tokens": tokens,
        "mean": [round(x, 6) for x in hidden.tolist()],
        "sums": {name: t.double().sum().item() for name, t in model.state_dict().items()},
    }
    (here / "bert.json").write_text(json.dumps(golden, indent=1) + "\n")


class Calls:
    def __init__(self, function, *args):
        self.call = (function, args)

    def __reduce__(self):
        return self.call


def write_evil():
    def saved(value, protocol=2):
        return pickle.dumps(value, protocol).hex()

    tensor = torch.zeros(1)
    evil = {
        "posix.system": saved({"a": Calls(os.system, "touch evil")}),
        "posix.system of protocol 4": saved({"a": Calls(os.system, "touch evil")}, 4),
        "__builtin__.eval": saved(Calls(eval, "1")),
        "__builtin__.getattr": saved(Calls(getattr, tensor.shape, "numel")),
        "collections.Counter": saved({"a": collections.Counter()}),
        "__builtin__.set": saved({"a": {1}}),
    }
    (here / "evil.json").write_text(json.dumps(evil, indent=1) + "\n")


write_values()
write_bert()
write_evil()
