"""Makes text.json: short texts, their TF-IDF rows and naive Bayes, by scikit-learn.

    python test/golden/evaluate/makeText.py

The texts are made up. They hold letters of several scripts, capitals whose lower case is longer, digits
that are no ASCII, marks between words, and characters on both sides of U+FFFF, whose order differs by
code point and by UTF-16.
"""

import json
import pathlib

import sklearn
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.naive_bayes import MultinomialNB

texts = [
    "Chest pain on exertion, chest clear. No chest pain at rest.",
    "Fell from a ladder; pain in the left wrist, no deformity.",
    "Left wrist X-ray: no fracture seen. Left wrist splinted.",
    "Chest X-ray clear, ECG normal.",
    "Échographie: rein gauche NORMAL; œdème discret.",
    "ΟΔΟΣ και ΣΟΦΟΣ, İstanbul straße STRASSE",
    "snake_case under_score a b cd 12 ٣٤ x2 H₂O m² ½dose Ⅷ",
    "\U00010400\U00010428x \ufb01ne \uff21\uff22 \U0001d504\U0001d505 \u4e2d\u6587 \u0915\u094d\u0937",
    "don't stop-start e.g. 3.5mg b.d. co\u0301rdoba",
    "",
    "a b c",
]
classes = [0, 1, 1, 0, 2, 2, 1, 2, 0, 1, 1]
others = ["No fracture; chest pain, chest clear.", "İstanbul straße unknown words", "12 ٣٤ x2", "zzz"]


def sparse(matrix):
    matrix = matrix.tocsr()
    matrix.sort_indices()
    return {"starts": matrix.indptr.tolist(), "indices": matrix.indices.tolist(), "values": matrix.data.tolist()}


def tf_idf(pairs, least, sublinear):
    made = TfidfVectorizer(ngram_range=(1, 2 if pairs else 1), min_df=least, sublinear_tf=sublinear)
    rows = made.fit_transform(texts)
    return {
        "options": {"pairs": pairs, "minDocuments": least, "sublinear": sublinear},
        "terms": made.get_feature_names_out().tolist(), "inverseFrequencies": made.idf_.tolist(),
        "rows": sparse(rows), "others": sparse(made.transform(others)),
    }


counter = CountVectorizer(ngram_range=(1, 2))
bayes = MultinomialNB().fit(counter.fit_transform(texts), classes)
word = "".join(map(chr, (c for c in range(0x110000) if not 0xD800 <= c < 0xE000)))
tokens = CountVectorizer(token_pattern=r"(?u)\w", lowercase=False).build_tokenizer()(word)
ranges = []
for code in map(ord, tokens):
    if ranges and ranges[-1][1] == code - 1:
        ranges[-1][1] = code
    else:
        ranges.append([code, code])

out = {
    "versions": {"scikit-learn": sklearn.__version__},
    "texts": texts, "classes": classes, "others": others,
    "tfIdf": [tf_idf(True, 1, True), tf_idf(False, 1, False), tf_idf(True, 2, True)],
    "naiveBayes": bayes.predict_proba(counter.transform(others)).ravel().tolist(),
    "wordCharacters": ranges,
}
pathlib.Path(__file__).with_name("text.json").write_text(json.dumps(out) + "\n")
