import { expect, it } from 'vitest';
import { suite } from '../src/suite.js';
import { partOf } from './part.js';

const all = suite();
const part = partOf(all);
const namesOf = (cases: typeof all, group: string) =>
  cases.filter((one) => one.group === group).map(({ name }) => name);

it('is a part of the suite, in its order', () => {
  expect(part.length).toBeLessThan(all.length);
  const kept = new Set(part);
  expect(part).toEqual(all.filter((one) => kept.has(one)));
});

it('has every op, with three kinds of values or so', () => {
  const opOf = (name: string) => name.split(', ').slice(0, -1).join(', ');
  const opsIn = (cases: typeof all) => new Set(namesOf(cases, 'ops').map(opOf));
  expect(opsIn(part)).toEqual(opsIn(all));
  const kinds = new Set(namesOf(part, 'ops').map((name) => name.split(', ').at(-1)));
  expect(kinds).toEqual(new Set(namesOf(all, 'ops').map((name) => name.split(', ').at(-1))));
});

it('has every network once, the wide one in each of its programs, and each program with every property', () => {
  const networkOf = (name: string) => name.slice(name.indexOf(': ') + 2);
  const networks = namesOf(part, 'programs').map(networkOf);
  const narrow = networks.filter((name) => name !== networks.at(-1));
  expect(new Set(narrow).size).toBe(narrow.length);
  expect(new Set(networks)).toEqual(new Set(namesOf(all, 'programs').map(networkOf)));
  for (const program of ['op by op', 'gradients', 'steps']) {
    const propertiesIn = (cases: typeof all) =>
      new Set(
        namesOf(cases, 'programs')
          .filter((name) => name.startsWith(program))
          .flatMap((name) => networkOf(name).split(/, | (?=\w)/)),
      );
    expect(propertiesIn(part), program).toEqual(propertiesIn(all));
  }
});

it('has all of the other groups', () => {
  for (const group of new Set(all.map((one) => one.group))) {
    if (['ops', 'programs'].includes(group)) continue;
    expect(namesOf(part, group)).toEqual(namesOf(all, group));
  }
});
