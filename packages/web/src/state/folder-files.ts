import type { FolderFile } from '../table/table-protocol.js';

/** A folder that somebody chose or dropped. */
export interface ChosenFolder {
  readonly name: string;
  readonly files: readonly FolderFile[];
}

/** The folder that was chosen in a field for folders. */
export function chosenFolder(list: FileList): ChosenFolder {
  const files = Array.from(list, (file) => ({ path: file.webkitRelativePath, file }));
  const [name = ''] = files[0]?.path.split('/') ?? [];
  return { name, files };
}

/**
 * The folders that were dropped, as one, or null where none was. Their entries are only there until the
 * event is over, so they are taken at once.
 */
export function droppedFolder({ items }: DataTransfer): Promise<ChosenFolder> | null {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0) return null;
  const [first] = folders;
  // Several folders of one class each stand in a folder that was not dropped itself.
  const name = folders.length === 1 ? first!.name : 'images';
  const root = folders.length === 1 ? '' : `${name}/`;
  return Promise.all(folders.map((folder) => filesIn(folder, root))).then((files) => ({
    name,
    files: files.flat(),
  }));
}

async function filesIn(entry: FileSystemEntry, before: string): Promise<FolderFile[]> {
  const path = `${before}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FolderFile[] = [];
  // A folder is told in pieces, the last of them empty.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return found;
    for (const inner of entries) found.push(...(await filesIn(inner, `${path}/`)));
  }
}
