/** Traces that a run keeps whatever their speed, to measure on: chosen uniformly among its requests. */
export const uniformSize = 600;
