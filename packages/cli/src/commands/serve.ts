import { BitgradError, parseDecimal, parseInteger, show } from '@bitgrad/core';
import { flagTextOf, textOf } from '../arguments.js';
import { backendOf, backendOptions } from '../backends.js';
import { type Arguments, type Command, valueOption } from '../command.js';
import { emit, note, print } from '../output.js';
import { ownFile } from '../own-file.js';
import { UsageError } from '../usage-error.js';

/** `bitgrad serve MODEL…`. */
export const serveCommand: Command = {
  positionals: { model: 'model files; a model is called as its file, without the ending' },
  options: {
    port: valueOption('where to listen; 0 is any that is free', '8080', 'Server:'),
    host: valueOption(
      'the address to listen on; another than loopback needs --token or --insecure',
      '127.0.0.1',
      'Server:',
    ),
    token: valueOption(
      'what clients must say in Authorization: Bearer …; better in the environment, as BITGRAD_TOKEN',
      'none',
      'Server:',
    ),
    insecure: {
      type: 'boolean',
      describe: 'other machines may ask without a token',
      group: 'Server:',
    },
    workers: valueOption('threads that compute beside the one that answers', '0', 'Server:'),
    'batch-rows': valueOption(
      'rows that are computed together at most; no result depends on it',
      '64',
      'Server:',
    ),
    'batch-delay': valueOption('milliseconds that a row waits for others', '0', 'Server:'),
    'body-limit': valueOption('megabytes of a request at most', '16', 'Server:'),
    'request-limit': valueOption('requests at a time at most; more get 503', '256', 'Server:'),
    ...backendOptions,
  },
  examples: [
    ['serve iris.safetensors', 'on http://127.0.0.1:8080, for this machine'],
    ['serve *.safetensors --host 0.0.0.0', 'for others, who know BITGRAD_TOKEN'],
  ],
  epilogue: `A page to try it is at /, what there is in /openapi.json, numbers for Prometheus at /metrics.
A file that changes is taken up without a request being lost.`,

  async run(argv, { json, signal, heedSignals }) {
    const { serve } = await importServe();
    const port = numberOf(argv, 'port', parseInteger, 65_535);
    const workers = numberOf(argv, 'workers', parseInteger, 256);
    const batchRows = numberOf(argv, 'batch-rows', parseInteger, 65_536, 1);
    const batchDelay = numberOf(argv, 'batch-delay', parseDecimal, 10_000);
    const megabytes = numberOf(argv, 'body-limit', parseDecimal, 1024);
    const requests = numberOf(argv, 'request-limit', parseInteger, 65_536, 1);
    const host = textOf(argv, 'host');
    const token = textOf(argv, 'token') ?? process.env.BITGRAD_TOKEN;
    const { backend, description } = await backendOf(argv);
    const server = await serve({
      models: (argv.model as readonly unknown[]).map(String),
      backend,
      backendModule: ownFile('library/index.js').href,
      isOpen: flagTextOf(argv, 'insecure') === 'true',
      ...(port === undefined ? {} : { port }),
      ...(workers === undefined ? {} : { workers }),
      ...(batchRows === undefined ? {} : { batchRows }),
      ...(batchDelay === undefined ? {} : { batchDelay }),
      ...(megabytes === undefined ? {} : { bodyBytes: Math.ceil(megabytes * 1e6) }),
      ...(requests === undefined ? {} : { requests }),
      ...(host === undefined ? {} : { host }),
      ...(token === undefined || token === '' ? {} : { token }),
    });
    // Requests that are under way are answered, within bounds of the server's own.
    heedSignals(() => false);
    if (json) emit({ event: 'listening', url: server.url, models: server.models });
    else {
      print(server.url);
      note(`${server.models.join(', ')} on ${description}; Ctrl-C ends it`);
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await server.close();
    return true;
  },
};

async function importServe(): Promise<typeof import('@bitgrad/serve')> {
  return import('@bitgrad/serve').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BitgradError(
      'serve: expected the package @bitgrad/serve, which is not installed',
      'npm install @bitgrad/serve (with -g beside a bitgrad that was installed so)',
    );
  });
}

function numberOf(
  argv: Arguments,
  option: string,
  parse: (text: string) => number | undefined,
  most: number,
  least = 0,
): number | undefined {
  const text = textOf(argv, option);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value !== undefined && value >= least && value <= most) return value;
  throw new UsageError(
    `--${option}: expected a number from ${least} to ${most}, received ${value ?? show(text)}`,
  );
}
