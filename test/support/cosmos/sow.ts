import type { Container } from "./container";
import { Draft } from "./items";

/**
 * Copies of one logical partition's documents, put straight into a container: as many as no test would wait for over HTTP.
 * @param copy the text of a document as it reads in the n-th copy, its partition key included
 */
export function sow(container: Container, pk: string, count: number, copy: (text: string, n: number) => string): void {
  const slots = [...(container.partitionOf(pk).logical.get(pk)?.values() ?? [])];
  const texts = slots.flatMap((slot) => {
    const item = container.visible(slot);
    if (!item) return [];
    const { _rid, _etag, _ts, _self, _attachments, ...own } = item;
    return [JSON.stringify(own)];
  });
  // Filled anew at the next question, which is quicker than one by one.
  for (const partition of container.partitions) partition.indexes.clear();
  for (let n = 0; n < count; n++) {
    const bodies = texts.map((text) => JSON.parse(copy(text, n)) as Record<string, unknown>);
    const draft = new Draft(container, String(bodies[0]?.[container.keyProperty] ?? ""));
    for (const body of bodies) draft.apply({ kind: "create", body });
    draft.commit();
  }
}
