import type { Document } from '../../engine/ports/engine.ts'
import { type Documents, owedPrefix } from '../documents.ts'
import { parseDestination } from '../notifications/destination-arn.ts'
import { messageOf } from '../notifications/message.ts'
import { type OwedEvent, owedDocument, sequencerOf } from '../notifications/owed-event.ts'
import type { Message, Outcome, Targets } from '../notifications/targets.ts'
import { buriedBy } from './dead-letter.ts'
import { type Failing, isGivenUp, type Walk } from './failing.ts'

/** A bucket and one of those that it tells. */
export interface LineName {
  readonly bucket: string
  readonly destination: string
}

export interface WalkPorts extends Documents {
  readonly targets: Pick<Targets, 'send'>
  readonly signal: AbortSignal
  /** Whether this process is the one that tells. */
  readonly mayTell: () => Promise<boolean>
  readonly count: Count
}

export type Count = (what: 'sent' | 'failed' | 'given up', events: number) => void

interface Range {
  /** Behind it. */
  readonly after: string | undefined
  /** Up to it, and with it. */
  readonly to?: string | undefined
}

interface Walking {
  readonly name: LineName
  readonly now: number
  readonly failing: Failing | undefined
  /** Keys of which an event was not taken: what comes behind it waits. */
  readonly heldUp: Set<string>
  /** All up to this one were tried. */
  readonly reached: (key: string) => void
}

type Owed = Document<OwedEvent>

const PAGE = 200
const BATCH = 100
/** Keys that are held up; with more of them it is as if nothing were taken. */
const MOST_HELD_UP = 10_000
/** So many are tried while it is not known whether anything is taken. */
const PROBE = 5

/** Tells events in their order until nothing is taken, or none is left. Undefined when it is another's to tell them. */
export async function walk(ports: WalkPorts, walking: Walking, range: Range): Promise<Walk | undefined> {
  const { heldUp, failing, reached } = walking
  let most = failing ? PROBE : BATCH
  let sent = 0
  let why: string | undefined
  for await (const page of pagesOf(ports, walking.name, range))
    for (let from = 0; from < page.length; ) {
      const batch = page.slice(from, from + most)
      from += batch.length
      const tried = batch.filter(({ value }) => !heldUp.has(keyOf(value)))
      const told = tried.length > 0 ? await tell(ports, walking, tried) : { sent: 0, failed: [] }
      if (!told) return undefined
      for (const { event, outcome } of told.failed) {
        heldUp.add(keyOf(event.value))
        why = outcome
      }
      sent += told.sent
      reached(batch.at(-1)!.key)
      const isStopped = (tried.length > 0 && told.sent === 0) || heldUp.size > MOST_HELD_UP
      if (isStopped) return { sent, why, isStopped }
      most = BATCH
    }
  return { sent, why, isStopped: false }
}

/** What hold up one another: events of a key; a test event is of none. */
const keyOf = ({ object }: OwedEvent): string => object?.key ?? ''

async function* pagesOf({ metadata }: Documents, name: LineName, range: Range): AsyncGenerator<Owed[]> {
  const prefix = owedPrefix(name.bucket, name.destination)
  const { to } = range
  for (let { after } = range; ; ) {
    const listed = { prefix, limit: PAGE, damaged: 'left out' as const }
    const page = await owedDocument.list(metadata, { ...listed, ...(after !== undefined && { after }) })
    const wanted = to === undefined ? page : page.filter(({ key }) => key <= to)
    if (wanted.length > 0) yield wanted
    if (page.length < PAGE || wanted.length < page.length) return
    after = page.at(-1)!.key
  }
}

/** What became of a batch; undefined when it is not this process that tells, any more. */
async function tell(ports: WalkPorts, { name, now, failing }: Walking, batch: readonly Owed[]) {
  const { targets, signal, count } = ports
  if (signal.aborted || !(await ports.mayTell())) return undefined
  // Another process may have named its events by a clock that is a little ahead.
  const events = batch.toSorted((a, b) => a.revision - b.revision)
  const outcomes = await targets.send(parseDestination(name.destination)!, events.map(messageFor), signal)
  if (signal.aborted) return undefined
  const failed = events.flatMap((event, index) => failureOf(event, outcomes[index]))
  const givenUp = failed.filter(({ event }) => isGivenUp(event.value, failing, now))
  const sent = events.filter((_, index) => outcomes[index] === undefined)
  const changes = [
    ...sent.map(({ key }) => ({ delete: key })),
    ...givenUp.flatMap(({ event, outcome }) => buriedBy(event, outcome, now)),
  ]
  if (changes.length > 0) await ports.metadata.commit(changes)
  count('sent', sent.length)
  count('failed', failed.length)
  count('given up', givenUp.length)
  return { sent: sent.length, failed }
}

const failureOf = (event: Owed, outcome: Outcome) => (outcome === undefined ? [] : [{ event, outcome }])

const messageFor = ({ value, revision }: Owed): Message => ({
  key: value.object?.key ?? value.bucket,
  body: messageOf(value, value.sequencer ?? sequencerOf(revision)),
})

/** Where nothing is taken, all that was tried for long enough is given up. */
export async function giveUpOld(
  ports: Pick<WalkPorts, 'metadata' | 'signal' | 'count'>,
  { name, now, failing }: Omit<Walking, 'heldUp' | 'reached' | 'failing'> & { readonly failing: Failing },
): Promise<void> {
  for await (const page of pagesOf(ports, name, { after: undefined })) {
    const old = page.filter(({ value }) => isGivenUp(value, failing, now))
    if (old.length === 0 || ports.signal.aborted) return
    await ports.metadata.commit(old.flatMap((event) => buriedBy(event, failing.why, now)))
    ports.count('given up', old.length)
    if (old.length < page.length) return
  }
}
