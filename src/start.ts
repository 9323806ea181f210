import { createClock } from './clock/clock.ts'
import { parseDuration } from './clock/duration.ts'
import type { RecordQuery } from './insight/tracing.ts'
import { defaultSettings, type Settings } from './server/config.ts'
import { type Log, silentLog, unexpectedErrors } from './server/log.ts'
import { openRuntime, type Runtime, type RuntimeOptions } from './server/runtime.ts'

export type StartOptions = Partial<Settings> & {
  /** Where to log; nowhere by default. */
  readonly log?: Log
  /** The keys that are taken, every signature verified; any are, and none is verified, without them. */
  readonly credentials?: RuntimeOptions['credentials']
}

/** What every AWS SDK client takes in its constructor. */
interface ClientConfig {
  readonly endpoint: string
  readonly region: string
  /** Any will do in open mode. Absent in closed mode: the SDK looks for the caller's own, as always. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** S3: the bucket in the path, since `bucket.127.0.0.1` is no host name. */
  readonly forcePathStyle: true
}

/** A running server. */
export interface Standpipe extends AsyncDisposable {
  /** `http://127.0.0.1:4566`; https is served on the same port. */
  readonly endpoint: string
  readonly port: number
  /** What was found in the data folder. */
  readonly restored: Runtime['restored']
  /** For the constructor of any AWS SDK client. */
  readonly clientConfig: ClientConfig
  readonly clock: {
    now(): Date
    /** `5m`, `1h30m` or milliseconds. Resolves after everything that came due by then has been done. */
    advance(by: string | number): Promise<Date>
  }
  /** Delivers what a delivery stream of the default account and region has buffered, now. */
  deliver(deliveryStreamName: string): ReturnType<Runtime['deliver']>
  /**
   * Where a record is, by what its producer was answered: bucket, key, byte offset and length in the uncompressed
   * object, or when it is due; at least one answer for each delivery stream that reads it.
   */
  landed(record: RecordQuery): ReturnType<Runtime['landed']>
  /** What an object was made of: shards and sequence numbers. */
  madeOf(object: { readonly bucket: string; readonly key: string }): ReturnType<Runtime['madeOf']>
  /** Forgets every stream, delivery stream, bucket and meter; the keys of `standpipe keys` stay. */
  reset(): Promise<void>
  /** Reads `auth` again, and goes on in the `accessLog` that then has the name: what SIGHUP does to `standpipe start`. */
  reread(): Promise<void>
  /** `open`: whoever reaches the port may do everything. `closed`: every request is verified, by so many keys. */
  readonly access: Runtime['access']
  /** Stops accepting, finishes what is in flight; buffers keep their deadlines. */
  close(): Promise<void>
}

/**
 * Starts a server: opens the engine, finishes what a crash left undone, and listens. Rejects with Node's EADDRINUSE
 * when the port is taken, with a DataFolderError when the data folder cannot be used.
 */
export async function start({
  log = silentLog,
  credentials,
  ...options
}: StartOptions = {}): Promise<Standpipe> {
  const settings: Settings = { ...defaultSettings, ...options }
  const clock = createClock({ mode: settings.clock, onError: unexpectedErrors(log) })
  const runtime = await openRuntime({ settings, clock, log, credentials })
  const { port } = runtime
  const endpoint = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= runtime.close().finally(() => clock.close())
    return closed
  }
  return {
    endpoint,
    port,
    restored: runtime.restored,
    clientConfig: clientConfigOf(endpoint, settings.region, runtime.access.mode),
    clock: {
      now: () => new Date(clock.now()),
      async advance(by) {
        const durationMs = parseDuration(by)
        if (durationMs === undefined) throw new TypeError(`'${by}' is no duration such as '5m' or '1h30m'`)
        return new Date(await runtime.advance(durationMs))
      },
    },
    deliver: (name) => runtime.deliver(settings.account, settings.region, name),
    landed: (record) => runtime.landed(settings, record),
    madeOf: runtime.madeOf,
    reset: runtime.reset,
    reread: runtime.reread,
    access: runtime.access,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const clientConfigOf = (endpoint: string, region: string, mode: 'open' | 'closed'): ClientConfig => ({
  endpoint,
  region,
  ...(mode === 'open' && { credentials: { accessKeyId: 'standpipe', secretAccessKey: 'standpipe' } }),
  forcePathStyle: true,
})
