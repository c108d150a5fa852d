"""Writes distilbert.json, the numbers of a small DistilBERT; see ../maskedLmReference.py.

    python test/golden/distilbert/makeDistilbert.py
"""

import sys
from pathlib import Path

from transformers import DistilBertConfig, DistilBertForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference

config = {
    "model_type": "distilbert",
    "vocab_size": 61,
    "dim": 16,
    "n_layers": 2,
    "n_heads": 2,
    "hidden_dim": 40,
    # As long as the longest sequence: positions begin at 0 and need no row for padding.
    "max_position_embeddings": 8,
    "pad_token_id": 0,
    "activation": "gelu",
    "dropout": 0.0,
    "attention_dropout": 0.0,
    "sinusoidal_pos_embds": False,
}
write_reference(
    Path(__file__).with_name("distilbert.json"),
    config,
    DistilBertForMaskedLM(DistilBertConfig(**config, attn_implementation="eager")),
    input_ids=[
        [2, 7, 7, 60, 7, 9, 33, 3],
        [2, 60, 7, 4, 3, 0, 0, 0],
        [2, 4, 7, 7, 4, 12, 3, 0],
    ],
    predictions=[(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
