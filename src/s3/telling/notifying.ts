import { inBackground } from '../../engine/ports/background.ts'
import { isEngineError } from '../../engine/ports/engine.ts'
import { type Problems, unheardProblems } from '../../metrics/problems.ts'
import { DAY_MS } from '../buckets/lifecycle.ts'
import { everyOwedPrefix, owedPrefix } from '../documents.ts'
import { type OwedEvent, owedDocument } from '../notifications/owed-event.ts'
import type { S3 } from '../s3.ts'
import { eachDeadBucket, pruneDeadLetters, type Settling, settleDeadLetters } from './dead-letter.ts'
import type { Failing } from './failing.ts'
import { createTelling } from './sole-teller.ts'
import { type Line, openLine } from './told-line.ts'
import type { Count, LineName } from './walk.ts'

/** Tells what is owed, in the background. */
export interface Notifying {
  /** How the destinations fail that a bucket tells; those that do not are left out. */
  failing(bucket: string): readonly (LineName & Failing)[]
  /** Tells a bucket's dead letters once more, or drops them. Resolves with how many. */
  settle(settling: Settling): Promise<number>
  /** What came of it since the process began. */
  counts(): readonly (LineName & { readonly what: Parameters<Count>[0]; readonly events: number })[]
  close(): Promise<void>
}

const nameOf = (key: string): LineName => {
  const [bucket = '', destination = ''] = key.slice(everyOwedPrefix.length).split('\0')
  return { bucket, destination }
}
const keyOf = ({ bucket, destination }: LineName): string => `${bucket}\0${destination}`

/**
 * Tells what was not told when the process began, and from now on each event when it is committed. Destinations do not wait for
 * one another.
 */
export function startNotifying(s3: S3): Notifying {
  const { clock, metadata, problems = unheardProblems } = s3
  const closing = new AbortController()
  const lines = new Map<string, Line>()
  const underWay = new Set<Promise<void>>()
  const counts = createCounts()
  const telling = createTelling({
    ...{ metadata, owner: s3.newId() },
    askAgain() {
      for (const key of lines.keys()) wake(nameOf(everyOwedPrefix + key))
    },
  })
  const wake = (name: LineName, key?: string): void => {
    const line = lineOf(name)
    const woken = line.wake(key).then(() => {
      underWay.delete(woken)
      if (line.isDone()) lines.delete(keyOf(name))
    })
    underWay.add(woken)
  }
  const noticed = (bucket: string) => noticeDead(s3, problems, bucket)
  const lineOf = (name: LineName): Line => {
    const known = lines.get(keyOf(name))
    if (known) return known
    const line: Line = openLine(
      {
        ...{ metadata, clock, problems, targets: s3.targets, signal: closing.signal },
        mayTell: telling.mayTell,
        count: (what, events) => counts.add(name, what, events),
        gaveUp: noticed,
      },
      name,
    )
    lines.set(keyOf(name), line)
    return line
  }
  metadata.watch(everyOwedPrefix, (key) => wake(nameOf(key), key), closing.signal)
  const looking = inBackground(problems, {
    where: "S3's event notifications",
    meanwhile: 'what happened before the start is told to nobody',
    async work() {
      for await (const name of owedLines(s3)) wake(name)
      for await (const bucket of eachDeadBucket(s3)) await noticed(bucket)
    },
  })
  const look = () => {
    cancel = clock.lookAt((Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS, look)
    return looking.run()
  }
  let cancel = clock.at(clock.now(), look)
  const stopSettling = clock.onMove(async () => {
    await Promise.all([...lines.values()].map((line) => line.settled()))
  })
  return {
    failing: (bucket) =>
      [...lines].flatMap(([key, line]) => {
        const [name, failing] = [nameOf(everyOwedPrefix + key), line.failing()]
        return name.bucket === bucket && failing ? [{ ...name, ...failing }] : []
      }),
    async settle(settling) {
      const settled = await settleDeadLetters(s3, settling)
      await noticed(settling.bucket)
      return settled
    },
    counts: counts.all,
    async close() {
      closing.abort()
      cancel()
      stopSettling()
      await looking.close()
      await Promise.all([...lines.values()].map((line) => line.close()))
      await Promise.all(underWay)
      await telling.close().catch(unlessClosed)
    },
  }
}

function unlessClosed(error: unknown): void {
  if (!isEngineError(error, 'Closed')) throw error
}

/** Those to whom something is owed, each with the oldest of it; reads one event of each. */
export async function* owedLines({ metadata }: Pick<S3, 'metadata'>): AsyncGenerator<OwedLine> {
  for (let after = everyOwedPrefix; ; ) {
    const range = { prefix: everyOwedPrefix, after, limit: 1, damaged: 'left out' as const }
    const [first] = await owedDocument.list(metadata, range)
    if (!first) return
    const name = nameOf(first.key)
    yield { ...name, oldest: first.value }
    after = `${owedPrefix(name.bucket, name.destination)}${BEHIND_ORDERS}`
  }
}

interface OwedLine extends LineName {
  readonly oldest: OwedEvent
}

/** Behind every digit. */
const BEHIND_ORDERS = '~'

/** Says that there are dead letters of a bucket as long as there are. */
async function noticeDead(s3: S3, problems: Problems, bucket: string): Promise<void> {
  const left = await pruneDeadLetters(s3, bucket, s3.clock.now())
  const where = `bucket ${bucket}`
  if (left === 0) return problems.solved('NotificationsGivenUp', where)
  problems.report({
    ...{ code: 'NotificationsGivenUp', where },
    what: `nobody could be told of ${left} of its events: send them again or drop them on the console's page of the bucket, or by our own API where the bucket is gone`,
  })
}

/** Grows with destinations, not with events. */
function createCounts() {
  const counted = new Map<string, ReturnType<Notifying['counts']>[number]>()
  return {
    add(name: LineName, what: Parameters<Count>[0], events: number): void {
      const key = `${keyOf(name)}\0${what}`
      counted.set(key, { ...name, what, events: (counted.get(key)?.events ?? 0) + events })
    },
    all: () => [...counted.values()],
  }
}
