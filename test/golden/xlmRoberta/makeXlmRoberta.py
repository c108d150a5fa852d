"""Writes xlmRoberta.json, the numbers of a small XLM-RoBERTa; see ../maskedLmReference.py.

    python test/golden/xlmRoberta/makeXlmRoberta.py
"""

import sys
from pathlib import Path

from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference

config = {
    "model_type": "xlm-roberta",
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 40,
    "max_position_embeddings": 14,
    "type_vocab_size": 1,
    "pad_token_id": 1,
    "layer_norm_eps": 1e-5,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "bos_token_id": 0,
    "eos_token_id": 2,
}
write_reference(
    Path(__file__).with_name("xlmRoberta.json"),
    config,
    XLMRobertaForMaskedLM(XLMRobertaConfig(**config, attn_implementation="eager")),
    input_ids=[
        [0, 7, 7, 60, 7, 9, 33, 2],
        [0, 60, 7, 4, 2, 1, 1, 1],
        [0, 4, 7, 7, 4, 12, 2, 1],
    ],
    predictions=[(0, 3, 7), (1, 3, 12), (2, 1, 60), (2, 4, 7)],
)
