/** A terminal that remembers what was said on it. */
export function spoken() {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (line: string): void => void out.push(line),
    err: (line: string): void => void err.push(line),
    interactive: false,
    columns: 100,
  };
  return { out, err, terminal };
}
