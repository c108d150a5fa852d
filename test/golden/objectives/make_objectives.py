"""Reference numbers for whole objectives: every loss of a step, its gradients, three AdamW steps.

In float64, with transformers, pytorch-metric-learning and peft on the models of test/golden/roberta
and test/golden/bert (whose window is widened); dropout off. Parameters follow the formula of the other golden files, and so are not stored; a head
or factors that an objective adds are numbered after the parameters of the model.

    python test/golden/objectives/make_objectives.py
    (torch, transformers, pytorch-metric-learning, peft, numpy; writes objectives.json)
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from pytorch_metric_learning.losses import NTXentLoss, SupConLoss
from pytorch_metric_learning.reducers import DoNothingReducer
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM, RobertaConfig, RobertaForMaskedLM

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference import adamw_steps, fill  # noqa: E402

golden = Path(__file__).parents[1]
roberta = json.loads((golden / "roberta" / "roberta.json").read_text())
bert = json.loads((golden / "bert" / "bert.json").read_text())
adamw = roberta["adamW"]
assert adamw == bert["adamW"]
# Model, configuration, token at the beginning, padding; BERT's padding must not be a token of a note.
kinds = {
    "roberta": (RobertaForMaskedLM, RobertaConfig(**roberta["config"]), 0, 1),
    "bert": (BertForMaskedLM, BertConfig(**bert["config"] | {"max_position_embeddings": 12}), 3, 0),
}
sep, mask = 2, 4

# A note of one token, one that fills the model's window, and tokens that repeat within and across.
notes = [
    ([7, 7, 60, 7, 9, 33, 12, 12, 5, 40], "a"),
    ([60, 7, 14, 5, 8], "b"),
    ([21, 22, 21, 22, 30, 31, 7, 50, 50], "a"),
    ([9], None),
    ([44, 45, 7, 7, 46, 47, 48], "b"),
    ([13, 60, 60], "c"),
    ([7, 9, 33, 58], "a"),
    ([16, 17, 18, 19, 20, 7], "b"),
    ([33, 7], "a"),
]
categories = ["a", "b", "c"]
# Note, first and last token, what stands at places of the sequence instead, spans of its positives.
anchors = [
    (0, (0, 6), {2: mask, 4: 7}, [(3, 9), (0, 3)]),
    (0, (5, 10), {1: mask, 2: 12}, [(4, 10), (8, 10)]),
    (1, (0, 5), {3: mask}, [(0, 2), (1, 5)]),
    (2, (1, 9), {1: mask, 3: mask, 8: 50}, [(0, 9), (6, 7)]),
    (3, (0, 1), {1: mask}, [(0, 1), (0, 1)]),
    (4, (2, 5), {2: mask}, [(0, 7), (3, 7)]),
]
masked_notes = [{2: mask, 5: 9}, {1: mask}, {3: 22, 4: mask}, {1: mask}, {3: mask, 7: 30}]
masked_notes += [{2: 60}, {4: mask}, {1: 16, 6: mask}, {1: mask}]


def example(ids, replaced, kind="roberta"):
    """A sequence with its special tokens, and the labels of the places that are predicted."""
    sequence = [kinds[kind][2], *ids, sep]
    labels = [sequence[position] for position in replaced]
    for position, token in replaced.items():
        sequence[position] = token
    return {"inputIds": sequence, "positions": list(replaced), "labels": labels}


def forward(model, examples):
    """The masked-token loss, and the mean of the hidden states over all tokens of a sequence."""
    length = max(len(one["inputIds"]) for one in examples)
    padding = model.config.pad_token_id
    ids = torch.full((len(examples), length), padding)
    labels = torch.full((len(examples), length), -100)
    for row, one in enumerate(examples):
        ids[row, : len(one["inputIds"])] = torch.tensor(one["inputIds"])
        labels[row, one["positions"]] = torch.tensor(one["labels"], dtype=torch.long)
    kept = (ids != padding).long()
    out = model(ids, attention_mask=kept, labels=labels, output_hidden_states=True)
    weights = kept.unsqueeze(-1).double()
    pooled = (out.hidden_states[-1] * weights).sum(1) / weights.sum(1)
    assert pooled.dtype == torch.float64 and out.loss.dtype == torch.float64
    return out.loss, pooled


def new_model(kind="roberta"):
    model_class, config, _, _ = kinds[kind]
    config._attn_implementation = "eager"
    model = model_class(config).double().train()
    parameters = dict(model.named_parameters())
    fill(parameters)
    return model, parameters


def steps(name, objective, training, losses_of, parameters, **inputs):
    """`losses_of` gives losses by name; those without a weight are not part of the sum."""
    weights = training["lossWeights"]
    seen = []

    def total():
        losses = {loss: value for loss, value in losses_of().items() if weights[loss] > 0}
        seen.append({loss: value.item() for loss, value in losses.items()})
        return sum(weights[loss] * value for loss, value in losses.items())

    if weights["mlm"] == 0:
        heads = ("lm_head.", "cls.")
        parameters = {n: p for n, p in parameters.items() if not n.startswith(heads)}
    numbers = adamw_steps(total, parameters, adamw)
    case = {"name": name, "objective": objective, "training": training, **inputs}
    return {**case, "parts": seen, **numbers}


def mlm(name):
    model, parameters = new_model()
    examples = [example(ids, masked_notes[i]) for i, (ids, _) in enumerate(notes)]

    def losses():
        return {"mlm": forward(model, examples)[0]}

    return steps(name, "mlm", {"lossWeights": {"mlm": 1}}, losses, parameters, notes=examples)


def declutr(name, temperature, weights, lora=None, kind="roberta"):
    model, parameters = new_model(kind)
    if lora is not None:
        model, parameters = adapted(model, len(parameters), lora)
    masks = weights["mlm"] > 0
    own = [example(notes[n][0][s:e], m if masks else {}, kind) for n, (s, e), m, _ in anchors]
    positives = [example(notes[n][0][s:e], {}, kind) for n, _, _, ps in anchors for s, e in ps]
    contrast = NTXentLoss(temperature=temperature)

    def losses():
        loss, embeddings = forward(model, own)
        others = forward(model, positives)[1]
        averages = others.unflatten(0, (len(own), -1)).mean(1)
        labels = torch.arange(len(own)).repeat(2)
        return {"mlm": loss, "ntXent": contrast(torch.cat([embeddings, averages]), labels)}

    training = {"lossWeights": weights, "temperature": temperature, "lora": lora}
    inputs = {"anchors": own, "positives": positives, "model": kind}
    return steps(name, "declutr", training, losses, parameters, **inputs)


modules = {
    "query": r"attention\.self\.query",
    "key": r"attention\.self\.key",
    "value": r"attention\.self\.value",
    "attention.output": r"attention\.output\.dense",
    "intermediate": r"intermediate\.dense",
    "output": r"output\.dense",
}


def adapted(model, first, lora):
    """Low-rank factors beside the model's matrices, away from 0; nothing else is trained."""
    settings = LoraConfig(
        r=lora["rank"],
        lora_alpha=lora["alpha"],
        lora_dropout=0.0,
        target_modules=r".*layer\.\d+\.(" + "|".join(modules[m] for m in lora["modules"]) + ")",
    )
    with_factors = get_peft_model(model, settings, autocast_adapter_dtype=False).train()
    factors = {
        name.removeprefix("base_model.model.").replace(".default.", "."): tensor
        for name, tensor in with_factors.named_parameters()
        if tensor.requires_grad
    }
    fill(factors, first=first)
    return with_factors, factors


def note_category(
    name, weights, loss="cross-entropy", weighting="equal", whole=False, lora=None, kind="roberta"
):
    """`whole`: the notes as they are, which the test gives to the objective's own sampler."""
    model, parameters = new_model(kind)
    count = len(parameters)
    examples = [
        example(ids, {} if whole else masked_notes[i], kind) for i, (ids, _) in enumerate(notes)
    ]
    names = [category for _, category in notes]
    counts = [names.count(category) for category in categories]
    balanced = [sum(counts) / (len(counts) * n) if weighting == "balanced" else 1 for n in counts]
    class_weights = torch.tensor(balanced, dtype=torch.float64)
    labels = torch.tensor([-1 if c is None else categories.index(c) for c in names])
    added = {}
    if loss == "cross-entropy":
        head = torch.nn.Linear(model.config.hidden_size, len(categories)).double()
        added = {f"category.{n}": tensor for n, tensor in head.named_parameters()}

        def category_loss(pooled):
            return cross_entropy(head(pooled), labels, class_weights, ignore_index=-1)

    else:
        # The sampler leaves out a category of a single note, which has nobody to meet.
        met = torch.bincount(labels[labels >= 0])[labels] > 1 if whole else labels >= 0
        rows = torch.nonzero((labels >= 0) & met).flatten()

        def category_loss(pooled):
            return sup_con(pooled[rows], labels[rows], class_weights)

    if lora is not None:
        model, factors = adapted(model, count, lora)
        added |= factors
        parameters = {}
    fill(added, first=count)
    parameters |= added

    def losses():
        masked, pooled = forward(model, examples)
        return {"mlm": masked, "category": category_loss(pooled)}

    training = {
        "lossWeights": weights,
        "categoryLoss": loss,
        "categoryWeights": weighting,
        "lora": lora,
    }
    return steps(
        name,
        "note-category",
        training,
        losses,
        parameters,
        notes=examples,
        noteCategories=names,
        categories=[{"name": c, "documents": n} for c, n in zip(categories, counts)],
        whole=whole,
        model=kind,
    )


def sup_con(embeddings, labels, class_weights):
    each = SupConLoss(temperature=0.1, reducer=DoNothingReducer())(embeddings, labels)
    anchor_weights = class_weights[labels] * (torch.bincount(labels)[labels] > 1)
    return (each["loss"]["losses"] * anchor_weights).sum() / anchor_weights.sum()


alone = {"mlm": 0, "category": 1}
recipe = {"mlm": 1, "category": 0.1}
everywhere = {"rank": 3, "alpha": 6, "dropout": 0, "modules": list(modules)}
cases = [
    mlm("mlm"),
    declutr("declutr", 0.05, {"mlm": 1, "ntXent": 1}),
    declutr("declutr, weighted otherwise", 0.2, {"mlm": 0.5, "ntXent": 2}),
    declutr("declutr without masked tokens", 0.05, {"mlm": 0, "ntXent": 1}),
    declutr(
        "declutr with low-rank factors",
        0.05,
        {"mlm": 1, "ntXent": 1},
        {"rank": 4, "alpha": 8, "dropout": 0, "modules": ["query", "value"]},
    ),
    note_category("categories by a classifier", recipe),
    note_category("a balanced classifier", {"mlm": 0.5, "category": 2}, weighting="balanced"),
    note_category("categories by contrast", recipe, loss="sup-con"),
    note_category("a classifier of whole notes", alone, weighting="balanced", whole=True),
    note_category("contrast of whole notes", alone, "sup-con", "balanced", whole=True),
    note_category("a classifier with low-rank factors", recipe, lora=everywhere),
    note_category("contrast with low-rank factors", recipe, loss="sup-con", lora=everywhere),
    declutr("declutr of BERT", 0.05, {"mlm": 1, "ntXent": 1}, kind="bert"),
    note_category("categories of BERT by a classifier", recipe, kind="bert"),
    note_category("categories of BERT by contrast", recipe, loss="sup-con", kind="bert"),
    declutr(
        "declutr of BERT with low-rank factors",
        0.05,
        {"mlm": 1, "ntXent": 1},
        everywhere,
        kind="bert",
    ),
]
Path(__file__).with_name("objectives.json").write_text(json.dumps(cases, indent=1) + "\n")
for case in cases:
    print(case["name"], len(case["gradients"]), case["losses"], case["parts"][0])
