import { createClock } from '../../../src/clock/clock.ts'
import { systemRandom } from '../../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../../src/engine/embedded/embedded-engine.ts'
import { type Engine, isEngineError, type LogEntry } from '../../../src/engine/ports/engine.ts'
import { type Exchange, type Expectations, type ExpectedLog, expectationsOf } from './engine-expectations.ts'
import { contentOf, documentOf, entryOf, numberOf, RETENTION_MS, WAL_BYTES } from './engine-questions.ts'

/** Long before the load: positions can only go on from what the folder remembers. */
const START_AT = Date.UTC(2021, 0, 1)

/** Opens an engine on what a power cut has left; in words, every promise that it breaks. */
export async function checkEngine(folder: string, exchanges: readonly Exchange[]): Promise<string[]> {
  const expected = expectationsOf(exchanges)
  const unheard: string[] = []
  const onError = (error: unknown) => void unheard.push(String(error))
  const clock = createClock({ mode: 'manual', startAt: START_AT, onError })
  const engine = await openEmbeddedEngine({
    dataDir: folder,
    clock,
    random: systemRandom,
    onError,
    walBytes: WAL_BYTES,
  })
  try {
    return [
      ...(await checkDocuments(engine, expected)),
      ...(await checkLogs(engine, expected)),
      ...(await checkBlobs(engine, expected)),
      ...(await checkPositions(engine, expected)),
    ]
  } finally {
    await engine.close()
    clock.close()
  }
}

async function checkDocuments({ metadata }: Engine, { documents }: Expectations): Promise<string[]> {
  const broken: string[] = []
  const found = new Map<string, number | null>()
  for (const key of documents.keys()) {
    const value = (await metadata.get<string>(key))?.value
    const number = value === undefined ? null : Number.parseInt(value, 10)
    found.set(key, number)
    if (number !== null && value !== documentOf(number).toString('latin1'))
      broken.push(`the document ${key} is a part of ${number}`)
  }
  for (const [key, { values }] of documents)
    if (!values.some(({ value }) => value === found.get(key)))
      broken.push(
        `the document ${key} is ${found.get(key)}, of ${values.map(({ value }) => value).join(', ')}`,
      )
  for (const commit of commitsUnderWay(documents)) {
    const there = Object.entries(commit.values)
      .filter(([key, value]) => documents.get(key)!.values.filter((one) => one.value === value).length === 1)
      .map(([key, value]) => found.get(key) === value)
    if (new Set(there).size > 1)
      broken.push(`only a part of a commit is there: ${JSON.stringify(commit.values)}`)
  }
  return broken
}

/** Commits that were not answered and that nothing followed: all of one is there, or nothing. */
function commitsUnderWay(documents: Expectations['documents']) {
  const lastOf = (key: string) => documents.get(key)?.values.at(-1)?.underWay
  const last = new Set([...documents.keys()].flatMap((key) => lastOf(key) ?? []))
  return [...last].filter((commit) => Object.keys(commit.values).every((key) => lastOf(key) === commit))
}

async function readAll(
  { logs }: Engine,
  group: string,
  log: string,
): Promise<{ entries: LogEntry[]; sealed: boolean }> {
  const entries: LogEntry[] = []
  for (let from = 0; ; ) {
    const slice = await logs.read({ group, log }, from, { entries: 50, bytes: 60_000 })
    for (const { position, data } of slice.entries) entries.push({ position, data: Buffer.from(data) })
    if (slice.atTip) return { entries, sealed: slice.sealed }
    from = slice.next
  }
}

async function checkLogs(engine: Engine, { groups }: Expectations): Promise<string[]> {
  const broken: string[] = []
  for (const [group, { state, logs }] of groups) {
    const isThere = await engine.logs
      .seek({ group, log: 'a' }, 'oldest')
      .then(() => true)
      .catch((error) => {
        if (!isEngineError(error, 'NoSuchGroup')) throw error
        return false
      })
    if (state !== 'uncertain' && isThere !== (state === 'there'))
      broken.push(`the group ${group} is ${isThere ? '' : 'not '}there`)
    if (!isThere) continue
    for (const [log, expected] of logs) {
      const place = `${group}/${log}`
      const { entries, sealed } = await readAll(engine, group, log)
      broken.push(...compareLog(place, expected, entries))
      if (expected.sealedAt !== undefined && state === 'there' && !sealed)
        broken.push(`${place} is not sealed`)
      if (expected.sealedAt === undefined && !expected.isSealAsked && sealed)
        broken.push(`${place} is sealed`)
    }
  }
  return broken
}

function compareLog(
  place: string,
  { acknowledged, asked, trimmedBefore, askedTrim, sealedAt }: ExpectedLog,
  entries: readonly LogEntry[],
): string[] {
  const broken: string[] = []
  const found = new Map(entries.map(({ position, data }) => [position, data]))
  let last = -1
  for (const { position, data } of entries) {
    const number = numberOf(data)
    if (position <= last) broken.push(`${place}: position ${position} comes after ${last}`)
    if (position < trimmedBefore) broken.push(`${place}: position ${position} was trimmed`)
    if (sealedAt !== undefined && position > sealedAt)
      broken.push(`${place}: position ${position} is behind the seal`)
    if (!asked.has(number)) broken.push(`${place}: ${number} was never appended`)
    if (!entryOf(number).equals(data)) broken.push(`${place}: the bytes of ${number} are others`)
    last = position
  }
  for (const [position, number] of acknowledged) {
    if (position < askedTrim) continue
    const data = found.get(position)
    if (!data) broken.push(`${place}: ${number} at ${position} is lost`)
    else if (numberOf(data) !== number) broken.push(`${place}: ${numberOf(data)} is where ${number} was`)
  }
  return broken
}

async function checkBlobs({ blobs }: Engine, expected: Expectations): Promise<string[]> {
  const broken: string[] = []
  for (const [id, { number, size }] of expected.blobs) {
    const pieces: Uint8Array[] = []
    try {
      for await (const piece of await blobs.read(id, { start: 0, end: size }, { sizeBytes: size }))
        pieces.push(Buffer.from(piece))
      if (!Buffer.concat(pieces).equals(contentOf(number, size)))
        broken.push(`the bytes of blob ${id} are others`)
    } catch (error) {
      broken.push(`the blob ${id}: ${(error as Error).message}`)
    }
  }
  return broken
}

/** Appends and blobs go on, and no position comes back. */
async function checkPositions({ logs }: Engine, { lastPosition }: Expectations): Promise<string[]> {
  await logs.ensureGroup('after', { retentionMs: RETENTION_MS })
  const { first } = await logs.append({ group: 'after', log: 'a' }, [entryOf(1)])
  return first > lastPosition ? [] : [`position ${first} is given again, ${lastPosition} had been`]
}
