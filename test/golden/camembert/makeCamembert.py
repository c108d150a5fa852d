"""Writes camembert.json, the numbers of a small CamemBERT; see ../maskedLmReference.py.

    python test/golden/camembert/makeCamembert.py
"""

import sys
from pathlib import Path

from transformers import CamembertConfig, CamembertForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference

config = {
    "model_type": "camembert",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 14,
    "type_vocab_size": 1,
    "pad_token_id": 1,
    "layer_norm_eps": 1e-5,
    "hidden_act": "silu",
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    # As camembert-base has them.
    "bos_token_id": 5,
    "eos_token_id": 6,
}
write_reference(
    Path(__file__).with_name("camembert.json"),
    config,
    CamembertForMaskedLM(CamembertConfig(**config, attn_implementation="eager")),
    input_ids=[
        [5, 7, 7, 60, 7, 9, 33, 6],
        [5, 60, 7, 4, 6, 1, 1, 1],
        [5, 4, 7, 7, 4, 12, 6, 1],
    ],
    predictions=[(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
