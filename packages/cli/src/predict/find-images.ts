import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { filesOf } from './patterns.js';

const EXTENSIONS = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.tif', '.tiff', '.avif'];

/**
 * The images that somebody means: files as they are, the images of folders and of the folders in
 * them, and what a pattern as in `*.png` fits, for shells that hand patterns through. In the order
 * of the names.
 *
 * @throws BitgradError for a folder without images, or a pattern that fits no file
 */
export async function findImages(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(imagesAt));
  return found.flat();
}

async function imagesAt(path: string): Promise<string[]> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory()) return imagesIn(path);
  return there === null ? filesOf([path]) : [path];
}

async function imagesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const images = entries
    .filter((entry) => entry.isFile() && isImageName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (images.length > 0) return images;
  throw new BitgradError(
    `${folder}: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images, received none`,
  );
}

/** Hidden files, such as those that macOS leaves beside images on foreign disks, are none. */
function isImageName(name: string): boolean {
  return !name.startsWith('.') && EXTENSIONS.includes(extname(name).toLowerCase());
}
