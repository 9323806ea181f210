import { pause } from '../../clock/machine-time.ts'
import { isAnswer } from '../../service/invoke.ts'
import { type Flight, unbounded } from '../../service/memory/flight.ts'
import { UNBUFFERED } from '../../wire/exchange.ts'
import type { OwnAnswer, OwnRequest } from '../../wire/own-routes.ts'
import { type Ask, ofScope, toRead } from '../asks.ts'
import type { AccessPort, ConsolePorts } from '../ports.ts'
import { json, type Route } from './route.ts'
import { roomForPage, wantedOf } from './streams.ts'

/** How often a page hears of what is new, in machine time: a clock that stands still must not silence it. */
export const PERIOD_MS = 500
/** An event at least this often, so that both sides notice when the other has gone. */
const HEARTBEAT_PERIODS = 20

/**
 * `GET /_standpipe/api/overview`, for who looks once and who looks again and again; `GET /_standpipe/api/events`: what
 * changes, as server-sent events. `overview` always; `records` of the stream that `tail` names, from where `from` says.
 */
export const eventRoutes = (ports: ConsolePorts, access: Pick<AccessPort, 'stillMay'>): readonly Route[] => [
  [
    'GET',
    /^\/_standpipe\/api\/events$/,
    (_match, request) => asksOf(request),
    (_match, request) => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...UNBUFFERED },
      body: eventsOf(ports, access, request),
    }),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/overview$/,
    ofScope('GetOverview'),
    (_match, request) => overviewAnswer(ports, request),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/lab$/,
    ofScope('GetLab'),
    async (_match, request) => json({ steps: await ports.lab(ports.scope(request)) }),
  ],
]

function asksOf({ query }: Pick<OwnRequest, 'query'>): readonly Ask[] {
  const stream = query.get('tail')
  return [{ action: 'GetOverview', of: 'scope' }, ...(stream === null ? [] : [toRead(stream)])]
}

/** Who says what they have seen (If-None-Match) looks again and again, and shares what others were just told. */
async function overviewAnswer(ports: ConsolePorts, request: OwnRequest): Promise<OwnAnswer> {
  const { query, headers } = request
  const seen = headers.get('if-none-match')
  const { tag, text, now } = await ports.overview(
    ports.scope(request),
    query.get('search') ?? '',
    seen === undefined ? 0 : PERIOD_MS,
  )
  const common = { etag: tag, 'cache-control': 'no-store', 'x-standpipe-now': String(now) }
  if (seen === tag) return { status: 304, headers: common }
  return { status: 200, headers: { ...common, 'content-type': 'application/json' }, body: text }
}

/** Throws at once, not when it is read, what is wrong with the query. */
function eventsOf(
  ports: ConsolePorts,
  access: Pick<AccessPort, 'stillMay'>,
  request: OwnRequest,
): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.any([request.caller.signal(), ports.closing])
  const sources = [overviewsOf(ports, request), tailOf(ports, request)]
  const { flight = unbounded } = request.caller
  return untilGone(sources, { signal, flight }, () => access.stillMay(request, asksOf(request)))
}

async function* untilGone(
  sources: readonly (() => Promise<string | undefined>)[],
  { signal, flight }: { readonly signal: AbortSignal; readonly flight: Flight },
  isAllowed: () => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from('retry: 1000\n\n')
  for (let silent = 0; !signal.aborted && (await isAllowed()); ) {
    const found = await Promise.all(sources.map((source) => source()))
    const events = found.filter((event) => event !== undefined)
    silent = events.length > 0 ? 0 : silent + 1
    if (events.length > 0) {
      const bytes = Buffer.from(events.join(''))
      flight.add(bytes.length)
      yield bytes
      flight.give(bytes.length)
    } else if (silent % HEARTBEAT_PERIODS === 0) yield Buffer.from(': still here\n\n')
    // The loop looks at the signal itself.
    await pause(PERIOD_MS, signal).catch(() => undefined)
  }
}

const eventText = (event: string, data: string) => `event: ${event}\ndata: ${data}\n\n`

/** The overview, whenever more of it has changed than the time. */
function overviewsOf(ports: ConsolePorts, request: OwnRequest) {
  const [scope, search] = [ports.scope(request), request.query.get('search') ?? '']
  let last = ''
  return async () => {
    const { tag, text } = await ports.overview(scope, search, PERIOD_MS)
    if (tag === last) return undefined
    last = tag
    return eventText('overview', text)
  }
}

function tailOf(ports: ConsolePorts, request: OwnRequest) {
  const { query } = request
  const streamName = query.get('tail')
  if (streamName === null) return async () => undefined
  const scope = ports.scope(request)
  const { flight = unbounded } = request.caller
  let wanted = wantedOf(query)
  return async () => {
    const taken = await roomForPage(request, 'patient')
    try {
      const page = await ports.tail(scope, streamName, wanted, PERIOD_MS)
      wanted = { ...wanted, from: { next: page.next } }
      return page.records.length > 0 ? eventText('records', JSON.stringify(page)) : undefined
    } catch (failure) {
      // A stream that is gone, or not there yet: the page sees that in the overview.
      if (isAnswer(failure)) return undefined
      throw failure
    } finally {
      flight.give(taken)
    }
  }
}
