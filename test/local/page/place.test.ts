import { readPlace, writePlace } from "../../../bot/local/page/place";

describe("the page's address", () => {
  test.each([
    [{ viewer: "cora", section: "chat", id: "19:abc/d@thread.v2" }],
    [{ viewer: "dev", section: "mail", id: "m-1" }],
    [{ viewer: "dev", section: "meetings", id: undefined }],
  ] as const)("keeps who, which list and what is open: %j", (place) => {
    expect(readPlace(writePlace(place))).toEqual(place);
  });

  test.each(["", "#", "#/", "#//", "#/%E0%A4%A"])("says nothing when it is %j", (hash) => {
    expect(readPlace(hash)).toEqual({ viewer: undefined, section: undefined, id: undefined });
  });

  test("passes over a list that there is not", () => {
    expect(readPlace("#/ada/files/1").section).toBeUndefined();
  });
});
