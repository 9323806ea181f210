import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { cp, type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, mock, test } from 'node:test'
import fc from 'fast-check'
import { type Engine, isEngineError } from '../../src/engine/ports/engine.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const folder = await makeFolder()
const someHandle = await open(join(folder, 'some'), 'w')
/** Every open file's methods: a fault here is a fault of the disk. */
const files: FileHandle = Object.getPrototypeOf(someHandle)
await someHandle.close()
after(() => rm(folder, { recursive: true }))
afterEach(() => mock.restoreAll())

const STEPS = ['write', 'datasync', 'sync', 'truncate'] as const
const LOGS = ['a', 'b']
/** So small that files are rolled, made segments and rewritten all the time. */
const WAL_BYTES = 600

interface Fault {
  readonly step: (typeof STEPS)[number]
  /** Calls that go well before. */
  readonly after: number
  readonly code: 'ENOSPC' | 'EDQUOT' | 'EIO'
  /** What was asked for has happened all the same, as far as anybody can see until the power is cut. */
  readonly isDone: boolean
}

type Act =
  | { readonly act: 'append'; readonly log: string; readonly sizes: readonly number[] }
  | { readonly act: 'fault'; readonly fault: Fault }
  | { readonly act: 'heal' | 'restart' | 'kill' | 'trim' }

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constant('append' as const),
        log: fc.constantFrom(...LOGS),
        sizes: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('fault' as const),
        fault: fc.record({
          step: fc.constantFrom(...STEPS),
          after: fc.integer({ min: 0, max: 4 }),
          code: fc.constantFrom('ENOSPC' as const, 'ENOSPC' as const, 'EDQUOT' as const, 'EIO' as const),
          isDone: fc.boolean(),
        }),
      }),
    },
    { weight: 3, arbitrary: fc.constant({ act: 'heal' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'restart' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'kill' as const }) },
    { weight: 1, arbitrary: fc.constant({ act: 'trim' as const }) },
  ),
  { minLength: 5, maxLength: 40 },
)

function breakDisk({ step, after, code, isDone }: Fault): void {
  const real = files[step] as (this: FileHandle, ...given: unknown[]) => Promise<unknown>
  let calls = 0
  mock.method(files, step, async function (this: FileHandle, ...given: unknown[]) {
    const fails = calls++ >= after
    const done = !fails || isDone ? await real.apply(this, given) : undefined
    if (fails) throw Object.assign(new Error(`${code}: of the test`), { code })
    return done
  })
}

/** What is in each log, by the names that entries begin with. */
async function contentsOf({ logs }: Engine): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const log of LOGS) {
    const names: string[] = []
    for (let from = 0, isOver = false; !isOver; ) {
      const slice = await logs.read({ group: 'g', log }, from, { entries: 7, bytes: 1000 })
      names.push(...slice.entries.map(({ data }) => Buffer.from(data).toString().trimEnd()))
      isOver = slice.atTip && slice.entries.length === 0
      from = slice.next
    }
    found[log] = names
  }
  return found
}

/** The folder as a kill at a moment would leave it. */
async function asKilled(dataDir: string): Promise<string> {
  const picture = () =>
    ['log', 'metadata'].flatMap((part) =>
      readdirSync(join(dataDir, part)).map((name) => {
        const found = statSync(join(dataDir, part, name), { throwIfNoEntry: false })
        return [name, found?.size, found?.mtimeMs].join()
      }),
    )
  for (;;) {
    const [left, before] = [await makeFolder(), picture()]
    const filter = (path: string) => !/standpipe\.lock|lock\.mdb/.test(path)
    const isWhole = await cp(dataDir, left, { recursive: true, filter }).then(
      () => true,
      // A file has gone meanwhile.
      () => false,
    )
    if (isWhole && picture().join() === before.join()) return left
    await rm(left, { recursive: true })
  }
}

async function play(list: readonly Act[]): Promise<void> {
  let dataDir = await makeFolder()
  const used = [dataDir]
  const onError = () => undefined
  const openIt = () => openEmbedded({ dataDir, walBytes: WAL_BYTES, onError })
  let { engine, clock, close } = await openIt()
  await engine.logs.ensureGroup('g', { retentionMs: 1e9 })
  const acknowledged: Record<string, { name: string; position: number }[]> = { a: [], b: [] }
  let count = 0
  const namesOf = (log: string) => acknowledged[log]!.map(({ name }) => name)
  const check = async (where: string) =>
    assert.deepEqual(await contentsOf(engine), { a: namesOf('a'), b: namesOf('b') }, where)

  for (const one of list) {
    if (one.act === 'append') {
      const names = one.sizes.map(() => `${count++}`)
      const entries = one.sizes.map((size, index) => Buffer.from(names[index]!.padEnd(size)))
      try {
        const { first } = await engine.logs.append({ group: 'g', log: one.log }, entries)
        acknowledged[one.log]!.push(...names.map((name, index) => ({ name, position: first + index })))
      } catch (error) {
        assert.ok(isEngineError(error, 'StorageFull'), String(error))
      }
    } else if (one.act === 'fault') {
      mock.restoreAll()
      breakDisk(one.fault)
    } else if (one.act === 'trim') {
      const middle = acknowledged.a![Math.floor(acknowledged.a!.length / 2)]
      if (!middle) continue
      await engine.logs.trim({ group: 'g', log: 'a' }, middle.position)
      acknowledged.a = acknowledged.a!.filter(({ position }) => position >= middle.position)
      await clock.advance(60 * 60 * 1000)
    } else {
      if (one.act !== 'restart') mock.restoreAll()
      if (one.act === 'heal') await engine.checkHealth()
      if (one.act === 'kill') {
        const left = await asKilled(dataDir)
        used.push(left)
        await close()
        dataDir = left
      } else if (one.act === 'restart') {
        await close()
        mock.restoreAll()
      }
      if (one.act !== 'heal') ({ engine, clock, close } = await openIt())
    }
    if (one.act !== 'append') await check(`after ${one.act}`)
  }
  mock.restoreAll()
  await engine.checkHealth()
  await check('at the end')
  await close()
  ;({ engine, close } = await openIt())
  await check('after a restart at the end')
  await engine.logs.append({ group: 'g', log: 'a' }, [Buffer.from('last')])
  assert.equal((await contentsOf(engine)).a!.at(-1), 'last')
  await close()
  for (const path of used) await rm(path, { recursive: true })
}

test('whatever a disk without room refuses: all that was acknowledged is there, in order, once, and nothing else', async () => {
  await fc.assert(fc.asyncProperty(acts, play), {
    numRuns: Number(process.env.STANDPIPE_DISK_RUNS ?? 15),
    interruptAfterTimeLimit: 30_000,
    ...(process.env.STANDPIPE_DISK_SEED && { seed: Number(process.env.STANDPIPE_DISK_SEED) }),
  })
})
