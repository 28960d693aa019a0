/** The compiled kernels; `scripts/build.mjs` writes the module itself to `dist`. */
export declare const base64: string;
