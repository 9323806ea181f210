import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts'
import { openDataFolder } from '../../src/engine/embedded/folder/data-folder.ts'

/** What a child of the tests does until it is killed; run as `node child.ts WORK FOLDER …`. */
const works: Record<string, (folder: string, ...args: string[]) => Promise<void>> = {
  async lock(folder) {
    await openDataFolder(folder)
    console.log('locked')
    process.stdin.resume()
  },
  /** Appends from several writers, and says `WRITER FIRST-POSITION FIRST-NUMBER COUNT` for what was acknowledged. */
  async append(folder, walBytes, start) {
    const onError = (error: unknown) => {
      throw error
    }
    const clock = createClock({ mode: 'real', onError })
    const engine = await openEmbeddedEngine({
      dataDir: folder,
      clock,
      random: systemRandom,
      onError,
      walBytes: Number(walBytes),
    })
    await engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
    const write = async (writer: number) => {
      const id = { group: 'g', log: `log-${writer % 3}` }
      for (let number = Number(start); ; ) {
        const count = 1 + ((number * 7) % 5)
        const entries = Array.from({ length: count }, (_, index) => entryOf(writer, number + index))
        const { first } = await engine.logs.append(id, entries)
        process.stdout.write(`${writer} ${first} ${number} ${count}\n`)
        number += count
      }
    }
    await Promise.all([0, 1, 2, 3, 4, 5].map(write))
  },
}

/** The entry that a writer writes as its `number`-th, of a length that depends on both. */
export const entryOf = (writer: number, number: number): Buffer =>
  Buffer.from(`${writer}:${number}:`.padEnd(20 + ((number * 31 + writer) % 400), String(number)))

export interface Child {
  readonly process: ChildProcess
  readonly lines: AsyncIterableIterator<string>
  line(): Promise<string>
}

export function startChild(...args: string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    process: child,
    lines,
    async line() {
      const { value, done } = await lines.next()
      if (done) throw new Error('the child has ended')
      return value
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [work = '', folder = '', ...args] = process.argv.slice(2)
  await works[work]!(folder, ...args)
}
