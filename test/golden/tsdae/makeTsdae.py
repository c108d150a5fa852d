"""Reference numbers for TSDAE: loss, every gradient, three AdamW steps.

In float64, on the models of test/golden/roberta and test/golden/bert (whose window is widened), with
transformers' decoders, tied to their encoders by sentence-transformers' own function and called as
its DenoisingAutoEncoderLoss calls them; pooled by the mean, dropout off. Parameters follow the formula
of the other golden files; those of cross-attention are numbered after the model's.

    python test/golden/tsdae/makeTsdae.py
    (torch, transformers, sentence-transformers, numpy; writes tsdae.json)
"""

import json
import sys
from pathlib import Path

import torch
from sentence_transformers.sentence_transformer.losses.denoising_auto_encoder import (
    _tie_encoder_decoder_weights,
)
from torch.nn.functional import cross_entropy
from transformers import (
    BertConfig,
    BertLMHeadModel,
    BertModel,
    RobertaConfig,
    RobertaForCausalLM,
    RobertaModel,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import adamw_steps, fill  # noqa: E402

golden = Path(__file__).parents[1]
roberta = json.loads((golden / "roberta" / "roberta.json").read_text())
bert = json.loads((golden / "bert" / "bert.json").read_text())
adamw = roberta["adamW"]
assert adamw == bert["adamW"]
# Encoder, decoder, configuration, token at the beginning.
kinds = {
    "roberta": (RobertaModel, RobertaForCausalLM, RobertaConfig, roberta["config"], 0),
    "bert": (
        BertModel,
        BertLMHeadModel,
        BertConfig,
        bert["config"] | {"max_position_embeddings": 12},
        3,
    ),
}
sep = 2

# What a note says and the places of it that are left: repeated tokens, one that fills the window, a
# note of one token, one that is left whole.
notes = [
    ([7, 7, 60, 7, 9, 33, 12, 12, 5, 40], [0, 2, 3, 8]),
    ([60, 7, 14, 5, 8], [1]),
    ([21, 22, 21, 22, 30, 31, 7, 50, 50], [3, 4, 5, 6, 8]),
    ([9], [0]),
    ([44, 45, 7, 7, 46, 47, 48], [0, 1, 2, 3, 4, 5, 6]),
    ([13, 60, 60], [1, 2]),
    ([33, 7], [0]),
]


def padded(sequences, padding):
    length = max(map(len, sequences))
    return torch.tensor([ids + [padding] * (length - len(ids)) for ids in sequences])


def case(name, kind):
    encoder_class, decoder_class, config_class, config, cls = kinds[kind]
    settings = {"attn_implementation": "eager"}
    encoder = encoder_class(config_class(**config), add_pooling_layer=False).double().train()
    decoding = config_class(**config, is_decoder=True, add_cross_attention=True)
    for each in (encoder.config, decoding):
        each._attn_implementation = settings["attn_implementation"]
    decoder = decoder_class(decoding).double().train()
    _tie_encoder_decoder_weights(encoder, decoder._modules[decoder.base_model_prefix])

    parameters = dict(decoder.named_parameters())
    assert {id(p) for p in encoder.parameters()} < {id(p) for p in parameters.values()}
    added = {n: p for n, p in parameters.items() if ".crossattention." in n}
    # One vector is all there is to attend to: what decides where to look has no effect.
    idle = {n: p for n, p in added.items() if ".query." in n or ".key." in n}
    own = {n: p for n, p in added.items() if n not in idle}
    model = {n: p for n, p in parameters.items() if n not in added}
    fill(model)
    fill(own, first=len(model))

    originals = [[cls, *ids, sep] for ids, _ in notes]
    left = [[cls, *(ids[i] for i in kept), sep] for ids, kept in notes]
    padding = config["pad_token_id"]
    source, target = padded(left, padding), padded(originals, padding)
    mask = (source != padding).long()
    seen = []

    def loss():
        hidden = encoder(source, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).double()
        embedding = (hidden * weights).sum(1) / weights.sum(1)
        logits = decoder(
            input_ids=target[:, :-1].clone(),
            attention_mask=None,
            encoder_hidden_states=embedding[:, None],
            encoder_attention_mask=mask[:, 0:1],
            use_cache=False,
        ).logits
        assert logits.dtype == torch.float64
        labels = target[:, 1:].reshape(-1)
        value = cross_entropy(logits.view(-1, logits.shape[-1]), labels, ignore_index=padding)
        seen.append({"denoising": value.item()})
        return value

    numbers = adamw_steps(loss, model | own, adamw)
    assert all(p.grad is not None and not p.grad.any() for p in idle.values())
    return {
        "name": name,
        "objective": "tsdae",
        "training": {},
        "model": kind,
        "notes": [
            {"inputIds": ids, "original": whole, "positions": [], "labels": []}
            for ids, whole in zip(left, originals)
        ],
        "parts": seen,
        **numbers,
    }


cases = [case("TSDAE", "roberta"), case("TSDAE of BERT", "bert")]
Path(__file__).with_name("tsdae.json").write_text(json.dumps(cases, indent=1) + "\n")
for one in cases:
    print(one["name"], len(one["gradients"]), one["losses"])
