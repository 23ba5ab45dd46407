/** Tests that each go on from the one before: after one has failed the others fail at once, naming it, instead of waiting in vain. */
export function inOrder(): (name: string, step: () => Promise<void>) => void {
  let failed: string | undefined;
  return (name, step) =>
    test(name, async () => {
      if (failed !== undefined) throw new Error(`Not tried: “${failed}” failed before it`);
      failed = name;
      await step();
      failed = undefined;
    });
}
