"""Keyword scores by scikit-learn and rank_bm25, for test/core/index/terms.test.ts.

    pip install scikit-learn rank-bm25
    python test/golden/keywords/makeKeywords.py
"""

import json
import re
from pathlib import Path

from rank_bm25 import BM25Plus
from sklearn.feature_extraction.text import TfidfVectorizer

TEXTS = [
    "Chest pain on exertion, relieved by rest. No chest pain today.",
    "Cough and fever for three days; chest clear. Cough cough cough.",
    "Left knee pain after a fall. Knee swollen, pain on walking, no fracture seen.",
    "Low mood, poor sleep, no appetite for weeks.",
    "Naïve œdema of both ankles; 10 mg furosemide_x2 started.",
    "Rest.",
    "pain " * 40 + "chest",
]
QUERIES = ["chest pain", "pain pain pain in the knee knee", "œdema", "nothing known here", "for"]

words = lambda text: re.findall(r"\w\w+", text.lower())
vectorizer = TfidfVectorizer(sublinear_tf=True)
rows = vectorizer.fit_transform(TEXTS)
bm25 = BM25Plus([words(text) for text in TEXTS], k1=1.5, b=0.75, delta=0)
golden = {
    "texts": TEXTS,
    "queries": QUERIES,
    "tfIdf": [(vectorizer.transform([q]) @ rows.T).toarray()[0].tolist() for q in QUERIES + TEXTS],
    "bm25": [bm25.get_scores(words(q)).tolist() for q in QUERIES],
}
path = Path(__file__).parent / "keywords.json"
path.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
