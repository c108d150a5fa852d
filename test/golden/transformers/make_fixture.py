"""Makes test/fixtures/tinyRoberta with transformers, and embeddings.json with its answers.

    python test/golden/transformers/make_fixture.py

The folder is what `save_pretrained` writes; the embeddings are the mean of last_hidden_state over
the attention mask, texts cut to the window. Written with the versions that embeddings.json names.
"""

import json
import pathlib

import tokenizers
import torch
import transformers

here = pathlib.Path(__file__).parent
folder = here.parent.parent / "fixtures" / "tinyRoberta"

corpus = [
    "The patient was seen on the ward round and is comfortable.",
    "Pain in the left knee after a fall, no fracture on X-ray.",
    "Seen by the nurse: blood pressure 120/80, pulse 72, temperature 36.8.",
    "Mood low for two weeks, sleeping poorly, denies suicidal thoughts.",
    "Medication given late because the chart was missing; no harm.",
] * 4
texts = [
    "Patient comfortable on the ward.",
    "Pain in the left knee",
    "",
    "  Füße 😀 \n blood pressure 120/80 ",
    "a a a a a a a a",
    "Mood low for two weeks, sleeping poorly. " * 12,
]

tokenizer = tokenizers.ByteLevelBPETokenizer()
specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
tokenizer.train_from_iterator(corpus, vocab_size=330, min_frequency=2, special_tokens=specials)
tokenizer.post_processor = tokenizers.processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
fast = transformers.PreTrainedTokenizerFast(
    tokenizer_object=tokenizer._tokenizer,
    bos_token="<s>",
    eos_token="</s>",
    sep_token="</s>",
    cls_token="<s>",
    unk_token="<unk>",
    pad_token="<pad>",
    mask_token="<mask>",
    model_max_length=64,
)

torch.manual_seed(11)
config = transformers.RobertaConfig(
    vocab_size=len(fast),
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=64,
    max_position_embeddings=66,
    type_vocab_size=1,
    # Wide enough that attention is not uniform.
    initializer_range=0.3,
)
model = transformers.RobertaForMaskedLM(config).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        if name.endswith("bias") or "LayerNorm" in name or "layer_norm" in name:
            parameter.add_(0.1 * torch.randn_like(parameter))
model.save_pretrained(folder)
fast.save_pretrained(folder)

embeddings = []
lengths = []
with torch.no_grad():
    for text in texts:
        batch = fast(text, truncation=True, max_length=64, return_tensors="pt")
        hidden = model.roberta(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
        ).last_hidden_state
        embeddings.append([round(x, 6) for x in hidden[0].mean(0).tolist()])
        lengths.append(batch["input_ids"].shape[1])

golden = {
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    "texts": texts,
    "lengths": lengths,
    "embeddings": embeddings,
}
(here / "embeddings.json").write_text(json.dumps(golden, indent=1) + "\n")
