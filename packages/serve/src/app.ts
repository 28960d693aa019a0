import { BitgradError } from '@bitgrad/core';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { RequestError } from './errors.js';
import { guard } from './guard.js';
import type { Metrics } from './metrics.js';
import type { ModelStore } from './model-store.js';
import { openApi } from './openapi.js';
import {
  HEADERS_TIMEOUT,
  IDLE_TIMEOUT,
  type LogLine,
  MOST_CONNECTIONS,
  REQUEST_TIMEOUT,
} from './options.js';
import { PAGE, PAGE_POLICY } from './page.js';
import { openInference } from './routes/open-inference.js';
import { plain } from './routes/plain.js';
import { tensorflowServing } from './routes/tensorflow.js';
import type { ServedModel } from './served-model.js';

export interface AppOptions {
  readonly store: ModelStore;
  readonly metrics: Metrics;
  readonly token: string | undefined;
  readonly isLocal: boolean;
  readonly bodyBytes: number;
  readonly version: string;
  readonly isReady: () => boolean;
  /** Counts a request in, or says that there are too many. */
  readonly enter: () => boolean;
  readonly leave: () => void;
  readonly log: (line: LogLine) => void;
}

/** Whether a request was counted in. */
const COUNTED = Symbol('counted');

/** Everything that is answered. */
export function makeApp(options: AppOptions): FastifyInstance {
  const { store, metrics, token, isLocal, bodyBytes, version, isReady, enter, leave, log } =
    options;
  const app = Fastify({
    logger: false,
    bodyLimit: bodyBytes,
    connectionTimeout: REQUEST_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: IDLE_TIMEOUT,
    return503OnClosing: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
  });
  app.server.headersTimeout = HEADERS_TIMEOUT;
  app.server.maxConnections = MOST_CONNECTIONS;
  // Bodies are read as they are; what they mean, the routes know.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (_request: unknown, body: unknown) => body,
  );

  guard(app, token, isLocal);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST') return;
    if (!enter()) {
      reply.header('Retry-After', '1');
      throw new RequestError(503, 'too many requests at a time: try again soon');
    }
    (request as { [COUNTED]?: boolean })[COUNTED] = true;
  });
  app.addHook('onResponse', async (request, reply) => {
    if ((request as { [COUNTED]?: boolean })[COUNTED]) leave();
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(route, reply.statusCode, reply.elapsedTime);
  });
  app.addHook('onRequestAbort', async (request) => {
    if ((request as { [COUNTED]?: boolean })[COUNTED]) leave();
    (request as { [COUNTED]?: boolean })[COUNTED] = false;
  });
  app.setNotFoundHandler(async (_request, reply) => {
    reply.code(404);
    return { error: 'no such page; /openapi.json lists what there is' };
  });
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const { status, message } = answerTo(error);
    if (status >= 500 && status !== 503)
      log({ event: 'error', message: error.message, stack: error.stack });
    reply.code(status);
    return { error: message };
  });

  const mark = (reply: FastifyReply, model: ServedModel): void => {
    reply.header('Bitgrad-Receipt', model.receiptSha256);
  };
  openInference(app, store, isReady, version, mark);
  tensorflowServing(app, store, mark);
  plain(app, store, mark);
  app.get('/metrics', async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  app.get('/openapi.json', async () => openApi(version, token !== undefined));
  app.get('/', async (_request, reply) => {
    reply.type('text/html; charset=utf-8').headers(PAGE_POLICY);
    return PAGE;
  });
  return app;
}

/** What a client is told of an error: never more than what it did itself. */
function answerTo(error: FastifyError): { status: number; message: string } {
  if (error instanceof RequestError) return { status: error.status, message: error.message };
  if (error instanceof BitgradError) return { status: 400, message: error.message };
  const status = error.statusCode ?? 500;
  if (status === 413) return { status, message: 'the body is too large' };
  if (status >= 400 && status < 500) return { status, message: 'the request cannot be read' };
  return { status: 500, message: 'internal error' };
}
