import type { CommandEntry } from '../command.js';

/**
 * All commands, in the order of the help. What a command needs is imported only where it runs or its
 * own help is asked for.
 */
export const commands: readonly CommandEntry[] = [
  {
    usage: 'train [file]',
    summary: 'train a network by a recipe; write the model file',
    load: async () => (await import('./train.js')).trainCommand,
  },
  {
    usage: 'eval <model> [file]',
    summary: 'accuracy, loss, confusion matrix, and precision and recall of each class',
    load: async () => (await import('./eval.js')).evalCommand,
  },
  {
    usage: 'predict <model> <input..>',
    summary: 'what a model says of the rows of tables, or of images of any size',
    load: async () => (await import('./predict.js')).predictCommand,
  },
  {
    usage: 'serve <model..>',
    summary: 'answer questions over HTTP: Open Inference Protocol, TensorFlow Serving, plain rows',
    load: async () => (await import('./serve.js')).serveCommand,
  },
  {
    usage: 'verify <model> [file]',
    summary: 'train again from the receipt; compare the digest of every epoch',
    load: async () => (await import('./verify.js')).verifyCommand,
  },
  {
    usage: 'sweep <plan>',
    summary: 'train by a plan of many settings, seeds and folds; say which are best',
    load: async () => (await import('./sweep.js')).sweepCommand,
  },
  {
    usage: 'worker',
    summary: 'do the trainings and verifications of a queue, on this machine',
    load: async () => (await import('./worker.js')).workerCommand,
  },
  {
    usage: 'compare <a> <b>',
    summary: 'where two trainings of one recipe part: epoch, parameter, step',
    load: async () => (await import('./compare.js')).compareCommand,
  },
  {
    usage: 'inspect <model>',
    summary: 'what a model file holds: receipt, recipe, layers, sizes, digests',
    load: async () => (await import('./inspect.js')).inspectCommand,
  },
  {
    usage: 'export <model>',
    summary: 'write a model as a file for other programs',
    load: async () => (await import('./export.js')).exportCommand,
  },
  {
    usage: 'data [source]',
    summary: 'describe a data set: counts, shapes, labels, SHA-256, a few samples',
    load: async () => (await import('./data.js')).dataCommand,
  },
  {
    usage: 'bench',
    summary: 'throughput of training, prediction and products of each backend on this machine',
    load: async () => (await import('./bench.js')).benchCommand,
  },
  {
    usage: 'conformance',
    summary: 'check that the installed backends give the bits that the contract asks for',
    load: async () => (await import('./conformance.js')).conformanceCommand,
  },
  {
    usage: 'doctor',
    summary: 'versions, which backends load here and why not, and what to do',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
];
