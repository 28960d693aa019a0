// Takes something away from commands while they run:
//
//   node tools/faults/midway.mjs [CHANGE…]
//
// A training that saves after each epoch, a sweep and a prediction are held in their middle while a folder becomes
// read-only, a disk full, a file one that nobody may replace, read or find. Each must come to a good end, or to one error in
// words; what was saved must be whole, and with all as it was the same command goes on to what it gives undisturbed. (On
// Linux, as root. Build first.)

import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeCheckpoint } from '../../packages/core-ts/dist/index.js';
import { check, fill, giveTo, mount, NOBODY, system } from './conditions.mjs';
import { executable, prepare, TRAIN } from './faults.mjs';
import { signOf } from './kills.mjs';

/** Enough for a busy machine to see the third one's end before the last one's. */
const EPOCHS = 150;
const SAVES = '--checkpoint run.checkpoint --log logs --out new.safetensors';
const LONG = TRAIN.replace('--epochs 3', `--epochs ${EPOCHS}`);
const ROWS = 400_000;

/** What is run, when it is held, and how it is begun again; its results, which must be the same in the end. */
const SCENARIOS = {
  train: {
    line: `${LONG} ${SAVES}`,
    again: `train --data d.csv --resume run.checkpoint --backend ts --json ${SAVES}`,
    isMidway: (_, stdout) => stdout.includes('"epoch":3,'),
    result: 'new.safetensors',
    inputs: ['d.csv'],
    saved: 'run.checkpoint',
  },
  sweep: {
    line: 'sweep plan.yaml --backend ts --jobs 1 --out swept --json',
    isMidway: (_, stdout) => stdout.includes('"event":"trial"'),
    result: 'swept/receipts.jsonl',
    inputs: ['d.csv', 'plan.yaml'],
  },
  predict: {
    line: 'predict model.safetensors long.csv --backend ts --out rows.csv',
    isMidway: (folder) =>
      readdirSync(folder).some(
        (name) => name.startsWith('.rows.csv.') && statSync(join(folder, name)).size > 0,
      ),
    result: 'rows.csv',
    inputs: ['long.csv', 'model.safetensors'],
  },
};
const PLAN = `data: d.csv
epochs: 30
split: 0.8,0.1,0.1
grid: { lr: [0.01, 0.02, 0.05, 0.1] }
`;

/**
 * What is done to a folder and undone; on a disk of its own, where something happens to that; by another user than root,
 * for whom permissions are none.
 *
 * @type {Record<string, { isDisk?: boolean, user?: number, only?: string[], change: (folder: string, scene: typeof SCENARIOS[string]) => void, undo: (folder: string, scene: typeof SCENARIOS[string]) => void }>}
 */
const CHANGES = {
  'the disk becomes read-only': {
    isDisk: true,
    // A file that is being written keeps it from that, as predict's is all the time.
    only: ['train', 'sweep'],
    change: (folder) => remount(folder, 'ro'),
    undo: (folder) => remount(folder, 'rw'),
  },
  'the disk is full': {
    isDisk: true,
    change: (folder) => fill(folder, 0),
    undo: (folder) => rmSync(join(folder, 'filler')),
  },
  'the folder may not be written in': {
    user: NOBODY,
    change: (folder) => chmodAll(folder, 0o555),
    undo: (folder) => chmodAll(folder, 0o755),
  },
  'the folder may not be entered': {
    user: NOBODY,
    change: (folder) => chmodAll(folder, 0o000),
    undo: (folder) => chmodAll(folder, 0o755),
  },
  'the folder is gone': {
    change: (folder) => renameSync(folder, `${folder}-away`),
    undo: (folder) => renameSync(`${folder}-away`, folder),
  },
  'what is read is gone': {
    change: (folder, { inputs }) => renameSync(join(folder, inputs[0]), join(folder, 'away')),
    undo: (folder, { inputs }) => renameSync(join(folder, 'away'), join(folder, inputs[0])),
  },
  'what is read may not be read': {
    user: NOBODY,
    change: (folder, { inputs }) => chmodSync(join(folder, inputs[0]), 0o000),
    undo: (folder, { inputs }) => chmodSync(join(folder, inputs[0]), 0o644),
  },
  'what is saved may not be replaced': {
    only: ['train'],
    change: (folder, { saved }) => system('chattr', '+i', join(folder, saved)),
    undo: (folder, { saved }) => system('chattr', '-i', join(folder, saved)),
  },
  'what is saved is a folder now': {
    only: ['train'],
    change(folder, { saved }) {
      renameSync(join(folder, saved), join(folder, 'aside'));
      mkdirSync(join(folder, saved));
    },
    undo(folder, { saved }) {
      rmSync(join(folder, saved), { recursive: true });
      renameSync(join(folder, 'aside'), join(folder, saved));
    },
  },
};

function chmodAll(folder, mode) {
  for (const name of ['swept', 'logs']) {
    if (mode !== 0 && existsSync(join(folder, name))) chmodSync(join(folder, name), mode);
  }
  chmodSync(folder, mode);
}

const remount = (folder, how) => system('mount', '-o', `remount,${how}`, folder);

/** How long a command may take, in milliseconds, and how often it is held for what cannot be done just then. */
const PATIENCE = 60_000;
const MOST_TRIES = 100;

/** Runs a command, and holds it once in its middle while `change` is made. @returns how it ended, and what it said */
async function run(line, folder, { user, isMidway, change }) {
  const child = spawn(process.execPath, [executable, ...line.split(' ')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let [stdout, stderr, isChanged, tries] = ['', '', change === undefined, 0];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  let failure = null;
  const look = setInterval(() => {
    if (isChanged || !isMidway(folder, stdout)) return;
    child.kill('SIGSTOP');
    try {
      change();
      isChanged = true;
    } catch (error) {
      tries += 1;
      if (tries > MOST_TRIES) {
        failure = error;
        isChanged = true;
      }
    }
    child.kill('SIGCONT');
  }, 5);
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const [code, signal] = await new Promise((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  clearInterval(look);
  clearTimeout(late);
  if (failure !== null) throw failure;
  return { code, signal, stdout, stderr, isChanged };
}

/** @returns what the command said where it did not come to a good end, or null */
async function disturb(name, changeName, begun, wanted) {
  const [scene, { isDisk, user, change, undo }] = [SCENARIOS[name], CHANGES[changeName]];
  const folder = join(begun.root, 'run');
  const where = `${changeName}: ${name}`;
  if (isDisk) mount(folder, '64m');
  try {
    cpSync(begun.folder, folder, { recursive: true });
    if (user !== undefined) giveTo(user, begun.root);
    const { isMidway } = scene;
    const result = await run(scene.line, folder, {
      user,
      isMidway,
      change: () => change(folder, scene),
    });
    if (!result.isChanged) throw new Error(`${where}: over before its middle`);
    undo(folder, scene);
    check(result, where);
    for (const input of scene.inputs) {
      const [old, now] = [begun.folder, folder].map((place) => readFileSync(join(place, input)));
      if (!now.equals(old)) throw new Error(`${where}: ${input} is changed`);
    }
    const hasSaved = scene.saved !== undefined && result.code !== 0;
    if (hasSaved) {
      const { epochs } = await decodeCheckpoint(readFileSync(join(folder, scene.saved)), where);
      if (epochs.length < 3) throw new Error(`${where}: epoch ${epochs.length} alone is saved`);
    }
    if (result.code !== 0) {
      const again = await run(hasSaved ? scene.again : scene.line, folder, { user });
      if (again.code !== 0) throw new Error(`${where}: begun again: ${again.stderr}`);
    }
    if ((await signOf(join(folder, scene.result))) !== wanted)
      throw new Error(`${where}: another result`);
    const left = readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.tmp'));
    if (left.length > 0) throw new Error(`${where}: left ${left}`);
    return result.code === 0 ? null : /^error: .*$/m.exec(result.stderr)[0];
  } finally {
    // Processes that were ended may still be there for a moment.
    if (isDisk) system('umount', '-l', folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes changes in the middle of commands.
 *
 * @param {(line: string, isHeld: boolean) => void} tell of each, what came of it
 * @param {string[]} changes all where there are none
 * @param {string[]} names of scenarios
 */
export async function changeMidway(tell, changes = [], names = Object.keys(SCENARIOS)) {
  const begun = prepare();
  rmSync(join(begun.folder, 'run.checkpoint'));
  rmSync(join(begun.folder, 'rows.csv'));
  writeFileSync(join(begun.folder, 'plan.yaml'), PLAN);
  const rows = Array.from({ length: ROWS }, (_, at) => `${at % 7},${(at * 3) % 11}\n`).join('');
  writeFileSync(join(begun.folder, 'long.csv'), `x,y\n${rows}`);
  try {
    const wanted = {};
    for (const name of names) {
      const { line, result } = SCENARIOS[name];
      const folder = join(begun.root, 'undisturbed');
      cpSync(begun.folder, folder, { recursive: true });
      const { code, stderr } = await run(line, folder, {});
      if (code !== 0) throw new Error(`${name}: ${stderr}`);
      wanted[name] = await signOf(join(folder, result));
      rmSync(folder, { recursive: true });
    }
    for (const [change, { only }] of Object.entries(CHANGES)) {
      if (changes.length > 0 && !changes.includes(change)) continue;
      for (const name of names) {
        if (only !== undefined && !only.includes(name)) continue;
        try {
          const said = await disturb(name, change, begun, wanted[name]);
          tell(`${change}: ${name}: ${said ?? 'done'}`, true);
        } catch (error) {
          tell(error.message, false);
        }
      }
    }
  } finally {
    rmSync(begun.root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await changeMidway((line, isHeld) => {
    console.log(isHeld ? line : `NOT HELD: ${line}`);
    if (!isHeld) process.exitCode = 1;
  }, process.argv.slice(2));
}
