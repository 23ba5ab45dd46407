import type { Doc, Store } from "../../../src/ports";
import type { Connection, Stored } from "./connection";
import { docId, idsOf, partition } from "./keys";
import { type Packed, packed, unpacked } from "./layout";

type DocItem = Stored<Packed & { name: string }>;

/** Documents beside the streams, each replaced under its ETag. */
export function docs(cosmos: Connection): Pick<Store, "doc" | "docs" | "putDoc" | "removeDoc"> {
  const docOf = <B>(pk: string, item: DocItem): Doc<B> => {
    const { body, name } = unpacked<{ body: B; name: string }>(item);
    return { pk, id: name, body, version: item._etag };
  };
  return {
    async doc<B>(pk: string, id: string): Promise<Doc<B> | undefined> {
      const item = await cosmos.read<DocItem>(partition(pk), docId(id));
      return item && docOf<B>(pk, item);
    },

    async docs<B>(pk: string): Promise<Doc<B>[]> {
      const { first, end } = idsOf("d");
      const found = await cosmos.all<DocItem>(partition(pk), "SELECT * FROM c WHERE c.id >= @from AND c.id < @to", [
        { name: "@from", value: first },
        { name: "@to", value: end },
      ]);
      return found.map((item) => docOf<B>(pk, item));
    },

    async putDoc(pk, id, body, version) {
      const item = { id: docId(id), pk: partition(pk), ...packed({ name: id, body }) };
      const condition = version === undefined ? "create" : version === "any" ? "any" : { etag: version };
      return (await cosmos.put(item, condition)) !== undefined;
    },

    removeDoc: (pk, id) => cosmos.remove(partition(pk), docId(id)),
  };
}
