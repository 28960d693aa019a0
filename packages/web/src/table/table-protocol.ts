/** What the page asks its worker about a table of the reader's own. */

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

export interface TableRequests {
  /** Takes a table, and tells its columns and its first rows. */
  tableOpen: {
    given: { text: string; name: string };
    answer: { columns: readonly string[]; sample: readonly (readonly string[])[] };
  };
  tableTrain: { given: { label: string }; answer: TableResult };
  tableStop: { given: undefined; answer: undefined };
  tablePredict: { given: { row: Readonly<Record<string, string>> }; answer: TablePrediction };
  tableSave: { given: undefined; answer: Uint8Array };
}
