"""An epoch of masked language modelling as a user of Hugging Face would run it: Trainer, its collator, its padding.

Answers {"steps": N} as turns.py says, {} with the number of steps of the epoch, {"save": FOLDER} at the end.
"""

import json
import math

import transformers

from epoch_options import parse
from turns import Turns

arguments = parse()
transformers.utils.logging.set_verbosity_error()
tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.base)
model = transformers.AutoModelForMaskedLM.from_pretrained(arguments.base)
with open(arguments.data, encoding="utf-8") as lines:
    texts = [json.loads(line)["text"] for line in lines]
# Notes that are longer than the window are cut into several, so that no text is dropped.
windows = tokenizer(texts, truncation=True, max_length=arguments.max_length, return_overflowing_tokens=True)
dataset = [{"input_ids": ids} for ids in windows["input_ids"]]
steps = math.ceil(len(dataset) / arguments.batch)
turns = Turns()


class Collator(transformers.DataCollatorForLanguageModeling):
    """Counts tokens without padding."""

    tokens = 0

    def __call__(self, features, return_tensors=None):
        Collator.tokens = sum(len(feature["input_ids"]) for feature in features)
        return super().__call__(features, return_tensors)


class InTurns(transformers.TrainerCallback):
    def on_train_begin(self, *_, **__):
        turns.wait()

    def on_step_end(self, *_, **__):
        turns.lap(Collator.tokens)


trainer = transformers.Trainer(
    model=model,
    args=transformers.TrainingArguments(
        output_dir=arguments.base + ".trainer",
        num_train_epochs=1,
        per_device_train_batch_size=arguments.batch,
        learning_rate=arguments.learning_rate,
        warmup_steps=0,
        weight_decay=0.01,
        bf16=arguments.precision == "bf16",
        use_cpu=True,
        seed=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        logging_strategy="no",
        dataloader_pin_memory=False,
    ),
    train_dataset=dataset,
    data_collator=Collator(tokenizer=tokenizer, mlm_probability=0.15),
    callbacks=[InTurns()],
)
turns.wait()
turns.answer({"steps": steps})
trainer.train()
model.save_pretrained(turns.request["save"])
turns.answer({"saved": True})
