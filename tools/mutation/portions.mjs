// What is changed in one go, and by which tests it should be noticed.

/** What is changed, in a folder of packages, and the tests of that package that should notice. */
export const PORTIONS = {
  files: {
    folder: 'core-ts/src/file',
    changed: 'check-receipt checkpoint-file digest model-file receipt safetensors',
    tests: 'check-receipt checkpoint-file digest model-file model-tables safetensors',
  },
  checks: {
    folder: 'core-ts/src/program',
    changed: 'encode memory overlaps pass program validate',
    tests: 'encode memory overlaps pass plan program-checks validate',
  },
  encoding: {
    folder: 'core-ts/src/data',
    changed: '*',
    tests: 'data/*',
  },
  splits: {
    folder: 'core-ts/src/train',
    changed: 'class-weights early-stopping schedule split split-groups standardize',
    tests: 'class-weights schedule split split-groups standardize',
  },
  mathematics: { folder: 'core-ts/src/math', changed: '*', tests: 'math schedule' },
  random: { folder: 'core-ts/src/random', changed: '*', tests: 'random' },
  metrics: {
    folder: 'core-ts/src/metrics',
    changed: '*',
    tests: 'metrics multi-label targets',
  },
  kernels: {
    folder: 'core-ts/src/backend-ts',
    changed: '*',
    tests: 'frozen-samples fused-updates op-writes run-status /tools/mutation/kernels',
  },
  networks: {
    folder: 'core-ts/src',
    changed:
      'network/compile network/graph network/input network/network network/optimizers network/parameters train/augment train/epoch-plan',
    tests: 'layers multi-label networks ranks recipe train /tools/mutation/networks',
  },
  csv: {
    folder: 'formats/src/csv',
    changed: '*',
    tests: 'csv-pieces csv-text odd-tables',
  },
  rows: { folder: 'formats/src/rows', changed: '*', tests: 'csv-pieces rows-opened text-numbers' },
  tables: {
    folder: 'formats/src/table',
    changed: '*',
    tests:
      'column-forms column-limits column-store dates digest-thread header labels-of-yes-and-no number-format odd-tables old-rules table-columns table-labels table-rows table-targets unprepared written',
  },
  arrays: {
    folder: 'formats/src/arrays',
    changed: '*',
    tests: 'array-inputs array-targets npy npz',
  },
  idx: {
    folder: 'formats/src',
    changed: 'files gunzip idx idx-dataset kind',
    tests: 'files idx idx-dataset kind',
  },
  folders: {
    folder: 'formats/src',
    changed:
      'check-options classes closest dataset dataset-name folder folder-parts index limits mnist options spool table-files',
    tests: 'bad-files files folders load-options mnist parts pipes spool',
  },
  memory: {
    folder: 'formats/src/memory',
    changed: '*',
    tests: 'memory-sources memory-texts nested-json odd-tables out-of-range',
  },
  parquet: {
    folder: 'formats/src/parquet',
    changed: '*',
    tests: 'parquet-columns parquet-file parquet-images parquet-pages parquet-runs',
  },
  sources: {
    folder: 'formats/src/sources',
    changed: '*',
    tests: 'arff-source arrow bounded-lists json-source lz4-frame open-table xlsx',
  },
  images: {
    folder: 'formats/src/images',
    changed: '*',
    tests: 'image-decode image-sets images png',
  },
};

/** Folders of the readers' package that read no data, and why no change of theirs is tried here. */
export const NOT_READERS = {
  export: 'what is written is run: by compilers, ONNX Runtime, PyTorch and Node',
  prepare: 'no files, but digits that somebody draws',
  report: 'pages for people',
};
