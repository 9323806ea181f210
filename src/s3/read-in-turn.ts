/**
 * Sources of bytes one after the other, each opened when the one before has ended. `ended` is called once: at the end,
 * when one fails, and when the reading is given up, even before it began.
 */
export function readInTurn(
  sources: readonly (() => Promise<AsyncIterable<Uint8Array>>)[],
  ended: () => void,
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
        throw error
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
