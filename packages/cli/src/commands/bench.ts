import { type Backend, BitgradError } from '@bitgrad/core';
import { loadDataset } from '@bitgrad/formats/dataset';
import { textOf } from '../arguments.js';
import { BACKEND_NAMES, describeBackend, isRequired, loadBackend } from '../backends.js';
import { type Measurement, measure } from '../bench/measure.js';
import { WORKLOADS } from '../bench/workloads.js';
import { type Command, valueOption } from '../command.js';
import { formatBytes, formatCount, formatTable } from '../format.js';
import { describeMachine } from '../machine.js';
import { colorsOf, emit, note, print, printPairs } from '../output.js';

/** `bitgrad bench`. */
export const benchCommand: Command = {
  options: {
    backend: valueOption(`all, or one of ${BACKEND_NAMES.join(', ')}`, 'all', 'Machine:'),
  },
  examples: [
    ['bench', 'all backends that load here, in under a minute'],
    ['bench --backend native --json', 'one, for programs'],
  ],
  epilogue: `Each figure is the median of several epochs, or calls, on images of MNIST. For comparing machines,
let nothing else run.`,

  async run(argv, { signal, json }) {
    const name = textOf(argv, 'backend') ?? 'all';
    const backends = await backendsOf(name);
    const machine = describeMachine();
    if (json) emit({ event: 'start', machine });
    else {
      const { node, system, processor, memoryBytes } = machine;
      printPairs([
        ['processor', processor],
        ['memory', formatBytes(memoryBytes)],
        ['system', system],
        ['Node.js', node],
      ]);
      print();
    }
    const dataset = await loadDataset('mnist');
    const measurements: Measurement[] = [];
    // Signals are not heeded: nothing is left to save, and what is measured lets the event loop turn rarely.
    for (const backend of backends) {
      for (const workload of WORKLOADS) {
        const measurement = await measure(workload, backend, dataset, signal);
        measurements.push(measurement);
        if (json) emit({ event: 'measurement', ...measurement });
        else note(`${describeBackend(backend)}: ${workload.title}`);
      }
    }
    if (json) emit({ event: 'end', measurements: measurements.length });
    else printMeasurements(backends, measurements);
    return true;
  },
};

/** One backend, or all that load here; those that use threads on one and on all. */
async function backendsOf(name: string): Promise<Backend[]> {
  if (name !== 'all') return withThreads(await loadBackend(name, {}, 'all'));
  const backends: Backend[] = [];
  for (const one of BACKEND_NAMES) {
    try {
      backends.push(...(await withThreads(await loadBackend(one, {}))));
    } catch (error) {
      if (!(error instanceof BitgradError) || isRequired(one)) throw error;
      note(`not measured: ${error.message}`);
    }
  }
  return backends;
}

async function withThreads(backend: Backend): Promise<Backend[]> {
  if (backend.threads === 1) return [backend];
  return [await loadBackend(backend.name, { threads: 1 }), backend];
}

function printMeasurements(
  backends: readonly Backend[],
  measurements: readonly Measurement[],
): void {
  const { bold, dim } = colorsOf(process.stdout);
  const rows = WORKLOADS.map(({ title, kind }) => [
    title,
    ...backends.map(({ name, threads }) => {
      const { rate, unit } = measurements.find(
        (one) => one.workload === title && one.backend === name && one.threads === threads,
      )!;
      return unit === 'GFLOP/s' ? rate.toFixed(1) : formatCount(rate);
    }),
    kind === 'multiply' ? 'GFLOP/s' : 'samples/s',
  ]);
  const [header, ...lines] = formatTable([
    ['medians', ...backends.map(describeBackend), ''],
    ...rows,
  ]);
  print(bold('Throughput'));
  print(dim(header!));
  for (const line of lines) print(line);
}
