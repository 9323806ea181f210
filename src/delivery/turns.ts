/** Runs tasks one after another, in the order in which they came. */
export function createSerial() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}

export type Serial = ReturnType<typeof createSerial>
