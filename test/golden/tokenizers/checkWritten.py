"""Whether transformers tokenizes with the folders that compareTokenizers.ts wrote as with the first ones.

    python checkWritten.py OUT
"""

import json
import sys
from pathlib import Path

import transformers

out = Path(sys.argv[1])
golden = json.loads((out / "golden.json").read_text(encoding="utf-8"))
differences = 0
for i, kind in enumerate(golden["kinds"]):
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(out / "written" / str(i)))
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in golden["texts"]]
    wrong = [t for t, a, b in zip(golden["texts"], ids, kind["ids"]) if a != b]
    around = tokenizer("")["input_ids"]
    differences += len(wrong) + (around != kind["around"])
    print(i, kind["name"], type(tokenizer).__name__, len(wrong), around == kind["around"], [repr(t)[:80] for t in wrong[:2]])
print(len(golden["texts"]), "texts,", len(golden["kinds"]), "kinds,", differences, "differences")
