// Who takes part, and with which settings.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeAvailability } from '@bitgrad/core-native';
import { peersFolder } from '../sides/peers.mjs';
import { isConvolutional } from '../workloads.mjs';

/**
 * @typedef {import('../sides/protocol.mjs').AnyTask} AnyTask
 *
 * @typedef {object} Variant a process that could measure
 * @property {string} form how it computes, where there is a choice; '' where not
 * @property {number} threads 0 where the side has no such setting
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string | undefined>} env
 *
 * @typedef {object} Side
 * @property {string} id
 * @property {string} family by which `--sides` chooses
 * @property {string} title what is shown before its threads; '' for the version that it answers
 * @property {boolean} isOurs
 * @property {string} isa of ours; '' of others
 * @property {readonly Variant[]} variants the fastest is measured
 */

const sidesFolder = fileURLToPath(new URL('../sides/', import.meta.url));
const isWindows = process.platform === 'win32';

export const FAMILIES = [
  'native',
  'wasm',
  'ts',
  'pytorch',
  'openblas',
  'onnxruntime',
  'jax',
  'tfjs',
  'brain',
];

/** The environment without what machines' images set to hold peers back, with so many threads. */
function environment(/** @type {number} */ threads) {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, MKL_CBWR, BITGRAD_ISA, ...env } = process.env;
  if (threads === 0) return env;
  const count = String(threads);
  return { ...env, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count };
}

/**
 * @param {string} command
 * @param {string} file
 * @param {readonly string[]} args
 * @param {number} threads
 * @param {string} [form]
 * @returns {Variant}
 */
function variant(command, file, args, threads, form = '') {
  const env = environment(threads);
  return { form, threads, command, args: [join(sidesFolder, file), ...args], env };
}

/**
 * Bitgrad's sides: every backend and instruction set, on one thread and on all that it can use.
 *
 * @param {AnyTask['kind']} kind
 * @param {number} cores
 * @returns {Side[]}
 */
function ourSides(kind, cores) {
  const availability = nativeAvailability();
  const isas = availability.available ? availability.isa : [];
  const native = isas.flatMap((isa) =>
    ends(cores).map((threads) => ({ backend: 'native', isa, threads })),
  );
  // Its single products are the caller's thread's.
  const wasm = (kind === 'gemm' ? [1] : ends(cores)).map((threads) => ({
    backend: 'wasm',
    isa: '',
    threads,
  }));
  return [...native, ...wasm, { backend: 'ts', isa: '', threads: 1 }].map(ourSide);
}

/**
 * @param {{ backend: string, isa: string, threads: number }} which
 * @returns {Side}
 */
function ourSide({ backend, isa, threads }) {
  const ofThreads = threads === 1 ? '' : `-${threads}`;
  return {
    id: backend === 'native' ? `native-${isa}-${threads}` : `${backend}${ofThreads}`,
    family: backend,
    title: `Bitgrad ${backend === 'ts' ? 'TypeScript' : [backend, isa].join(' ').trim()}`,
    isOurs: true,
    isa,
    variants: [variant(process.execPath, 'bitgrad.mjs', [backend, isa, String(threads)], threads)],
  };
}

/** How to mend what is missing, where `--install` does. @param {string} suffix of an interpreter */
const hint = (suffix) => (suffix === '' ? ' (pnpm bench --install brings it)' : '');

/** One thread and all. @param {number} cores */
const ends = (cores) => [...new Set([1, cores])];

/** Numbers of threads that are tried. @param {number} cores */
const tried = (cores) =>
  [...new Set([1, 2, cores >> 1, cores])].filter((n) => n >= 1 && n <= cores);

/**
 * The sides that run in an interpreter of Python.
 *
 * @param {string} suffix of their ids
 * @param {string} python
 * @param {Modules} modules
 * @param {AnyTask} task
 * @param {number} cores
 * @param {boolean} hasAvx512
 * @returns {Side[]}
 */
function pythonSides(suffix, python, modules, task, cores, hasAvx512) {
  const side = (
    /** @type {string} */ family,
    /** @type {string} */ id,
    /** @type {readonly string[]} */ forms,
    /** @type {readonly number[]} */ threads,
    title = '',
  ) => {
    const variants = forms.flatMap((form) =>
      threads.map((count) => variant(python, `${family}.py`, [form, String(count)], count, form)),
    );
    return { id: `${id}${suffix}`, family, title, isOurs: false, isa: '', variants };
  };
  const sides = [];
  if (modules.torch && task.kind === 'gemm') {
    for (const count of ends(cores)) sides.push(side('pytorch', `pytorch-${count}`, [''], [count]));
  } else if (modules.torch) {
    sides.push(side('pytorch', 'pytorch', formsOf(task), tried(cores)));
    sides.push(side('pytorch', 'pytorch-eager', ['eager'], tried(cores)));
  }
  if (task.kind === 'gemm') {
    for (const count of ends(cores)) {
      sides.push(side('openblas', `openblas-${count}`, [''], [count]));
      if (!hasAvx512) continue;
      const forced = side('openblas', `openblas-skylakex-${count}`, ['SkylakeX kernels'], [count]);
      for (const { env } of forced.variants) env.OPENBLAS_CORETYPE = 'SKYLAKEX';
      sides.push(forced);
    }
  } else if (!isConvolutional(task)) sides.push(side('openblas', 'openblas', [''], tried(cores)));
  return sides;
}

/**
 * PyTorch's forms that may be the fastest. With one sample a step, Python's own part of the step is
 * what takes longest, and rules out the forms whose loop is Python's.
 *
 * @param {AnyTask} task
 */
function formsOf(task) {
  const isTraining = task.kind === 'train';
  if (isConvolutional(task)) return [isTraining ? 'channels-last' : 'scripted', 'compiled'];
  if (!isTraining) return ['scripted', 'compiled'];
  const isSingle = 'batchSize' in task && task.batchSize === 1;
  return ['scripted', ...(isSingle ? ['scripted-vectors'] : ['manual', 'compiled'])];
}

/** @typedef {{ torch: string | null }} Modules which modules an interpreter has, beside NumPy */

/**
 * What an interpreter can import, or null if it cannot even NumPy.
 *
 * @param {string} python
 * @returns {Modules | null}
 */
function probePython(python) {
  const code = `
import numpy
try:
    import torch
    print(torch.__version__.split('+')[0])
except ImportError:
    print()`;
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return status === 0 ? { torch: stdout.trim() || null } : null;
}

/**
 * The interpreters that have peers: the one that `--install` brings (or `--python` names), and the
 * system's own.
 *
 * @param {string | undefined} named
 */
export function findPythons(named) {
  const installed = join(peersFolder, 'python', isWindows ? 'Scripts/python.exe' : 'bin/python');
  const own = isWindows ? 'python' : ['/usr/bin/python3'].find((file) => existsSync(file));
  const candidates = [
    { suffix: '', what: named ?? 'PyTorch and NumPy from pip', python: named ?? installed },
    { suffix: '-system', what: "the system's Python", python: own ?? 'python3' },
  ];
  return candidates.map((candidate) => ({ ...candidate, modules: probePython(candidate.python) }));
}

/**
 * The sides in JavaScript. brain.js has no convolutions.
 *
 * @param {AnyTask} task
 * @param {number} cores
 * @returns {(Side & { package: string })[]}
 */
function javascriptSides(task, cores) {
  const { kind } = task;
  if (kind === 'gemm') return [];
  const isOfImages = isConvolutional(task);
  const forms = kind !== 'train' ? ['manual'] : isOfImages ? ['minimize'] : ['minimize', 'manual'];
  const node = process.execPath;
  const tfjs = (/** @type {string} */ backend) =>
    forms.map((form) => variant(node, 'tfjs.mjs', [backend, form], 0, form));
  const sides = [
    ['jax', 'jax', '@jax-js/jax', [variant(node, 'jax.mjs', [], 0)]],
    ['tfjs-wasm', 'tfjs', '@tensorflow/tfjs-backend-wasm', tfjs('wasm')],
    ['tfjs-cpu', 'tfjs', '@tensorflow/tfjs', tfjs('cpu')],
  ];
  if (!isOfImages) sides.push(['brain', 'brain', 'brain.js', [variant(node, 'brain.mjs', [], 0)]]);
  if (kind === 'predict') {
    const variants = tried(cores).map((n) => variant(node, 'onnxruntime.mjs', [String(n)], n));
    sides.push(['onnxruntime', 'onnxruntime', 'onnxruntime-node', variants]);
  }
  return sides.map(([id, family, name, variants]) => {
    const base = { title: '', isOurs: false, isa: '' };
    return /** @type {any} */ ({ ...base, id, family, package: name, variants });
  });
}

/**
 * Lists the sides of a task.
 *
 * @param {AnyTask} task
 * @param {{ cores: number, hasAvx512: boolean, families: readonly string[], pythons: ReturnType<typeof findPythons> }} machine
 * @returns {{ sides: Side[], missing: string[] }} a line for each peer that is not there
 */
export function listSides(task, { cores, hasAvx512, families, pythons }) {
  /** @type {string[]} */
  const missing = [];
  const sides = ourSides(task.kind, cores);
  const wantsPython = ['pytorch', 'openblas'].some((family) => families.includes(family));
  for (const { suffix, what, python, modules } of wantsPython ? pythons : []) {
    if (modules === null) missing.push(`${what}: not there, or without NumPy${hint(suffix)}`);
    else {
      if (modules.torch === null) missing.push(`${what}: without PyTorch`);
      sides.push(...pythonSides(suffix, python, modules, task, cores, hasAvx512));
    }
  }
  for (const side of javascriptSides(task, cores)) {
    if (!families.includes(side.family)) continue;
    if (existsSync(join(peersFolder, 'node_modules', side.package))) sides.push(side);
    else missing.push(`${side.package}: not there${hint('')}`);
  }
  return { sides: sides.filter(({ family }) => families.includes(family)), missing };
}
