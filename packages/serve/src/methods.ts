import type { FastifyInstance } from 'fastify';
import { RequestError } from './errors.js';

const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/**
 * Answers every page's other methods: OPTIONS with those that it takes, the rest with 405.
 *
 * @returns what to call when all pages are there
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    taken.set(url, new Set([...(taken.get(url) ?? []), ...[method].flat()]));
  });
  return () => {
    for (const [url, methods] of [...taken]) {
      const allow = [...methods, 'OPTIONS'].sort().join(', ');
      app.route({
        url,
        method: ALL.filter((method) => !methods.has(method)),
        // Before a body is read.
        onRequest: async (request, reply) => {
          reply.header('Allow', allow);
          if (request.method === 'OPTIONS') return reply.code(204).send();
          throw new RequestError(405, `expected ${allow}, received ${request.method}`);
        },
        handler: async () => undefined,
      });
    }
  };
}
