const LINE_FEED = 0x0a

/**
 * Counts records of text behind which the next begins on the same line: readers of JSON or CSV by lines take them for
 * one. What is not text (compressed, protobuf) they do not read so.
 */
export function createRunTogether() {
  let [count, isOpen] = [0, false]
  return {
    /** The object begins anew. */
    restart(): void {
      count = 0
      isOpen = false
    },
    /** In the object's order. */
    take(data: Uint8Array): void {
      if (data.length === 0) return
      if (isOpen) count++
      isOpen = isOpenText(data)
    },
    count: (): number => count,
  }
}

export type RunTogether = ReturnType<typeof createRunTogether>

/** By its ends alone, as this is asked of every record: it begins with what can be seen, and ends with it. */
const isOpenText = (data: Uint8Array): boolean =>
  isVisible(data[0]!) && data.at(-1) !== LINE_FEED && isVisible(data.at(-1)!)

const isVisible = (byte: number) => byte >= 0x20 && byte < 0x7f
