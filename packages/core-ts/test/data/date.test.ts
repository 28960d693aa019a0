import { expect, test } from 'vitest';
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
  ['Feb 2024', 1_706_745_600, [2, 3, 0]],
  ['Wed, 01 Mar 2023 05:02:18 +0100', 1_677_643_338, [3, 2, 4]],
  ['Wed Mar  1 05:02:18 2023', 1_677_646_938, [3, 2, 5]],
  ['20230301T050218Z', 1_677_646_938, [3, 2, 5]],
  ['2023-03-01 12:30:19 AM', 1_677_630_619, [3, 2, 0]],
  ['2024-1-1', 1_704_067_200, [1, 0, 0]],
  ['2024/2/29 9:05', 1_709_197_500, [2, 3, 9]],
  ['12:30', 45_000, [1, 3, 12]],
  ['1:05:07 pm', 47_107, [1, 3, 13]],
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
])('%s is none', (text) => {
  expect(parseDate(text)).toBe(null);
});

test('a month alone is its first day', () => {
  expect(parseDate('2024-02')).toEqual({ seconds: 1_706_745_600, hasTime: false });
});
