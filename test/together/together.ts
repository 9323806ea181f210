import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const TEST = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a room's small files of tests, one for each operation, in one process: to load the SDK and the server for each of
 * them costs more than all that they do. Each runs on its own, too.
 */
export async function together(glob: string): Promise<void> {
  const paths = globSync(glob, { cwd: TEST }).sort()
  if (paths.length < 10) throw new Error(`${glob} are ${paths.length} files only`)
  for (const path of paths) await import(`../${path}`)
}
