import { flag, maybe, number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'

/** Where reading goes on: the log's files by their numbers first, then the documents by their keys. */
export interface Place {
  readonly segment: number
  /** Once the log is read: the last document. */
  readonly key?: string
}

/** Where a pass stands; times are the machine's, ms since 1970. */
export interface Pass {
  readonly beganAt: number
  /** Read so far. */
  readonly bytes: number
  /** What the pass before this one came to; 0 before there was one. */
  readonly lastBytes: number
  /** All of it was read. */
  readonly isOver: boolean
}

export interface Progress extends Pass {
  readonly place: Place
}

/** Where the pass stands, so that it goes on after a restart. */
export const SCRUBBED_KEY = 'server/scrubbed'

export const progressDocument = document<Progress>({
  keys: SCRUBBED_KEY,
  version: 1,
  check: shape<Progress>({
    place: shape<Place>({ segment: number, key: maybe(text) }),
    ...{ beganAt: number, bytes: number, lastBytes: number, isOver: flag },
  }),
})
