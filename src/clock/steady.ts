/** Ms of the machine's own time since some moment; it never goes back, and no virtual clock moves it. */
export const steadyNow = (): number => performance.now()
