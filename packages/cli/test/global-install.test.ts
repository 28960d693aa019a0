import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missing, reasonMissing } from '../../../scripts/require.mjs';
import { root, run, runTool } from '../../../scripts/run.mjs';
import { eventsIn, runCli, startCli } from './run-cli.js';
import { namesIn, temporaryFolder } from './temporary.js';

const isWindows = process.platform === 'win32';
const arguments_ = ['train', '--recipe', 'seed', '--json'];

/** npm may have to bring the dependencies from far away. */
const TIMEOUT = 300_000;

/** Packs every public package as it is built, without building: other tests are using it. */
async function packAll(folder: string): Promise<string[]> {
  for (const name of readdirSync(join(root, 'packages'))) {
    const package_ = join(root, 'packages', name);
    const manifest = join(package_, 'package.json');
    if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).private) continue;
    await runTool('pnpm', ['pack', '--pack-destination', folder], { folder: package_ });
  }
  return namesIn(folder).map((name) => join(folder, name));
}

// The packages are installed by `npm run pack:all` and scripts/check-install.mjs too, each in its own way.
test.skipIf(missing('long'))(
  'a global install trains to the same bits in an empty folder',
  async () => {
    const scratch = temporaryFolder();
    const [packs, prefix, empty] = ['packs', 'prefix', 'empty'].map((name) => join(scratch, name));
    for (const folder of [packs!, prefix!, empty!]) mkdirSync(folder);
    const npm = ['install', '--global', '--prefix', prefix!, '--prefer-offline', '--no-audit'];
    await run(isWindows ? 'npm.cmd' : 'npm', [...npm, '--no-fund', ...(await packAll(packs!))], {
      folder: empty!,
      shell: isWindows,
    });

    const program = isWindows ? join(prefix!, 'bitgrad.cmd') : join(prefix!, 'bin', 'bitgrad');
    const installed = await startCli(arguments_, { program: [program], folder: empty! });
    expect(installed).toMatchObject({ exitCode: 0, stderr: '' });
    const here = await runCli(arguments_, { folder: temporaryFolder() });
    const [start, ...rest] = eventsIn(installed);
    expect(start!.backend).toBe(reasonMissing('native') === null ? 'native' : 'wasm');
    expect(rest.at(-1)!.weightsSha256).toBe(eventsIn(here).at(-1)!.weightsSha256);
    expect(namesIn(empty!)).toEqual(['model.safetensors']);
  },
  TIMEOUT,
);
