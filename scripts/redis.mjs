// A Redis of one's own, for tests: on a free port of this machine, without a file, and gone afterwards.

import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A port of this machine that nobody listens on.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * Whether something answers there.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * Starts a Redis that forgets everything when it ends.
 * @param {string[]} [options] more of its options
 */
export async function startRedis(options = []) {
  const port = await freePort();
  const begin = async () => {
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'];
    const child = spawn('redis-server', [...words, '--appendonly', 'no', ...options], {
      stdio: 'ignore',
    });
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
      await sleep(20);
    }
    return child;
  };
  /** @param {import('node:child_process').ChildProcess} child */
  const end = (child) =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  let server = await begin();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    /** Ends it like a crash, and starts it again: empty. */
    async restart() {
      await end(server);
      server = await begin();
    },
    async stop() {
      await end(server);
    },
  };
}
