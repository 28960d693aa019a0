import type { Dataset, ImageSize, TableEncoding } from '@bitgrad/core';
import type { ColumnChoice } from './table/choose.js';
import type { Label } from './table/label-column.js';

/** How files become samples, where they leave a choice. */
export interface LoadOptions {
  /**
   * The column that is to be learnt: its name, or its number counted from 1; the last if left out.
   * Several, with commas between or as a list, are learnt as numbers or each as yes or no. Tables, and
   * Parquet files of images (there: the column `label`).
   */
  readonly label?: Label | undefined;
  /**
   * Whether classes are learnt, numbers, or 0 and 1 of columns of yes and no; classes if left out.
   * `auto`: as the label's cells suggest.
   */
  readonly task?: 'classification' | 'regression' | 'multi-label' | 'auto' | undefined;
  /** A table's columns that may be features, by names, patterns (`temp_*`) or numbers; all if left out. */
  readonly columns?: ColumnChoice | undefined;
  /** A table's columns that are no features. */
  readonly drop?: ColumnChoice | undefined;
  /** A table's columns that are categories though they hold numbers. */
  readonly categorical?: ColumnChoice | undefined;
  /** A table's columns that are to hold numbers; what is none is an error. */
  readonly numeric?: ColumnChoice | undefined;
  /** Whether a table's columns that only tell rows apart are features too. */
  readonly keepIds?: boolean | undefined;
  /**
   * What becomes of a table's missing cells: the training part's median or a category of their own
   * stands in (`impute`, if left out), rows with one are left out (`drop`), or it is an error.
   */
  readonly missing?: 'impute' | 'drop' | 'error' | undefined;
  /** Whether a category that a model was not trained on is an error. */
  readonly strict?: boolean | undefined;
  /** Whether images that do not decode are left out, and listed. */
  readonly skipBad?: boolean | undefined;
  /**
   * Whether the SHA-256 of a large table's samples is taken by a second thread while they are made, where that goes: the
   * data set then says it, and its inputs lie in memory that threads share.
   */
  readonly digest?: boolean | undefined;
  /** 1: data are read as version 0.1.0 read them. */
  readonly rules?: 1 | undefined;
  /** How a model read its table, which is to be read in the same way. */
  readonly encoding?: TableEncoding | undefined;
  /** Whether the first row of a CSV names the columns; `auto`, which looks, if left out. */
  readonly header?: boolean | 'auto' | undefined;
  /** What images are resized to; 28×28 if left out. */
  readonly imageSize?: ImageSize | undefined;
  /** What image files are resized to where neither `imageSize` nor a model says it. */
  readonly usualImageSize?: ImageSize | undefined;
  /**
   * Whether images are read as grey or in colours; if left out, as a model's images are
   * (`modelImageSize`), else in colours where any image has some.
   */
  readonly channels?: 'grey' | 'rgb' | undefined;
  /**
   * The size of a model's images, which image files follow where `imageSize` is left out, and their
   * channels. Data of other kinds are as large as they are.
   */
  readonly modelImageSize?: ImageSize | undefined;
  /** The classes and the encoding of a model, which the data are to follow. */
  readonly like?: Like | undefined;
}

/** What a model knows of its data: samples are given its class indices and its features. */
export interface Like {
  /** 0 where the model gives numbers. */
  readonly classes: number;
  readonly classNames?: Dataset['classNames'] | null;
  readonly encoding?: TableEncoding | null | undefined;
}
