import { printable } from '@bitgrad/core/errors';
import { openReplacement } from '../files.js';
import { csvSink, jsonLinesSink, type Output, type RowFormat, type RowSink } from './row-sink.js';
import { stdoutDrained } from './stdout.js';
import type { SinkColumn } from './tables.js';

/** Where a table of predictions goes. */
export interface Destination {
  open(columns: readonly SinkColumn[]): Promise<RowSink>;
  /** When all is written: a file then takes its name. */
  commit(): Promise<void>;
  /** Removes what was written and not committed. */
  discard(): Promise<void>;
}

/** Lines of a table with what controls terminals escaped. */
function forTerminal(part: string | Uint8Array): string {
  const text = typeof part === 'string' ? part : new TextDecoder().decode(part);
  return text.split('\n').map(printable).join('\n');
}

/** @param target what `prepareOutput` gave, or undefined for stdout */
export async function openSinkOf(
  target: string | undefined,
  format: RowFormat,
): Promise<Destination> {
  if (target === undefined) {
    const output: Output = {
      // To a pipe, cells go as they are; a terminal would obey what controls it.
      write(part) {
        process.stdout.write(process.stdout.isTTY ? forTerminal(part) : part);
      },
      drained: stdoutDrained,
    };
    return {
      open: (columns) => sinkOf(format, columns, output),
      async commit() {
        // What stdout was given is out of hand.
      },
      async discard() {
        // Likewise.
      },
    };
  }
  const file = await openReplacement(target);
  let isDone = false;
  return {
    open: (columns) => sinkOf(format, columns, file),
    async commit() {
      await file.commit();
      isDone = true;
    },
    async discard() {
      if (!isDone) await file.discard();
    },
  };
}

async function sinkOf(
  format: RowFormat,
  columns: readonly SinkColumn[],
  output: Output,
): Promise<RowSink> {
  const names = columns.map(({ name }) => name);
  if (format === 'csv') return csvSink(names, output);
  if (format === 'jsonl') return jsonLinesSink(names, output);
  const { parquetSink } = await import('./parquet-sink.js');
  return parquetSink(columns, output);
}
