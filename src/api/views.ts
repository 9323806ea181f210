/**
 * What the API answers to the console, as JSON. Imports nothing, so that the browser's code shares these declarations.
 * Times are ms since 1970 of the server's clock.
 */

/** Everything that the pipeline's picture shows. */
export interface Overview {
  readonly now: number
  readonly clock: {
    readonly mode: 'real' | 'manual'
    readonly offsetMs: number
    readonly timeTravel: boolean
  }
  readonly account: string
  readonly region: string
  /** `open`: whoever reaches the port may do everything; `closed`: every request is verified. */
  readonly access: 'open' | 'closed'
  readonly version: string
  readonly durable: boolean
  /** Objects are delivered there; the buckets here are not those of delivery streams. */
  readonly s3Endpoint?: string
  readonly streams: readonly StreamView[]
  readonly deliveryStreams: readonly DeliveryStreamView[]
  readonly buckets: readonly BucketView[]
  /** How many there are of each. */
  readonly totals: Counts
  /** How many of them are on a path that was searched for; all of them without a search. */
  readonly found: Counts
  /** Each list holds at most so many of what was found. */
  readonly mostListed: number
  /** What is wrong with the server now: the severest of it, how much there is in all, and of what is left out by code. */
  readonly problems: readonly ProblemView[]
  readonly problemCount: number
  readonly unlistedProblems: Readonly<Record<string, number>>
  /** What a client may have got wrong, each a sentence without its full stop. */
  readonly hints: readonly string[]
}

/** Who uses the console, and what for. */
export interface SessionView {
  readonly mode: 'open' | 'closed'
  /** More than this machine reaches the port. */
  readonly isExposed: boolean
  /** Missing: nobody is signed in. */
  readonly principal?: PrincipalView
  /** All actions of which whoever is signed in may do any; missing where everybody may do everything. */
  readonly may?: readonly string[]
}

export interface PrincipalView {
  readonly kind: string
  readonly account: string
  readonly arn: string
  readonly accessKeyId: string
}

export interface ProblemView {
  /** In one word. */
  readonly code: string
  /** `delivery stream clicks`, `bucket landing-zone`. */
  readonly where: string
  readonly what: string
  readonly since: number
}

export interface Counts {
  readonly streams: number
  readonly deliveryStreams: number
  readonly buckets: number
}

export interface StreamView {
  readonly name: string
  readonly arn: string
  readonly status: string
  readonly mode: 'PROVISIONED' | 'ON_DEMAND'
  readonly openShards: number
  readonly retentionPeriodHours: number
  readonly consumers: number
  /** Since the process began. */
  readonly incoming: { readonly records: number; readonly bytes: number; readonly throttled: number }
}

export interface DeliveryStreamView {
  readonly name: string
  /** What paths call it: its name, or a channel's id. */
  readonly id: string
  /** Of a Kinesis channel, which is delivered from like a delivery stream. `failure`: why it is FAILED. */
  readonly channel?: { readonly arn: string; readonly failure?: string }
  readonly status: string
  readonly type: string
  /** Of the Kinesis stream that it reads. */
  readonly sourceStream?: string
  readonly bucket: string
  readonly prefix: string
  /** Absent until it is ACTIVE. */
  readonly gauge?: GaugeView
}

export interface GaugeView {
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: { readonly sizeBytes: number; readonly intervalMs: number }
  /** When the interval ends; absent while the buffer is empty. */
  readonly dueAt?: number
  readonly firesFirst?: 'size' | 'interval'
  readonly sealed?: { readonly bucket: string; readonly key: string; readonly records: number }
  readonly failures: number
  /** Absent while nothing fails. */
  readonly failingSince?: number
  /** All that is not delivered, as far as it was read or counted. */
  readonly waiting: { readonly records: number; readonly bytes: number; readonly oldestArrival?: number }
  /** When the first record of it is lost, as its stream keeps it no longer; absent while that is far off. */
  readonly firstLostAt?: number
  readonly retryAt?: number
  readonly lastError?: { readonly code: string; readonly message: string; readonly at: number }
  /** `position`: of the record that it reads next. */
  readonly sources: readonly {
    readonly shardId?: string
    readonly position: number
    readonly lagMs: number
  }[]
  /** Records on their way to the error output, where there are any. */
  readonly errors?: { readonly buffered: { readonly records: number; readonly bytes: number } }
  /** Since when its MetadataExtractionQuery is not run any more: it exceeded its bounds. */
  readonly querySuspendedAt?: number
  /** Records that were acknowledged and are in no object; absent while there are none. */
  readonly gone?: {
    readonly records: number
    /** And others, that were gone before they were read. */
    readonly uncounted?: true
    readonly lastAt: number
    readonly why: string
  }
  /** Its objects' records stand on one line where readers want a line for each, and no delimiter is set. */
  readonly areRecordsRunTogether?: true
  /** The newest first. */
  readonly lastDeliveries: readonly DeliveryView[]
}

export interface DeliveryView {
  readonly number: number
  /** `errors`: records that could not be delivered as they should; `backup`: their source's own. */
  readonly kind?: string
  readonly reason: string
  readonly sealedAt: number
  readonly deliveredAt: number
  readonly oldestArrival: number
  readonly bucket: string
  readonly key: string
  readonly records: number
  readonly bytes: number
  readonly outcome:
    | { readonly status: 'delivered'; readonly sizeBytes: number }
    | { readonly status: 'lost'; readonly why: string }
  /** So many records of it were gone before they could be put. */
  readonly gone?: number
  readonly attempts?: number
  /** Its own place failed for too long: its records went to the error output. */
  readonly givenUp?: { readonly code: string; readonly message: string; readonly attempts: number }
  /** The clock was moved while its records waited. */
  readonly byMovedClock?: true
}

export interface BucketView {
  readonly name: string
  readonly createdAt: number
}

export interface RecordView {
  readonly shardId: string
  readonly sequenceNumber: string
  /** Of a record that the KPL has put together with others, its place among them: they share a sequence number. */
  readonly subSequenceNumber?: number
  readonly position: number
  readonly arrivedAt: number
  readonly partitionKey: string
  /** Decimal, of 128 bits. */
  readonly hashKey: string
  /** Base64. */
  readonly data: string
}

export interface RecordPage {
  /** In the order in which they arrived. */
  readonly records: readonly RecordView[]
  /** Where the next page goes on. */
  readonly next: string
  /** Nothing lay behind these when they were read. */
  readonly atTip: boolean
}

export interface ShardView {
  readonly shardId: string
  /** Decimal, both ends belong to it. */
  readonly hashKeyRange: { readonly start: string; readonly end: string }
  readonly createdAt: number
  readonly closedAt?: number
  readonly parents: readonly string[]
}

/** What an object was made of. */
export interface OriginView {
  readonly deliveryStream: string
  readonly sourceStream?: string
  readonly delivery: DeliveryView
  readonly ranges: readonly {
    readonly shardId: string
    /** Of the first record. */
    readonly position: number
    readonly records: number
    readonly bytes: number
  }[]
}

/** Where a record's bytes are in an object that is not compressed; `end` is exclusive. */
export interface ByteRangeView {
  readonly start: number
  readonly end: number
}

/** Whom a bucket tells of events, and what became of them. */
export interface NotificationsView {
  readonly configurations: readonly {
    readonly id: string
    /** ARN. */
    readonly destination: string
    readonly events: readonly string[]
    readonly prefix?: string
    readonly suffix?: string
  }[]
  /** Events that are still to be told. */
  readonly outstanding: number
  /** So many were counted, and there may be more. */
  readonly areMore?: true
  /** When the oldest of them happened. */
  readonly oldestAt?: number
  /** Who does not take them. */
  readonly failing: readonly {
    readonly destination: string
    readonly since: number
    readonly retryAt: number
    readonly why: string
  }[]
  readonly deadLetterCount: number
  /** Some of what nobody could be told, the newest first. */
  readonly deadLetters: readonly DeadLetterView[]
}

export interface DeadLetterView {
  readonly id: string
  /** `ObjectCreated:Put`. */
  readonly event: string
  /** Of the object; absent of a test event. */
  readonly key?: string
  readonly destination: string
  readonly at: number
  readonly givenUpAt: number
  readonly why: string
}

/** USD; `usd` is the limit. */
export interface BudgetView {
  readonly usd: number | null
  /** Where each alert is POSTed to. */
  readonly webhook: string | null
  readonly total: number
  readonly ifLeftRunningForAMonth: number
  /** `actual`: 80 % of it would have been spent; `forecast`: all of it in a month of what runs. */
  readonly alerts: readonly ('actual' | 'forecast')[]
}

/** Who takes how much of the space that the server has. Of the server as a whole. */
export interface SpaceView {
  /** All that is kept, with what the server needs for itself. */
  readonly usedBytes: number
  readonly parts: { readonly log: number; readonly metadata: number; readonly blobs: number }
  /** Free on the disk. */
  readonly freeBytes: number
  /** `--max-disk`; in memory, what is kept there at most. */
  readonly limitBytes?: number
  /** Until writes are refused. */
  readonly roomBytes: number
  /** When that will be, if it goes on as it went; missing where nothing fills up, or too little is known. */
  readonly fullInMs?: number
  readonly streams: TakenView
  /** What waits in delivery streams and channels. */
  readonly buffers: TakenView
  readonly buckets: TakenView
  /** All else: metadata, what has aged or is delivered and not given back yet, room in the log's files. */
  readonly restBytes: number
  /** The buckets are still being counted. */
  readonly isCounting?: true
}

export interface TakenView {
  readonly bytes: number
  readonly count: number
  /** Some of them. */
  readonly largest: readonly PlaceView[]
}

export interface PlaceView {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly bytes: number
  readonly quotaBytes?: number
  /** Of a bucket. */
  readonly objects?: number
  /** Of its `bytes`, those of uploads under way. */
  readonly uploadBytes?: number
}

/** One step of the lab; `at` is when it was first seen. */
export interface LabStepView {
  readonly step: LabStep
  readonly at?: number
}
export type LabStep =
  | 'stream-created'
  | 'record-put'
  | 'record-read'
  | 'bucket-created'
  | 'delivery-stream-created'
  | 'object-delivered'
  | 'object-opened'
  | 'cleaned-up'
