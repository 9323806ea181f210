import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { idleTimeout } from '../../../../clock/machine-time.ts'
import type { Walk } from './program.ts'

/** A walk takes a second for each GB or so. */
const WALK_WITHIN_MS = 10 * 60 * 1000

/** The sources run as they are, and built ones beside one another. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './program.ts' : './program.js', import.meta.url),
)

/**
 * Has a child process read everything in a metadata file, since garbage in it can end the process that reads it; with
 * `copyTo`, what is whole is copied there. Undefined when the child did not come to its end.
 */
export async function walkMetadata(
  metadataFolder: string,
  dataVersion: number,
  copyTo?: string,
): Promise<Walk | undefined> {
  const args = [PROGRAM, metadataFolder, String(dataVersion), ...(copyTo === undefined ? [] : [copyTo])]
  const timeout = idleTimeout(WALK_WITHIN_MS)
  timeout.restart()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], signal: timeout.signal })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  timeout.stop()
  return code === 0 ? JSON.parse(printed) : undefined
}
