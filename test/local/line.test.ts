import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Line } from "../../bot/local/line";

const service = createServer((_, response) => response.end("here"));
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  service.close();
  service.closeAllConnections();
});
const target = () => (service.address() as AddressInfo).port;
const word = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text();

describe("the line to the service", () => {
  it("given it is whole, then calls go through; cut, then none does; mended, then they do again", async () => {
    const line = new Line();
    const port = await line.open(target());
    expect(await word(port)).toBe("here");
    line.cut();
    await expect(word(port)).rejects.toThrow();
    line.mend();
    expect(await word(port)).toBe("here");
    await line.close();
  });

  it("given its last port is free, then it has that again: what browsers keep goes by it; given it is taken, then another", async () => {
    const first = new Line();
    const port = await first.open(target());
    const beside = new Line();
    expect(await beside.open(target(), port)).not.toBe(port);
    await Promise.all([first.close(), beside.close()]);
    const again = new Line();
    expect(await again.open(target(), port)).toBe(port);
    await again.close();
  });

  it("given the service is gone, then a call fails and nothing else", async () => {
    const line = new Line();
    const port = await line.open(1);
    await expect(word(port)).rejects.toThrow();
    await line.close();
  });
});
