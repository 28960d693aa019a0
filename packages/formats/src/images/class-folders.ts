import { join } from 'node:path';
import type { Dataset } from '@bitgrad/core';
import { datasetName } from '../dataset-name.js';
import { checkInside, listFolder, readBytes } from '../files.js';
import type { LoadOptions } from '../options.js';
import { type FolderTree, readClassTree } from './class-tree.js';
import { decodeImage, maximumImageBytes } from './decode.js';

/**
 * Reads a folder with one folder of images a class from the disk: see `readClassTree`.
 *
 * @throws BitgradError naming the folder or image that is not as it should be, or that leads out of
 *   the data set
 */
export function readClassFolders(folder: string, options: LoadOptions): Promise<Dataset> {
  const tree: FolderTree = {
    list: async (inner) => {
      const { folders, files, links } = await listFolder(inner);
      await checkInside(
        links.map((name) => join(inner, name)),
        folder,
      );
      return { folders, files };
    },
    read: (path) => readBytes(path, maximumImageBytes),
    join,
  };
  return readClassTree(datasetName(folder), folder, tree, options, decodeImage);
}
