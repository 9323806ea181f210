import { type Life, startLife } from '../crash/server-life.ts'
import type { Outcome } from './outcomes.ts'
import { PATIENCE_MS, type Reading, readContents } from './specimen.ts'

/** What became of a damaged folder, and the words for it. */
export interface Examined {
  readonly outcome: Outcome
  readonly why: string
}

/** Damaged, or of a later version. */
const NAMED_EXITS: readonly number[] = [5, 4]
/** Of a data folder, as a refusal names it. */
const FILE = /standpipe\.json|metadata\/|log\/|blobs\/|data of version \d/
/** Something went wrong that nobody thought of: our files, with their lines. */
const STACK = /^\s+at .*(src|dist)\/.*:\d+:\d+/m

/** Starts a server on the folder, and reads everything. */
export async function examine(
  folder: string,
  contents: ReadonlyMap<string, readonly string[]>,
  flags: readonly string[] = [],
): Promise<Examined> {
  const life = startLife(folder, { flags })
  let late: NodeJS.Timeout | undefined
  try {
    const tooLate = new Promise<'late'>((resolve) => {
      late = setTimeout(() => resolve('late'), PATIENCE_MS)
    })
    const start = await Promise.race([life.ready.catch(() => 'ended' as const), tooLate])
    if (start === 'late') return { outcome: 'hang', why: `not ready after ${PATIENCE_MS / 1000} s` }
    if (start === 'ended') return refusalOf(await life.ended, life.output())
    const readings = await Promise.race([readContents(life), life.ended])
    if (!(readings instanceof Map))
      return { outcome: 'died', why: `${readings}: ${life.output().slice(-500)}` }
    return await judge(life, contents, readings)
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return { outcome: 'hang', why: (error as Error).message }
    throw error
  } finally {
    clearTimeout(late)
    await life.kill()
  }
}

function refusalOf(code: number | string, said: string): Examined {
  const why = said.trim().replaceAll('\n', ' ').slice(0, 500)
  if (STACK.test(said)) return { outcome: 'raw stack', why }
  if (typeof code === 'string') return { outcome: 'died', why: `${code} ${why}` }
  return {
    outcome: NAMED_EXITS.includes(code) && FILE.test(why) ? 'refused' : 'unnamed refusal',
    why: `exit code ${code}: ${why}`,
  }
}

async function judge(
  life: Life,
  contents: ReadonlyMap<string, readonly string[]>,
  readings: ReadonlyMap<string, Reading>,
): Promise<Examined> {
  const lacking: string[] = []
  for (const [name, expected] of contents) {
    const { found, refused } = readings.get(name)!
    const known = new Set(expected)
    const strange = found.filter((digest) => !known.has(digest))
    if (strange.length > 0) return { outcome: 'wrong bytes', why: `${name} is served with other bytes` }
    if (new Set(found).size < found.length)
      return { outcome: 'wrong bytes', why: `${name} has something twice` }
    if (found.length < expected.length)
      lacking.push(
        `${name}: ${expected.length - found.length} of ${expected.length} missing${refused ? `: ${refused}` : ''}`,
      )
  }
  if (STACK.test(life.output())) return { outcome: 'raw stack', why: life.output().slice(0, 500) }
  const health = JSON.parse(await (await life.fetch('/_standpipe/health')).text()) as {
    status: string
    problems: { what: string; where: string }[]
  }
  const named = health.problems.map(({ what, where }) => `${where}: ${what}`).join('; ')
  if (lacking.length === 0) return { outcome: 'right', why: named }
  const why = `${lacking.join('; ')}; health: ${named}`.replaceAll('\n', ' ').slice(0, 500)
  return { outcome: health.problems.length > 0 ? 'named' : 'unnamed', why }
}
