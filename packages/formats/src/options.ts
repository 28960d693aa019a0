import type { Dataset, TableEncoding } from '@bitgrad/core';

/** How files become samples, where they leave a choice. */
export interface LoadOptions {
  /**
   * The column that is to be learnt: its name, or its number counted from 1; the last if left out.
   * Tables, and Parquet files of images (there: the column `label`).
   */
  readonly label?: string | number | undefined;
  /** Whether classes are learnt or numbers; classes if left out. */
  readonly task?: 'classification' | 'regression' | undefined;
  /** Whether the first row of a CSV names the columns; `auto`, which looks, if left out. */
  readonly header?: boolean | 'auto' | undefined;
  /** What images are resized to; 28×28 if left out. */
  readonly imageSize?: ImageSize | undefined;
  /**
   * The size of a model's images, which image files follow where `imageSize` is left out. Data of
   * other kinds are as they are.
   */
  readonly modelImageSize?: ImageSize | undefined;
  /** The classes and the encoding of a model, which the data are to follow. */
  readonly like?: Like | undefined;
}

/** A size in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** What a model knows of its data: samples are given its class indices and its features. */
export interface Like {
  /** 0 where the model gives numbers. */
  readonly classes: number;
  readonly classNames?: Dataset['classNames'] | null;
  readonly encoding?: TableEncoding | null | undefined;
}
