/** Counts what happens, so that whoever looks again sees whether anything has happened at all. */
export interface ChangeCount {
  add(): void
  count(): number
}

export function createChangeCount(): ChangeCount {
  let count = 0
  return {
    add() {
      count += 1
    },
    count: () => count,
  }
}
