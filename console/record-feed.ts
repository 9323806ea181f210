import { batch, signal } from '@preact/signals'
import type { RecordPage } from '../src/api/views.ts'
import { recordsOf, textOf } from './api.ts'
import { poll } from './polling.ts'
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
export function createFeed({ stream, shard, from, to }: FeedOptions) {
  const records = signal<readonly StreamRecord[]>([])
  /** Everything that there was when it was last read is held. */
  const isAtTip = signal(false)
  const isLoading = signal(false)
  const isTailing = signal(false)
  const letGo = signal(0)
  const failure = signal('')
  let next = from
  let stopTail: (() => void) | undefined
  let adding: Promise<void> = Promise.resolve()
  let isClosed = false

  /** One page after the other, however long the unpacking of one takes. */
  const add = (page: RecordPage): Promise<void> => {
    next = `next:${page.next}`
    adding = adding.then(async () => {
      const wanted = page.records.filter(({ arrivedAt }) => to === undefined || arrivedAt < to)
      const all = [...records.peek(), ...(await streamRecords(wanted))]
      batch(() => {
        letGo.value += Math.max(0, all.length - MOST_RECORDS)
        records.value = all.slice(-MOST_RECORDS)
      })
    })
    return adding
  }

  async function load(count = AT_FIRST): Promise<void> {
    if (isLoading.peek() || isTailing.peek()) return
    isLoading.value = true
    failure.value = ''
    try {
      for (let left = count; left > 0 && !isClosed; left -= PAGE) {
        const page = await recordsOf(stream, { from: next, shard, limit: PAGE })
        await add(page)
        const isOver = to !== undefined && (page.records.at(-1)?.arrivedAt ?? 0) >= to
        isAtTip.value = page.atTip || isOver
        if (isAtTip.peek()) break
      }
    } catch (error) {
      failure.value = textOf(error)
    } finally {
      isLoading.value = false
    }
  }

  function pause(): void {
    stopTail?.()
    stopTail = undefined
    isTailing.value = false
  }

  /** Goes on where the page is; what is on the screen stays. */
  function tail(): void {
    pause()
    isTailing.value = true
    stopTail = poll(async (signal) => {
      do {
        const wanted = { from: next, shard, limit: TAIL_PAGE, tail: 'true' } as const
        const page = await recordsOf(stream, wanted, signal)
        if (signal.aborted) return
        isAtTip.value = page.atTip
        await add(page)
      } while (!isAtTip.peek())
    }, TAIL_MS)
  }

  return {
    records,
    isAtTip,
    isLoading,
    isTailing,
    letGo,
    failure,
    load,
    tail,
    pause,
    close() {
      isClosed = true
      pause()
    },
  }
}

export type Feed = ReturnType<typeof createFeed>
