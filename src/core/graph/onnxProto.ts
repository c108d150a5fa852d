/**
 * Encodes ONNX's protobuf (onnx.proto3): only the few messages and fields that our models use, to
 * avoid a protobuf library. Field numbers are those of the published schema.
 */
import { onnxElementTypes } from './onnxModel.js';
import type {
  OnnxAttribute,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxValue,
} from './onnxModel.js';

/** IR version 9 matches opset 20. */
const irVersion = 9;
const wireVarint = 0;
const wireBytes = 2;
const wireFixed32 = 5;
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;
const encoder = new TextEncoder();

/** Parts of a message; large tensors are not copied until the end. */
type Parts = Uint8Array[];

export function encodeOnnx(model: OnnxModel): Uint8Array {
  const parts = message([
    integer(1, irVersion),
    text(2, 'notespace'),
    nested(7, graphParts(model)),
    nested(8, message([text(1, ''), integer(2, model.opset)])),
    nested(8, message([text(1, 'com.microsoft'), integer(2, 1)])),
  ]);
  const bytes = new Uint8Array(lengthOf(parts));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function graphParts(model: OnnxModel): Parts {
  return message([
    ...model.nodes.map((node, i) => nested(1, nodeParts(node, i))),
    text(2, 'notespace'),
    ...model.initializers.map((initializer) => nested(5, initializerParts(initializer))),
    ...model.inputs.map((value) => nested(11, valueParts(value))),
    ...model.outputs.map((value) => nested(12, valueParts(value))),
  ]);
}

function nodeParts(node: OnnxNode, index: number): Parts {
  return message([
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, `${node.opType}_${index}`),
    text(4, node.opType),
    ...Object.entries(node.attributes).map(([name, value]) =>
      nested(5, attributeParts(name, value)),
    ),
    text(7, node.domain),
  ]);
}

function attributeParts(name: string, value: OnnxAttribute): Parts {
  if (typeof value === 'number') {
    return message([text(1, name), integer(3, value), integer(20, attributeTypes.int)]);
  }
  if (typeof value === 'string') {
    return message([text(1, name), text(4, value), integer(20, attributeTypes.string)]);
  }
  if ('float' in value) {
    return message([text(1, name), float(2, value.float), integer(20, attributeTypes.float)]);
  }
  return message([
    text(1, name),
    ...value.map((item) => integer(8, item)),
    integer(20, attributeTypes.ints),
  ]);
}

function initializerParts({ name, dtype, shape, data }: OnnxInitializer): Parts {
  // Raw data is little-endian, as are typed arrays on every supported platform.
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message([
    ...shape.map((size) => integer(1, size)),
    integer(2, onnxElementTypes[dtype]),
    text(8, name),
    nested(9, [raw]),
  ]);
}

function valueParts(value: OnnxValue): Parts {
  const dimensions = value.shape.map((size) =>
    nested(1, message([typeof size === 'number' ? integer(1, size) : text(2, size)])),
  );
  const tensor = nested(
    1,
    message([
      integer(1, onnxElementTypes[value.dtype]),
      nested(2, message(value.sequence === true ? [] : dimensions)),
    ]),
  );
  const type = value.sequence === true ? nested(4, message([nested(1, tensor)])) : tensor;
  return message([text(1, value.name), nested(2, type)]);
}

function message(fields: readonly Parts[]): Parts {
  return fields.flat();
}

function lengthOf(parts: Parts): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function nested(field: number, parts: Parts): Parts {
  return [tag(field, wireBytes), varint(lengthOf(parts)), ...parts];
}

function text(field: number, value: string): Parts {
  return nested(field, [encoder.encode(value)]);
}

function integer(field: number, value: number): Parts {
  return [tag(field, wireVarint), varint(value)];
}

function float(field: number, value: number): Parts {
  return [tag(field, wireFixed32), new Uint8Array(Float32Array.of(value).buffer)];
}

function tag(field: number, wire: number): Uint8Array {
  return varint(field * 8 + wire);
}

/** Encodes negative numbers as 64-bit two's complement, as protobuf's int64 requires. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
