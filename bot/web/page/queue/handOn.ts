import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Hands the focus on when what was pressed is gone with its press: to what comes of it, rather than to what stands next on the page.
 *
 * @param gone what could be pressed is not there.
 * @param to where the focus goes then; it stays where it is when it was not in what is gone.
 */
export function useHandOn(gone: boolean, to: () => HTMLElement | null | undefined): void {
  const was = useRef(gone);
  useLayoutEffect(() => {
    if (gone && !was.current && document.activeElement === document.body) to()?.focus();
    was.current = gone;
  }, [gone]);
}
