/** Runs tasks one after another, in the order in which they came. */
export function createSerial() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task)
    // Whoever asked for it hears of it; the next in turn is another's.
    last = result.catch(() => undefined)
    return result
  }
}

export type Serial = ReturnType<typeof createSerial>

/** Lets `count` pieces of work go on at once; the others wait their turn in order. */
export function createSlots(count: number) {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take(): Promise<() => void> {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        const next = waiting.shift()
        if (next) next()
        else free++
      }
    },
  }
}

export type Slots = ReturnType<typeof createSlots>
