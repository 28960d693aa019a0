/** Only tables with quotes need it. */
export const loadPapa = async () => (await import('papaparse')).default;
