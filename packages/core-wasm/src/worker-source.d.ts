/** The program of a worker, which `scripts/build.mjs` makes of worker.ts and what it imports. */
export declare const workerSource: string;
