import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Output, RowSink, Value } from './row-sink.js';

/** Rows that are kept in memory at a time. */
const GROUP = 65536;

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'number' | 'text';
}

/** Parquet: numbers as binary64, which holds binary32 exactly, and texts; a row group every 65,536 rows. */
export function parquetSink(columns: readonly ParquetColumn[], output: Output): RowSink {
  const writer: ByteWriter & { flush?: () => void } = new ByteWriter();
  // Called after each row group: what is written need not stay.
  writer.flush = () => {
    output.write(writer.getBytes());
    writer.index = 0;
  };
  const groups: Value[][] = columns.map(() => []);
  const columnData = () =>
    columns.map(({ name, type }, index) => ({
      name,
      data: groups[index]!,
      type: type === 'number' ? ('DOUBLE' as const) : ('STRING' as const),
      nullable: true,
    }));
  const file = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnData() }),
    createdBy: 'bitgrad',
  });
  const flush = (): void => {
    if (groups[0]!.length > 0) file.write({ columnData: columnData(), rowGroupSize: GROUP });
    for (const group of groups) group.length = 0;
  };
  return {
    write(values) {
      for (const [index, group] of groups.entries()) group.push(values[index]!);
      if (groups[0]!.length === GROUP) flush();
    },
    end() {
      flush();
      file.finish();
      writer.flush?.();
    },
  };
}
