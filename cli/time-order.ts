import type { Spool } from "../core/event/spool.ts";

/** Something that happened, with a text that goes with it. */
export interface Timed {
  readonly at: number;
  readonly id: string;
  readonly text: string;
}

/** Sorts by (time, id) however much there is: memory holds one part, sorted parts wait on disk. */
export interface TimeOrder {
  readonly count: number;
  add(item: Timed): void;
  /** Everything that was added, in order. To be called once. */
  sorted(): Generator<Timed>;
}

/** A part waits on disk when it has about this many characters. */
const part = 8_388_608;

export function timeOrder(newSpool: () => Spool, most = part): TimeOrder {
  const parts: Spool[] = [];
  let items: Timed[] = [];
  let characters = 0;
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(item) {
      items.push(item);
      count++;
      characters += item.text.length + item.id.length;
      if (characters < most) return;
      const spool = newSpool();
      for (const { at, id, text } of items.sort(inTime)) spool.add(JSON.stringify([at, id, text]));
      parts.push(spool);
      items = [];
      characters = 0;
    },
    *sorted() {
      const sources = [...parts.map(fromSpool), items.sort(inTime).values()];
      const heads = sources.flatMap((rest) => {
        const first = rest.next();
        return first.done ? [] : [{ rest, item: first.value }];
      });
      for (let least = heads[0]; least !== undefined; least = heads[0]) {
        for (const head of heads) if (inTime(head.item, least.item) < 0) least = head;
        yield least.item;
        const next = least.rest.next();
        if (next.done) heads.splice(heads.indexOf(least), 1);
        else least.item = next.value;
      }
      for (const spool of parts) spool.close();
    },
  };
}

function* fromSpool(spool: Spool): Generator<Timed, undefined> {
  for (let number = 0; number < spool.count; number++) {
    const [at, id, text] = JSON.parse(spool.read(number)) as [number, string, string];
    yield { at, id, text };
  }
}

const inTime = (a: Timed, b: Timed): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
