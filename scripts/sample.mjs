// The chance to miss all of f forged epochs by checking k of E, chosen at random: the table in docs/receipts.md.

const EPOCHS = 50;

/**
 * C(E − f, k) ÷ C(E, k), as a product: of each checked epoch, that it is none of the forged ones.
 * @param {number} forged
 * @param {number} checked
 */
function chanceToMiss(forged, checked) {
  let chance = 1;
  for (let done = 0; done < checked; done += 1) {
    chance *= Math.max(0, EPOCHS - forged - done) / (EPOCHS - done);
  }
  return chance;
}

for (const checked of [1, 5, 10, 25, 50]) {
  const cells = [1, 2, 5, 10].map(
    (forged) => `${(100 * chanceToMiss(forged, checked)).toFixed(1)} %`,
  );
  console.log(`| ${[checked, ...cells].join(' | ')} |`);
}
