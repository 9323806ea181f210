import { unbounded } from '../../service/memory/flight.ts'
import type { OwnRequest } from '../../wire/own-routes.ts'
import { toRead } from '../asks.ts'
import type { ConsolePorts, RecordsWanted } from '../ports.ts'
import { badRequest, json, type Route } from './route.ts'

const MAX_RECORDS = 5_000
/** A record of 10 MiB in base64, in its page, and in its answer. */
const PAGE_BYTES = 42 * 2 ** 20
/** Most pages take less. */
const LEAST_PAGE_BYTES = 8 * 2 ** 20

/** Waits until there is room for a page of records; resolves with how much it took. */
export const roomForPage = (
  { caller: { flight = unbounded } }: Pick<OwnRequest, 'caller'>,
  patience?: 'patient',
) => flight.take(PAGE_BYTES, LEAST_PAGE_BYTES, patience)

/** That nothing is new, who tails may hear so late. */
const TAIL_AGE_MS = 400

/** A stream's shards and records, read beside Kinesis's own API: no consumer, no iterator, no quota. */
export const streamRoutes = ({ scope, shards, records, tail }: ConsolePorts): readonly Route[] => [
  [
    'GET',
    /^\/_standpipe\/api\/streams\/([\w.-]+)\/shards$/,
    ([, stream = '']) => [{ action: 'kinesis:ListShards', stream }],
    async ([, name = ''], request) => json({ shards: await shards(scope(request), name) }),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/streams\/([\w.-]+)\/records$/,
    ([, stream = '']) => [toRead(stream)],
    async ([, name = ''], request) => {
      const { query } = request
      const wanted = wantedOf(query)
      await roomForPage(request)
      return json(
        query.has('tail')
          ? await tail(scope(request), name, wanted, TAIL_AGE_MS)
          : await records(scope(request), name, wanted),
      )
    },
  ],
]

/** `from`: `oldest`, `newest`, `time:MS`, `at:SEQUENCE-NUMBER`, `after:SEQUENCE-NUMBER`, `position:N`, or
 * `next:…` with a former page's `next`. `raw`: what the KPL has put together is not taken apart. */
export function wantedOf(query: URLSearchParams): RecordsWanted {
  const [, kind, value = ''] = /^(oldest|newest|time|at|after|position|next)(?::(.*))?$/.exec(
    query.get('from') ?? 'oldest',
  ) ?? [undefined, undefined]
  const limit = Number(query.get('limit') ?? 1_000)
  if (kind === undefined)
    throw badRequest('from is oldest, newest, time:MS, at:NUMBER, after:NUMBER, position:N or next:TOKEN.')
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RECORDS)
    throw badRequest(`limit is 1 to ${MAX_RECORDS}.`)
  const shardId = query.get('shard')
  return {
    ...{ from: fromOf(kind, value), limit },
    ...(shardId && { shardId }),
    ...(query.has('raw') && { raw: true }),
  }
}

function fromOf(kind: string, value: string): RecordsWanted['from'] {
  if (kind === 'oldest' || kind === 'newest') return { at: kind }
  if (kind === 'next') return { next: value }
  if (kind === 'at' || kind === 'after') return { sequenceNumber: value, behind: kind === 'after' }
  const number = Number(value)
  if (value === '' || !Number.isSafeInteger(number) || number < 0)
    throw badRequest(`${kind} is a whole number.`)
  return kind === 'time' ? { time: number } : { position: number }
}
