import { BitgradError, show } from '@bitgrad/core';
import { classIndex } from '../classes.js';
import { type Cell, canonicalNumber, numberIn, trimmed } from './cell.js';
import type { FeaturePlan, TablePlan } from './plan.js';
import { placeOf, type TableSource } from './source.js';

/** A table's samples, allocated once and filled row by row. */
export class TableSamples {
  /** `[samples, width]` */
  readonly inputs: Float32Array;
  /** `[samples]`, empty where values are learnt. */
  readonly labels: Uint32Array;
  /** `[samples]`, or undefined where classes are learnt. */
  readonly values: Float32Array | undefined;
  private row = 0;

  constructor(
    private readonly plan: TablePlan,
    private readonly samples: number,
  ) {
    this.inputs = new Float32Array(samples * plan.width);
    this.labels = new Uint32Array(plan.classes ? samples : 0);
    this.values = plan.classes ? undefined : new Float32Array(samples);
  }

  /** Reads one file's rows after those already here. */
  async read(source: TableSource, hasHeader: boolean): Promise<void> {
    let skips = hasHeader && source.names === null;
    await source.scan((cells, line) => {
      if (skips) skips = false;
      else this.add(cells, source, line);
    });
  }

  /** @throws BitgradError unless all rows that were counted are here */
  checkFull(fileName: string): void {
    if (this.row !== this.samples) throw changed(fileName);
  }

  private add(cells: readonly Cell[], source: TableSource, line: number): void {
    const { plan, inputs, row } = this;
    if (row >= this.samples) throw changed(source.fileName);
    const start = row * plan.width;
    for (const feature of plan.features) {
      const cell = trimmed(cells[feature.column] ?? null);
      const offset = start + feature.offset;
      if (feature.categories === null) inputs[offset] = checkedNumber(cell, source);
      else inputs[offset + categoryOf(cell, feature, source, line)] = 1;
    }
    const label = trimmed(cells[plan.label] ?? null);
    if (this.values) this.values[row] = checkedNumber(label, source);
    else this.labels[row] = this.classOf(label, source, line);
    this.row = row + 1;
  }

  private classOf(label: Cell, source: TableSource, line: number): number {
    const { classes, hasNumericLabels, encoding } = this.plan;
    const name = hasNumericLabels ? canonicalNumber(label) : String(label);
    return (
      classes!.indices.get(name) ??
      classIndex(classes!, name, placeOf(source, line, encoding.label))
    );
  }
}

/** The first pass saw only finite numbers here. */
function checkedNumber(cell: Cell, { fileName }: TableSource): number {
  const value = numberIn(cell);
  if (!Number.isFinite(value)) throw changed(fileName);
  return value;
}

function categoryOf(
  cell: Cell,
  { categories, name }: FeaturePlan,
  source: TableSource,
  line: number,
): number {
  const category = categories!.get(String(cell));
  if (category !== undefined) return category;
  throw new BitgradError(
    `${placeOf(source, line, name)}: expected one of the ${categories!.size} categories that the model was trained on, received ${show(cell)}`,
  );
}

function changed(fileName: string): BitgradError {
  return new BitgradError(
    `${fileName}: expected the same rows when read a second time, received others`,
    'Do not write to the file while it is read.',
  );
}
