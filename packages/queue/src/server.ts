import { BitgradError } from '@bitgrad/core';
import { Redis } from 'ioredis';

/** A server of Redis or Valkey, and what becomes of what there is to say of it. */
export interface ServerOptions {
  /** `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /** Where the URL holds none. */
  readonly password?: string | undefined;
  /** Told of what people may want to know: a server that is away, and back. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** Names on the server: everything of Bitgrad's begins with this. */
export const PREFIX = 'bitgrad';
/** The one queue: workers need not know who asks. */
export const QUEUE = 'jobs';

/** Milliseconds to wait for a server that is not heard of at all, and between two tries to reach one again. */
const PATIENCE = 10_000;
const RETRY = 1000;
/** The oldest that BullMQ's scripts run on. */
const OLDEST: readonly [number, number] = [6, 2];

/** How to reach a server, for ioredis. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
  readonly connectTimeout: number;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: () => number | null;
}

/** A server by its URL: how to reach it, and what it may be called where others read along. */
export interface Server {
  readonly connection: Connection;
  /** The URL without user and password. */
  readonly name: string;
  /** Lets connections that stand end when they are cut, and none be waited for any more. */
  leave(): void;
}

/**
 * Reads a URL.
 *
 * @throws BitgradError, which does not repeat what may hold a password, if it is none of a server
 */
export function serverOf({ url, password }: ServerOptions): Server {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const { protocol = '', hostname = '', port = '', pathname = '' } = parsed ?? {};
  const database = /^\/?(\d{0,4})$/.exec(pathname)?.[1];
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || database === undefined) {
    throw new BitgradError(
      'queue: expected redis://HOST, redis://HOST:PORT/DATABASE or rediss://… for TLS, received something else',
      'a user and a password stand before the host, USER:PASSWORD@; special characters in them as %40 and the like',
    );
  }
  const secret = parsed?.password ? decoded(parsed.password) : password;
  const user = parsed?.username ? decoded(parsed.username) : undefined;
  let isLeft = false;
  return {
    leave() {
      isLeft = true;
    },
    name: `${protocol}//${hostname}:${port || 6379}${database ? `/${database}` : ''}`,
    connection: {
      // As IPv6 addresses stand in URLs.
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || 6379),
      db: Number(database || 0),
      ...(user === undefined ? {} : { username: user }),
      ...(secret === undefined ? {} : { password: secret }),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
      connectTimeout: PATIENCE,
      // Commands wait for a server that is away.
      maxRetriesPerRequest: null,
      retryStrategy: () => (isLeft ? null : RETRY),
    },
  };
}

/** @throws BitgradError, which does not repeat it, where a % is none of a character's code */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BitgradError(
      'queue: expected special characters of user and password as %40 and the like, received another %',
      'a % itself is written %25',
    );
  }
}

/**
 * Makes sure that a server is there, lets us in and can hold a queue.
 *
 * @throws BitgradError that says what is in the way
 */
export async function checkServer({ connection, name }: Server): Promise<void> {
  const probe = new Redis({ ...connection, lazyConnect: true, retryStrategy: () => null });
  let cause = '';
  probe.on('error', (error: NodeJS.ErrnoException) => {
    cause = reasonOf(error);
  });
  try {
    await probe.connect();
    checkInfo(await probe.info(), name);
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    const reason = cause || reasonOf(error as Error);
    throw new BitgradError(
      `queue: expected a server at ${name} that answers, received ${reason}`,
      /^(?:NOAUTH|WRONGPASS|NOPERM)/.test(reason)
        ? 'give its password in the environment, as BITGRAD_QUEUE_PASSWORD, or in the URL, as redis://USER:PASSWORD@HOST'
        : 'start Redis or Valkey there, or look at host, port and redis:// or rediss://',
    );
  } finally {
    probe.disconnect();
  }
}

function checkInfo(info: string, name: string): void {
  const [, major, minor] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  const [oldMajor, oldMinor] = OLDEST;
  const isNewEnough =
    Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor);
  if (!isNewEnough) {
    throw new BitgradError(
      `queue: expected Redis ${OLDEST.join('.')} or newer, or Valkey, at ${name}, received ${major ?? 'no version'}.${minor ?? ''}`,
    );
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    throw new BitgradError(
      `queue: expected maxmemory-policy noeviction at ${name}, received ${policy}, by which jobs vanish`,
      'in redis.conf, or: redis-cli CONFIG SET maxmemory-policy noeviction',
    );
  }
}

/** The system's or the server's word for what is wrong. Neither repeats a password. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message.slice(0, 200);
}

/** Says once when a server goes away, and once when it is back. */
export function watchConnection(name: string, onNote: (text: string) => void) {
  let isAway = false;
  return {
    onError(error: NodeJS.ErrnoException): void {
      if (isAway || error.code === undefined) return;
      isAway = true;
      onNote(`${name}: ${reasonOf(error)}; waiting for it`);
    },
    onReady(): void {
      if (isAway) onNote(`${name}: there again`);
      isAway = false;
    },
  };
}
