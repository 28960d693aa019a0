import { type Network, resolve, summarize } from '@bitgrad/core';
import { formatCount, formatTable, plural } from '../format.js';
import { colorsOf, shown } from '../output.js';

/** Writes a network's layers as a table: what each gives for a sample, and what it costs. */
export function printLayers(network: Network, stream: NodeJS.WriteStream, indent = ''): void {
  const count = (number: number): string => (number === 0 ? '' : formatCount(number));
  const rows = summarize(network).map((row) => [
    row.name ?? '',
    row.layer,
    row.outputShape.join('×'),
    count(row.parameters),
    count(row.multiplications),
  ]);
  const table = formatTable([
    ['', 'layer', 'output', 'parameters', 'multiplications'],
    ['', 'input', resolve(network).inputShape.join('×'), '', ''],
    ...rows,
  ]);
  const { dim } = colorsOf(stream);
  for (const [at, line] of table.entries()) {
    const indented = `${indent}${line.trimEnd()}`;
    stream.write(`${shown(at === 0 ? dim(indented) : indented)}\n`);
  }
}

/** A network's size in words. */
export function describeSize(network: Network): string {
  const rows = summarize(network);
  const sum = (key: 'parameters' | 'multiplications'): number =>
    rows.reduce((total, row) => total + row[key], 0);
  return `${plural(sum('parameters'), 'parameter')}, ${plural(sum('multiplications'), 'multiplication')} a sample`;
}
