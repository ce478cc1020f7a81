// Reads a text of a dictionary once, however many spans carry it.

/** `read`, once for each distinct value index. */
export function onceEach<Output>(
  values: readonly unknown[],
  read: (text: string) => Output,
): (value: number) => Output {
  const known = new Map<number, Output>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const output = read(String(values[value]));
    known.set(value, output);
    return output;
  };
}
