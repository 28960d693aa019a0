import type { IncomingMessage } from 'node:http';
import { BitgradError } from '@bitgrad/core';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { Bodies, type Holder } from './bodies.js';
import { checkContent } from './content.js';
import { RequestError } from './errors.js';
import { guard } from './guard.js';
import { refuseOtherMethods } from './methods.js';
import type { Metrics } from './metrics.js';
import type { ModelStore } from './model-store.js';
import { openApi } from './openapi.js';
import { type LogLine, MOST_BODIES, MOST_CONNECTIONS, type Timeouts } from './options.js';
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
  readonly timeouts: Timeouts;
  readonly version: string;
  readonly isReady: () => boolean;
  /** Counts a request in, or says that there are too many. */
  readonly enter: () => boolean;
  readonly leave: () => void;
  readonly log: (line: LogLine) => void;
}

/** How often it is looked for connections that take too long, in milliseconds. */
const LOOK_INTERVAL = 1_000;

/** What a request takes of the server. */
interface Share extends Holder {
  isCounted: boolean;
}

/** Everything that is answered. */
export function makeApp(options: AppOptions): FastifyInstance {
  const { store, metrics, token, isLocal, bodyBytes, timeouts, version, isReady, log } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: bodyBytes,
    connectionTimeout: timeouts.request,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.idle,
    http: { connectionsCheckingInterval: Math.min(LOOK_INTERVAL, timeouts.headers) },
    return503OnClosing: true,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    // Of addresses, before there is a route; its own answers would repeat them.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      const isLong = error.statusCode === 414;
      reply
        .code(isLong ? 414 : 400)
        .send({ error: `the address ${isLong ? 'is too long' : 'cannot be read'}` });
    },
  });
  app.server.headersTimeout = timeouts.headers;
  app.server.maxConnections = MOST_CONNECTIONS;
  const endRoutes = refuseOtherMethods(app);
  guard(app, token, isLocal);
  limit(app, options);
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(route, reply.statusCode, reply.elapsedTime);
    done();
  });
  app.setNotFoundHandler(async (_request, reply) => {
    reply.code(404);
    return { error: 'no such page; /openapi.json lists what there is' };
  });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const { status, message } = answerTo(error);
    // What is left of the body is not waited for.
    if (!request.raw.complete) reply.header('Connection', 'close');
    if (status === 503) reply.header('Retry-After', '1');
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
  endRoutes();
  return app;
}

/**
 * Bounds what requests take: the bytes of their bodies, and how many are worked on at a time, from when
 * they are whole. Who is slow to send takes a connection, and nothing from others.
 */
function limit(app: FastifyInstance, { bodyBytes, enter, leave }: AppOptions): void {
  const bodies = new Bodies(bodyBytes, MOST_BODIES * bodyBytes);
  const shares = new WeakMap<FastifyRequest, Share>();
  const give = (request: FastifyRequest): void => {
    const share = shares.get(request);
    if (share === undefined) return;
    bodies.release(share);
    if (share.isCounted) leave();
    share.isCounted = false;
  };
  // Bodies are read as they are; what they mean, the routes know.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, stream: IncomingMessage) => {
    checkContent(request.headers);
    const share = { held: 0, isCounted: false };
    shares.set(request, share);
    return bodies.read(stream, Number(request.headers['content-length']), share);
  });
  // Hooks that call back spare a promise each.
  app.addHook('preHandler', (request, _reply, done) => {
    const share = shares.get(request);
    if (share !== undefined && !enter()) {
      done(new RequestError(503, 'too many requests at a time: try again soon'));
      return;
    }
    if (share !== undefined) share.isCounted = true;
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    give(request);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    give(request);
    done();
  });
}

/** What a client is told of an error: never more than what it did itself. */
function answerTo(error: FastifyError): { status: number; message: string } {
  if (error instanceof RequestError) return { status: error.status, message: error.message };
  if (error instanceof BitgradError) return { status: 400, message: error.message };
  // Only what a client sent can be so deep.
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return { status: 400, message: 'expected lists less deep' };
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return { status, message: 'the body is too large' };
  if (status >= 400 && status < 500) return { status, message: 'the request cannot be read' };
  return { status: 500, message: 'internal error' };
}
