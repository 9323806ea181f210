import type { Format } from './format.ts'

/** The records one after another, as AWS does it without a delimiter unless one was asked for. */
export const joined: Format = {
  async *write(groups, { delimiter, wrote }) {
    for await (const group of groups) {
      const pieces: Uint8Array[] = []
      for (const { origin, parts } of group) {
        let bytes = 0
        for (const part of parts) {
          pieces.push(part)
          if (delimiter) pieces.push(delimiter)
          bytes += part.length + (delimiter?.length ?? 0)
        }
        wrote(origin, bytes)
      }
      if (pieces.length > 0) yield Buffer.concat(pieces)
    }
  },
}
