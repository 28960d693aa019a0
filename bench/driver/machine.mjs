// The machine that is measured, without its name.

import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { nativeAvailability } from '@bitgrad/core-native';

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores logical ones
 * @property {readonly string[]} isas that the native backend can use here, the fastest first
 * @property {number} memoryBytes
 * @property {string} system
 * @property {string} node
 * @property {number} load the load average when it began: what else was running
 */

/** @returns {Machine} */
export function describeMachine() {
  const availability = nativeAvailability();
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: cpus().length,
    isas: availability.available ? availability.isa : [],
    memoryBytes: totalmem(),
    system: systemName(),
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

function systemName() {
  try {
    const line = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'));
    if (line?.[1]) return `${line[1]}, ${process.arch}`;
  } catch {
    // Not a Linux that says so.
  }
  return `${type()} ${release()}, ${process.arch}`;
}
