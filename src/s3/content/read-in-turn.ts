/**
 * Sources of bytes one after the other, each opened when the one before has ended. `ended` is called once: at the end,
 * when one fails, and when the reading is given up, even before it began. `told` makes of an error of the source at
 * an index what the reader is told.
 */
export function readInTurn(
  sources: readonly (() => Promise<AsyncIterable<Uint8Array>>)[],
  ended: () => void,
  told: (error: unknown, index: number) => unknown = (error) => error,
): AsyncIterableIterator<Uint8Array> {
  let index = 0
  let current: AsyncIterator<Uint8Array> | undefined
  let isOpen = true
  const end = () => {
    if (isOpen) ended()
    isOpen = false
    return { done: true, value: undefined } as const
  }
  return {
    async next() {
      try {
        while (isOpen) {
          const open = sources[index]
          if (!current && !open) break
          current ??= (await open!())[Symbol.asyncIterator]()
          const piece = await current.next()
          if (!piece.done) return piece
          current = undefined
          index++
        }
        return end()
      } catch (error) {
        end()
        throw told(error, index)
      }
    },
    async return() {
      await current?.return?.()
      return end()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Resolves when the first piece is there, so that what fails at once fails before anything is answered. */
export async function begun(
  source: AsyncIterableIterator<Uint8Array>,
): Promise<AsyncIterableIterator<Uint8Array>> {
  let first: IteratorResult<Uint8Array> | undefined = await source.next()
  const rest: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const piece = first ?? (await source.next())
      first = undefined
      return piece
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this
    },
  }
  return rest
}
