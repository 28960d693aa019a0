// The library's declarations do not tell of its parts.
declare module '@uwdata/flechette/src/decode/decode-ipc.js' {
  interface Nodes {
    readonly nodes: readonly { readonly length: number }[];
  }
  /** The messages of a file, without their values. */
  export function decodeIPC(bytes: Uint8Array): {
    readonly records: readonly Nodes[];
    readonly dictionaries:
      | readonly { readonly id: number; readonly isDelta: boolean; readonly data: Nodes }[]
      | null;
  };
}
