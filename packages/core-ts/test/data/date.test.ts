import { expect, test } from 'vitest';
import { exampleDate, momentOf } from '../../src/data/date.js';
import { dateNumber, datePart, parseDate } from '../../src/index.js';

// The right-hand sides are Python's: datetime.fromisoformat(text) or .strptime(text, …), of it .timestamp(), .month, .weekday(), .hour.
test.each<[string, number, [month: number, weekday: number, hour: number]]>([
  ['1970-01-01', 0, [1, 3, 0]],
  ['1969-12-31', -86_400, [12, 2, 0]],
  ['2024-02-29', 1_709_164_800, [2, 3, 0]],
  ['1899-12-30', -2_209_161_600, [12, 5, 0]],
  ['2024-02-29T13:05', 1_709_211_900, [2, 3, 13]],
  ['2024-02-29 13:05:07', 1_709_211_907, [2, 3, 13]],
  ['2024-02-29T13:05:07.25Z', 1_709_211_907.25, [2, 3, 13]],
  ['2024-02-29T00:30:00+01:00', 1_709_163_000, [2, 2, 23]],
  ['2024-12-31T23:59:59-0500', 1_735_707_599, [1, 2, 4]],
  ['01-Mar-2023', 1_677_628_800, [3, 2, 0]],
  ['1 Mar 2023', 1_677_628_800, [3, 2, 0]],
  ['29-Feb-24', 1_709_164_800, [2, 3, 0]],
  ['31-Dec-69', -86_400, [12, 2, 0]],
  ['Mar 01, 2023', 1_677_628_800, [3, 2, 0]],
  ['September 5th 2023', 1_693_872_000, [9, 1, 0]],
  ['29FEB2024', 1_709_164_800, [2, 3, 0]],
  ['01/1800', -5_364_662_400, [1, 2, 0]],
  ['Feb 2024', 1_706_745_600, [2, 3, 0]],
  ['Wed, 01 Mar 2023 05:02:18 +0100', 1_677_643_338, [3, 2, 4]],
  ['Wed Mar  1 05:02:18 2023', 1_677_646_938, [3, 2, 5]],
  ['20230301T050218Z', 1_677_646_938, [3, 2, 5]],
  ['2023-03-01 12:30:19 AM', 1_677_630_619, [3, 2, 0]],
  ['2024-1-1', 1_704_067_200, [1, 0, 0]],
  ['2024/2/29 9:05', 1_709_197_500, [2, 3, 9]],
  ['12:30', 45_000, [1, 3, 12]],
  ['1:05:07 pm', 47_107, [1, 3, 13]],
  ['12:00 AM', 0, [1, 3, 0]],
  ['12:59 p.m.', 46_740, [1, 3, 12]],
  ['11:59:59 pm', 86_399, [1, 3, 23]],
  ['Thursday, 29 February 2024', 1_709_164_800, [2, 3, 0]],
  ['Thursday, February 29 2024', 1_709_164_800, [2, 3, 0]],
  ['20240229T130507', 1_709_211_907, [2, 3, 13]],
  ['20240229T1305', 1_709_211_900, [2, 3, 13]],
  ['2024.02.29', 1_709_164_800, [2, 3, 0]],
  ['June 30 2024', 1_719_705_600, [6, 6, 0]],
  ['Jul 4, 1976', 205_286_400, [7, 6, 0]],
  ['1 Aug 99', 933_465_600, [8, 6, 0]],
  ['31 Dec 68', 3_124_137_600, [12, 0, 0]],
  ['Oct-2024', 1_727_740_800, [10, 1, 0]],
  ['2024-02-29T23:59:59', 1_709_251_199, [2, 3, 23]],
  ['2024-02-29T13:05:07.25+05:30', 1_709_192_107.25, [2, 3, 7]],
  ['2024-02-29T13:05-03', 1_709_222_700, [2, 3, 16]],
  ['2024-02-29 13:05:07,5 UTC', 1_709_211_907.5, [2, 3, 13]],
])('%s', (text, seconds, [month, weekday, hour]) => {
  const moment = parseDate(text)!;
  expect(moment.seconds).toBe(seconds);
  expect(dateNumber(moment, 'days')).toBe(seconds / 86_400);
  expect(datePart(moment, 'month')).toBe(month);
  expect(datePart(moment, 'weekday')).toBe(weekday);
  expect(datePart(moment, 'hour')).toBe(hour);
});

test.each([
  '2023-02-29',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-01-01T24:00',
  '20240101',
  '1.2.2024',
  '2024-2-30',
  '2024',
  '24:30',
  '13:05 PM',
  '29 Feb 2023',
  '1 Marble 2023',
  'May 5',
  'Room 12:30',
  '1/1000',
  '1/8000',
  '1200W10',
  '1200Q1',
  'Q1 2200',
  '12dec12',
  '1may10',
])('%s is none', (text) => {
  expect(parseDate(text)).toBe(null);
});

test('every day of a year is one, and no other', () => {
  const two = (number: number) => String(number).padStart(2, '0');
  for (const year of [4, 100, 1600, 1899, 1900, 1970, 2000, 2023, 2024, 2100, 9999]) {
    let days = 0;
    for (let month = 1; month <= 12; month += 1) {
      for (let day = 1; day <= 31; day += 1) {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const date = new Date(`${text}T00:00:00Z`);
        const exists = !Number.isNaN(date.getTime()) && date.getUTCDate() === day;
        const moment = parseDate(text);
        expect(moment?.seconds, text).toBe(exists ? date.getTime() / 1000 : undefined);
        if (moment === null) continue;
        days += 1;
        expect(datePart(moment, 'month'), text).toBe(month);
        expect(datePart(moment, 'weekday'), text).toBe((date.getUTCDay() + 6) % 7);
        expect(parseDate(`${text} 00:00:01`)!.seconds).toBe(moment.seconds + 1);
      }
    }
    expect(days).toBe([4, 1600, 2000, 2024].includes(year) ? 366 : 365);
  }
});

test.each([
  '2024-02-29x',
  '2024/02-29',
  '2024-02:29',
  '2024-02-29T13-05:07',
  '2024-02-29T13:05-07x',
  '20a4-02-29',
  '2024-0:-29',
  '2024-02-2/',
  '2024-02-29_13:05:07',
  '2024-00-01',
  '2024-13-01',
  '2024-01-00',
])('%s is no date', (text) => {
  expect(parseDate(text)).toBe(null);
});

test('a month alone is its first day', () => {
  expect(parseDate('2024-02')).toEqual({ seconds: 1_706_745_600, hasTime: false });
});

// The right-hand sides are Python's: datetime.strptime(text, …), of it .timestamp().
test.each<[string, 'day' | 'month', number]>([
  ['31.12.2024', 'day', 1_735_603_200],
  ['1/2/2024', 'day', 1_706_745_600],
  ['1/2/2024', 'month', 1_704_153_600],
  ['12/31/24', 'month', 1_735_603_200],
  ['1/2/24', 'day', 1_706_745_600],
  ['31.12.68', 'day', 3_124_137_600],
  ['31.12.69', 'day', -86_400],
  ['5-3-1999', 'day', 920_592_000],
  ['29.02.2024 13:05:07', 'day', 1_709_211_907],
  ['02/29/2024 01:05 PM', 'month', 1_709_211_900],
])('%s, the %s first', (text, order, seconds) => {
  expect(parseDate(text, order)?.seconds).toBe(seconds);
});

test.each<[string, 'day' | 'month']>([
  ['12/31/2024', 'day'],
  ['31.12.2024', 'month'],
  ['1.2.24', 'day'],
  ['1-2/2024', 'day'],
  ['0/1/2024', 'day'],
  ['13:05 AM, 1/2/2024', 'day'],
  ['2024-02-29T13:60', 'day'],
  ['2024-02-29T13:05:60', 'day'],
  ['1/2/2024 0:05 AM', 'day'],
  [`1 Mar 2023${' '.repeat(40)}`, 'day'],
])('%s, the %s first, is none', (text, order) => {
  expect(parseDate(text, order)).toBe(null);
});

test('a moment is in texts, in dates, and in what has one', () => {
  const moment = { seconds: 5, hasTime: true };
  expect(momentOf(' 1970-01-02 ')).toEqual({ seconds: 86_400, hasTime: false });
  expect(momentOf(' 2.1.1970 ', 'day')).toEqual({ seconds: 86_400, hasTime: false });
  expect(momentOf('1970-01-01T00:00:05')).toEqual(moment);
  expect(momentOf(new Date(5000))).toEqual(moment);
  expect(momentOf(moment)).toBe(moment);
  for (const none of [null, undefined, 5, true, 5n, {} as never, new Date(Number.NaN), 'x']) {
    expect(momentOf(none)).toBe(null);
  }
});

test('a date for messages is written as a table writes its own', () => {
  expect(([undefined, 'day', 'month'] as const).map(exampleDate)).toEqual([
    '2024-02-29',
    '29.02.2024',
    '02/29/2024',
  ]);
});

test('every day of some centuries is the one that JavaScript counts', () => {
  for (let days = -200_000; days < 200_000; days += 7) {
    const date = new Date(days * 86_400_000);
    const text = date.toISOString().slice(0, 10);
    const moment = parseDate(text)!;
    expect([text, moment.seconds, datePart(moment, 'month')]).toEqual([
      text,
      days * 86_400,
      date.getUTCMonth() + 1,
    ]);
  }
});
