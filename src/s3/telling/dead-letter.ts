import { number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, Document } from '../../engine/ports/engine.ts'
import { inPortions, untilCommitted } from '../../engine/ports/update.ts'
import { type Documents, deadPrefix, everyDeadPrefix } from '../documents.ts'
import type { Outbox } from '../notifications/outbox.ts'
import { type OwedEvent, owedMembers, sequencerOf } from '../notifications/owed-event.ts'

/** Of a bucket: the oldest make room for new ones. */
export const MOST_DEAD_LETTERS = 1_000
export const DEAD_LETTER_KEPT_MS = 14 * 86_400_000

/** An event that nobody could be told of. */
export interface DeadLetter extends OwedEvent {
  readonly sequencer: string
  /** ms since 1970 */
  readonly givenUpAt: number
  readonly why: string
}

export const deadLetterDocument = document<DeadLetter>({
  keys: everyDeadPrefix,
  version: 1,
  check: shape<DeadLetter>({ ...owedMembers, sequencer: text, givenUpAt: number, why: text }),
})

/** What makes a dead letter of an owed event. */
export function buriedBy(
  { key, value, revision }: Document<OwedEvent>,
  why: string,
  now: number,
): readonly Change[] {
  const letter: DeadLetter = {
    ...value,
    sequencer: value.sequencer ?? sequencerOf(revision),
    givenUpAt: now,
    why,
  }
  const order = key.slice(key.lastIndexOf('\0') + 1)
  return [
    { delete: key, expect: revision },
    { put: deadPrefix(value.bucket) + order, value: letter },
  ]
}

/** Of those that are told again in one commit. */
const AT_ONCE = 100

/** The oldest first. */
export const deadLettersOf = ({ metadata }: Documents, bucket: string): Promise<Document<DeadLetter>[]> =>
  deadLetterDocument.list(metadata, { prefix: deadPrefix(bucket), damaged: 'left out' })

/** Leaves nothing of those that are too old or too many. Resolves with how many are left. */
export async function pruneDeadLetters(ports: Documents, bucket: string, now: number): Promise<number> {
  const letters = await deadLettersOf(ports, bucket)
  const tooMany = letters.length - MOST_DEAD_LETTERS
  const gone = letters.filter(
    ({ value }, index) => index < tooMany || now - value.givenUpAt >= DEAD_LETTER_KEPT_MS,
  )
  for (const portion of inPortions(gone, AT_ONCE))
    await ports.metadata.commit(portion.map(({ key }) => ({ delete: key })))
  return letters.length - gone.length
}

/** Reads one of each. */
export async function* eachDeadBucket({ metadata }: Documents): AsyncGenerator<string> {
  for (let after = everyDeadPrefix; ; ) {
    const range = { prefix: everyDeadPrefix, after, limit: 1, damaged: 'left out' as const }
    const [first] = await deadLetterDocument.list(metadata, range)
    if (!first) return
    const bucket = first.key.slice(everyDeadPrefix.length, first.key.indexOf('\0'))
    yield bucket
    after = `${deadPrefix(bucket)}~`
  }
}

/** What is to become of an account's dead letters of a bucket: of one of them, or of all. */
export interface Settling {
  readonly bucket: string
  /** A bucket that was deleted may have been made anew by another one. */
  readonly account: string
  /** As `idOf` names it. */
  readonly id?: string | undefined
  readonly do: 'send' | 'drop'
}

/** Resolves with how many it became of. */
export async function settleDeadLetters(
  ports: Documents & { readonly outbox: Outbox },
  { bucket, account, id, do: done }: Settling,
): Promise<number> {
  const letters = (await deadLettersOf(ports, bucket)).filter(
    ({ key, value }) => value.account === account && (id === undefined || idOf(key) === id),
  )
  let settled = 0
  for (const portion of inPortions(letters, AT_ONCE))
    settled += await untilCommitted(async () => {
      const kept = await Promise.all(portion.map(({ key }) => deadLetterDocument.get(ports.metadata, key)))
      const there = kept.filter((letter) => letter !== undefined)
      await ports.metadata.commit(
        there.flatMap(({ key, value, revision }) => [
          { delete: key, expect: revision },
          ...(done === 'drop' ? [] : [ports.outbox.again(owedAgain(value))]),
        ]),
      )
      return there.length
    })
  return settled
}

export const idOf = (key: string): string => key.slice(key.lastIndexOf('\0') + 1)

function owedAgain({ givenUpAt: _, why: __, ...event }: DeadLetter): OwedEvent {
  return event
}
