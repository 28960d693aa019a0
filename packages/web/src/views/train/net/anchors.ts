/** Where the lines between the units of a network begin and end. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A box in the page, or in the picture of the network. */
export type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom' | 'width' | 'height'>;

/** A unit's box, and the places at which lines come to it and leave it. */
export interface Anchor {
  readonly box: Box;
  readonly from: Place;
  readonly to: Place;
}

/** Whether the layers stand beside each other; otherwise one stands below the other. */
export function isAcross(first: Box, second: Box): boolean {
  return second.left >= first.right - 1;
}

/**
 * The anchors of a layer's units. Lines leave a layer at its edge: those of units that stand behind one
 * another do so beside each other, so that no two share a place.
 */
export function anchorsOf(units: readonly Box[], layer: Box, across: boolean): Anchor[] {
  return units.map((box) => {
    const rows = Math.max(1, Math.round(layer.width / box.width));
    const columns = Math.max(1, Math.round(layer.height / box.height));
    const row = Math.min(
      rows - 1,
      Math.floor((box.left - layer.left) / (layer.width / rows) + 0.5),
    );
    const column = Math.min(
      columns - 1,
      Math.floor((box.top - layer.top) / (layer.height / columns) + 0.5),
    );
    const y = box.top + (box.height * (row + 0.5)) / rows;
    const x = box.left + (box.width * (column + 0.5)) / columns;
    return across
      ? {
          box,
          from: { x: layer.right, y },
          to: { x: layer.left, y },
        }
      : {
          box,
          from: { x, y: layer.bottom },
          to: { x, y: layer.top },
        };
  });
}
