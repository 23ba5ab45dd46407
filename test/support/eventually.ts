/**
 * Tries the expectation until it holds: what a page shows follows what was done to it, some frames later.
 * @throws what the expectation threw last, after `seconds`.
 */
export async function eventually(expectation: () => Promise<void>, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
