import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from './errors.js';

/** Pages that may be asked for without a token: whether the server lives and takes requests. */
const OPEN = ['/v2/health/live', '/v2/health/ready'];
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Whether a host is this machine's own. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Lets in who may come in: with the token, where there is one. Without one, on loopback, the request
 * must be meant for it: a page in a browser here could otherwise reach the server by another name
 * (DNS rebinding).
 */
export function guard(app: FastifyInstance, token: string | undefined, isLocal: boolean): void {
  const expected = token === undefined ? null : digestOf(`Bearer ${token}`);
  const refusalOf = (request: FastifyRequest): RequestError | undefined => {
    if (expected === null) {
      const isMeant = !isLocal || LOOPBACK.test(request.headers.host ?? '');
      return isMeant ? undefined : new RequestError(403, 'expected a request to localhost');
    }
    if (OPEN.includes(request.routeOptions.url ?? '')) return undefined;
    if (timingSafeEqual(digestOf(request.headers.authorization ?? ''), expected)) return undefined;
    return new RequestError(401, 'expected the token, in the header Authorization: Bearer …');
  };
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request);
    if (refusal?.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    done(refusal);
  });
}

/** Of one length, so that comparing takes one time. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
