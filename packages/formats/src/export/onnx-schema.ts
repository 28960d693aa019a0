/**
 * The part of ONNX's schema that networks need, as protobuf messages. Field numbers are those
 * of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** TensorProto.DataType.FLOAT, which is binary32, and DOUBLE. */
export const FLOAT = 1;
export const DOUBLE = 11;

const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_INTEGERS = 7;
/** TensorProto.DataType.INT64. */
const INT64 = 7;

/** Writes the fields of one message. */
export type Message = (writer: BinaryWriter) => void;

/** NodeProto's attribute: a float, an integer or a list of integers. */
export type Attribute =
  | { readonly name: string; readonly kind: 'float'; readonly value: number }
  | { readonly name: string; readonly kind: 'integer'; readonly value: number }
  | { readonly name: string; readonly kind: 'integers'; readonly value: readonly number[] };

/** A file of one message. */
export function encode(message: Message): Uint8Array {
  const writer = new BinaryWriter();
  message(writer);
  return writer.finish();
}

/** ModelProto. */
export function modelProto(model: {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly documentation: string;
  readonly graph: Message;
  readonly metadata: Readonly<Record<string, string>>;
}): Message {
  return (writer) => {
    integer(writer, 1, model.irVersion);
    text(writer, 2, model.producer);
    text(writer, 6, model.documentation);
    nested(writer, 7, model.graph);
    // OperatorSetIdProto: an empty domain means ONNX's own operators.
    nested(writer, 8, (set) => {
      text(set, 1, '');
      integer(set, 2, model.opset);
    });
    for (const [key, value] of Object.entries(model.metadata)) {
      nested(writer, 14, (entry) => {
        text(entry, 1, key);
        text(entry, 2, value);
      });
    }
  };
}

/** GraphProto. */
export function graphProto(graph: {
  readonly name: string;
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
}): Message {
  return (writer) => {
    for (const node of graph.nodes) nested(writer, 1, node);
    text(writer, 2, graph.name);
    for (const initializer of graph.initializers) nested(writer, 5, initializer);
    for (const input of graph.inputs) nested(writer, 11, input);
    for (const output of graph.outputs) nested(writer, 12, output);
  };
}

/** NodeProto: one operator with one output. */
export function nodeProto(node: {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: readonly Attribute[];
}): Message {
  return (writer) => {
    for (const input of node.inputs) text(writer, 1, input);
    text(writer, 2, node.output);
    text(writer, 3, node.output);
    text(writer, 4, node.operator);
    for (const attribute of node.attributes) nested(writer, 5, attributeProto(attribute));
  };
}

const ATTRIBUTE_TYPES: Readonly<Record<Attribute['kind'], number>> = {
  float: ATTRIBUTE_FLOAT,
  integer: ATTRIBUTE_INTEGER,
  integers: ATTRIBUTE_INTEGERS,
};

function attributeProto(attribute: Attribute): Message {
  return (writer) => {
    text(writer, 1, attribute.name);
    if (attribute.kind === 'float') writer.tag(2, WireType.Bit32).float(attribute.value);
    else if (attribute.kind === 'integer') integer(writer, 3, attribute.value);
    else for (const one of attribute.value) integer(writer, 8, one);
    integer(writer, 20, ATTRIBUTE_TYPES[attribute.kind]);
  };
}

/** TensorProto of binary32 or binary64 values. */
export function tensorProto(tensor: {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Little-endian. */
  readonly bytes: Uint8Array;
}): Message {
  return (writer) => {
    for (const size of tensor.shape) integer(writer, 1, size);
    integer(writer, 2, tensor.type);
    text(writer, 8, tensor.name);
    writer.tag(9, WireType.LengthDelimited).bytes(tensor.bytes);
  };
}

/** TensorProto of a shape, as operators take it. */
export function shapeProto(name: string, shape: readonly number[]): Message {
  return (writer) => {
    integer(writer, 1, shape.length);
    integer(writer, 2, INT64);
    for (const size of shape) integer(writer, 7, size);
    text(writer, 8, name);
  };
}

/** ValueInfoProto of a tensor; a size that is a text may differ from run to run. */
export function valueProto(value: {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type: number;
  readonly documentation: string;
}): Message {
  const dimension =
    (size: number | string): Message =>
    (writer) => {
      if (typeof size === 'number') integer(writer, 1, size);
      else text(writer, 2, size);
    };
  const shape: Message = (writer) => {
    for (const size of value.shape) nested(writer, 1, dimension(size));
  };
  const tensorType: Message = (writer) => {
    integer(writer, 1, value.type);
    nested(writer, 2, shape);
  };
  return (writer) => {
    text(writer, 1, value.name);
    nested(writer, 2, (type) => nested(type, 1, tensorType));
    text(writer, 3, value.documentation);
  };
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function nested(writer: BinaryWriter, field: number, message: Message): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  message(writer);
  writer.join();
}
