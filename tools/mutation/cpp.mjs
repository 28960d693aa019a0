// Changes the C++ kernels, a place at a time, and sees whether the conformance suite notices:
//
//   node tools/mutation/cpp.mjs [--mutants 150] [--seed 1] [--files gemm.cc,…]
//
// Each is tried on the cases that come across it, those first that take the least.
// All changes are in one build, with the least instruction set at -O1; a process has one of them (mutant.h). Places
// that do not compile are left out. Each that survives is listed, and kept in runs/mutation/cpp.json. It takes
// Linux with g++. Build first.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/run.mjs';
import { Random } from '../fuzz/random.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const native = join(root, 'packages', 'core-native');
/** Laid out as the package is, below it, so that its imports are found. */
const folder = join(native, 'build', 'mutation');
const source = join(folder, 'src');
const results = join(root, 'runs', 'mutation');

/** What decides no bit (how fast, on which processor), or stands before the kernels. */
const LEFT_OUT = /^(addon|direct_kernels|isa|pace|pages|thread|vector|op|kernels)\.(cc|h)$/;
/** How many times as long as without a change a run takes that hangs: one that works, and one that waits. */
const MOST_WORK = 4;
const LONGEST = 30;

/**
 * Where an operand begins that binds no weaker than a product, so that one may stand before it; and what is done
 * to it there.
 */
const PLACES = [
  { after: / (?:<|<=|>|>=|==|!=) /g, changes: ['more', 'less'] },
  { after: / [+-] /g, changes: ['more', 'less', 'sign'] },
  { after: / [+-]?= /g, changes: ['more', 'less', 'sign'] },
  { after: /\b(?:if|while) \((?!const|auto)/g, changes: ['more'] },
  { after: / (?:&&|\|\|) /g, changes: ['more'] },
  { after: /\breturn (?!\{)/g, changes: ['more', 'less'] },
  { after: /[\w)\]]\[(?!\]|=|&|this)/g, changes: ['more', 'less'] },
];

/** All places of a file. @returns {{ file: string, line: number, column: number, change: string }[]} */
function placesIn(file) {
  const lines = readFileSync(join(native, 'src', file), 'utf8').split('\n');
  return lines.flatMap((text, line) => {
    const code = text.replace(/\/\/.*|"[^"]*"/g, (part) => ' '.repeat(part.length));
    if (/^\s*#|constexpr|static_assert|template|using |= (?:delete|default)/.test(code)) return [];
    return PLACES.flatMap(({ after, changes }) =>
      [...code.matchAll(after)].flatMap((found) =>
        changes.map((change) => ({ file, line, column: found.index + found[0].length, change })),
      ),
    );
  });
}

/** Writes the sources with the changes, which are numbered from 1. */
function writeSources(mutants) {
  rmSync(source, { recursive: true, force: true });
  cpSync(join(native, 'src'), source, { recursive: true });
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const lines = readFileSync(join(source, file), 'utf8').split('\n');
    const inFile = mutants.filter((mutant) => mutant.file === file);
    // From the end, so that columns stay what they are.
    for (const { id, line, column, change } of inFile.toSorted((a, b) => b.column - a.column)) {
      const text = lines[line];
      lines[line] = `${text.slice(0, column)}BITGRAD_M(${id}, ${change}) * ${text.slice(column)}`;
    }
    writeFileSync(join(source, file), lines.join('\n'));
  }
}

const FLAGS = [
  ...['-std=c++20', '-O1', '-fPIC', '-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math'],
  ...['-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-w', '-fmax-errors=0'],
  ...['-DNAPI_VERSION=9', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DBITGRAD_KERNELS=kernels_sse2'],
  ...['-DBITGRAD_VECTOR_BYTES=16', '-DBITGRAD_ONE_KERNELS=kernels_sse2'],
  ...['-DBITGRAD_ONE_NAME="sse2"', '-DBITGRAD_ONE_NEEDS="sse2"'],
  ...['-include', join(here, 'mutant.h'), '-I', source, '-I', join(native, 'build')],
  ...['node-api-headers/include', 'node-addon-api'].flatMap((name) => [
    '-I',
    join(native, 'node_modules', name),
  ]),
];
const UNITS = ['kernels', 'addon', 'direct_kernels', 'direct_product', 'pages', 'session', 'team'];

const compile = (words) => spawnSync('g++', [...FLAGS, ...words], { encoding: 'utf8' });

/** Leaves out what does not compile. @returns the rest */
function compiling(all) {
  let mutants = all;
  for (;;) {
    writeSources(mutants);
    const bad = new Set();
    for (const unit of UNITS) {
      const { status, stderr } = compile(['-fsyntax-only', join(source, `${unit}.cc`)]);
      if (status === 0) continue;
      for (const [, file, line] of stderr.matchAll(/\/build\/mutation\/src\/([\w.]+):(\d+)/g)) {
        bad.add(`${file}:${Number(line) - 1}`);
      }
      if (!mutants.some(({ file, line }) => bad.has(`${file}:${line}`))) throw new Error(stderr);
    }
    if (bad.size === 0) return mutants;
    mutants = mutants.filter(({ file, line }) => !bad.has(`${file}:${line}`));
  }
}

function build() {
  const objects = [
    ...UNITS.map((unit) => join(source, `${unit}.cc`)),
    join(native, 'test/one_isa.cc'),
  ];
  const built = objects.map((file, at) => {
    const object = join(folder, `${at}.o`);
    const { status, stderr } = compile(['-c', file, '-o', object]);
    if (status !== 0) throw new Error(stderr);
    return object;
  });
  const addon = join(folder, 'build/Release/bitgrad.node');
  mkdirSync(join(addon, '..'), { recursive: true });
  const { status, stderr } = compile(['-shared', '-o', addon, ...built, '-lpthread']);
  if (status !== 0) throw new Error(stderr);
  cpSync(join(native, 'dist'), join(folder, 'dist'), { recursive: true });
}

/**
 * Runs some cases with one of the changes; `usual` is what that takes without, in seconds.
 * @returns why one failed, or null
 */
function failureWith(id, usual, words, environment = {}) {
  const limit = `ulimit -t ${Math.ceil(MOST_WORK * usual)}; exec "$@"`;
  const script = [process.execPath, join(here, 'cpp-suite.mjs'), folder, ...words];
  const { status, signal, stdout, error } = spawnSync('bash', ['-c', limit, 'bash', ...script], {
    encoding: 'utf8',
    timeout: Math.ceil(LONGEST * usual * 1000),
    killSignal: 'SIGKILL',
    env: { ...process.env, BITGRAD_MUTANT: String(id), ...environment },
  });
  const isEndless = error?.code === 'ETIMEDOUT' || signal === 'SIGXCPU';
  if (isEndless) return 'does not end';
  if (signal !== null) return `ends by ${signal}`;
  return status === 0 ? null : stdout.trim().split('\n').at(-1).slice(0, 200);
}

/** Seconds that the suite may take without a change, and that Node and the suite take to begin. */
const PATIENCE = 900;
const BEGINNING = 5;

/** Runs the whole suite without a change. @returns its cases, each with what it takes and comes across */
function findCases() {
  const [marks, found] = ['reached.bin', 'cases.json'].map((name) => join(results, name));
  writeFileSync(marks, new Uint8Array(4096));
  const wrong = failureWith(0, PATIENCE, ['all', found], { BITGRAD_MUTANTS_REACHED: marks });
  if (wrong !== null) throw new Error(`without a change: ${wrong}`);
  return JSON.parse(readFileSync(found, 'utf8'));
}

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string' },
  },
});
const files = readdirSync(join(native, 'src'))
  .filter((file) => /\.(cc|h)$/.test(file) && !LEFT_OUT.test(file))
  .filter((file) => values.files === undefined || values.files.split(',').includes(file));
const places = files.flatMap(placesIn);
const random = new Random(Number(values.seed), 'mutation');
const drawn = places
  .map((place) => ({ place, key: random.integer() }))
  .sort((a, b) => a.key - b.key)
  .slice(0, Number(values.mutants))
  .map(({ place }, at) => ({ ...place, id: at + 1 }));
mkdirSync(results, { recursive: true });
const mutants = compiling(drawn);
build();
console.log(
  `${places.length} places in ${files.length} files; ${drawn.length} drawn, ${drawn.length - mutants.length} do not compile`,
);

const cases = findCases().sort((a, b) => a.milliseconds - b.milliseconds);
const seconds = (some) => some.reduce((sum, one) => sum + one.milliseconds, 0) / 1000;
console.log(`${cases.length} cases take ${seconds(cases).toFixed(1)} s without a change`);

const told = [];
for (const mutant of mutants) {
  const met = cases.filter(({ reached }) => reached.includes(mutant.id));
  const numbers = met.map(({ at }) => at).join();
  const failure =
    met.length > 0 ? failureWith(mutant.id, BEGINNING + seconds(met), [numbers]) : null;
  told.push({ ...mutant, cases: met.length, failure });
  writeFileSync(join(results, 'cpp.json'), JSON.stringify(told, null, 1));
  if (failure !== null) continue;
  const text = readFileSync(join(native, 'src', mutant.file), 'utf8').split('\n')[mutant.line];
  const what = met.length > 0 ? `survived ${met.length} cases` : 'not reached';
  const shown = `${text.slice(0, mutant.column)}⟨${mutant.change}⟩${text.slice(mutant.column)}`;
  console.log(`${what}: ${mutant.file}:${mutant.line + 1}: ${shown.trim()}`);
}
const killed = told.filter(({ failure }) => failure !== null).length;
const missed = told.filter((one) => one.cases === 0).length;
console.log(
  `${told.length} changes: ${killed} noticed, ${told.length - killed - missed} survived, ${missed} not reached`,
);
