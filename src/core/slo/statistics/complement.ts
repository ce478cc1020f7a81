// The other side of a share.

/** 1 - share without the noise of binary fractions: 1 - 0.9 is 0.1, so that 10 of 100 are not one too many. */
export const complement = (share: number): number => Number((1 - share).toPrecision(12));
