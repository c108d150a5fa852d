"""Writes modernbert.json, the numbers of a small ModernBERT; see ../maskedLmReference.py.

    python test/golden/modernbert/makeModernBert.py

Local attention reaches 3 tokens to each side, so that it cuts in all but the shortest sequence.
"""

import sys
from pathlib import Path

from transformers import ModernBertConfig, ModernBertForMaskedLM

sys.path.insert(0, str(Path(__file__).parent.parent))
from maskedLmReference import write_reference  # noqa: E402
from modernbertFloat64 import attention  # noqa: E402

# Fields as in the config.json of ModernBERT-base.
config = {
    "model_type": "modernbert",
    "vocab_size": 61,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "hidden_activation": "gelu",
    "max_position_embeddings": 32,
    "norm_eps": 1e-05,
    "norm_bias": False,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "cls_token_id": 2,
    "eos_token_id": 3,
    "sep_token_id": 3,
    "global_rope_theta": 160000.0,
    "local_rope_theta": 10000.0,
    "attention_bias": False,
    "attention_dropout": 0.0,
    "global_attn_every_n_layers": 3,
    "local_attention": 6,
    "embedding_dropout": 0.0,
    "mlp_bias": False,
    "mlp_dropout": 0.0,
    "decoder_bias": True,
    "classifier_bias": False,
    "classifier_activation": "gelu",
}
words = [7, 7, 60, 7, 9, 33, 12, 7, 45, 60, 21, 5, 7, 18, 33, 50, 9, 7, 28]
write_reference(
    Path(__file__).with_name("modernbert.json"),
    config,
    ModernBertForMaskedLM(ModernBertConfig(**config, attn_implementation=attention)),
    input_ids=[
        [2, *words, 3],
        [2, 60, 7, 4, 3] + [0] * 16,
        [2, *words[5:18], 3] + [0] * 6,
    ],
    predictions=[(0, 3, 7), (0, 15, 12), (1, 3, 12), (2, 1, 60), (2, 11, 7)],
)
