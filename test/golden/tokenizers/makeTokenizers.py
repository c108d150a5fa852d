"""Writes tokenizers.json: ids of transformers' AutoTokenizer for folders of many kinds, without special tokens
around the text.

    python makeTokenizers.py                          # transformers 5.24, tokenizers 0.23.3, sentencepiece 0.2
    python makeTokenizers.py OUT TEXTS [VOCAB_SIZE]   # the same folders with other texts, for compareTokenizers.ts

TEXTS is a file with a JSON string a line; a tenth of them trains the vocabularies. Vocabularies that several
folders share are written once and named by "$name".
"""

import base64
import io
import json
import sys
import tempfile
from pathlib import Path

import sentencepiece
import transformers
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

here = Path(__file__).parent
lines = (here.parent / "bpe" / "corpus.txt").read_text(encoding="utf-8").split("\n")
tricky = json.loads((here.parent / "bpe" / "tricky.json").read_text(encoding="utf-8"))
tricky += [
    "Known COPD, HTN and T2DM. copd? Copd! COPDx xCOPD COPD_1 (COPD) COPD.",
    "htn HTN hTN\u0301 spO2 SpO2 98% SpO2\t97",
    "give <mask> now <mask>  <mask>\n<mask>x <mask>",
    "give [MASK] now [MASK]  [MASK]\n[MASK]x [mask] [CLS] [SEP] [PAD] [UNK]",
    "<s> text </s> <pad> <unk> </s>NOTUSED",
    " leading and trailing  ", "\u00a0no-break\u2003em\u3000ideographic\u0085next\ufefflast",
    "control\u0000\u0007\u200b\ufffd\ufeff\u00adcharacters\u000b\u000cand\u001fmore\u007f\u0090", "\u200b", "\u0007\u0001", "",
    "Naïve CAFÉ, Ärztin, Ångström; fiancée cafe\u0301 (decomposed) e\u0327\u0301 \ufb01rst \u2163 \u00b2 \u00bd",
    "İstanbul ΟΔΟΣ ΣΑΣ Straße ẞ ǅ", "血压120/80，体温正常。 pain痛pain \U0002a6d6\U0002a700\U0002b81e\U0002b820\U0002b920\U0002ceaf\U00030000\U0002f800 x",
    "emoji 😀👩‍⚕️👍🏽 flags 🇬🇧 keycap 1️⃣", "हिन्दी में दर्द க்ஷ ไทย 한국어 각 ﷺ", "a\r\nb\r\n\r\nc\n\td",
    "\u2581under▁bar ▁▁ _ __", "don't DON'T it's we'll I'd they've", "x" * 100 + " " + "x" * 101, "BP 120/80mmHg;O2-sats 98%(RA)->HR 88",
    "|||IP_ADDRESS||| and |||EMAIL|||", "many    spaces      here                        end", "\ud7ff\ue000\uf8ff\U000f0000\U0010ffff",
    "ａｂｃ １２３ ﾊﾝｶｸ ㍿ ㋿ ℃ µ Ω Å", "\u0301starts with a mark", "a\u0300\u0323b a\u0323\u0300b", "<0x0A> \u20ac \u1e9e", "\u061d \u09fd \u2e52 punctuation of later years \u166d",
]


def wordpiece(texts, size):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "<pad>", "</s>", "<mask>"]
    # Cased and lower-cased words, so that both show.
    trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator([*texts, *[t.lower() for t in texts]], trainer)
    return json.loads(tokenizer.to_str())["model"]["vocab"]


def byte_level(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return {"vocab": model["vocab"], "merges": [list(m) for m in model["merges"]]}


# A few rules, so that the character map is small: SentencePiece's own has 300 kB.
rules = {
    "\u00a0": " ", "\u3000": " ", "\t": " ", "\n": " ", "\r": " ", "\r\n": " ", "\u200b": " ", "\u0007": "", "\ufb01": "fi",
    "\u00b2": "2", "\u2163": "IV", "\u00e9": "e\u0301", "e\u0301": "\u00e9", "\u00bd": "1\u20442", "\uff21": "A", "\u2126": "\u03a9", "\u00ad": "",
}


def sentence_piece(texts, size, full):
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rules.tsv"
        def codes(t):
            return " ".join(f"{ord(c):x}" for c in t)
        table.write_text("".join(f"{codes(a)}\t{codes(b)}\n" for a, b in rules.items()))
        rule = {} if full else {"normalization_rule_tsv": str(table)}
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts), model_writer=out, vocab_size=size, hard_vocab_limit=False, minloglevel=2, **rule
        )
        return out.getvalue()


def unigram(model):
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model)
    pieces = [[p.piece, round(p.score, 4)] for p in proto.pieces[3:]]
    special = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]]
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
    return [*special, *pieces, ["<mask>", 0.0]], charsmap


def added(i, content, **flags):
    off = dict(single_word=False, lstrip=False, rstrip=False, normalized=True, special=False)
    return {"id": i, "content": content, **off, **flags}


def by_id(tokens):
    return {str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in tokens}


def lines_of(vocab, end="\n"):
    return "".join(f"{token}{end}" for token in sorted(vocab, key=vocab.get))


def json_of(model, **parts):
    empty = dict(version="1.0", truncation=None, padding=None, added_tokens=[], normalizer=None, pre_tokenizer=None)
    return {**empty, "post_processor": None, "decoder": None, **parts, "model": model}


def surrounded(first, last, first_id, last_id):
    return json.loads(
        processors.TemplateProcessing(f"{first} $A {last}", f"{first} $A {last} $B {last}", [(first, first_id), (last, last_id)]).__getstate__()
    )


def folders(bases):
    """Name, files of the folder."""
    words, pairs = bases["words"], bases["pairs"]
    n, m, u = len(words), len(pairs["vocab"]), len(bases["pieces"])
    config = lambda model_type, **more: {"model_type": model_type, **more}
    vocab = {"vocab.txt": "$lines"}
    bert = {"config.json": config("bert"), **vocab}
    wp = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": "$words"}
    bert_added = [added(words[t], t, normalized=False, special=True) for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    lower = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    around = surrounded("[CLS]", "[SEP]", words["[CLS]"], words["[SEP]"])
    bert_json = json_of(wp, added_tokens=bert_added, normalizer=lower, pre_tokenizer={"type": "BertPreTokenizer"}, post_processor=around)
    clinical = [added(n, "COPD"), added(n + 1, "HTN"), added(n + 2, "SpO2", single_word=True), added(n + 3, "T2DM", normalized=False)]
    fast = "PreTrainedTokenizerFast"

    yield "vocab.txt alone", bert
    yield "vocab.txt, cased", {**bert, "tokenizer_config.json": {"do_lower_case": False}}
    yield "vocab.txt, accents and Chinese kept", {**bert, "tokenizer_config.json": {"strip_accents": False, "tokenize_chinese_chars": False}}
    yield "vocab.txt with line ends of Windows", {"config.json": config("bert"), "vocab.txt": "$lines-windows"}
    yield "vocab.txt with added_tokens.json", {
        **bert,
        "added_tokens.json": {"COPD": n, "HTN": n + 1, "[NOTE]": n + 2},
        "special_tokens_map.json": {"additional_special_tokens": ["[NOTE]"], "mask_token": {"content": "[MASK]", "lstrip": True, "rstrip": False, "single_word": False, "normalized": False}},
    }
    yield "vocab.txt with special_tokens_map.json of other names", {
        **bert, "special_tokens_map.json": {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"}
    }
    yield "vocab.txt with added_tokens_decoder", {
        **bert,
        "tokenizer_config.json": {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "added_tokens_decoder": by_id([
                *bert_added, added(n + 5, "COPD", single_word=True), added(n + 9, "HTN", lstrip=True, rstrip=True), added(n + 7, "SpO2", normalized=False),
                added(n + 8, "Café"), added(n + 6, " pain", rstrip=True), added(n + 10, "120", single_word=True, normalized=False),
            ]),
        },
        "added_tokens.json": {"ignored": n},
    }
    yield "vocab.txt, special tokens of notes are text", {**bert, "tokenizer_config.json": {"split_special_tokens": True}}
    yield "tokenizer.json with added tokens", {"config.json": config("bert"), "tokenizer.json": {**bert_json, "added_tokens": [*bert_added, *clinical]}}
    yield "tokenizer.json with added tokens, cased by tokenizer_config.json", {
        "config.json": config("megatron-bert"),
        "tokenizer.json": {**bert_json, "added_tokens": [*bert_added, *clinical]},
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizerFast", "do_lower_case": False, "strip_accents": True},
    }
    yield "tokenizer.json, cased, in a folder that does not say so", {
        "config.json": config("nomic_bert"), "tokenizer.json": {**bert_json, "normalizer": {**lower, "lowercase": False, "clean_text": False}}
    }
    yield "tokenizer.json, cased, in a folder without a class", {
        "config.json": config("bert"), "tokenizer.json": {**bert_json, "normalizer": {**lower, "lowercase": False}}, "tokenizer_config.json": {"tokenizer_class": fast}
    }
    yield "electra with other flags", {
        "config.json": config("electra"), "tokenizer.json": bert_json,
        "tokenizer_config.json": {"tokenizer_class": "ElectraTokenizer", "tokenize_chinese_chars": False, "strip_accents": False},
    }
    yield "distilbert", {"config.json": config("distilbert"), "tokenizer.json": bert_json, "tokenizer_config.json": {"tokenizer_class": "DistilBertTokenizer"}}
    yield "word pieces with steps of their own", {
        "config.json": config("bert"),
        "tokenizer.json": {
            **bert_json,
            "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Strip", "strip_left": True, "strip_right": True}]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Whitespace"}, {"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Contiguous"}]},
            "added_tokens": [*bert_added, *clinical],
        },
        "tokenizer_config.json": {"tokenizer_class": fast, "mask_token": "[MASK]"},
    }
    mpnet_names = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "[UNK]", "pad_token": "<pad>", "mask_token": "<mask>"}
    mpnet_added = [added(words[t], t, normalized=False, special=True) for t in ("<s>", "<pad>", "</s>")] + [added(words["<mask>"], "<mask>", lstrip=True, normalized=False, special=True)]
    yield "mpnet, vocab.txt alone", {"config.json": config("mpnet"), **vocab}
    yield "mpnet, vocab.txt with special_tokens_map.json", {
        "config.json": config("mpnet"), **vocab,
        "special_tokens_map.json": {**mpnet_names, "mask_token": {"content": "<mask>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False}},
        "tokenizer_config.json": {"tokenizer_class": "MPNetTokenizer", "do_lower_case": True},
    }
    yield "mpnet, tokenizer.json", {
        "config.json": config("mpnet"), "tokenizer.json": {**bert_json, "added_tokens": [*mpnet_added, *clinical]},
        "tokenizer_config.json": {"tokenizer_class": "MPNetTokenizer", **mpnet_names},
    }

    byte = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    bpe = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": "$pairs", "merges": "$merges"}
    bpe_added = [added(pairs["vocab"][t], t, normalized=True, special=True) for t in ("<s>", "<pad>", "</s>", "<unk>")] + [added(pairs["vocab"]["<mask>"], "<mask>", lstrip=True, normalized=False, special=True)]
    roberta_around = {"type": "RobertaProcessing", "sep": ["</s>", pairs["vocab"]["</s>"]], "cls": ["<s>", pairs["vocab"]["<s>"]], "trim_offsets": True, "add_prefix_space": False}
    roberta_json = json_of(bpe, added_tokens=bpe_added, pre_tokenizer=byte, post_processor=roberta_around, decoder=byte)
    files = {"config.json": config("roberta"), "vocab.json": "$pairs", "merges.txt": "$merges-lines"}
    yield "vocab.json and merges.txt alone", files
    yield "vocab.json with add_prefix_space", {**files, "tokenizer_config.json": {"add_prefix_space": True}}
    yield "vocab.json with added_tokens.json", {
        **files, "added_tokens.json": {"COPD": m, "HTN": m + 1},
        "special_tokens_map.json": {"mask_token": {"content": "<mask>", "lstrip": True, "rstrip": False, "single_word": False, "normalized": True}},
    }
    yield "roberta, tokenizer.json", {"config.json": config("roberta"), "tokenizer.json": roberta_json}
    yield "roberta, tokenizer.json with a prefix that the folder does not ask for", {
        "config.json": config("roberta"), "tokenizer.json": {**roberta_json, "pre_tokenizer": {**byte, "add_prefix_space": True}},
        "tokenizer_config.json": {"tokenizer_class": "RobertaTokenizer", "mask_token": "<mask>"},
    }
    yield "roberta, tokenizer.json, add_prefix_space by tokenizer_config.json", {
        "config.json": config("roberta"), "tokenizer.json": {**roberta_json, "added_tokens": [*bpe_added, added(m, "COPD", single_word=True), added(m + 1, "HTN", rstrip=True)]},
        "tokenizer_config.json": {"tokenizer_class": "RobertaTokenizerFast", "add_prefix_space": True},
    }
    modern = [added(pairs["vocab"][t], t, normalized=False, special=True) for t in ("<pad>", "<unk>", "<s>", "</s>")]
    modern += [added(m + i, " " * (24 - i)) for i in range(23)] + [added(m + 23, "|||IP_ADDRESS|||"), added(m + 24, "|||EMAIL|||"), added(m + 25, "[unused0]")]
    modern += [added(m + 26, "[MASK]", lstrip=True, normalized=False, special=True), added(m + 27, "[CLS]", normalized=False, special=True), added(m + 28, "[SEP]", normalized=False, special=True)]
    yield "modernbert", {
        "config.json": config("modernbert"),
        "tokenizer.json": json_of(bpe, added_tokens=modern, normalizer={"type": "NFC"}, pre_tokenizer=byte, post_processor=surrounded("[CLS]", "[SEP]", m + 27, m + 28), decoder=byte),
        "tokenizer_config.json": {"tokenizer_class": fast, "added_tokens_decoder": by_id(modern), "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "pad_token": "<pad>", "unk_token": "<unk>"},
    }
    cut = {"type": "Split", "pattern": {"Regex": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"}, "behavior": "Isolated", "invert": False}
    yield "modernbert with another pattern", {
        "config.json": config("modernbert"),
        "tokenizer.json": {**roberta_json, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [cut, {**byte, "use_regex": False}]}},
        "tokenizer_config.json": {"tokenizer_class": fast, "mask_token": "<mask>"},
    }

    xlm_added = [added(i, t, normalized=False, special=True) for i, t in enumerate(["<s>", "<pad>", "</s>", "<unk>"])] + [added(u - 1, "<mask>", lstrip=True, normalized=False, special=True)]
    meta = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    unigram_model = {"type": "Unigram", "unk_id": 3, "vocab": "$pieces", "byte_fallback": False}
    charsmap = {"type": "Precompiled", "precompiled_charsmap": "$charsmap"}
    xlm_json = json_of(
        unigram_model, added_tokens=xlm_added, normalizer=charsmap, post_processor=surrounded("<s>", "</s>", 0, 2), decoder=meta,
        pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, meta]},
    )
    yield "xlm-roberta", {"config.json": config("xlm-roberta"), "tokenizer.json": xlm_json, "tokenizer_config.json": {"tokenizer_class": "XLMRobertaTokenizer"}}
    yield "xlm-roberta with other steps and added tokens", {
        "config.json": config("xlm-roberta"),
        "tokenizer.json": {
            **xlm_json, "added_tokens": [*xlm_added, added(u, "COPD"), added(u + 1, "HTN", single_word=True, normalized=False)], "pre_tokenizer": meta,
            "normalizer": {"type": "Sequence", "normalizers": [charsmap, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        },
        "tokenizer_config.json": {"tokenizer_class": "XLMRobertaTokenizerFast", "add_prefix_space": False},
    }
    yield "camembert", {
        "config.json": config("camembert"), "tokenizer.json": xlm_json,
        "tokenizer_config.json": {"tokenizer_class": "CamembertTokenizer", "additional_special_tokens": ["</s>NOTUSED"], "mask_token": "<mask>"},
    }
    yield "pieces with steps of their own", {
        "config.json": config("xlm-roberta"),
        "tokenizer.json": {
            **xlm_json, "pre_tokenizer": {**meta, "prepend_scheme": "first"},
            "normalizer": {"type": "Sequence", "normalizers": [charsmap, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Strip", "strip_left": False, "strip_right": True}]},
        },
        "tokenizer_config.json": {"tokenizer_class": fast, "mask_token": "<mask>"},
    }
    yield "pieces in long pre-tokens", {
        "config.json": config("xlm-roberta"),
        "tokenizer.json": {**xlm_json, "pre_tokenizer": {**meta, "split": False}, "normalizer": {"type": "NFKC"}},
        "tokenizer_config.json": {"tokenizer_class": fast, "mask_token": "<mask>"},
    }
    yield "xlm-roberta, sentencepiece.bpe.model alone", {"config.json": config("xlm-roberta"), "sentencepiece.bpe.model": "$model"}
    yield "camembert, sentencepiece.bpe.model alone", {"config.json": config("camembert"), "sentencepiece.bpe.model": "$model"}


def filled(value, named):
    if isinstance(value, str) and value[:1] == "$":
        return named[value[1:]]
    if isinstance(value, dict):
        return {k: filled(v, named) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, named) for v in value]
    return value


def write(folder, files, named):
    folder.mkdir(parents=True)
    for name, content in files.items():
        content = filled(content, named)
        data = content if isinstance(content, bytes) else content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def main():
    big = len(sys.argv) > 2
    texts = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")] if big else tricky
    training = texts[::10] if big else [*lines, *tricky[:20]]
    training = [t.replace("\0", " ") for t in training]
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 700
    model = sentence_piece(training, size if big else 400, full=big)
    pieces, charsmap = unigram(model)
    words, pairs = wordpiece(training, size), byte_level(training, size)
    bases = {"words": words, "pairs": pairs, "pieces": pieces}
    named = {
        "words": words, "lines": lines_of(words), "lines-windows": lines_of(words, "\r\n"), "pairs": pairs["vocab"], "merges": pairs["merges"],
        "merges-lines": "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in pairs["merges"]), "pieces": pieces, "charsmap": charsmap, "model": model,
    }
    kinds = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(sys.argv[1]) if big else Path(temporary)
        for i, (name, files) in enumerate(folders(bases)):
            write(root / str(i), files, named)
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(root / str(i)))
            ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
            around = tokenizer("")["input_ids"]
            kinds.append({"name": name, "files": files, "around": around, "mask": tokenizer.mask_token_id, "ids": ids})
            print(i, name, sum(map(len, ids)), file=sys.stderr)
    # What follows from the others is not written.
    for derived in ("lines", "lines-windows", "merges-lines"):
        del named[derived]
    named["model"] = base64.b64encode(named["model"]).decode()
    golden = {"transformers": transformers.__version__, "named": named, "texts": texts, "kinds": kinds}
    target = Path(sys.argv[1]) / "golden.json" if big else here / "tokenizers.json"
    target.write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")


main()
