"""What sentence-transformers makes of tiny random models with modules and prompts, for tests.

    python test/golden/sentences/makeSentences.py

sentences.json has, for each case, the files that its folder has beside those of its base
(test/fixtures/tinyBert or tinyRoberta), Dense weights as lists, and the vectors of `encode_query` and
`encode_document`, normalised, rounded to 6 digits. The texts fit into the
window. Written with the versions that the file names.
"""

import json
import pathlib
import shutil
import tempfile

import numpy
import safetensors.torch
import sentence_transformers
import torch
import transformers

here = pathlib.Path(__file__).parent
fixtures = here.parent.parent / "fixtures"
width = 32

texts = [
    "Patient comfortable on the ward.",
    "Pain in the LEFT knee",
    "  blood pressure 120/80 ",
    "Mood low for two weeks, sleeping poorly.",
]


def modules(*types):
    return [
        {
            "idx": i,
            "name": str(i),
            "path": "" if i == 0 else f"{i}_{name}",
            "type": f"sentence_transformers.models.{name}",
        }
        for i, name in enumerate(("Transformer", "Pooling", *types))
    ]


def pooling(*modes, **more):
    flags = {
        "cls": "pooling_mode_cls_token",
        "mean": "pooling_mode_mean_tokens",
        "max": "pooling_mode_max_tokens",
        "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
        "weightedmean": "pooling_mode_weightedmean_tokens",
        "lasttoken": "pooling_mode_lasttoken",
    }
    fields = {flag: mode in modes for mode, flag in flags.items()}
    return {"word_embedding_dimension": width, **fields, **more}


def dense(rows, activation, columns=width, bias=True):
    name = "linear.Identity" if activation == "Identity" else f"activation.{activation}"
    return {
        "in_features": columns,
        "out_features": rows,
        "bias": bias,
        "activation_function": f"torch.nn.modules.{name}",
    }


prompts = {"query": "query: ", "document": "passage: "}
cases = {
    "mean": {"modules.json": modules("Normalize"), "1_Pooling/config.json": pooling("mean")},
    "cls": {"modules.json": modules(), "1_Pooling/config.json": pooling("cls")},
    "max": {"modules.json": modules(), "1_Pooling/config.json": pooling("max")},
    "lasttoken": {"modules.json": modules(), "1_Pooling/config.json": pooling("lasttoken")},
    "weightedmean": {"modules.json": modules(), "1_Pooling/config.json": pooling("weightedmean")},
    "cls, mean and square root": {
        "modules.json": modules("Normalize"),
        "1_Pooling/config.json": pooling("cls", "mean", "mean_sqrt_len_tokens"),
    },
    "named, in another order": {
        "modules.json": modules(),
        "1_Pooling/config.json": {
            "embedding_dimension": width,
            "pooling_mode": ["mean", "max", "cls"],
            "include_prompt": True,
        },
    },
    "Dense with tanh": {
        "modules.json": modules("Dense", "Normalize"),
        "1_Pooling/config.json": pooling("mean"),
        "2_Dense/config.json": dense(24, "Tanh"),
    },
    "two Dense, without bias": {
        "modules.json": modules("Dense", "Dense"),
        "1_Pooling/config.json": pooling("cls"),
        "2_Dense/config.json": dense(48, "GELU", bias=False),
        "3_Dense/config.json": dense(20, "Identity", 48),
    },
    "Dense without activation": {
        "modules.json": modules("Dense", "Normalize"),
        "1_Pooling/config.json": pooling("mean"),
        "2_Dense/config.json": dense(24, "Identity"),
    },
    "Dense with relu and sigmoid": {
        "modules.json": modules("Dense", "Dense"),
        "1_Pooling/config.json": pooling("mean"),
        "2_Dense/config.json": dense(32, "ReLU"),
        "3_Dense/config.json": dense(32, "Sigmoid"),
    },
    "prompts": {
        "modules.json": modules(),
        "1_Pooling/config.json": pooling("cls"),
        "config_sentence_transformers.json": {"prompts": prompts, "similarity_fn_name": "cosine"},
    },
    "prompts that are not pooled": {
        "modules.json": modules("Normalize"),
        "1_Pooling/config.json": pooling("mean", include_prompt=False),
        "config_sentence_transformers.json": {"prompts": prompts},
    },
    "prompts that are not pooled by the first, largest and last token": {
        "modules.json": modules(),
        "1_Pooling/config.json": pooling("cls", "max", "lasttoken", include_prompt=False),
        "config_sentence_transformers.json": {"prompts": prompts},
    },
    "a default prompt": {
        "modules.json": modules(),
        "1_Pooling/config.json": pooling("mean"),
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "topic": "topic: "},
            "default_prompt_name": "topic",
        },
    },
    "a short window": {
        "modules.json": modules("Normalize"),
        "1_Pooling/config.json": pooling("mean"),
        "sentence_bert_config.json": {"max_seq_length": 24, "do_lower_case": False},
    },
    "fewer dimensions": {
        "modules.json": modules("Normalize"),
        "1_Pooling/config.json": pooling("mean"),
        "config_sentence_transformers.json": {"truncate_dim": 12},
    },
    "lower case": {
        "base": "tinyRoberta",
        "modules.json": modules(),
        "1_Pooling/config.json": pooling("mean"),
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": True},
        "config_sentence_transformers.json": {"prompts": prompts},
    },
}


def rounded(values):
    return [[round(x, 6) for x in row] for row in values.tolist()]


def make(files):
    base = files.get("base", "tinyBert")
    files = {name: content for name, content in files.items() if name != "base"}
    weights = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for file in (fixtures / base).iterdir():
            shutil.copy(file, folder / file.name)
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(json.dumps(content))
            if "Dense" not in name:
                continue
            shape = (content["out_features"], content["in_features"])
            tensors = {"linear.weight": torch.randn(shape).mul(0.3)}
            if content["bias"]:
                tensors["linear.bias"] = torch.randn(shape[0])
            tensors = {key: value.mul(1000).round() / 1000 for key, value in tensors.items()}
            safetensors.torch.save_file(tensors, folder / name.replace("config.json", "model.safetensors"))
            weights[name.split("/")[0]] = {
                key: [round(x, 3) for x in value.flatten().tolist()] for key, value in tensors.items()
            }
        model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
        answers = {}
        for kind, encode in (("query", model.encode_query), ("document", model.encode_document)):
            vectors = encode(texts)
            answers[kind] = rounded(vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True))
        return {"base": base, "files": files, "weights": weights, **answers}


torch.manual_seed(3)
golden = {
    "versions": {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "sentence-transformers": sentence_transformers.__version__,
    },
    "texts": texts,
    "cases": {name: make(files) for name, files in cases.items()},
}
(here / "sentences.json").write_text(json.dumps(golden) + "\n")
