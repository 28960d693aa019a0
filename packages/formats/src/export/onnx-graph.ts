import { littleEndianBytes } from './bytes.js';
import {
  type Attribute,
  DOUBLE,
  FLOAT,
  type Message,
  nodeProto,
  shapeProto,
  tensorProto,
} from './onnx-schema.js';

/** A chain of operators: each takes what the one before gave. */
export class OnnxGraph {
  readonly nodes: Message[] = [];
  readonly constants: Message[] = [];
  private current = 'input';

  constant(name: string, shape: readonly number[], values: Float32Array): void {
    const bytes = littleEndianBytes(values);
    this.constants.push(tensorProto({ name, shape, type: FLOAT, bytes }));
  }

  /** A constant of binary64 numbers. */
  doubles(name: string, values: readonly number[]): void {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    for (const [at, value] of values.entries()) view.setFloat64(8 * at, value, true);
    this.constants.push(tensorProto({ name, shape: [values.length], type: DOUBLE, bytes }));
  }

  /** A shape, as operators take it. */
  shape(name: string, shape: readonly number[]): void {
    this.constants.push(shapeProto(name, shape));
  }

  cast(type: number, output: string): void {
    this.apply('Cast', [], output, [{ name: 'to', kind: 'integer', value: type }]);
  }

  /** Where an operator says so of what was given, `other` instead. */
  choose(operator: string, condition: string, other: string, output: string): void {
    const { current } = this;
    this.nodes.push(
      nodeProto({ operator, inputs: [current], output: condition, attributes: [] }),
      nodeProto({ operator: 'Where', inputs: [condition, other, current], output, attributes: [] }),
    );
    this.current = output;
  }

  apply(
    operator: string,
    others: readonly string[],
    output: string,
    attributes: readonly Attribute[] = [],
  ): void {
    this.nodes.push(nodeProto({ operator, inputs: [this.current, ...others], output, attributes }));
    this.current = output;
  }
}
