import { expect, test } from 'vitest';
import { isInChangelog, packageVersion, released } from '../version.mjs';

const BEFORE = '# Changelog\n\n## Unreleased\n\n- One.\n\n## 0.1.0\n\nThe first.\n';

test.each([
  [['Two\nlines.', 'Three.'], '- Two\n  lines.\n- Three.\n- One.\n'],
  [[], '- One.\n'],
])(
  'what was unreleased, and what changesets say, comes under the new heading: %j',
  (summaries, lines) => {
    expect(released(BEFORE, '0.2.0', summaries, '2026-12-01')).toBe(
      `# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n${lines}\n## 0.1.0\n\nThe first.\n`,
    );
  },
);

test('where nothing was unreleased, the heading holds what changesets say', () => {
  const empty = BEFORE.replace('- One.\n\n', '');
  expect(released(empty, '0.2.0', ['Two.'], '2026-12-01')).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- Two.\n\n## 0.1.0\n\nThe first.\n',
  );
});

test('the changelog knows the version that the packages have', () => {
  expect(isInChangelog(packageVersion())).toBe(true);
  expect(isInChangelog('0.1')).toBe(false);
});
