/** Whatever is written there while requests are answered is none of theirs; errors that nobody caught are said so, too. */
export function listenToStderr(heard: (text: string) => void) {
  const write = process.stderr.write
  const listening = ((chunk: string | Uint8Array) => {
    heard(String(chunk))
    return true
  }) as typeof write
  process.stderr.write = listening
  const crashed = (error: unknown) =>
    heard(`not caught: ${error instanceof Error ? error.stack : String(error)}`)
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed)
  return {
    /** What we say ourselves meanwhile. */
    aside(task: () => void): void {
      process.stderr.write = write
      task()
      process.stderr.write = listening
    },
    restore(): void {
      process.stderr.write = write
      process.off('uncaughtException', crashed).off('unhandledRejection', crashed)
    },
  }
}
