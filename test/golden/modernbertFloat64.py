"""Lets transformers compute ModernBERT in float64, for reference numbers.

It turns queries and keys in float32 whatever the model's type, which is replaced on import, and so
takes the softmax, but for "sdpa".
"""

from transformers.models.modernbert import modeling_modernbert as modeling

attention = "sdpa"


def turn_in_float64(query, key, cosine, sine, unsqueeze_dim=1):
    cosine, sine = cosine.unsqueeze(unsqueeze_dim), sine.unsqueeze(unsqueeze_dim)
    return tuple(x * cosine + modeling.rotate_half(x) * sine for x in (query, key))


modeling.apply_rotary_pos_emb = turn_in_float64
