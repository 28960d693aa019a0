/** What the page asks its worker about data of the reader's own. */

import type { Recipe } from '@bitgrad/core';

/** A model that learned from a table. */
export interface TableResult {
  readonly name: string;
  readonly label: string;
  readonly isRegression: boolean;
  readonly classes: number;
  /** On rows that were held out; null where there are none. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  readonly train: number;
  readonly test: number;
  readonly epochs: number;
  readonly weightsSha256: string;
  /** What a row has to say: a column's name, and its values where they are words. */
  readonly columns: readonly { readonly name: string; readonly values: readonly string[] | null }[];
}

export type TablePrediction =
  | { readonly className: string; readonly probability: number }
  | { readonly value: number };

export interface TableEpoch {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

/** A folder of images that was read. */
export interface OpenedImages {
  readonly name: string;
  readonly count: number;
  /** Whether the command reads the same bits of all of them: see `decodeHere`. */
  readonly isExact: boolean;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: readonly {
    readonly name: string;
    readonly count: number;
    /** Some of them, `[height, width, channels]` bytes each. */
    readonly images: readonly Uint8Array[];
  }[];
}

export interface ImagesResult {
  readonly recipe: Recipe;
  readonly testAccuracy: number | null;
  readonly train: number;
  readonly test: number;
  readonly epochs: number;
  readonly weightsSha256: string;
}

/** How many images of a folder were read. */
export interface ImagesRead {
  readonly read: number;
  readonly of: number;
}

/** A file by its path, its folder's name first. */
export interface FolderFile {
  readonly path: string;
  readonly file: File;
}

export interface ImageRequests {
  /** Takes a folder with one folder of images a class. */
  imagesOpen: { given: { name: string; files: readonly FolderFile[] }; answer: OpenedImages };
  imagesTrain: { given: undefined; answer: ImagesResult };
  /** What the model says of a picture of any size. */
  imagesAsk: { given: { file: File }; answer: { className: string; probability: number } };
}

export interface TableRequests extends ImageRequests {
  /** Takes a table, a text or a file's bytes, and tells its columns and its first rows. */
  tableOpen: {
    given: { text: string | Uint8Array; name: string };
    answer: { columns: readonly string[]; sample: readonly (readonly string[])[] };
  };
  tableTrain: { given: { label: string }; answer: TableResult };
  tableStop: { given: undefined; answer: undefined };
  tablePredict: { given: { row: Readonly<Record<string, string>> }; answer: TablePrediction };
  tableSave: { given: undefined; answer: Uint8Array };
}
