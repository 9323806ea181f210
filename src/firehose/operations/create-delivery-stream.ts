import { ensureOwnLogs, firstCheckpointsOf } from '../../delivery/progress/outlet.ts'
import { leaveRemains } from '../../delivery/remains.ts'
import { required, type StructureOf, structure } from '../../service/shape.ts'
import { checkRoles } from '../accesses.ts'
import { configured, type DestinationTable, requestMembers } from '../destinations/destination-table.ts'
import { deliveryStreamExists, invalidArgument, notSupportedYet } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { checkPrograms } from '../processors/processors.ts'
import {
  deliveryStreamArn,
  deliveryStreamName,
  deliveryStreamType,
  encryptionConfigurationInput,
  kinesisStreamArn,
  refused,
  roleArn,
  tags,
  throughputHint,
} from '../shapes.ts'
import {
  arnOf,
  type DeliveryStream,
  deliveryStreamDocument,
  statusAt,
  streamKeyOf,
} from '../streams/delivery-stream.ts'
import { checkEncryptable, encryptionOf } from '../streams/encryption.ts'
import { directPutPositions, firstPositions, jobOf } from '../streams/jobs.ts'

const sourceMembers = {
  DeliveryStreamType: deliveryStreamType,
  DirectPutSourceConfiguration: structure({ ThroughputHintInMBs: required(throughputHint) }),
  KinesisStreamSourceConfiguration: structure({
    KinesisStreamARN: required(kinesisStreamArn),
    RoleARN: required(roleArn),
  }),
}
const refusedSources = { MSKSourceConfiguration: refused, DatabaseSourceConfiguration: refused }

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html */
export const createDeliveryStream = (destinations: DestinationTable) =>
  operation({
    name: 'CreateDeliveryStream',
    input: structure({
      DeliveryStreamName: required(deliveryStreamName),
      ...sourceMembers,
      DeliveryStreamEncryptionConfigurationInput: encryptionConfigurationInput,
      ...requestMembers(destinations, 'Configuration'),
      Tags: tags,
      ...refusedSources,
    }),
    output: structure({ DeliveryStreamARN: deliveryStreamArn }),
    async handle(firehose, input, { account, region }) {
      const { metadata, clock, random, stateDelayMs } = firehose
      const now = clock.now()
      const type = typeOf(input)
      const kinesis = input.KinesisStreamSourceConfiguration
      const encryption = input.DeliveryStreamEncryptionConfigurationInput
      if (encryption) checkEncryptable({ type })
      const stream: DeliveryStream = {
        name: input.DeliveryStreamName,
        account,
        region,
        id: random.uuid(),
        type,
        version: 1,
        createdAt: now,
        activeAt: now + stateDelayMs,
        ...(type === 'KinesisStreamAsSource' &&
          kinesis && { source: { streamArn: kinesis.KinesisStreamARN, roleArn: kinesis.RoleARN } }),
        ...(input.DirectPutSourceConfiguration && {
          throughputHintInMBs: input.DirectPutSourceConfiguration.ThroughputHintInMBs,
        }),
        destination: configured(destinations, input, now),
        ...(encryption && { encryption: encryptionOf(encryption, region, now + stateDelayMs) }),
        tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value = '' }) => [Key, Value])),
      }
      await checkRoles(firehose, input, { account, region })
      await checkPrograms(firehose.programs, stream.destination)
      const positions = stream.source ? await firstPositions(firehose, stream) : directPutPositions(stream)
      const job = jobOf(stream, { ...firehose, destinations })
      const first = firstCheckpointsOf(job, positions)
      const output = await deliveryStreamDocument.update<{ DeliveryStreamARN: string }>(
        metadata,
        streamKeyOf(stream),
        (current) => {
          if (current && statusAt(current, now) !== undefined)
            throw deliveryStreamExists(stream.name, account)
          const also = current ? [...first, leaveRemains(current)] : first
          return { value: stream, also, result: { DeliveryStreamARN: arnOf(stream) } }
        },
      )
      await ensureOwnLogs(firehose.logs, job)
      return output
    },
  })

type Sources = StructureOf<typeof sourceMembers & typeof refusedSources>

function typeOf(input: Sources): DeliveryStream['type'] {
  const type = input.DeliveryStreamType ?? 'DirectPut'
  if (type === 'MSKAsSource' || type === 'DatabaseAsSource')
    throw notSupportedYet(`DeliveryStreamType ${type}`)
  if (input.MSKSourceConfiguration) throw notSupportedYet('MSKSourceConfiguration')
  if (input.DatabaseSourceConfiguration) throw notSupportedYet('DatabaseSourceConfiguration')
  if (type === 'KinesisStreamAsSource' && !input.KinesisStreamSourceConfiguration)
    throw invalidArgument('KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.')
  return type
}
