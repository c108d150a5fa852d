/** What a model folder holds, by Hugging Face's names. */
export const modelFileNames = {
  config: 'config.json',
  weights: 'model.safetensors',
  /** Where the weights are split over several files: which tensor is in which. */
  weightsIndex: 'model.safetensors.index.json',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  specialTokens: 'special_tokens_map.json',
  card: 'README.md',
  /** What only Notespace knows: salted training hashes, and which weights the ONNX file holds. */
  notespace: 'notespace.json',
  onnxFolder: 'onnx',
  onnx: 'onnx/model.onnx',
  modules: 'modules.json',
  poolingFolder: '1_Pooling',
  pooling: '1_Pooling/config.json',
  sentenceTransformer: 'config_sentence_transformers.json',
  sentenceBert: 'sentence_bert_config.json',
} as const;
