import type { FolderTree } from '../images/class-tree.js';

/** A file that somebody chose or dropped, by its path from their folder: `pets/cat/1.png`. */
export interface TreeFile {
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** Files that are at hand, as the folders that their paths say. */
export function fileTree(files: readonly TreeFile[]): FolderTree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    list: async (folder) => {
      const folders = new Set<string>();
      const names = new Set<string>();
      for (const path of byPath.keys()) {
        if (!path.startsWith(`${folder}/`)) continue;
        const [name = '', ...rest] = path.slice(folder.length + 1).split('/');
        if (!name.startsWith('.')) (rest.length > 0 ? folders : names).add(name);
      }
      return { folders: [...folders].sort(), files: [...names].sort() };
    },
    read: (path) => byPath.get(path)!.read(),
    join: (folder, name) => `${folder}/${name}`,
  };
}
