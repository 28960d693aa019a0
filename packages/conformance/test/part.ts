import type { Case } from '../src/case.js';
import { VALUE_KINDS } from '../src/values.js';

/** Of so many cases of one family, one is kept. */
const SHARE = 3;

/**
 * A part of the suite that says much in little time. What is one op over many shapes of one kind of values keeps every
 * third kind, other ones for other ops; of a network's three programs one is kept, each kind of program with every
 * activation, output and preprocessing. All that is neither stays.
 */
export function partOf(cases: readonly Case[]): readonly Case[] {
  const families = new Map<string, Case[]>();
  for (const one of cases) {
    const family = familyOf(one);
    families.set(family, [...(families.get(family) ?? []), one]);
  }
  const kept = new Set([...families.values()].flatMap(someOf));
  return cases.filter((one) => kept.has(one));
}

function familyOf({ group, name }: Case): string {
  if (group === 'programs') return `${group}: ${name.slice(0, name.indexOf(':'))}`;
  const kind = VALUE_KINDS.find((one) => name.endsWith(`, ${one}`));
  const isOfKind = group === 'ops' && kind !== undefined && !name.startsWith('golden');
  return `${group}: ${isOfKind ? name.slice(0, -kind.length) : name}`;
}

/**
 * One in three, as in a Latin square: what comes round every three cases is met in each of its forms. And the last,
 * which is unlike the others: nothing but negative zeros, or a wide network.
 */
function someOf(cases: readonly Case[], family: number): readonly Case[] {
  return cases.filter(
    (_, at) => at === cases.length - 1 || (at + Math.floor(at / SHARE) + family) % SHARE === 0,
  );
}
