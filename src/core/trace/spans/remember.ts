// Computes a derived value once per input object: several detectors read the same columns of the same traces.

/** `derive`, answering repeated questions about one object from memory. Only for pure functions of immutable objects. */
export function remember<Input extends object, Output>(derive: (input: Input) => Output): (input: Input) => Output {
  const known = new WeakMap<Input, Output>();
  return (input) => {
    const before = known.get(input);
    if (before !== undefined) return before;
    const output = derive(input);
    known.set(input, output);
    return output;
  };
}
