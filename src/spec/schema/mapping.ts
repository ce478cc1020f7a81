// A strict mapping: every key is known, and what an unknown one could have meant travels with the issue.
import * as z from 'zod';

/** A strict object schema. The message of an unknown key is the list of known ones, which the diagnostics turn into `did you mean`. */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined),
  });
}
