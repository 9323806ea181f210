import type { Clock } from '../../clock/clock.ts'
import type { Change } from '../../engine/ports/engine.ts'
import type { Bucket } from '../buckets/bucket.ts'
import { isToldOf, type Notification } from '../buckets/notification.ts'
import { owedKey } from '../documents.ts'
import type { Cause, Doer } from './cause.ts'
import type { EventObject, OwedEvent } from './owed-event.ts'

/** Where the events lie that somebody is still to be told of. */
export interface Outbox {
  /** For the commit in which it happens: nothing where nobody wants to be told. */
  owed(home: Told, cause: Cause, object: EventObject): readonly Change[]
  /** That these configurations were put, for the commit that puts them. */
  tested(home: Told, notifications: readonly Notification[], by: Doer): readonly Change[]
  /** An event that was given up, to be told all the same. */
  again(event: OwedEvent): Change
}

type Told = Pick<Bucket, 'name' | 'account' | 'region' | 'notifications'>

interface OutboxOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly newId: () => string
}

/**
 * A destination's events of a bucket lie in the order in which they were named, and a key's event is named behind the
 * one before: that is committed when the key is read, and the commit finds the key as it was read.
 */
export function createOutbox({ clock, newId }: OutboxOptions): Outbox {
  let named = 0
  const put = (event: OwedEvent): Change => {
    const order = `${hex(clock.now(), TIME_DIGITS)}${hex(named++, COUNT_DIGITS)}${newId().slice(0, CHANCE_DIGITS)}`
    return { put: owedKey(event.bucket, event.destination, order), value: event, expect: 'absent' }
  }
  const about = ({ name, account, region }: Told, { id, destination }: Notification) => ({
    ...{ destination, configurationId: id },
    ...{ bucket: name, account, region, at: Math.floor(clock.now()) },
  })
  return {
    owed: (home, { event, by }, object) =>
      home.notifications
        ?.filter((one) => isToldOf(one, event, object.key))
        .map((one) => put({ ...about(home, one), event, by, object })) ?? NOTHING,
    tested: (home, notifications, by) =>
      [...Map.groupBy(notifications, ({ destination }) => destination).values()].map(([first]) =>
        put({ ...about(home, first!), event: 'TestEvent', by }),
      ),
    again: (event) => put({ ...event, owedSince: Math.floor(clock.now()) }),
  }
}

const NOTHING: readonly Change[] = []

const TIME_DIGITS = 12
const COUNT_DIGITS = 10
const CHANCE_DIGITS = 8

const hex = (value: number, digits: number): string => Math.floor(value).toString(16).padStart(digits, '0')
