"""Writes wordpiece.json: ids of transformers' BertTokenizer, made from vocab.txt alone.

    python test/golden/wordpiece/makeWordPiece.py

The vocabulary holds every character of the texts, as it is and as a continuation, and some words, so
that case, accents and Chinese characters all show in the ids.
"""

import json
import pathlib
import tempfile
import unicodedata

import transformers

here = pathlib.Path(__file__).parent
texts = json.loads((here.parent / "bpe" / "tricky.json").read_text(encoding="utf-8"))
texts += [
    "Naïve CAFÉ, Ärztin, Ångström; fiancée cafe\u0301 (decomposed)",
    "İstanbul ΟΔΟΣ Straße",
    "血压120/80，体温正常。 pain痛pain",
    "tabs\tand\u00a0no-break\u2003em\u3000ideographic spaces",
    "control\u0000\u0007\u200b\ufffd\ufeff\u00adcharacters",
    "mask [MASK] and [CLS] by name, but not [mask]",
    "x" * 100 + " " + "x" * 101,
    "BP 120/80mmHg; O2-sats 98% (RA) -> ↑HR ½ tablet 5µg £3 … “quoted” ‘so’ it's",
    "ﬁrst ligature Ⅳ ²",
]
words = ["patient", "Patient", "pain", "Pain", "cafe", "café", "CAFÉ", "naive", "##tient", "tabs"]
specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

characters = set()
for text in texts:
    for form in (text, text.lower(), unicodedata.normalize("NFD", text.lower())):
        characters.update(c for c in form if not c.isspace() and unicodedata.category(c)[0] != "C")
characters -= set("ↄ😀")
pieces = sorted(characters)
vocabulary = specials + words + pieces + [f"##{piece}" for piece in pieces]

cases = []
for settings in (
    {},
    {"do_lower_case": False},
    {"do_lower_case": False, "strip_accents": True},
    {"do_lower_case": True, "strip_accents": False},
    {"tokenize_chinese_chars": False},
):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "vocab.txt").write_text("".join(f"{t}\n" for t in vocabulary), encoding="utf-8")
        (path / "tokenizer_config.json").write_text(json.dumps(settings))
        tokenizer = transformers.BertTokenizer.from_pretrained(folder)
        ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    cases.append({"settings": settings, "ids": ids})

golden = {
    "transformers": transformers.__version__,
    "vocabulary": vocabulary,
    "texts": texts,
    "cases": cases,
}
(here / "wordpiece.json").write_text(
    json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8"
)
