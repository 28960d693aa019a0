/**
 * Ways of writing each digit, put down by hand as a pen would go. No network was trained on them:
 * they are there to ask one whether it reads drawings.
 *
 * Each stroke is a text of points `x,y`, in hundredths of a box's width and height, y downwards.
 */

export interface Way {
  /** What sets this way apart. */
  readonly way: string;
  readonly strokes: readonly string[];
}

/** By digit. */
export const TRAJECTORIES: readonly (readonly Way[])[] = [
  [
    {
      way: 'an upright oval, from the top to the left',
      strokes: [
        '52,6 40,9 29,20 23,36 22,53 26,71 34,86 46,94 58,93 69,84 76,68 78,50 75,32 68,17 59,8 50,6',
      ],
    },
    {
      way: 'nearly a circle',
      strokes: [
        '50,12 35,15 22,25 14,40 13,56 19,72 31,84 47,89 63,87 77,77 86,63 88,47 83,31 72,19 58,12 49,12',
      ],
    },
    {
      way: 'narrow and leaning, from the top to the right',
      strokes: [
        '60,6 68,11 72,23 70,41 65,60 57,78 47,91 37,94 30,87 28,73 31,55 37,36 45,19 54,8 61,6',
      ],
    },
    {
      way: 'not quite closed',
      strokes: ['58,8 44,8 31,19 24,36 22,56 27,76 39,90 54,92 68,83 76,65 78,45 74,27 67,14'],
    },
    {
      way: 'closed with a tail that crosses over',
      strokes: [
        '66,14 53,7 38,12 27,27 22,47 24,69 33,86 48,93 63,87 73,72 78,52 76,32 68,18 56,11 45,13 40,19',
      ],
    },
  ],
  [
    { way: 'a plain line', strokes: ['50,6 50,30 50,60 50,94'] },
    { way: 'a plain line that leans', strokes: ['62,6 56,32 48,62 40,94'] },
    { way: 'with a short serif', strokes: ['38,20 46,13 53,6 53,35 53,65 52,94'] },
    {
      way: 'with a serif and a foot',
      strokes: ['36,22 45,14 52,6 52,36 52,66 52,92', '34,93 52,92 70,93'],
    },
    { way: 'from the foot up, and a little bent', strokes: ['46,95 47,74 50,50 53,27 55,6'] },
  ],
  [
    {
      way: 'a round head and a flat foot',
      strokes: [
        '24,28 29,15 40,7 54,6 67,12 73,25 70,40 60,55 46,70 33,82 22,92 40,92 60,92 78,92',
      ],
    },
    {
      way: 'with a loop at the foot',
      strokes: [
        '26,26 33,13 46,6 60,9 69,20 69,35 61,52 49,68 36,83 26,88 20,82 26,74 38,76 51,86 64,92 76,88 82,80',
      ],
    },
    {
      way: 'angular, like a Z with a bent head',
      strokes: ['23,18 36,8 55,7 70,14 69,29 57,46 41,66 24,89 45,90 62,90 80,88'],
    },
    {
      way: 'with a foot that waves',
      strokes: [
        '25,32 26,18 37,8 52,6 66,13 71,27 66,44 53,62 38,79 24,92 37,86 51,87 64,92 78,90',
      ],
    },
    {
      way: 'a hooked head, and wide',
      strokes: [
        '30,34 21,28 22,15 34,7 51,5 67,11 76,23 74,38 62,53 45,67 27,82 15,92 39,91 63,92 88,93',
      ],
    },
  ],
  [
    {
      way: 'two round bellies',
      strokes: [
        '26,16 38,7 53,6 66,13 69,26 62,38 49,45 42,47 54,49 67,57 73,70 69,83 57,92 42,94 27,88 21,80',
      ],
    },
    {
      way: 'with a flat head',
      strokes: ['24,8 45,8 72,8 60,24 46,40 59,43 71,53 75,68 69,83 55,92 38,93 23,85'],
    },
    {
      way: 'with a small loop in the middle',
      strokes: [
        '27,18 37,8 52,5 65,12 68,25 60,38 47,46 39,46 41,40 49,44 62,52 72,64 72,79 61,91 44,95 28,90 20,82',
      ],
    },
    {
      way: 'the lower belly far larger',
      strokes: [
        '34,14 45,6 57,7 64,16 61,27 51,35 42,38 57,40 71,49 79,64 76,80 63,92 45,95 28,90 19,80',
      ],
    },
    {
      way: 'two bellies that meet in a point',
      strokes: [
        '24,14 41,6 59,9 70,20 69,33 57,43 40,48 58,53 72,63 75,77 66,89 49,94 32,91 21,83',
      ],
    },
  ],
  [
    {
      way: 'open, the second stroke long',
      strokes: ['28,8 26,26 23,44 22,56 40,57 60,56 80,55', '66,8 65,36 64,66 63,94'],
    },
    {
      way: 'closed at the top, of straight lines',
      strokes: ['62,6 46,26 30,47 16,66 40,67 63,66 86,65', '62,6 62,34 62,64 62,94'],
    },
    {
      way: 'closed at the top, in one stroke',
      strokes: ['82,64 60,65 38,66 18,65 32,46 47,26 60,8 61,34 61,64 60,94'],
    },
    {
      way: 'open, and bent like a bowl',
      strokes: ['24,10 22,26 23,42 32,52 46,54 60,50 70,42', '74,8 73,28 71,50 68,72 65,94'],
    },
    {
      way: 'open, and leaning',
      strokes: ['38,8 31,24 24,40 19,54 36,56 54,55 74,52', '72,20 66,42 59,66 52,94'],
    },
  ],
  [
    {
      way: 'in two strokes, the roof last',
      strokes: [
        '30,8 29,23 27,40 41,37 56,38 69,46 75,60 73,76 63,88 48,94 33,91 22,83',
        '30,8 48,8 73,7',
      ],
    },
    {
      way: 'in one stroke, from the roof',
      strokes: ['74,8 53,8 33,9 30,24 27,42 42,38 58,40 70,49 75,63 71,78 59,90 43,94 26,88'],
    },
    {
      way: 'round, like an S',
      strokes: [
        '72,11 58,6 43,8 32,17 30,29 38,39 52,45 65,53 72,66 69,81 57,92 41,94 27,88 21,80',
      ],
    },
    {
      way: 'angular',
      strokes: ['75,8 52,8 28,8 27,26 25,44 46,42 68,46 73,64 70,82 50,92 24,90'],
    },
    {
      way: 'with a small belly and a high neck',
      strokes: [
        '36,6 34,24 31,48 43,45 57,48 67,58 69,72 62,86 49,93 35,92 26,86',
        '36,6 54,7 76,5',
      ],
    },
  ],
  [
    {
      way: 'a long neck that bends into a loop',
      strokes: [
        '64,6 51,16 39,31 30,48 26,65 29,80 39,91 53,94 66,88 73,75 71,62 61,53 48,53 36,60 29,71',
      ],
    },
    {
      way: 'a straight neck and a small loop',
      strokes: ['52,6 45,26 38,47 33,67 34,83 44,93 57,92 66,83 66,71 57,64 45,67 36,77'],
    },
    {
      way: 'with a hooked head and a wide loop',
      strokes: [
        '74,18 66,9 53,7 39,16 29,32 23,51 23,70 31,86 45,94 61,92 74,82 78,68 70,56 55,51 39,55 27,65',
      ],
    },
    {
      way: 'in two strokes, the loop last',
      strokes: [
        '60,6 45,20 33,38 27,57 28,76 38,90 50,94',
        '28,66 39,55 54,52 67,59 72,72 66,86 54,94 44,93',
      ],
    },
    {
      way: 'upright, and curled in at the end',
      strokes: [
        '46,6 37,22 30,42 27,62 30,80 41,92 56,93 69,84 74,69 69,56 56,50 43,55 37,66 42,76 50,78',
      ],
    },
  ],
  [
    { way: 'plain', strokes: ['22,9 40,9 58,9 77,9 68,28 59,49 51,70 44,94'] },
    {
      way: 'with a bar',
      strokes: ['22,10 40,10 58,9 77,9 68,29 59,50 50,72 43,94', '36,50 52,49 74,48'],
    },
    {
      way: 'with a serif at the left',
      strokes: ['22,23 22,9 40,9 58,8 77,8 67,28 58,50 51,72 47,94'],
    },
    {
      way: 'bent, with a round shoulder',
      strokes: ['21,15 37,9 55,8 70,11 73,22 66,38 57,56 50,75 46,95'],
    },
    {
      way: 'with a bar, bent and wide',
      strokes: ['16,12 36,11 58,11 83,9 70,26 59,45 50,67 44,94', '34,56 51,53 68,50'],
    },
    {
      way: 'steep, the stem nearly upright',
      strokes: ['28,8 44,8 60,8 72,7 69,30 66,52 64,73 62,95'],
    },
  ],
  [
    {
      way: 'in one stroke, like an S that is closed',
      strokes: [
        '68,15 57,7 43,7 33,15 32,28 41,39 54,48 67,60 72,74 65,87 52,94 38,91 29,80 31,66 43,54 57,43 67,31 70,19',
      ],
    },
    {
      way: 'two circles, one on the other',
      strokes: [
        '50,6 39,9 33,18 34,30 42,39 53,41 63,35 67,24 63,13 54,6 49,6',
        '50,41 37,46 28,58 28,74 36,88 50,94 64,89 73,76 72,60 64,47 50,41',
      ],
    },
    {
      way: 'in one stroke, from the middle',
      strokes: [
        '51,47 39,39 33,27 37,13 50,6 63,12 68,26 62,38 50,48 36,58 28,71 32,86 47,94 63,91 73,79 71,65 61,54 50,47',
      ],
    },
    {
      way: 'narrow and leaning',
      strokes: [
        '70,14 62,7 52,9 46,18 46,29 51,40 57,52 60,66 57,81 47,92 36,93 30,84 33,70 42,57 53,45 63,33 70,21 69,12',
      ],
    },
    {
      way: 'the upper loop small',
      strokes: [
        '60,12 51,7 42,12 41,23 48,33 59,44 70,58 74,74 67,88 52,94 36,91 26,79 27,65 37,52 48,40 57,29 62,19 59,11',
      ],
    },
  ],
  [
    {
      way: 'a circle and a straight stem',
      strokes: [
        '71,26 65,12 52,6 38,11 29,24 30,40 41,50 55,49 66,40 71,27 71,12 70,38 68,66 66,94',
      ],
    },
    {
      way: 'a circle and a bent stem',
      strokes: [
        '70,22 62,10 48,6 34,13 27,28 32,43 45,50 59,46 69,34 72,20 73,42 69,64 60,82 46,93 32,92',
      ],
    },
    {
      way: 'in two strokes, the stem last',
      strokes: [
        '52,6 38,10 29,22 29,37 39,48 53,48 65,39 69,25 63,11 51,6',
        '70,8 69,36 66,64 62,94',
      ],
    },
    {
      way: 'in one stroke, from the right and leaning',
      strokes: ['74,14 62,7 48,11 38,23 35,37 42,46 54,45 65,35 74,20 70,42 63,66 54,94'],
    },
    {
      way: 'a large head and a hook',
      strokes: [
        '74,30 68,14 53,6 36,9 24,22 22,39 31,53 46,57 62,50 73,36 76,24 77,48 73,70 62,87 45,94 29,88',
      ],
    },
  ],
];
