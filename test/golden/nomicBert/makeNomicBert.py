"""Writes nomicBert.json, the numbers of a small NomicBERT; see ../maskedLmReference.py.

    python test/golden/nomicBert/makeNomicBert.py

Parameters are those that are published and that `save_pretrained` writes: transformers itself cuts
Wqkv in three and has other names.
"""

import sys
from pathlib import Path

import torch
from torch.func import functional_call
from transformers import NomicBertConfig, NomicBertForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference  # noqa: E402

names = {
    "embeddings.LayerNorm": "emb_ln",
    "nomic_bert.layers": "nomic_bert.encoder.layers",
    "self_attn.o_proj": "attn.out_proj",
    "up_proj": "fc11",
    "gate_proj": "fc12",
    "down_proj": "fc2",
    "post_attention_layernorm": "norm1",
    "post_mlp_layernorm": "norm2",
}
projections = [f"self_attn.{name}_proj" for name in "qkv"]


class Published:
    """The model as a function of its parameters under their published names."""

    def __init__(self, model):
        self.model, self.own = model.double().train(), {}
        for name, tensor in model.named_parameters():
            for inner, outer in names.items():
                name = name.replace(inner, outer)
            self.own[name] = torch.nn.Parameter(tensor.detach().clone())
        for name in [name for name in self.own if projections[0] in name]:
            parts = [self.own.pop(name.replace(projections[0], part)) for part in projections]
            joined = torch.nn.Parameter(torch.cat([part.detach() for part in parts]))
            self.own[name.replace(projections[0], "attn.Wqkv")] = joined

    def named_parameters(self):
        return self.own.items()

    def inner(self):
        tensors = {}
        for name, tensor in self.own.items():
            for inner, outer in names.items():
                name = name.replace(outer, inner)
            if "attn.Wqkv" in name:
                for part, rows in zip(projections, tensor.chunk(3)):
                    tensors[name.replace("attn.Wqkv", part)] = rows
            else:
                tensors[name] = tensor
        return tensors

    def double(self):
        return self

    def train(self):
        return self

    def __call__(self, **batch):
        return functional_call(self.model, self.inner(), kwargs=batch)

    def base_model(self, input_ids, attention_mask):
        prefix = "nomic_bert."
        own = {n.removeprefix(prefix): t for n, t in self.inner().items() if n.startswith(prefix)}
        batch = {"input_ids": input_ids, "attention_mask": attention_mask}
        return functional_call(self.model.base_model, own, kwargs=batch)


# Fields as in the config.json of nomic-embed-text-v1.5.
config = {
    "model_type": "nomic_bert",
    "activation_function": "swiglu",
    "attn_pdrop": 0.0,
    "causal": False,
    "embd_pdrop": 0.0,
    "initializer_range": 0.02,
    "layer_norm_epsilon": 1e-12,
    "max_trained_positions": 16,
    "mlp_fc1_bias": False,
    "mlp_fc2_bias": False,
    "n_embd": 16,
    "n_head": 2,
    "n_inner": 24,
    "n_layer": 2,
    "n_positions": 16,
    "pad_token_id": 0,
    "parallel_block": False,
    "prenorm": False,
    "qkv_proj_bias": False,
    "resid_pdrop": 0.0,
    "rotary_emb_base": 1000,
    "rotary_emb_fraction": 1.0,
    "rotary_emb_interleaved": False,
    "rotary_emb_scale_base": None,
    "rotary_scaling_factor": None,
    "tie_word_embeddings": True,
    "type_vocab_size": 2,
    "use_rms_norm": False,
    "vocab_size": 61,
}
model = NomicBertForMaskedLM(
    NomicBertConfig(
        vocab_size=config["vocab_size"],
        hidden_size=config["n_embd"],
        num_hidden_layers=config["n_layer"],
        num_attention_heads=config["n_head"],
        intermediate_size=config["n_inner"],
        max_position_embeddings=config["n_positions"],
        hidden_act="silu",
        rope_parameters={"rope_type": "default", "rope_theta": config["rotary_emb_base"]},
        attn_implementation="eager",
    )
)
write_reference(
    Path(__file__).with_name("nomicBert.json"),
    config,
    Published(model),
    input_ids=[
        [2, 7, 7, 60, 7, 9, 33, 12, 7, 45, 60, 3],
        [2, 60, 7, 4, 3] + [0] * 7,
        [2, 4, 7, 7, 4, 12, 3] + [0] * 5,
    ],
    predictions=[(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
