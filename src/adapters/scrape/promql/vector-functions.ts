// Functions that map each element of an instant vector.
import { type VectorSample, withoutName } from './samples.ts';

type VectorFunction = (samples: readonly VectorSample[], parameters: readonly number[]) => readonly VectorSample[];

export const vectorFunctions: Readonly<Record<string, VectorFunction>> = {
  abs: each(Math.abs),
  ceil: each(Math.ceil),
  floor: each(Math.floor),
  sqrt: each(Math.sqrt),
  exp: each(Math.exp),
  ln: each(Math.log),
  log2: each(Math.log2),
  log10: each(Math.log10),
  clamp: (samples, [least = Number.NaN, most = Number.NaN]) =>
    most < least ? [] : each((value) => Math.max(least, Math.min(most, value)))(samples, []),
  clamp_min: (samples, [least = Number.NaN]) => each((value) => Math.max(least, value))(samples, []),
  clamp_max: (samples, [most = Number.NaN]) => each((value) => Math.min(most, value))(samples, []),
};

function each(compute: (value: number) => number): VectorFunction {
  return (samples) => samples.map(({ labels, value }) => ({ labels: withoutName(labels), value: compute(value) }));
}
