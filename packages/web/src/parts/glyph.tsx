/** A digest as a small pattern, the same for the same digest: easier to compare than 64 digits. */

const SIDE = 8;

/** Whether each cell of the pattern, mirrored left to right, is filled, and with which colour. */
export function glyphCells(digest: string): { x: number; y: number; isAccent: boolean }[] {
  const bits = [...digest].flatMap((digit) => {
    const value = Number.parseInt(digit, 16);
    return [8, 4, 2, 1].map((bit) => (value & bit) > 0);
  });
  return Array.from({ length: (SIDE * SIDE) / 2 }, (_, at) => at)
    .filter((at) => bits[at])
    .flatMap((at) => {
      const [x, y] = [at % (SIDE / 2), Math.floor(at / (SIDE / 2))];
      const isAccent = bits[at + (SIDE * SIDE) / 2] === true;
      return [
        { x, y, isAccent },
        { x: SIDE - 1 - x, y, isAccent },
      ];
    });
}

export function Glyph({ digest }: { readonly digest: string }) {
  return (
    <svg
      class="glyph"
      viewBox={`0 0 ${SIDE} ${SIDE}`}
      role="img"
      aria-label="The digest as a pattern"
    >
      {glyphCells(digest).map(({ x, y, isAccent }) => (
        <rect
          key={`${x} ${y}`}
          x={x}
          y={y}
          width="1.02"
          height="1.02"
          class={isAccent ? 'on' : ''}
        />
      ))}
    </svg>
  );
}
