import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { BitgradError } from '@bitgrad/core';

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
  // Whatever else is wrong with a file, reading it tells.
  if (there !== null || !/[*?]/.test(basename(path))) return [path];
  const isFitting = patternOf(basename(path));
  const names = await readdir(dirname(path)).catch(() => []);
  const fitting = names.filter((name) => isFitting.test(name)).sort();
  if (fitting.length > 0) return fitting.map((name) => join(dirname(path), name));
  throw new BitgradError(`${path}: expected at least one file called so, received none`);
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

/** `*` stands for any characters but at the start of a hidden file's name, `?` for one. */
function patternOf(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(text.startsWith('.') ? `^${source}$` : `^(?!\\.)${source}$`);
}
