import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { pngBytes } from '../../packages/cli/test/pictures.js';
import { freePort, startRedis } from '../redis.mjs';
import { missing } from '../require.mjs';
import { root } from '../run.mjs';

const bitgrad = join(root, 'packages', 'cli', 'bin', 'bitgrad.js');
const run = promisify(execFile);

/** The words of a line as a shell takes it: in quotes, a space is one of a word. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(([word, double, single]) => {
    return double ?? single ?? word;
  });

/** Whether an output is what a guide shows; `…` stands for anything. */
export function expectShown(shown: string, output: string): void {
  const plain = (text: string): string => text.replace(/[ \r]+$/gm, '').trim();
  const pattern = plain(shown)
    .split('…')
    .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*');
  expect(plain(output)).toMatch(new RegExp(`^${pattern}$`));
}

/** What a guide says that a reader has: a folder of pictures, and one more. */
export function drawPictures(folder: string): void {
  const shapes: Readonly<Record<string, (x: number, y: number, size: number) => boolean>> = {
    round: (x, y, size) => x * x + y * y < size * size,
    square: (x, y, size) => Math.max(Math.abs(x), Math.abs(y)) < size,
  };
  const draw = (name: string, at: number): Uint8Array =>
    pngBytes(16, 16, (x, y) => (shapes[name]!(x - 8, y - 8, 4 + (at % 4)) ? 255 - at : at));
  for (const name of Object.keys(shapes)) {
    mkdirSync(join(folder, 'pictures', name), { recursive: true });
    for (let at = 0; at < 40; at += 1) {
      writeFileSync(join(folder, 'pictures', name, `${at}.png`), draw(name, at));
    }
  }
  writeFileSync(join(folder, 'photo.png'), draw('round', 50));
}

/** Waits until somebody listens; fails where the one who is to do so has ended. */
async function untilListening(port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    expect(server.exitCode).toBeNull();
    const socket = connect(port, '127.0.0.1');
    const answers = await new Promise((resolve) => {
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
    if (answers) return;
    await sleep(50);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/**
 * Does what the blocks of a guide that show commands say, in turn, and compares what is printed.
 *
 * `command &` goes on in the background until all is done; the port 8080 and the server
 * `redis://host` are others, which are free and there.
 */
export async function runShown(text: string, folder: string): Promise<void> {
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  const runnable = blocks.filter((block) => !block.includes('redis://') || !missing('redis'));
  const port = await freePort();
  const redis = runnable.join('').includes('redis://') ? await startRedis() : undefined;
  const inBackground: ChildProcess[] = [];
  try {
    for (const part of runnable.flatMap((block) => block.split(/^\$ /m).slice(1))) {
      const [line, ...shown] = part
        .replaceAll('8080', String(port))
        .replaceAll('redis://host', redis?.url ?? '')
        .split('\n');
      const [program, ...words] = wordsOf(line!);
      if (program === 'curl' && missing('curl')) continue;
      if (program === 'mkdir') {
        mkdirSync(join(folder, words[0]!));
        continue;
      }
      expect(['bitgrad', 'curl']).toContain(program);
      const [command, args] =
        program === 'curl' ? ['curl', words] : [process.execPath, [bitgrad, ...words]];
      if (words.at(-1) === '&') {
        const child = spawn(command, args.slice(0, -1), { cwd: folder, stdio: 'ignore' });
        inBackground.push(child);
        if (words.includes('--port')) await untilListening(port, child);
      } else {
        const { stdout } = await run(command, args, { cwd: folder });
        expectShown(shown.join('\n'), stdout);
      }
    }
  } finally {
    await Promise.all(inBackground.map(end));
    await redis?.stop();
  }
}
