import type { Command } from '../command.js';
import { benchCommand } from './bench.js';
import { conformanceCommand } from './conformance.js';
import { dataCommand } from './data.js';
import { doctorCommand } from './doctor.js';
import { evalCommand } from './eval.js';
import { exportCommand } from './export.js';
import { inspectCommand } from './inspect.js';
import { predictCommand } from './predict.js';
import { trainCommand } from './train.js';
import { verifyCommand } from './verify.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  trainCommand,
  evalCommand,
  predictCommand,
  verifyCommand,
  inspectCommand,
  exportCommand,
  dataCommand,
  benchCommand,
  conformanceCommand,
  doctorCommand,
];
