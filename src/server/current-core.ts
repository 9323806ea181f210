import { createSerial } from '../delivery/turns.ts'
import type { Core } from './core.ts'

export type CurrentCore = Awaited<ReturnType<typeof openCurrentCore>>

/**
 * The core that serves now; a reset puts an empty one in its place. What changes it is done in turn, so that no core is
 * closed twice, or while its clock is moved.
 */
export async function openCurrentCore(open: (erase: boolean) => Promise<Core>) {
  const inTurn = createSerial()
  let core = await open(false)
  /** Not after a reset whose opening failed: another one may still do it. */
  let isOpen = true
  let isOver = false
  async function closeCore(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await core.close()
  }
  return {
    now: () => core,
    change: <T>(task: (core: Core) => Promise<T>): Promise<T> => inTurn(() => task(core)),
    reset: (): Promise<void> =>
      inTurn(async () => {
        if (isOver) throw new Error('The server is being stopped.')
        await closeCore()
        core = await open(true)
        isOpen = true
      }),
    /** For good: what waits for its turn to reset it is refused. */
    close(): Promise<void> {
      isOver = true
      return inTurn(closeCore)
    },
  }
}
