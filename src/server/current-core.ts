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
  let resetting: Promise<void> | undefined
  async function closeCore(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await core.close()
  }
  async function replaceCore(): Promise<void> {
    await closeCore()
    core = await open(true)
    isOpen = true
  }
  return {
    now: () => core,
    change: <T>(task: (core: Core) => Promise<T>): Promise<T> => inTurn(() => task(core)),
    reset: (): Promise<void> =>
      inTurn(async () => {
        if (isOver) throw new Error('The server is being stopped.')
        resetting = replaceCore()
        await resetting
      }),
    /**
     * For good: what waits for its turn to reset it is refused. Waits for a reset under way and for nothing else: what
     * a move of the clock waits for is ended by the closing.
     */
    async close(): Promise<void> {
      isOver = true
      await resetting?.catch(() => undefined)
      await closeCore()
    },
  }
}
