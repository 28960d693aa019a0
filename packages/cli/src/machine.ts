import { arch, cpus, platform, release, totalmem } from 'node:os';

/** The machine that this program runs on. */
export interface Machine {
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly memoryBytes: number;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const [processor] = cpus();
  return {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${processor?.model.trim() || 'unknown'}, ${cpus().length} logical cores`,
    memoryBytes: totalmem(),
  };
}
