import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import '../../bin/own-modules.js'

const TEST = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs files of tests in one process: to load the SDK and the server for each of them costs more than most of them do.
 * Each runs on its own, too, and none may leave behind what another could see.
 */
export async function together(...globs: readonly string[]): Promise<void> {
  for (const path of filesOf(globs)) await import(`../${path}`)
}

/** The files, relative to test/; what is listed by each of the globs is there once. */
export function filesOf(globs: readonly string[]): string[] {
  const paths = new Set<string>()
  for (const glob of globs) {
    const found = globSync(glob, { cwd: TEST })
    if (found.length === 0) throw new Error(`${glob} is no file`)
    for (const path of found) paths.add(path)
  }
  return [...paths].sort()
}
