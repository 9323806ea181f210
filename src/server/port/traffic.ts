import { existsSync, readFileSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import { counter, type Family, familiesText, gauge } from '../../metrics/family.ts'
import type { Problems } from '../../metrics/problems.ts'
import { createFlights, type EndReason, type FlightFigures, type Flights } from '../../wire/flight/flights.ts'
import { defaultTotalBytes } from '../../wire/flight/grants.ts'
import type { Listener, ListenOptions } from '../../wire/listener.ts'
import { limitsOf, type Settings } from '../config.ts'

/** How long a request waits for room in memory before it is throttled. */
const PATIENCE_MS = 5_000
/** What the process may open beside its connections. */
const OWN_FILES = 512
const MOST_CONNECTIONS = 16_384
const UNKNOWN_FILES = 4_096

interface TrafficOptions {
  readonly settings: Pick<Settings, 'maxInFlight' | 'limits' | 'clock'>
  readonly problems: () => Problems
}

/** What comes and goes on the port: bounded, counted, and what is wrong with it said. */
export interface Traffic {
  readonly flights: Flights
  readonly bounds: Pick<ListenOptions, 'mostConnections' | 'onCrowded'>
  /** As Prometheus text. */
  metrics(): string
  /** From now on connections come. */
  opened(listener: Pick<Listener, 'connections'>): void
}

export function createTraffic({ settings, problems }: TrafficOptions): Traffic {
  const counts: Counts = { refused: 0, stalled: 0, 'slow-body': 0 }
  let connections = () => 0
  const totalBytes = settings.maxInFlight ?? defaultBytes()
  const mostConnections = connectionsFor(openFilesLimit())
  const flights = createFlights({
    totalBytes,
    ...(limitsOf(settings) === 'aws' && { patienceMs: PATIENCE_MS }),
    onRefused: () => counts.refused++,
    onEnded: (reason) => counts[reason]++,
  })
  return {
    flights,
    bounds: {
      mostConnections,
      onCrowded: (isCrowded) => sayCrowded(problems(), mostConnections, isCrowded),
    },
    opened(listener) {
      connections = listener.connections
    },
    metrics: () =>
      familiesText([
        ...flightFamilies(flights.figures(), totalBytes),
        ...countFamilies(counts),
        gauge('standpipe_connections', 'Connections that are open', connections()),
        gauge('standpipe_connections_limit', 'How many there may be', mostConnections),
      ]),
  }
}

type Counts = Record<EndReason | 'refused', number>

const defaultBytes = () =>
  defaultTotalBytes(
    getHeapStatistics().heap_size_limit,
    process.constrainedMemory() || Number.MAX_SAFE_INTEGER,
  )

const flightFamilies = ({ bytes, requests, waiting }: FlightFigures, totalBytes: number): Family[] => [
  gauge(
    'standpipe_in_flight_bytes',
    'What requests hold: bodies as they are read, answers until they are taken',
    bytes,
  ),
  gauge('standpipe_in_flight_bytes_limit', 'How much that may be', totalBytes),
  gauge(
    'standpipe_in_flight_requests',
    'Requests that are not answered, or whose answers are not taken',
    requests,
  ),
  gauge('standpipe_in_flight_requests_waiting', 'Those for which there is no room yet', waiting),
]

const countFamilies = ({ refused, stalled, ...others }: Counts): Family[] => [
  counter('standpipe_in_flight_refused_total', 'Requests that were throttled because there was no room', [
    { value: refused },
  ]),
  counter('standpipe_in_flight_ended_total', 'Requests that were ended because nothing moved', [
    { labels: { reason: 'stalled-reader' }, value: stalled },
    { labels: { reason: 'slow-body' }, value: others['slow-body'] },
  ]),
]

/** Undefined where the system does not say. */
function openFilesLimit(): number | undefined {
  const limits = existsSync(LIMITS) ? readFileSync(LIMITS, 'utf8') : ''
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1])
  return soft > 0 ? soft : undefined
}

/** Linux's. */
const LIMITS = '/proc/self/limits'

/** As many as leave the process the files that it needs itself. */
const connectionsFor = (openFiles = UNKNOWN_FILES): number =>
  Math.min(MOST_CONNECTIONS, Math.max(openFiles - OWN_FILES, Math.floor(openFiles / 2)))

const CROWDED = { code: 'TooManyConnections', where: 'the port' } as const

function sayCrowded(problems: Problems, most: number, isCrowded: boolean): void {
  const what = `${most} connections are open, as many as may be: others are hung up on until some are closed`
  if (isCrowded) problems.report({ ...CROWDED, what })
  else problems.solved(CROWDED.code, CROWDED.where)
}
