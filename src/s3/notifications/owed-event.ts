import { maybe, number, object, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { everyOwedPrefix } from '../documents.ts'
import type { Doer } from './cause.ts'
import { EVENT_NAMES, type EventName } from './event-names.ts'

/** What is told of an object; what AWS does not tell with an event is absent. */
export interface EventObject {
  readonly key: string
  readonly sizeBytes?: number | undefined
  readonly etag?: string | undefined
  /** Absent where its bucket makes no versions. */
  readonly versionId?: string | undefined
  /** Of a restore that is done. */
  readonly restored?: { readonly until: number; readonly storageClass: string } | undefined
}

/** An event that somebody is still to be told of: committed together with what it tells. */
export interface OwedEvent {
  /** ARN. */
  readonly destination: string
  readonly configurationId: string
  readonly bucket: string
  /** The bucket's owner and region. */
  readonly account: string
  readonly region: string
  /** `TestEvent`: that a configuration was put. */
  readonly event: EventName | 'TestEvent'
  /** ms since 1970 */
  readonly at: number
  readonly by: Doer
  /** Absent of a test event. */
  readonly object?: EventObject
  /** Since when it is owed, ms since 1970, where that is not since it happened: it was given up before. */
  readonly owedSince?: number
  /** Where it is not its document's own revision that tells it. */
  readonly sequencer?: string
}

export const owedMembers = {
  ...{ destination: text, configurationId: text, bucket: text, account: text, region: text },
  ...{ event: oneOf(...EVENT_NAMES, 'TestEvent'), at: number, by: object<Doer>() },
  object: maybe(object<EventObject>()),
  ...{ owedSince: maybe(number), sequencer: maybe(text) },
}

export const owedDocument = document<OwedEvent>({
  keys: everyOwedPrefix,
  version: 1,
  check: shape<OwedEvent>(owedMembers),
})

/**
 * Grows with each change of a key: the revision of the commit that made it. AWS's are compared as if padded on the right
 * with zeros; of one length, these are.
 */
export const sequencerOf = (revision: number): string =>
  revision.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, '0')

const SEQUENCER_DIGITS = 18
