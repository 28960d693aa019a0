/** Where the lines between the units of a network begin and end. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A unit's box, and the places at which lines come to it and leave it. */
export interface Anchor {
  readonly box: DOMRect;
  readonly from: Place;
  readonly to: Place;
}

/** Whether the layers stand beside each other; otherwise one stands below the other. */
export function isAcross(first: DOMRect, second: DOMRect): boolean {
  return second.left >= first.right - 1;
}

/**
 * The anchors of a layer's units. Lines leave a layer at its edge: those of units that stand behind one
 * another do so beside each other, so that no two share a place.
 *
 * @param origin the place that counts as 0
 */
export function anchorsOf(
  units: readonly DOMRect[],
  layer: DOMRect,
  origin: Place,
  across: boolean,
): Anchor[] {
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
    const y = box.top - origin.y + (box.height * (row + 0.5)) / rows;
    const x = box.left - origin.x + (box.width * (column + 0.5)) / columns;
    return across
      ? {
          box,
          from: { x: layer.right - origin.x, y },
          to: { x: layer.left - origin.x, y },
        }
      : {
          box,
          from: { x, y: layer.bottom - origin.y },
          to: { x, y: layer.top - origin.y },
        };
  });
}
