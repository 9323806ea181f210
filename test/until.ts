import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY_MS = 5

/**
 * Waits for what happens without anybody's doing, as long as the test may take. Looking without a pause would take a
 * processor from whoever is to do it.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(LOOK_EVERY_MS)
}
