import type { Bound } from '../service/invoke.ts'
import type { Caller } from '../service/operation.ts'
import type { OwnRequest } from '../wire/own-routes.ts'
import type { Ask } from './asks.ts'
import type {
  BudgetView,
  LabStepView,
  NotificationsView,
  OriginView,
  Overview,
  RecordPage,
  RecordView,
  ShardView,
  SpaceView,
} from './views.ts'

/** What a request says of whose things it is about: an account and region in the query, else the caller's own. */
export type Scoped = Pick<OwnRequest, 'query' | 'caller'>

/** Who may do what. In open mode everybody may do everything. */
export interface AccessPort {
  readonly mode: 'open' | 'closed'
  /** More than this machine reaches the port. */
  readonly isExposed: boolean
  /** Closed: `metrics` needs no key. */
  readonly hasOpenMetrics: boolean
  /** Throws AccessDenied for the first that the caller may not do. */
  authorize(request: Scoped, asks: readonly Ask[]): Promise<void>
  isAllowed(request: Scoped, asks: readonly Ask[]): Promise<boolean>
  /** Whether an answer that goes on and on may do so: its key or session is still one, and is still allowed all of it. */
  stillMay(request: Omit<OwnRequest, 'body'>, asks: readonly Ask[]): Promise<boolean>
  /** Undefined in open mode: there is nothing to sign in to. */
  readonly sessions: SessionPort | undefined
}

/** Sessions of the console, each of a key. */
export interface SessionPort {
  /** Resolves with the header that keeps it. Throws for keys that are wrong, and who may not send any. */
  open(request: OwnRequest, keys: GivenKeys): Promise<{ readonly setCookie: string; readonly caller: Caller }>
  /** The header that ends it. It is no session from then on, whoever has a copy. */
  end(request: Omit<OwnRequest, 'body'>): string
  /** All actions of which the caller may do any. */
  possible(caller: Caller): Promise<readonly string[]>
}

export interface GivenKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What the API shows and does; server/ hands it over. */
export interface ApiPorts {
  /** `degraded`: it serves, and something is wrong; `failing`: nothing can be served. */
  health(): Promise<{ readonly status: 'ok' | 'degraded' | 'failing' } & Record<string, unknown>>
  metrics(): Promise<string>
  readonly space: SpacePort
  readonly notifications: NotificationsPort
  /** PEM of the authority whose certificate is served; undefined where it is one that was given. */
  authority(): string | undefined
  /** Resolves with the time it then is, ms since 1970. */
  advance(durationMs: number): Promise<number>
  /** Where the clock comes from and goes to while it is moved; ms since 1970. */
  moving(): { readonly from: number; readonly to: number } | undefined
  now(): number
  deliver(name: string, request: Scoped): Promise<unknown>
  deliveryStream(name: string, request: Scoped): Promise<unknown>
  landed(request: Scoped): Promise<unknown>
  cost(): unknown
  readonly budget: BudgetPort
  /** `withKeys`: with the key that IAM's access keys are encrypted with. Throws BackupRefused. */
  backUp(directory: string, withKeys: boolean): Promise<unknown>
  /** Reads everything on disk, and tells what is damaged. */
  verify(): Promise<unknown>
  /** What has a policy of its own, and whether anybody is held by them. */
  policies(): Promise<{ readonly stored: readonly string[]; readonly enforced: boolean }>
  reset(): Promise<void>
  readonly access: AccessPort
  readonly console: ConsolePorts
}

/** What takes how much, and what may. */
export interface SpacePort {
  view(): Promise<SpaceView>
  /** Undefined: none. Throws what the service says of a name that there is not. */
  setQuota(request: Scoped, place: QuotaPlace, quotaBytes: number | undefined): Promise<void>
}

/** Whom buckets tell of events. Throws NoSuchBucket, AccessDenied. */
export interface NotificationsPort {
  view(request: Scoped, bucket: string): Promise<NotificationsView>
  /** What is to become of a bucket's dead letters, or of one. Resolves with how many it became of. */
  settle(
    request: Scoped,
    settling: { readonly bucket: string; readonly do: 'send' | 'drop'; readonly id: string | undefined },
  ): Promise<number>
}

export interface QuotaPlace {
  readonly kind: 'stream' | 'delivery-stream' | 'bucket'
  readonly name: string
}

/** The limit in USD that the server watches. */
export interface BudgetPort {
  view(): Promise<BudgetView>
  /** Says at once what is over it. */
  set(budget: BudgetWanted): Promise<void>
}

export interface BudgetWanted {
  /** Null: no budget, and no webhook. */
  readonly usd: number | null
  /** Null: none; undefined: as it is. */
  readonly webhook: string | null | undefined
}

export interface Scope {
  readonly account: string
  readonly region: string
}

/** What the console needs besides. Reading records takes no quota and counts for no meter. */
export interface ConsolePorts {
  scope(request: Scoped): Scope
  services(): readonly Bound[]
  /** Of the paths that `search` names, if it does; up to `maxAgeMs` old, 0: with all that was done before the call. */
  overview(scope: Scope, search: string, maxAgeMs: number): Promise<SharedOverview>
  /** Throws ResourceNotFoundException, as the others do. */
  shards(scope: Scope, streamName: string): Promise<ShardView[]>
  records(scope: Scope, streamName: string, wanted: RecordsWanted): Promise<RecordPage>
  /** The same for who waits for records: that there are none may be up to `maxAgeMs` old. */
  tail(scope: Scope, streamName: string, wanted: RecordsWanted, maxAgeMs: number): Promise<RecordPage>
  /** Undefined when no delivery stream remembers it. */
  origin(object: ObjectName): Promise<OriginView | undefined>
  byteRange(
    object: ObjectName,
    record: Pick<RecordView, 'shardId' | 'position'>,
  ): Promise<{ start: number; end: number } | undefined>
  lab(scope: Scope): Promise<LabStepView[]>
  /** Aborts when the server stops. */
  readonly closing: AbortSignal
}

/** One picture for all who look. */
export interface SharedOverview {
  readonly overview: Overview
  /** The same as JSON. */
  readonly text: string
  /** An ETag of everything in it but a time that goes on by itself. */
  readonly tag: string
  /** The server's clock, ms since 1970. */
  readonly now: number
}

export interface ObjectName {
  readonly bucket: string
  readonly key: string
}

export interface RecordsWanted {
  /** One shard's alone. */
  readonly shardId?: string
  readonly from:
    | { readonly at: 'oldest' | 'newest' }
    | { readonly time: number }
    | { readonly position: number }
    /** In every shard from where this record was appended, or behind it. */
    | { readonly sequenceNumber: string; readonly behind: boolean }
    /** A former page's `next`. */
    | { readonly next: string }
  readonly limit: number
  /** What the KPL has put together stays so. */
  readonly raw?: true
}
