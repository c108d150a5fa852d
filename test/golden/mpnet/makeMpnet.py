"""Writes mpnet.json, the numbers of a small MPNet; see ../maskedLmReference.py.

    python test/golden/mpnet/makeMpnet.py
"""

import sys
from pathlib import Path

from transformers import MPNetConfig, MPNetForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference

config = {
    "model_type": "mpnet",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 27,
    "pad_token_id": 1,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu_pytorch_tanh",
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "relative_attention_num_buckets": 32,
}
write_reference(
    Path(__file__).with_name("mpnet.json"),
    config,
    MPNetForMaskedLM(MPNetConfig(**config, attn_implementation="eager")),
    input_ids=[
        [0, 7, 7, 60, 7, 9, 33, 5, 7, 8, 8, 40, 41, 7, 3, 3, 50, 51, 52, 7, 9, 9, 30, 2],
        [0, 60, 7, 4, 7, 11, 12, 13, 14, 15, 7, 7, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [0, 4, 7, 7, 4, 12, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ],
    predictions=[(0, 3, 7), (0, 20, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
