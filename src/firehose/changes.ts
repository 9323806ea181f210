/** Counts what happens, so that whoever looks again sees whether anything has happened at all. */
export interface Changes {
  add(): void
  count(): number
}

export function createChanges(): Changes {
  let count = 0
  return {
    add() {
      count += 1
    },
    count: () => count,
  }
}
