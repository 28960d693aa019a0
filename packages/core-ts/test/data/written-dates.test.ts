import { expect, test } from 'vitest';
import { parseDate } from '../../src/index.js';

// The right-hand sides are Python's: datetime(…, tzinfo=timezone(…)).timestamp(), of weeks date.fromisocalendar(…).
test.each<[string, number]>([
  ['Thu Feb 29 13:05:07 UTC 2024', 1_709_211_907],
  ['Feb 29 13:05:07 +0100 2024', 1_709_208_307],
  ['Sun Feb  4 13:05:07 2024', 1_707_051_907],
  ['Thu Feb 29 2024 13:05:07 GMT+0100 (Central European Standard Time)', 1_709_208_307],
  ['Thu Feb 29 2024 13:05:07 GMT-0530', 1_709_231_707],
  ['29/Feb/2024:13:05:07 +0100', 1_709_208_307],
  ['29/Feb/2024:13:05:07', 1_709_211_907],
  ['29FEB2024:13:05', 1_709_211_900],
  ['20240229T130507+0100', 1_709_208_307],
  ['20240229 130507Z', 1_709_211_907],
  ['2024Q1', 1_704_067_200],
  ['2024-Q2', 1_711_929_600],
  ['2024 q3', 1_719_792_000],
  ['Q4 2024', 1_727_740_800],
  ['Q4/2024', 1_727_740_800],
  ['q1-1999', 915_148_800],
  ['Q22024', 1_711_929_600],
  ['2024-W01', 1_704_067_200],
  ['2024-W09', 1_708_905_600],
  ['2024W09-4', 1_709_164_800],
  ['2020-W53', 1_609_113_600],
  ['2021-W01', 1_609_718_400],
  ['1999-W52-7', 946_771_200],
  ['2026-W01-1', 1_766_966_400],
  ['2024W527', 1_735_430_400],
  ['2015-W53-7', 1_451_779_200],
  ['2027-W01', 1_799_020_800],
  ['2023-W01', 1_672_617_600],
  ['2022-W01', 1_641_168_000],
  ['Sept 5, 2021', 1_630_800_000],
  ['2nd Mar 2021', 1_614_643_200],
  ['3rd-Mar-2021', 1_614_729_600],
  ['4. Mar 2021', 1_614_816_000],
  ['Feb-24', 1_706_745_600],
  ['Feb-69', -28_857_600],
  ['Feb-68', 3_095_280_000],
  ['02/2199', 7_229_260_800],
  ['9/2024', 1_725_148_800],
  ['Thu, 29 Feb 2024 1:05 pm', 1_709_211_900],
  ['29 Feb 2024, 13:05:07.5', 1_709_211_907.5],
  ['29 Feb 2024T13:05Z', 1_709_211_900],
  ['29 Feb 2024 13:05 +01:00', 1_709_208_300],
  ['29 Feb 2024 13:05 GMT', 1_709_211_900],
  ['29 Feb 2024 12:05 a.m. UTC', 1_709_165_100],
  ['29 Feb 2024 12:05 P.M', 1_709_208_300],
  ['2024.2.9', 1_707_436_800],
  ['2024/02/29T13:05', 1_709_211_900],
])('%s', (text, seconds) => {
  expect(parseDate(text)?.seconds).toBe(seconds);
});

const MONTHS =
  'January February March April May June July August September October November December';

test.each(MONTHS.split(' ').map((name, at) => [name, at] as const))('%s', (name, at) => {
  const day = Date.UTC(2021, at, at + 1) / 1000;
  const short = name.slice(0, 3);
  for (const text of [
    `${at + 1} ${name} 2021`,
    `${short.toUpperCase()}. ${at + 1}, 2021`,
    `${short.toLowerCase()} ${at + 1} 2021`,
    `${String(at + 1).padStart(2, '0')}-${short}-21`,
  ]) {
    expect([text, parseDate(text)?.seconds]).toEqual([text, day]);
  }
  const first = Date.UTC(2021, at, 1) / 1000;
  for (const text of [`${name}-2021`, `${short} 2021`, `${short}-21`, `${at + 1}/2021`]) {
    expect([text, parseDate(text)?.seconds]).toEqual([text, first]);
  }
  expect(parseDate(`5 ${name}x 2021`)).toBe(null);
});

test.each([
  ...[
    '1st of',
    '2024-W00',
    '2024-W53',
    '2024-W54',
    '2021-W53',
    '2024-W09-8',
    '2024-W09-0',
    '2024-W1',
  ],
  ...['2024Q5', '2024Q0', 'Q5 2024', 'Q1 1799', '1799Q1', 'XQ1 2024', 'Q1 20245', '1799-W01'],
  ...['0/2024', '13/2024', '1/2200', '1/1799', '123/2024', '1/20245'],
  ...[
    'Thu Feb 30 13:05:07 2024',
    'Thu Feb 29 13:05 2024',
    'Feb 29 13:05:07',
    'x Feb 29 13:05:07 2024',
  ],
  ...[
    '29/Feb2024:13:05:07',
    '29Feb/2024:13:05:07',
    '9/Feb/2024:13:05:07',
    '29/Feb/2024:13',
    '29/Feb/2024 :13:05',
  ],
  ...[
    'Thu Feb 29 2024 13:05:07 CET+0100',
    'Thu Feb 29 2024 13:05:07 GMT+01',
    'Thu Feb 9 2024 13:05:07 GMT+0100',
  ],
  ...['2024022T130507', '20240229T13', '20240229T1305071', '20240229130507', '20240230T130507'],
  ...[
    '0:05 am',
    '13:05 am',
    '1:5',
    '1:05:7',
    '1:05x',
    '1:05 xm',
    '25:00',
    '12:60',
    '1:05 +1',
    '1:05:07.1234567890',
  ],
  ...['2024/1-1', '2024-1.1', '24/1/1', '2024/111/1', '2024/1/111', '2024/0/1', '2024/1/0'],
  ...[
    '29 Feb',
    'Feb',
    '29 Feb 2',
    '29 Feb 202',
    '29 Feb 20244',
    '129 Feb 2024',
    '29 Febr 2024',
    'Thursda9, 29 Feb 2024',
  ],
  ...['Feb 29, 24', 'Feb 29 , 2024', 'Feb. 2024x', 'Feb/2024', 'Feb 24', 'Feb-2', 'Febs 2024'],
])('%s is none', (text) => {
  expect(parseDate(text)).toBe(null);
});

test('numbers alone are dates only where it is said what they begin with', () => {
  const day = Date.UTC(2024, 2, 5) / 1000;
  for (const between of ['.', '/', '-']) {
    const text = ['05', '03', '2024'].join(between);
    expect([parseDate(text), parseDate(text, 'day')?.seconds]).toEqual([null, day]);
    expect(parseDate(['3', '5', '2024'].join(between), 'month')?.seconds).toBe(day);
  }
  expect(parseDate('5/3/24', 'day')?.seconds).toBe(day);
  expect(parseDate('05.03.24', 'day')?.seconds).toBe(day);
  expect(parseDate('05.03.24', 'month')?.seconds).toBe(Date.UTC(2024, 4, 3) / 1000);
  for (const none of [
    '5.3.24',
    '05-03-24',
    '5/3-2024',
    '5.3.202',
    '5/3/2',
    '5 3 2024',
    '5/3/2024x',
    'x5/3/2024',
  ]) {
    expect(parseDate(none, 'day'), none).toBe(null);
  }
});

test('no text of more than 80 characters is a date', () => {
  const behind = (length: number): string =>
    'Thu Feb 29 2024 13:05:07 GMT+0100 ('.padEnd(length - 1, 'x').concat(')');
  expect(parseDate(behind(80))?.seconds).toBe(1_709_208_307);
  expect(parseDate(behind(81))).toBe(null);
});
