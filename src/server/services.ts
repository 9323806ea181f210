import { createAuthority } from '../auth/authority.ts'
import type { Credentials, Roles } from '../auth/credentials.ts'
import type { MovableClock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import { type Delivery, startDelivery } from '../delivery/delivery.ts'
import { countedLogs } from '../engine/counted-logs.ts'
import { encryptedLogs } from '../engine/encrypted-logs.ts'
import { patientLogs } from '../engine/patient-logs.ts'
import type { Engine } from '../engine/ports/engine.ts'
import { openDestinations } from '../firehose/destinations/destination-table.ts'
import { type ErrorLogRecord, errorLogRecordOf } from '../firehose/destinations/error-log.ts'
import { createFirehose, type Firehose } from '../firehose/firehose.ts'
import { createPrograms } from '../firehose/programs/create-programs.ts'
import { firehoseService } from '../firehose/service.ts'
import { deliveryStreamJobs } from '../firehose/streams/jobs.ts'
import { iamService } from '../iam/service.ts'
import { type Deliveries, deliveriesOf } from '../insight/deliveries.ts'
import { beginDelivery, channelJobs } from '../kinesis/channels/channel-jobs.ts'
import { createKinesis, type Kinesis, type KinesisOptions, recoverKinesis } from '../kinesis/kinesis.ts'
import { kinesisService } from '../kinesis/service.ts'
import { type StreamSource, streamSourceOf } from '../kinesis/streams/store.ts'
import type { Meters } from '../metrics/meters.ts'
import { type Problems, unheardProblems } from '../metrics/problems.ts'
import { createQuotaProblems, type QuotaProblems } from '../metrics/quota-problems.ts'
import type { RemoteOptions } from '../remote/request.ts'
import { s3ControlService } from '../s3/control/service.ts'
import { startExpiring } from '../s3/expiry/expire.ts'
import { createS3, recoverS3, type S3 } from '../s3/s3.ts'
import { s3Service } from '../s3/service.ts'
import { type Notifying, startNotifying } from '../s3/telling/notifying.ts'
import type { Authority } from '../service/authorize.ts'
import { type Bound, bind, type Observer } from '../service/invoke.ts'
import type { Service } from '../service/operation.ts'
import { stsService } from '../sts/service.ts'
import { notingUses, openIdentities } from './access/identities.ts'
import { type Noted, noting } from './access/noted.ts'
import { judgedObjects, refusalToRead, serviceRolesOf } from './access/service-work.ts'
import { localObjects, localObstacle, remoteObjects } from './destinations.ts'
import { notificationTargets, type Webhooks } from './notifications/notification-targets.ts'
import { refusingWrites } from './room/refusing-writes.ts'

export interface Foundation {
  readonly engine: Engine
  readonly clock: MovableClock
  readonly random: Random
  readonly meters: Meters
  /** Where what goes wrong is said; nowhere if absent. */
  readonly problems?: Problems
  readonly limits: 'aws' | 'off'
  /** Where delivery goes; the embedded S3 if absent. */
  readonly remoteS3?: Pick<RemoteOptions, 'target' | 'outbound'> | undefined
  /** Whom S3 can tell of events beside streams; nobody if absent. */
  readonly webhooks?: Webhooks | undefined
  readonly observe: Observer
  /** Is told what callers ask leave for. */
  readonly noted?: Noted | undefined
  readonly report?: (record: ErrorLogRecord) => void
  /** What went wrong in the background. */
  readonly onError?: (error: unknown) => void
  /** Keys beside those of IAM: nobody is asked for leave without them, which is open mode. */
  readonly credentials?: Credentials | undefined
  /** What services may do by the roles that they are given; IAM's roles if absent. */
  readonly roles?: Roles | undefined
  /** How long streams and delivery streams are CREATING or DELETING; AWS's order of magnitude if absent. */
  readonly stateDelayMs?: number
}

export interface Services {
  readonly bound: readonly Bound[]
  readonly delivery: Deliveries
  readonly streams: StreamSource
  /** Every key that there is, and what it may do. */
  readonly credentials: Credentials
  /** Who knows what callers may do; undefined in open mode. */
  readonly authority: Authority | undefined
  /** For those of this process who look into it without a request. */
  readonly kinesis: Kinesis
  readonly firehose: Firehose
  readonly s3: S3
  readonly notifying: Notifying
  readonly quotas: Pick<QuotaProblems, 'reconsider'>
  /** Before the port is closed: they would keep it open for minutes. */
  endSubscriptions(): void
  close(): Promise<void>
}

/** Delivery hears what its streams lose, once it has started. */
const toldTo = (
  delivery: Promise<Delivery>,
): Required<Pick<KinesisOptions, 'beforeDrop' | 'beforeExpiry'>> => ({
  beforeDrop: async (streamArn, stream) => await (await delivery).leave(streamArn, stream),
  beforeExpiry: async (...left) => await (await delivery).leaveShards(...left),
})

/** All services on one engine, each handed what it needs of the others; what a crash left is finished. */
export async function openServices(foundation: Foundation): Promise<Services> {
  const { engine, remoteS3, ...rest } = foundation
  const quotas = createQuotaProblems(rest.problems ?? unheardProblems, rest.clock.now)
  const shared = { ...rest, quotas }
  const { logs, logChanges } = layered(foundation)
  const [closing, ending] = [new AbortController(), new AbortController()]
  const targets = notificationTargets({ kinesis: () => kinesis, webhooks: shared.webhooks })
  const s3 = createS3({ ...shared, metadata: engine.metadata, blobs: engine.blobs, targets })
  // What delivery puts into buckets is counted, too.
  const { metadata } = s3
  const started = Promise.withResolvers<Delivery>()
  const kinesis: Kinesis = createKinesis({
    ...{ ...shared, logs, metadata, signal: ending.signal, closing: closing.signal },
    ...toldTo(started.promise),
    // Of another S3's buckets only a put tells.
    channels: {
      begin: beginDelivery(shared.meters),
      obstacleOf: remoteS3 ? async () => undefined : localObstacle(s3),
    },
  })
  const streams = streamSourceOf(kinesis)
  const machineNow = () => shared.clock.now() - shared.clock.offsetMs()
  const { identities, authority, roles } = await openLeave(foundation, machineNow, ending.signal)
  const { meters } = shared
  const store = remoteS3 ? remoteObjects({ ...remoteS3, now: machineNow, meters }) : localObjects(s3)
  const objects = roles ? judgedObjects(store, roles, remoteS3 ? undefined : s3) : store
  const programs = createPrograms()
  const firehose = createFirehose({
    ...{ ...shared, logs, metadata, streams, programs },
    ...(roles && { mayAssume: roles.mayAssume }),
  })
  const observe = notingUses(identities.lastUses, shared.observe)
  await Promise.all([recoverKinesis(kinesis), recoverS3(s3)])
  const delivery = await startDelivery({
    ...{ ...shared, logs, metadata, streams, logChanges },
    jobs: [deliveryStreamJobs(firehose), channelJobs(meters)],
    destinations: openDestinations({ objects }),
    ...(roles && { refusalToRead: refusalToRead(roles, kinesis) }),
    report: (failed) => shared.report?.(errorLogRecordOf(failed)),
  })
  started.resolve(delivery)
  const [expiring, notifying] = [startExpiring(s3), startNotifying(s3)]
  s3.usage.begin()
  const bound = binding(engine, observe, authority)
  return {
    bound: [
      bound(kinesisService, kinesis),
      bound(firehoseService, firehose),
      bound(s3ControlService, s3),
      bound(s3Service, s3),
      bound(iamService, identities.iam),
      bound(stsService, identities.sts),
    ],
    delivery: deliveriesOf(delivery),
    ...{ streams, authority, kinesis, firehose, s3, quotas, notifying },
    credentials: identities.credentials,
    endSubscriptions: () => closing.abort(),
    async close() {
      closing.abort()
      ending.abort()
      await Promise.all([expiring.close(), notifying.close(), s3.usage.close()])
      await delivery.close()
      await programs.close()
      await identities.lastUses.close()
    },
  }
}

/** Who there is, and what they may do; in open mode nobody is asked for leave. */
async function openLeave(foundation: Foundation, machineNow: () => number, signal: AbortSignal) {
  const { credentials: keys, noted } = foundation
  const identities = await openIdentities({ ...foundation, machineNow, keys, signal })
  const { credentials } = identities
  return {
    identities,
    authority: keys && noting(createAuthority({ credentials, now: machineNow }), noted),
    roles: serviceRolesOf(foundation.roles ?? (keys && identities.roles), machineNow),
  }
}

/** Each refuses what there is no room for. */
const binding =
  (engine: Engine, observe: Observer, authority: Authority | undefined) =>
  <C>(service: Service<C>, context: C): Bound =>
    bind(refusingWrites(service, engine), context, observe, authority)

/** The engine's logs as services have them: without limits nobody is throttled, what is put is counted, and encrypted. */
function layered({ engine, limits, random, problems }: Foundation) {
  const { logs, changes } = countedLogs(limits === 'off' ? patientLogs(engine.logs) : engine.logs)
  return { logs: encryptedLogs(logs, engine.metadata, random, problems), logChanges: changes }
}
