import core from '@bitgrad/core/package.json';
import wasm from '@bitgrad/core-wasm/package.json';
import web from '../../package.json';

/** The version of each Bitgrad package that takes part, for the records in model files. */
export const VERSIONS: Readonly<Record<string, string>> = {
  [core.name]: core.version,
  [wasm.name]: wasm.version,
  [web.name]: web.version,
};
