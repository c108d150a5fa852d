"""Makes the tiny model folders of test/fixtures with transformers, and their answers.

    python test/golden/transformers/make_fixture.py [roberta] [bert] [distilbert] [modernbert] [nomic]

The folders are what `save_pretrained` writes, but that tinyBert and tinyDistilbert keep the plain
vocab.txt of older models. The embeddings are the mean of last_hidden_state over the attention mask, texts cut to the
window. Written with the versions that the files of answers name.
"""

import json
import pathlib
import sys

import tokenizers
import torch
import transformers

here = pathlib.Path(__file__).parent
fixtures = here.parent.parent / "fixtures"

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
window = 64
# Of the middle of a layer.
wide = 64
shape = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    # Wide enough that attention is not uniform.
    "initializer_range": 0.3,
}


def roberta_tokenizer(folder):
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
        model_max_length=window,
    )
    fast.save_pretrained(folder)
    return fast


def modernbert_tokenizer(folder):
    tokenizer = tokenizers.ByteLevelBPETokenizer()
    specials = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    tokenizer.train_from_iterator(corpus, vocab_size=330, min_frequency=2, special_tokens=specials)
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer._tokenizer,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
        model_max_length=window,
        model_input_names=["input_ids", "attention_mask"],
    )
    fast.save_pretrained(folder)
    return fast


def bert_tokenizer(folder):
    tokenizer = tokenizers.BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator(corpus, vocab_size=330, min_frequency=2, show_progress=False)
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in tokens))
    settings = {"do_lower_case": True, "model_max_length": window}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    return transformers.BertTokenizer.from_pretrained(folder)


def make(folder, answers, make_tokenizer, config_class, model_class, **config):
    folder = fixtures / folder
    tokenizer = make_tokenizer(folder)
    torch.manual_seed(11)
    model = model_class(config_class(vocab_size=len(tokenizer), **shape, **config)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias") or "norm" in name.lower():
                parameter.add_(0.1 * torch.randn_like(parameter))
    model.save_pretrained(folder)

    embeddings = []
    lengths = []
    with torch.no_grad():
        for text in texts:
            batch = tokenizer(text, truncation=True, max_length=window, return_tensors="pt")
            hidden = model.base_model(
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
    (here / answers).write_text(json.dumps(golden, indent=1) + "\n")


wanted = sys.argv[1:] or ["roberta", "bert", "distilbert", "modernbert", "nomic"]
if "roberta" in wanted:
    make(
        "tinyRoberta",
        "embeddings.json",
        roberta_tokenizer,
        transformers.RobertaConfig,
        transformers.RobertaForMaskedLM,
        intermediate_size=wide,
        max_position_embeddings=window + 2,
        type_vocab_size=1,
    )
if "bert" in wanted:
    make(
        "tinyBert",
        "bertEmbeddings.json",
        bert_tokenizer,
        transformers.BertConfig,
        transformers.BertForMaskedLM,
        intermediate_size=wide,
        max_position_embeddings=window,
    )
if "distilbert" in wanted:
    make(
        "tinyDistilbert",
        "distilbertEmbeddings.json",
        bert_tokenizer,
        transformers.DistilBertConfig,
        transformers.DistilBertForMaskedLM,
        hidden_dim=wide,
        max_position_embeddings=window,
    )
if "modernbert" in wanted:
    make(
        "tinyModernbert",
        "modernbertEmbeddings.json",
        modernbert_tokenizer,
        transformers.ModernBertConfig,
        transformers.ModernBertForMaskedLM,
        intermediate_size=wide,
        max_position_embeddings=window,
        # Cuts in all but the shortest texts.
        local_attention=8,
        global_attn_every_n_layers=2,
        **{"cls_token_id": 1, "bos_token_id": 1, "sep_token_id": 2, "eos_token_id": 2},
        pad_token_id=3,
    )
if "nomic" in wanted:
    make(
        "tinyNomicBert",
        "nomicBertEmbeddings.json",
        bert_tokenizer,
        transformers.NomicBertConfig,
        transformers.NomicBertForMaskedLM,
        intermediate_size=wide,
        max_position_embeddings=window,
    )
