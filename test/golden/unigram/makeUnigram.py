"""Writes unigram.json: tiny SentencePiece vocabularies laid out as XLM-RoBERTa's and CamemBERT's.

    python test/golden/unigram/makeUnigram.py    (tokenizers)

Each case holds a tokenizer.json, ids of the special tokens, texts, and their ids without these.
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

corpus = [
    "The patient was seen on the ward round and is comfortable.",
    "Douleur au genou gauche après une chute, pas de fracture.",
    "Seen by the nurse: blood pressure 120/80, pulse 72, temperature 36.8.",
    "Humeur triste depuis deux semaines, dort mal, nie toute idée suicidaire.",
] * 8
texts = [
    "Patient comfortable on the ward.",
    "  Douleur   au genou\n\ngauche ",
    "",
    "blood pressure 120/80 ŒÉ ﬁn 日本",
    "a<mask> b",
]
layouts = {
    "xlm-roberta": ["<s>", "<pad>", "</s>", "<unk>"],
    "camembert": ["<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED", "<s>", "</s>"],
}

cases = []
for family, specials in layouts.items():
    trained = Tokenizer(models.Unigram())
    trained.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(" {2,}", " ")]
    )
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=150, special_tokens=specials, unk_token="<unk>", show_progress=False
    )
    trained.train_from_iterator(corpus, trainer)
    trained.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    ids = {name: trained.token_to_id(name) for name in ["<s>", "</s>", "<pad>", "<unk>", "<mask>"]}
    encoded = [trained.encode(text, add_special_tokens=False).ids for text in texts]
    tokenizer = json.loads(trained.to_str())
    cases.append({"family": family, "tokenizer": tokenizer, "special": ids, "ids": encoded})
path = Path(__file__).with_name("unigram.json")
path.write_text(json.dumps({"texts": texts, "cases": cases}, ensure_ascii=False) + "\n")
