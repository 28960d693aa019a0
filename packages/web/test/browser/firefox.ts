import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { WebSocket } from 'ws';

/** Debian's Firefox, led by its own protocol, WebDriver BiDi: as much of it as one test needs. */
export class Firefox {
  private lastId = 0;
  private readonly said: string[] = [];
  private readonly pending = new Map<number, (message: Message) => void>();

  private constructor(
    private readonly browser: ChildProcess,
    private readonly profile: string,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.method === 'log.entryAdded') this.take(message.params as unknown as LogEntry);
      this.pending.get(message.id)?.(message);
      this.pending.delete(message.id);
    });
  }

  static async launch(): Promise<Firefox> {
    const profile = mkdtempSync(join(tmpdir(), 'bitgrad-firefox-'));
    const browser = spawn(
      '/usr/bin/firefox-esr',
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile } },
    );
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      browser.on('exit', () => reject(new Error(`Firefox ended: ${said}`)));
      browser.stderr!.on('data', (data) => {
        said += String(data);
        const match = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
        if (match) resolve(match[1]!);
      });
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const firefox = new Firefox(browser, profile, socket);
    await firefox.send('session.new', { capabilities: {} });
    await firefox.send('session.subscribe', { events: ['log.entryAdded'] });
    return firefox;
  }

  /** What the console said since it was last asked, errors and warnings alone. */
  complaints(): string[] {
    return this.said.splice(0);
  }

  private take({ level, text, type }: LogEntry): void {
    // Browsers warn of much that is none of the page's doing; errors are its own.
    if (level === 'error') this.said.push(`${type}: ${text}`);
  }

  /** The name of the browsing context that is open. */
  async context(): Promise<string> {
    const { contexts } = await this.send('browsingContext.getTree', {});
    return (contexts as { context: string }[])[0]!.context;
  }

  /** Opens an address and returns the name of its browsing context. */
  async open(url: string): Promise<string> {
    const context = await this.context();
    await this.send('browsingContext.navigate', { context, url, wait: 'complete' });
    return context;
  }

  /** The value of an expression in a page, which may be a promise of a text. */
  async evaluate(context: string, expression: string): Promise<string> {
    const answer = await this.send('script.evaluate', {
      expression,
      target: { context },
      awaitPromise: true,
    });
    const { result, exceptionDetails } = answer as {
      result?: { value: string };
      exceptionDetails?: { text: string };
    };
    if (result === undefined) throw new Error(exceptionDetails?.text);
    return result.value;
  }

  /** Performs sequences of actions by devices that the browser takes for real ones. */
  async perform(context: string, actions: readonly object[]): Promise<void> {
    await this.send('input.performActions', { context, actions });
    await this.send('input.releaseActions', { context });
  }

  /** Chooses files in a field, by a selector. */
  async chooseFiles(context: string, selector: string, files: readonly string[]): Promise<void> {
    const { nodes } = await this.send('browsingContext.locateNodes', {
      context,
      locator: { type: 'css', value: selector },
    });
    const [{ sharedId }] = nodes as [{ sharedId: string }];
    await this.send('input.setFiles', { context, element: { sharedId }, files });
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.browser.once('exit', resolve));
    this.socket.terminate();
    this.browser.kill();
    await ended;
    // Its processes write a moment longer than it is there.
    await vi.waitFor(() => rmSync(this.profile, { recursive: true, force: true }), {
      timeout: 60_000,
    });
  }

  private send(method: string, params: object): Promise<Record<string, unknown>> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, ({ result, error, message }) => {
        if (result === undefined) reject(new Error(`${method}: ${error}: ${message}`));
        else resolve(result);
      });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

interface LogEntry {
  readonly level: string;
  readonly type: string;
  readonly text: string;
}

interface Message {
  readonly id: number;
  readonly method?: string;
  readonly params?: object;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}
