import { type Backend, BitgradError, CONTRACT } from '@bitgrad/core';
import { hasGradualUnderflow } from '@bitgrad/core/backend';
import type { TileChoice } from '@bitgrad/core-native';
import {
  BACKEND_NAMES,
  describeBackend,
  loadBackend,
  type NativeAddon,
  nativeAddon,
} from '../backends.js';
import type { Command } from '../command.js';
import { formatBytes } from '../format.js';
import { describeMachine } from '../machine.js';
import { colorsOf, emit, print, printPairs } from '../output.js';
import { installedVersions } from '../versions.js';

interface Finding {
  readonly name: string;
  readonly isLoaded: boolean;
  readonly isa: string | null;
  readonly threads: number | null;
  /** Why it does not load, and what to do about it. */
  readonly reason: string | null;
  readonly fix: string | null;
}

/** `bitgrad doctor`. */
export const doctorCommand: Command = {
  options: {},
  examples: [['doctor', 'what to send along with a question or a bug report']],

  async run(_argv, { json }) {
    const findings = await Promise.all(BACKEND_NAMES.map(examine));
    const machine = describeMachine();
    const addon = await nativeAddon();
    const instructionSets = addon?.isa ?? [];
    const gradualUnderflow = hasGradualUnderflow();
    const versions = installedVersions();
    const works = findings.some(({ isLoaded }) => isLoaded);
    if (json) {
      const backends = findings.map(({ isLoaded, ...rest }) => ({ ...rest, loads: isLoaded }));
      emit({
        event: 'doctor',
        works,
        contract: CONTRACT,
        versions,
        machine,
        backends,
        addon: addon && { platform: addon.platform, path: addon.path },
        tiles: tilesOf(addon, findings),
        instructionSets,
        gradualUnderflow,
      });
      return works;
    }
    const { red, green } = colorsOf(process.stdout);
    printPairs([
      ...Object.entries(versions),
      ['contract', `version ${CONTRACT}`],
      ['Node.js', machine.node],
      ['system', machine.system],
      ['processor', machine.processor],
      ['memory', formatBytes(machine.memoryBytes)],
      ['instruction sets', instructionSets.join(', ') || 'none, without the native backend'],
      ['native addon', describeAddon(addon, findings)],
      ['tiles of products', describeTiles(tilesOf(addon, findings))],
      ['subnormal numbers', gradualUnderflow ? green('kept') : red('flushed to zero')],
      ...findings.map((finding) => [`backend ${finding.name}`, describeFinding(finding)] as const),
    ]);
    print();
    for (const line of advice(findings, gradualUnderflow)) print(line);
    return works;
  },
};

async function examine(name: string): Promise<Finding> {
  try {
    const { isa, threads }: Backend = await loadBackend(name, {});
    return { name, isLoaded: true, isa, threads, reason: null, fix: null };
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    const { message, fix = null } = error;
    return { name, isLoaded: false, isa: null, threads: null, reason: message, fix };
  }
}

/** What the native backend's products take, where it loads. */
function tilesOf(addon: NativeAddon | null, findings: readonly Finding[]): TileChoice | null {
  const native = findings.find(({ name, isLoaded }) => name === 'native' && isLoaded);
  return addon === null || native === undefined ? null : addon.tiles(native.isa!);
}

function describeTiles(choice: TileChoice | null): string {
  if (choice === null) return 'none, without the native backend';
  const { tile, tiles, by } = choice;
  if (tiles.length === 1) return `${tile}, the only ones`;
  const how = by === 'environment' ? 'as BITGRAD_KERNELS says' : by;
  return `${tile} (${how}), of ${tiles.join(', ')}`;
}

/** Its self-test is run whenever the native backend is loaded. */
function describeAddon(addon: NativeAddon | null, findings: readonly Finding[]): string {
  if (addon === null) return 'none that loads';
  const isSound = findings.some(({ name, isLoaded }) => name === 'native' && isLoaded);
  return `${addon.platform}, self-test ${isSound ? 'passed' : 'failed'}, ${addon.path}`;
}

function describeFinding({ name, isLoaded, isa, threads, reason }: Finding): string {
  const { red, green } = colorsOf(process.stdout);
  if (!isLoaded) return `${red('does not load')}: ${reason?.replace(`${name}: `, '')}`;
  return `${green('loads')}: ${describeBackend({ name, isa: isa!, threads: threads! })}`;
}

function advice(findings: readonly Finding[], gradualUnderflow: boolean): string[] {
  const lines = findings.flatMap(({ name, fix }) => (fix === null ? [] : [`${name}: ${fix}`]));
  if (!gradualUnderflow) {
    lines.push('subnormal numbers: something in this process set flush-to-zero; use native');
  }
  const first = findings.find(({ isLoaded }) => isLoaded);
  if (first === undefined) lines.push('No backend loads: Bitgrad cannot train here.');
  else lines.push(`--backend auto takes ${first.name}.`);
  return lines;
}
