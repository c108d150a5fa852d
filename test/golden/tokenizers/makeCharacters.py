"""Writes src/core/tokens/characterRanges.ts: which characters the `tokenizers` package puts into which
class, found by asking it about every code point.

Its classes come from Unicode tables of several ages, older than JavaScript's, so JavaScript's own
classes would cut texts in other places.

    python makeCharacters.py    # tokenizers 0.23.3
"""

from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def bert(**on: bool) -> normalizers.BertNormalizer:
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**off, **on})


def ranges(belongs) -> str:
    found: list[list[int]] = []
    for character in characters:
        if belongs(character):
            code = ord(character)
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


clean, accents = bert(clean_text=True), bert(strip_accents=True)
marks = normalizers.StripAccents()
words = pre_tokenizers.BertPreTokenizer()
bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False)
single = Tokenizer(models.WordPiece({"?": 0, "+": 1}, unk_token="?"))
single.add_tokens([AddedToken("+", single_word=True, normalized=False)])


def pieces(text: str) -> int:
    return len(bytes_.pre_tokenize_str(text))


classes = {
    "removedByBert": lambda c: clean.normalize_str(f"a{c}b") == "ab",
    "punctuation": lambda c: len(words.pre_tokenize_str(f"a{c}b")) == 3,
    "nonspacingMarks": lambda c: accents.normalize_str(c) == "",
    "combiningMarks": lambda c: marks.normalize_str(c) == "",
    "letters": lambda c: pieces(f"aa{c}aa") == 1,
    "numbers": lambda c: pieces(f"11{c}11") == 1,
    "wordCharacters": lambda c: 1 not in single.encode(f"{c}+").ids,
}

lines = [
    "/**",
    " * Classes of characters as Hugging Face's `tokenizers` has them: ranges of code points in hexadecimal.",
    " * Written by test/golden/tokenizers/makeCharacters.py, which says why.",
    " */",
    "export const characterRanges = {",
]
for name, belongs in classes.items():
    lines += [f"  {name}:", f"    '{ranges(belongs)}',"]
lines += ["} as const;", ""]
target = Path(__file__).parents[3] / "src/core/tokens/characterRanges.ts"
target.write_text("\n".join(lines), encoding="utf-8")
