import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Noted, NotedItem } from "../../core/flow/suggest/noted.ts";

/**
 * The document as YAML 1.2, every value in quotes where it would read as something else, every note a comment before its
 * value. The notes of the first key head the file.
 */
export function notedYaml(value: Noted): string {
  const document = new Document(nodeOf(value));
  return document.toString({ lineWidth: 0, indent: 2 });
}

type Node = Scalar | YAMLMap | YAMLSeq;

function nodeOf(value: Noted): Node {
  switch (value.kind) {
    case "value":
      return new Scalar(value.value);
    case "list": {
      const list = new YAMLSeq<Node>();
      list.items = value.items.map((one) => commented(nodeOf(one.value), one));
      return list;
    }
    case "mapping": {
      const mapping = new YAMLMap<Scalar, Node>();
      mapping.items = value.entries.map((one) => new Pair(commented(new Scalar(one.key), one), nodeOf(one.value)));
      return mapping;
    }
  }
}

function commented<Kind extends Node>(node: Kind, { notes }: NotedItem): Kind {
  if (notes !== undefined && notes.length > 0) node.commentBefore = notes.map((one) => ` ${one}`).join("\n");
  return node;
}
