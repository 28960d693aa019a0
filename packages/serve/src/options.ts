import type { Backend } from '@bitgrad/core';

/** How models are served. */
export interface ServeOptions {
  /** Paths of model files; a model is called as its file, without the ending. */
  readonly models: readonly string[];
  readonly backend: Backend;
  /** Loopback, `127.0.0.1`, if left out. Other machines reach another one, which needs `token` or `isOpen`. */
  readonly host?: string;
  /** 8080 if left out; 0 for any that is free. */
  readonly port?: number;
  /** What clients must say in `Authorization: Bearer …`, all but those that ask for health. */
  readonly token?: string;
  /** Whether other machines may ask without a token. */
  readonly isOpen?: boolean;
  /** Threads that compute beside the one that answers; 0, none, if left out. */
  readonly workers?: number;
  /** A module whose `fastestBackend()` gives a worker its backend; needed for `workers`. */
  readonly backendModule?: string;
  /** Rows that are computed together at most; 64 if left out. */
  readonly batchRows?: number;
  /** How long a row waits for others, in milliseconds; 0 if left out: for those that are there. */
  readonly batchDelay?: number;
  /** Bytes of a request's body at most; 16 MiB if left out. */
  readonly bodyBytes?: number;
  /** Requests at a time at most; 256 if left out. */
  readonly requests?: number;
  /** What is left out is as in `TIMEOUTS`. */
  readonly timeouts?: Partial<Timeouts>;
  /** Takes structured log lines; stderr if left out. */
  readonly log?: (line: LogLine) => void;
}

/** One thing that happened. */
export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Connections at a time: more are not accepted. */
export const MOST_CONNECTIONS = 2048;
/** How long what may take, in milliseconds. */
export interface Timeouts {
  /** A client for its headers. */
  readonly headers: number;
  /** A client for its whole request, and a connection on which nothing moves. */
  readonly request: number;
  /** A client between two requests. */
  readonly idle: number;
  /** Requests that are under way when the server ends. */
  readonly close: number;
}
export const TIMEOUTS: Timeouts = { headers: 10_000, request: 30_000, idle: 5_000, close: 10_000 };
/** Bytes of all bodies at a time, in bodies of the largest size; small ones are read all the same. */
export const MOST_BODIES = 16;
/** Bytes of the samples of one request at most. */
export const MOST_SAMPLE_BYTES = 2 ** 28;
/** Rows that wait at a time, of one model, and rows of one request; more are refused. */
export const MOST_WAITING = 65_536;
/** How often files are looked at, in milliseconds. */
export const LOOK_INTERVAL = 1_000;
