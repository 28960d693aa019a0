import type { Command } from '../command.js';
import { conformanceCommand } from './conformance.js';
import { doctorCommand } from './doctor.js';
import { evalCommand } from './eval.js';
import { inspectCommand } from './inspect.js';
import { trainCommand } from './train.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  trainCommand,
  evalCommand,
  inspectCommand,
  conformanceCommand,
  doctorCommand,
];
