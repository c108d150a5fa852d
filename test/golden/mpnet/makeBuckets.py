"""Writes buckets.json: the bucket of MPNet for each distance of a key from its query, -200 to 200.

    python test/golden/mpnet/makeBuckets.py
"""

import json
from pathlib import Path

import torch
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

distances = torch.arange(-200, 201)
buckets = MPNetEncoder.relative_position_bucket(distances, num_buckets=32).tolist()
Path(__file__).with_name("buckets.json").write_text(json.dumps(buckets) + "\n")
