"""Do written models of every family load in transformers as they are, with the golden numbers?

    python test/golden/transformers/check_families.py FOLDER GOLDEN.json [FOLDER GOLDEN.json ...]

Each FOLDER holds a masked language model with the parameters of GOLDEN.json, which
maskedLmReference.py wrote. Prints the largest difference of a hidden state and that of the loss of
each; exits 1 beyond 1e-5.
"""

import base64
import json
import pathlib
import sys
import warnings

import numpy
import torch
import transformers

worst = 0.0
for folder, path in zip(sys.argv[1::2], sys.argv[2::2]):
    golden = json.loads(pathlib.Path(path).read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("error", category=UserWarning)
        model, loading = transformers.AutoModelForMaskedLM.from_pretrained(
            folder, output_loading_info=True
        )
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        assert not loading[kind], (folder, kind, loading[kind])
    assert model.config.model_type == golden["config"]["model_type"]
    # transformers renames some fields as it reads them.
    expected = transformers.AutoConfig.for_model(**golden["config"])
    for name in filter(lambda name: hasattr(expected, name), golden["config"]):
        assert getattr(model.config, name) == getattr(expected, name), (folder, name)
    model.eval()
    ids = torch.tensor(golden["inputIds"])
    mask = (ids != golden["config"]["pad_token_id"]).long()
    labels = torch.full_like(ids, -100)
    for example, position, label in golden["predictions"]:
        labels[example, position] = label
    with torch.no_grad():
        hidden = model.base_model(ids, attention_mask=mask).last_hidden_state
        loss = model(ids, attention_mask=mask, labels=labels).loss.item()
    states = numpy.frombuffer(base64.b64decode(golden["hiddenStates"]), dtype="<f4")
    difference = numpy.abs(hidden.numpy() - states.reshape(hidden.shape))[mask.numpy() == 1].max()
    loss_difference = abs(loss - golden["losses"][0])
    worst = max(worst, float(difference), loss_difference)
    print(golden["config"]["model_type"], float(difference), loss_difference)
sys.exit(0 if worst <= 1e-5 else 1)
