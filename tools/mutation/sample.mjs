// Lets a part of the changes be tried, drawn by what and where they are, where all would take too long.

import { CheckStatus } from '@stryker-mutator/api/check';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { Random } from '../fuzz/random.mjs';

const share = Number(process.env.BITGRAD_MUTATION_SHARE ?? 1);
const seed = process.env.BITGRAD_MUTATION_SEED ?? '1';

function isDrawn({ fileName, location: { start, end }, replacement }) {
  const name = fileName.replaceAll('\\', '/').split('/packages/').at(-1);
  const place = [start.line, start.column, end.line, end.column].join(':');
  return new Random(seed, name, place, replacement).integer() < share * 2 ** 32;
}

const sampler = () => ({
  init: () => Promise.resolve(),
  async check(mutants) {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        isDrawn(mutant)
          ? { status: CheckStatus.Passed }
          : { status: CheckStatus.CompileError, reason: 'not drawn' },
      ]),
    );
  },
});

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'sample', sampler)];
