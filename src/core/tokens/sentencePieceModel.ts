/** Reads a SentencePiece model (sentencepiece_model.proto): what a tokenizer.json needs of it. */
import { failure } from '../base/errors.js';

export interface SentencePieceModel {
  /** In the order of SentencePiece's own ids. */
  readonly pieces: readonly Piece[];
  readonly isUnigram: boolean;
  /** Base64; `null` if texts are not normalized. */
  readonly charsmap: string | null;
}

interface Piece {
  readonly token: string;
  readonly score: number;
  /** Names of special tokens, and words that are never cut. */
  readonly isAdded: boolean;
}

const unigram = 1;
const [control, userDefined] = [3, 4];

export function parseSentencePiece(bytes: Buffer, path: string): SentencePieceModel {
  try {
    const model = fieldsOf(bytes);
    const trainer = fieldsOf(bytesOf(model, 2));
    const normalizer = fieldsOf(bytesOf(model, 3));
    const charsmap = bytesOf(normalizer, 2);
    const pieces = (model.get(1) ?? []).map((piece) => parsePiece(piece as Buffer));
    if (pieces.length === 0) throw new Error('no pieces');
    return {
      pieces,
      isUnigram: (trainer.get(3)?.at(-1) ?? unigram) === unigram,
      charsmap: charsmap.length === 0 ? null : charsmap.toString('base64'),
    };
  } catch (error) {
    throw failure(`${path} is damaged: it is no SentencePiece model; copy the model again.`, {
      cause: error,
    });
  }
}

function parsePiece(bytes: Buffer): Piece {
  const fields = fieldsOf(bytes);
  const score = bytesOf(fields, 2);
  const type = fields.get(3)?.at(-1);
  return {
    token: bytesOf(fields, 1).toString('utf8'),
    score: score.length === 4 ? score.readFloatLE(0) : 0,
    isAdded: type === control || type === userDefined,
  };
}

type Fields = ReadonlyMap<number, readonly (Buffer | number)[]>;

function bytesOf(fields: Fields, field: number): Buffer {
  const value = fields.get(field)?.at(-1);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** Fields of a message by number: varints as numbers, everything else as bytes. */
function fieldsOf(bytes: Buffer): Fields {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error('a varint without end');
  };
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new Error('a field beyond the end');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const read = (wire: number): Buffer | number => {
    if (wire === 0) return varint();
    if (wire === 1) return take(8);
    if (wire === 2) return take(varint());
    if (wire === 5) return take(4);
    throw new Error(`wire type ${wire}`);
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const value = read(key % 8);
    const values = fields.get(field);
    if (values === undefined) fields.set(field, [value]);
    else values.push(value);
  }
  return fields;
}
