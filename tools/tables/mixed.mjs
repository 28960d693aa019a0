// Writes a table of 100,000 rows and 30 mixed columns, 2 in 100 cells of which are missing: the one whose reading is timed.
//
//   node tools/tables/mixed.mjs [ROWS [all]] > mixed.csv     all: numbers with all of their digits
//   time bitgrad data mixed.csv

const rows = Number(process.argv[2] ?? 100_000);
const hasAllDigits = process.argv[3] === 'all';
const NUMBERS = 20;
const TEXTS = 7;
const MISSING = 0.02;
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2020, 0, 1);

let state = 1;
/** From 0 to before 1 (Numerical Recipes' linear congruential generator). */
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
/** @param {number} count */
const below = (count) => Math.floor(count * random());
/** @param {string} cell */
const orMissing = (cell) => (random() < MISSING ? '' : cell);
/** Roughly a normal deviate. */
const deviate = () => 10 * (random() + random() + random() + random() - 2);

const names = [
  ...Array.from({ length: NUMBERS }, (_, at) => `n${at}`),
  ...Array.from({ length: TEXTS }, (_, at) => `c${at}`),
  'day',
  'count',
  'label',
];
let text = `${names.join(',')}\n`;
for (let row = 0; row < rows; row += 1) {
  const cells = [
    ...Array.from({ length: NUMBERS }, () => {
      const number = deviate();
      return orMissing(hasAllDigits ? String(number) : number.toFixed(4));
    }),
    ...Array.from({ length: TEXTS }, (_, at) => orMissing(`k${at}_${below(3 + 4 * at)}`)),
    new Date(FIRST_DAY + DAY * below(1500)).toISOString().slice(0, 10),
    String(below(1000)),
    random() < 0.5 ? 'yes' : 'no',
  ];
  text += `${cells.join(',')}\n`;
}
process.stdout.write(text);
