import { pause } from '../../clock/pause.ts'
import { isAnswer } from '../../service/invoke.ts'
import type { OwnRequest } from '../../wire/own-routes.ts'
import type { ConsolePorts } from '../ports.ts'
import type { Overview } from '../views.ts'
import { json, type Route } from './route.ts'
import { wantedOf } from './streams.ts'

/** How often a page hears of what is new, in machine time: a clock that stands still must not silence it. */
const PERIOD_MS = 500
/** An event at least this often, so that both sides notice when the other has gone. */
const HEARTBEAT_PERIODS = 20

/**
 * `GET /_standpipe/api/events`: what changes, as server-sent events. `overview` always; `records` of the stream that
 * `tail` names, from where `from` says.
 */
export const eventRoutes = (ports: ConsolePorts): readonly Route[] => [
  [
    'GET',
    /^\/_standpipe\/api\/events$/,
    (_match, request) => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
      body: eventsOf(ports, request),
    }),
  ],
  ['GET', /^\/_standpipe\/api\/overview$/, async (_match, { query }) => json(await overviewOf(ports, query))],
  [
    'GET',
    /^\/_standpipe\/api\/lab$/,
    async (_match, { query }) => json({ steps: await ports.lab(ports.scope(query)) }),
  ],
]

const overviewOf = (ports: ConsolePorts, query: URLSearchParams): Promise<Overview> =>
  ports.overview(ports.scope(query), query.get('search') ?? '')

async function* eventsOf(ports: ConsolePorts, { query, caller }: OwnRequest): AsyncGenerator<Uint8Array> {
  const signal = AbortSignal.any([caller.signal(), ports.closing])
  const overviews = overviewsOf(ports, query)
  const tail = tailOf(ports, query)
  yield Buffer.from('retry: 1000\n\n')
  for (let silent = 0; !signal.aborted; ) {
    const events = [await overviews(), await tail()].filter((event) => event !== undefined)
    silent = events.length > 0 ? 0 : silent + 1
    if (events.length > 0) yield Buffer.from(events.join(''))
    else if (silent % HEARTBEAT_PERIODS === 0) yield Buffer.from(': still here\n\n')
    await pause(PERIOD_MS, signal).catch(() => undefined)
  }
}

const eventText = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** The overview, whenever more of it has changed than the time. */
function overviewsOf(ports: ConsolePorts, query: URLSearchParams) {
  let last = ''
  return async () => {
    const overview = await overviewOf(ports, query)
    const { now: _now, ...rest } = overview
    const text = JSON.stringify(rest)
    if (text === last) return undefined
    last = text
    return eventText('overview', overview)
  }
}

function tailOf(ports: ConsolePorts, query: URLSearchParams) {
  const streamName = query.get('tail')
  if (streamName === null) return async () => undefined
  let wanted = wantedOf(query)
  return async () => {
    try {
      const page = await ports.records(ports.scope(query), streamName, wanted)
      wanted = { ...wanted, from: { next: page.next } }
      return page.records.length > 0 ? eventText('records', page) : undefined
    } catch (failure) {
      // A stream that is gone, or not there yet: the page sees that in the overview.
      if (isAnswer(failure)) return undefined
      throw failure
    }
  }
}
