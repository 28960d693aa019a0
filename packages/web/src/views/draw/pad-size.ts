/** The pad's width and height in its own units; strokes are drawn into an image of that size. */
export const PAD_SIZE = 140;
/** Half of a line's width: digits of usual size come out as thick as MNIST's. */
export const PEN_RADIUS = 5.5;
