/** The program of a worker, which `scripts/build.mjs` makes of meeting.ts and worker.ts. */
export declare const workerSource: string;
