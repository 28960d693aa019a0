/** The compiled kernels; `scripts/build.mjs` writes the module itself to `dist`. */
export declare const base64: string;
/** Which of its bytes has the flags of its memory's limits. */
export declare const memoryFlagsAt: number;
