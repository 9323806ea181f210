import type { IdleTimeout } from '../clock/idle-timeout.ts'

/** A body on its way out. */
export interface Upload {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends the body, sent or not. */
  close(): Promise<void>
}

/**
 * The body is made one chunk ahead, so that it was made to its end before anybody can answer to all of it, and begun
 * before there is a connection, since it may have to wait for its turn. Time passes only while the network is
 * waited for.
 */
export async function openUpload(body: AsyncIterable<Uint8Array>, idle: IdleTimeout): Promise<Upload> {
  const source = body[Symbol.asyncIterator]()
  let next = await source.next()
  async function* chunks() {
    while (!next.done) {
      const { value } = next
      idle.stop()
      next = await source.next()
      idle.restart()
      yield value
    }
  }
  return {
    chunks: chunks(),
    async close() {
      await source.return?.()
    },
  }
}
