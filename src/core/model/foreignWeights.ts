/** Weights in formats that are not read: what they are, and what to do instead. */

interface ForeignFormat {
  readonly pattern: RegExp;
  readonly what: (file: string) => string;
}

const inPython = (load: string): string =>
  `convert it in Python with transformers 4, by AutoModelForMaskedLM.from_pretrained(folder, ${load}).save_pretrained(new_folder), and choose that folder`;

/** The first that fits is named: what can be converted comes before what cannot. */
const formats: readonly ForeignFormat[] = [
  {
    pattern: /^tf_model(-\d+-of-\d+)?\.h5$/,
    what: (file) => `only for TensorFlow (${file}): ${inPython('from_tf=True')}.`,
  },
  {
    pattern: /^flax_model(-\d+-of-\d+)?\.msgpack$/,
    what: (file) => `only for Flax (${file}): ${inPython('from_flax=True')}.`,
  },
  {
    pattern: /\.ckpt(\.index|\.meta|\.data-.*)$/,
    what: (file) =>
      `only as a checkpoint of TensorFlow 1 (${file}): look for the same model with model.safetensors or pytorch_model.bin, or convert it in Python with transformers' conversion script.`,
  },
  {
    pattern: /\.gguf$/i,
    what: (file) =>
      `only as GGUF (${file}), a format for llama.cpp: choose the original model that it was made from, with model.safetensors.`,
  },
  {
    pattern: /\.(ckpt|pt|pth|pkl|pickle)$/i,
    what: (file) =>
      `only as a checkpoint of a training program (${file}): save the model in Python, by save_pretrained(folder), and choose that folder.`,
  },
  {
    pattern: /\.onnx$|^onnx$/i,
    what: () =>
      'only as ONNX, which can be run but not trained or adapted: choose the original model that it was made from, with model.safetensors.',
  },
  {
    pattern: /^(openvino_model\.(bin|xml)|rust_model\.ot)$/,
    what: (file) =>
      `only for another program (${file}): choose the original model that it was made from, with model.safetensors.`,
  },
];

/** The rest of a sentence that begins with "has its weights"; `null` if there are none such. */
export function foreignWeights(names: Iterable<string>): string | null {
  const all = [...names].sort();
  for (const { pattern, what } of formats) {
    const file = all.find((name) => pattern.test(name));
    if (file !== undefined) return what(file);
  }
  return null;
}
