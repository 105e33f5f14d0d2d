/** An answer is remembered until this many others were asked for: enough for the sessions that act at one time. */
const most = 8_192;

/** Asks once for each number, in memory that does not grow with how many there are. */
export function remembering<Value>(answer: (number: number) => Value): (number: number) => Value {
  let [young, old] = [new Map<number, Value>(), new Map<number, Value>()];
  return (number) => {
    const known = young.get(number);
    if (known !== undefined) return known;
    const value = old.get(number) ?? answer(number);
    if (young.size >= most) [young, old] = [new Map(), young];
    young.set(number, value);
    return value;
  };
}
