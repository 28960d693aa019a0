import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { missing } from '../../../scripts/require.mjs';
import { ENVIRONMENT, LAUNCHERS } from '../../mpi/test/launchers.mjs';
import { eventsIn, executable, startCli } from './run-cli.js';
import { namesIn, SHAPES, temporaryFolder, writeFiles, writeShapes } from './temporary.js';

const fileOf = (name: string): string =>
  fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url));
const manifest = (name: string) => parse(readFileSync(fileOf(name), 'utf8'));

const PLAN = `
data: shapes
augment: none
epochs: 1
layers: "16,3"
split: 0.6,0.2,0.2
seeds: 3
`;

/** A folder with data, a plan, and `bitgrad` and `mpirun` as a machine that has them knows them. */
function workplace(): { folder: string; environment: Record<string, string> } {
  const folder = temporaryFolder();
  writeShapes(folder);
  writeFiles(folder, {
    'plan.yaml': PLAN,
    'bin/bitgrad': `#!/bin/sh\nexec "${process.execPath}" "${executable}" "$@"\n`,
    'bin/mpirun': `#!/bin/sh\nexec ${LAUNCHERS.openmpi.join(' ')} "$@"\n`,
  });
  for (const name of ['bitgrad', 'mpirun']) chmodSync(join(folder, 'bin', name), 0o755);
  const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`;
  return { folder, environment: { ...ENVIRONMENT, PATH: path } };
}

describe.skipIf(process.platform === 'win32')('Slurm', () => {
  test('the tasks of the array job do the slices of a sweep', async () => {
    const { folder, environment } = workplace();
    for (const task of [1, 2]) {
      const array = { SLURM_ARRAY_TASK_ID: `${task}`, SLURM_ARRAY_TASK_COUNT: '2' };
      const { exitCode } = await startCli([fileOf('sweep.sbatch'), 'plan.yaml', 'results'], {
        folder,
        program: ['bash'],
        environment: { ...environment, ...array, SLURM_ARRAY_TASK_MIN: '1' },
      });
      expect(exitCode).toBe(0);
    }
    // The last task has put together what all have found.
    const receipts = readFileSync(join(folder, 'results/receipts.jsonl'), 'utf8');
    expect(receipts.trimEnd().split('\n')).toHaveLength(3);
  });

  test.skipIf(missing('openmpi'))(
    'a job trains on ranks and goes on from its checkpoint',
    async () => {
      const { folder, environment } = workplace();
      const words = [...SHAPES, '--shards', '3', '--backend', 'ts', '--out', 'model.safetensors'];
      const submit = (ranks: number, ...more: string[]) =>
        startCli([fileOf('train.sbatch'), ...words, '--json', ...more], {
          folder,
          program: ['bash'],
          environment: { ...environment, SLURM_NTASKS: `${ranks}` },
        });
      const first = await submit(2);
      expect(first.exitCode).toBe(0);
      rmSync(join(folder, 'model.safetensors'));
      const again = await submit(3);
      const [start, end] = eventsIn(again);
      expect(start).toMatchObject({ event: 'start', epochsDone: 3 });
      expect(end!.weightsSha256).toBe(eventsIn(first).at(-1)!.weightsSha256);
      expect(namesIn(folder)).toContain('model.safetensors');
    },
  );
});

/** The command after `bitgrad` in a container's shell. */
const wordsIn = (container: { command: string[] }): string[] =>
  container.command
    .at(-1)!
    .split('bitgrad ')
    .at(-1)!
    .replace(/\$\{.*?\}/, '')
    .split(/\s+/);

describe('Kubernetes', () => {
  test('the Indexed Job has a slice for each of its pods, and its command is one that there is', async () => {
    const { spec } = manifest('sweep-job.yaml');
    const [container] = spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: 'JOB_COMPLETIONS', value: `${spec.completions}` });
    const { folder } = workplace();
    const result = await startCli(wordsIn(container), {
      folder,
      environment: { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: `${spec.completions}` },
    });
    expect(result.exitCode).toBe(0);
  });

  test('the MPIJob has a worker for each rank, and its command is one that there is', async () => {
    const { spec } = manifest('train-mpijob.yaml');
    const { Launcher, Worker } = spec.mpiReplicaSpecs;
    const [container] = Launcher.template.spec.containers;
    expect(container.command.at(-1)).toContain(`-n ${Worker.replicas * spec.slotsPerWorker}`);
    const words = wordsIn(container);
    expect(words[words.indexOf('--shards') + 1]).toBe(`${Worker.replicas}`);
    const { stderr, exitCode } = await startCli(words, { folder: temporaryFolder() });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('data set "pets"')]);
  });

  test.skipIf(missing('kubernetes'))('manifests have the form that Kubernetes’ schemas say', () => {
    const { apiVersion, kind, spec } = manifest('train-mpijob.yaml');
    expect([apiVersion, kind]).toEqual(['kubeflow.org/v2beta1', 'MPIJob']);
    // The operator's own kind holds templates of pods, which are Kubernetes' own.
    const templates = Object.values(spec.mpiReplicaSpecs).map((one) => ({
      apiVersion: 'v1',
      kind: 'PodTemplate',
      metadata: { name: 'ranks' },
      template: (one as { template: unknown }).template,
    }));
    const python = `
import json, sys, kubernetes_validate
for one in json.load(sys.stdin): kubernetes_validate.validate(one, '1.34', strict=True)
`;
    const input = JSON.stringify([manifest('sweep-job.yaml'), ...templates]);
    const { status, stderr } = spawnSync('python3', ['-c', python], { input, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
