"""Makes golden.json: merges and ids of Hugging Face's `tokenizers` on corpus.txt and tricky.json.

    python makeGolden.py          (needs tokenizers; written with 0.22)
"""

import json
from pathlib import Path

import tokenizers
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer
from tokenizers.processors import RobertaProcessing

here = Path(__file__).parent
lines = (here / "corpus.txt").read_text(encoding="utf-8").split("\n")
tricky = json.loads((here / "tricky.json").read_text(encoding="utf-8"))
special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def train(vocabulary_size, min_frequency):
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        lines,
        vocab_size=vocabulary_size,
        min_frequency=min_frequency,
        special_tokens=special,
        show_progress=False,
    )
    return tokenizer


def merges(tokenizer):
    model = json.loads(tokenizer.to_str())["model"]
    return [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]


frequent = train(500, 2)
# So many that ties decide nearly every merge.
rare = train(900, 1)
rare.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0))
rare.add_special_tokens(special[:4])
rare.add_special_tokens([tokenizers.AddedToken("<mask>", lstrip=True)])

wordpiece = BertWordPieceTokenizer(lowercase=True)
wordpiece.train_from_iterator(lines, vocab_size=400, min_frequency=2, show_progress=False)

golden = {
    "tokenizers": tokenizers.__version__,
    "frequent": {"vocabularySize": 500, "minFrequency": 2, "merges": merges(frequent)},
    "rare": {
        "vocabularySize": 900,
        "minFrequency": 1,
        "merges": merges(rare),
        "ids": [rare.encode(text, add_special_tokens=False).ids for text in tricky],
    },
    "wordpiece": {
        "tokenizerJson": json.loads(wordpiece.to_str()),
        "ids": [wordpiece.encode(text, add_special_tokens=False).ids for text in tricky],
    },
}
(here / "golden.json").write_text(
    json.dumps(golden, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8"
)
