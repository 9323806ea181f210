/** `node engine-load.ts FOLDER TRACE SEED STEPS`: works an engine, recorded, and notes what is asked and answered. */
import { createClock } from '../../../src/clock/clock.ts'
import { systemRandom } from '../../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../../src/engine/embedded/embedded-engine.ts'
import { type Engine, isEngineError } from '../../../src/engine/ports/engine.ts'
import { createJournal } from '../load/journal.ts'
import { type Seeded, seeded } from '../seeded.ts'
import {
  contentOf,
  documentOf,
  entryOf,
  type EngineQuestion as Question,
  RETENTION_MS,
  WAL_BYTES,
} from './engine-questions.ts'
import { openNotes } from './notes.ts'

const [folder = '', trace = '', seed = '0', steps = '100'] = process.argv.slice(2)
const WRITERS = 4
const LOGS = ['a', 'b', 'c']
const KEYS = 6

/** Numbers of this life: no other life has them. */
let next = Number(seed) * 1_000_000
const journal = createJournal<Question>(openNotes(trace), next)
const ask = <A>(question: Question, work: () => Promise<A>) => journal.during(question, work)
const onError = (error: unknown) => {
  throw error
}
const clock = createClock({ mode: 'real', onError })
const engine = await openEmbeddedEngine({
  dataDir: folder,
  clock,
  random: systemRandom,
  onError,
  walBytes: WAL_BYTES,
})

/** Each has groups, keys and blobs of its own, so that it knows the order of what it asks. */
async function work(writer: number): Promise<void> {
  const random = seeded(Number(seed) * 100 + writer)
  const blobs: string[] = []
  const groups = [`w${writer}-0`, `w${writer}-1`]
  for (const group of groups) await ensure(group)
  for (let step = 0; step < Number(steps); step++) {
    const group = random.pick(groups)
    const dice = random.below(100)
    if (dice < 45) await Promise.all(Array.from({ length: 1 + random.below(4) }, () => append(random, group)))
    else if (dice < 70) await commit(random, writer)
    else if (dice < 85) await changeBlobs(random, blobs)
    else if (dice < 92) await trim(random, group)
    else if (dice < 97) await seal(random, group)
    else {
      await ask({ what: 'drop', group }, () => engine.logs.dropGroup(group))
      await ensure(group)
    }
  }
}

const ensure = (group: string) =>
  ask({ what: 'ensure', group }, () => engine.logs.ensureGroup(group, { retentionMs: RETENTION_MS }))

async function append(random: Seeded, group: string): Promise<void> {
  const log = random.pick(LOGS)
  const count = 1 + random.below(5)
  const from = next
  next += count
  const entries = Array.from({ length: count }, (_, index) => entryOf(from + index))
  await ask({ what: 'append', group, log, from, count }, () =>
    engine.logs.append({ group, log }, entries).then(({ first }) => first),
  ).catch(unlessSealed)
}

const unlessSealed = (error: unknown) => {
  if (!isEngineError(error, 'LogSealed')) throw error
}

async function trim(random: Seeded, group: string): Promise<void> {
  const id = { group, log: random.pick(LOGS) }
  const { entries } = await engine.logs.read(id, 0, { entries: 30, bytes: 2 ** 20 })
  const before = random.pick(entries)?.position
  if (before !== undefined) await ask({ what: 'trim', ...id, before }, () => engine.logs.trim(id, before))
}

async function seal(random: Seeded, group: string): Promise<void> {
  const id = { group, log: random.pick(LOGS) }
  await ask({ what: 'seal', ...id }, () => engine.logs.seal(id))
}

async function commit(random: Seeded, writer: number): Promise<void> {
  const number = next++
  const keys = new Set(Array.from({ length: 1 + random.below(3) }, () => `w${writer}/${random.below(KEYS)}`))
  const values = Object.fromEntries([...keys].map((key) => [key, random.below(5) === 0 ? null : number]))
  const changes = Object.entries(values).map(([key, value]) =>
    value === null ? { delete: key } : { put: key, value: documentOf(value).toString('latin1') },
  )
  await ask({ what: 'commit', values }, () => engine.metadata.commit(changes))
}

async function changeBlobs(random: Seeded, blobs: string[]): Promise<void> {
  const id = random.pick(blobs)
  const dice = random.below(4)
  if (id && dice === 0) {
    blobs.splice(blobs.indexOf(id), 1)
    await ask({ what: 'delete blob', id }, () => engine.blobs.delete(id))
  } else if (id && dice === 1) {
    blobs.push(await ask({ what: 'copy blob', id }, () => engine.blobs.copy(id)))
  } else
    blobs.push(
      await writeBlob(engine, next++, random.below(3) === 0 ? random.below(300_000) : random.below(9000)),
    )
}

const writeBlob = (engine: Engine, number: number, size: number) =>
  ask({ what: 'blob', number, size }, async () => {
    const writer = await engine.blobs.create()
    const bytes = contentOf(number, size)
    for (let at = 0; at < size; at += 100_000) await writer.write(bytes.subarray(at, at + 100_000))
    return (await writer.finish()).id
  })

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => work(writer)))
await engine.close()
clock.close()
