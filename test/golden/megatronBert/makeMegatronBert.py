"""Writes megatronBert.json, the numbers of a small Megatron-BERT; see ../maskedLmReference.py.

    python test/golden/megatronBert/makeMegatronBert.py
"""

import sys
from pathlib import Path

from transformers import MegatronBertConfig, MegatronBertForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference

config = {
    "model_type": "megatron-bert",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 8,
    "type_vocab_size": 2,
    "pad_token_id": 0,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu_new",
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
write_reference(
    Path(__file__).with_name("megatronBert.json"),
    config,
    MegatronBertForMaskedLM(MegatronBertConfig(**config, attn_implementation="eager")),
    input_ids=[
        [2, 7, 7, 60, 7, 9, 33, 3],
        [2, 60, 7, 4, 3, 0, 0, 0],
        [2, 4, 7, 7, 4, 12, 3, 0],
    ],
    predictions=[(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
