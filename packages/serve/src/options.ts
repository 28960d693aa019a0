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
/** How long a client may take for its headers, its whole request, and between two, in milliseconds. */
export const HEADERS_TIMEOUT = 10_000;
export const REQUEST_TIMEOUT = 30_000;
export const IDLE_TIMEOUT = 5_000;
/** How long requests that are under way may take when the server ends, in milliseconds. */
export const CLOSE_TIMEOUT = 10_000;
/** Rows that wait at a time, of one model; more are refused. */
export const MOST_WAITING = 65_536;
/** How often files are looked at, in milliseconds. */
export const LOOK_INTERVAL = 1_000;
