import { batch, signal } from '@preact/signals'
import type { RecordPage } from '../../../../src/api/views.ts'
import { ApiError, recordsOf, textOf } from '../../../server/api.ts'
import { poll } from '../../../server/polling.ts'
import { type StreamRecord, streamRecords } from './stream-record.ts'

/** Records that a page holds at most; a tail lets the oldest go. */
export const MOST_RECORDS = 100_000
/** Read before the reader asks for more. */
const AT_FIRST = 5_000
/** Small, so that a page of records is taken in between two frames. */
const PAGE = 1_000
/** What one look of a tail brings at most. */
const TAIL_PAGE = 5_000
/** Between two looks of a tail that has seen everything. */
const TAIL_MS = 500

export interface FeedOptions {
  readonly stream: string
  readonly shard: string | undefined
  /** As the API takes it: `oldest`, `time:…`, `at:…`, … */
  readonly from: string
  /** Arrived before, ms since 1970. */
  readonly to: number | undefined
}

/** The records of a stream as the page has them so far. */
export class Feed {
  readonly records = signal<readonly StreamRecord[]>([])
  /** Everything that there was when it was last read is held. */
  readonly isAtTip = signal(false)
  readonly isLoading = signal(false)
  readonly isTailing = signal(false)
  readonly letGo = signal(0)
  readonly failure = signal('')
  readonly #options: FeedOptions
  #next: string
  #stopTail: (() => void) | undefined
  #adding: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: FeedOptions) {
    this.#options = options
    this.#next = options.from
  }

  async load(count = AT_FIRST): Promise<void> {
    if (this.isLoading.peek() || this.isTailing.peek()) return
    this.isLoading.value = true
    this.failure.value = ''
    const { stream, shard, to } = this.#options
    try {
      for (let left = count; left > 0 && !this.#isClosed; left -= PAGE) {
        const page = await recordsOf(stream, { from: this.#next, shard, limit: PAGE })
        await this.#add(page)
        const isOver = to !== undefined && (page.records.at(-1)?.arrivedAt ?? 0) >= to
        this.isAtTip.value = page.atTip || isOver
        if (this.isAtTip.peek()) break
      }
    } catch (error) {
      this.failure.value = textOf(error)
    } finally {
      this.isLoading.value = false
    }
  }

  /** Goes on where the page is; what is on the screen stays. */
  tail(): void {
    this.pause()
    this.isTailing.value = true
    this.failure.value = ''
    this.#stopTail = poll(async (signal) => {
      try {
        await this.#readTail(signal)
        this.failure.value = ''
      } catch (error) {
        // What is not answered is asked again, and said by the whole page.
        if (error instanceof ApiError) this.failure.value = textOf(error)
        throw error
      }
    }, TAIL_MS)
  }

  async #readTail(signal: AbortSignal): Promise<void> {
    const { stream, shard } = this.#options
    do {
      const wanted = { from: this.#next, shard, limit: TAIL_PAGE, tail: 'true' } as const
      const page = await recordsOf(stream, wanted, signal)
      if (signal.aborted) return
      this.isAtTip.value = page.atTip
      await this.#add(page)
    } while (!this.isAtTip.peek())
  }

  pause(): void {
    this.#stopTail?.()
    this.#stopTail = undefined
    this.isTailing.value = false
  }

  close(): void {
    this.#isClosed = true
    this.pause()
  }

  /** One page after the other, however long the unpacking of one takes. */
  #add(page: RecordPage): Promise<void> {
    const { to } = this.#options
    this.#next = `next:${page.next}`
    this.#adding = this.#adding.then(async () => {
      const wanted = page.records.filter(({ arrivedAt }) => to === undefined || arrivedAt < to)
      const all = [...this.records.peek(), ...(await streamRecords(wanted))]
      batch(() => {
        this.letGo.value += Math.max(0, all.length - MOST_RECORDS)
        this.records.value = all.slice(-MOST_RECORDS)
      })
    })
    return this.#adding
  }
}
