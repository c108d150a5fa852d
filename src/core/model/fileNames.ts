/** File names of a model folder, as Hugging Face uses them. */
export const modelFileNames = {
  config: 'config.json',
  weights: 'model.safetensors',
  /** Maps tensors to files if the weights are split over several. */
  weightsIndex: 'model.safetensors.index.json',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokens: 'special_tokens_map.json',
  card: 'README.md',
  /**
   * Notespace's own data: salted training hashes, and which weights the ONNX file was made from.
   */
  notespace: 'notespace.json',
  onnxFolder: 'onnx',
  onnx: 'onnx/model.onnx',
  modules: 'modules.json',
  poolingFolder: '1_Pooling',
  pooling: '1_Pooling/config.json',
  sentenceTransformer: 'config_sentence_transformers.json',
  sentenceBert: 'sentence_bert_config.json',
} as const;

/** What torch.save writes: pickles, which are read but never executed, and never written. */
export const torchWeights = 'pytorch_model.bin';
export const torchWeightsIndex = 'pytorch_model.bin.index.json';

/** A folder of peft: factors to be merged onto a base model. */
export const adapterFileNames = {
  config: 'adapter_config.json',
  weights: 'adapter_model.safetensors',
  torchWeights: 'adapter_model.bin',
} as const;
