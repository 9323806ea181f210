import { boolean, list, oneOf, required, string, structure } from '../../service/shape.ts'
import { type DestinationTable, describe, descriptionMembers } from '../destinations/destination-table.ts'
import { operation } from '../firehose.ts'
import {
  deliveryStreamArn,
  deliveryStreamName,
  deliveryStreamType,
  destinationId,
  keyType,
  kinesisStreamArn,
  kmsKeyArn,
  listLimit,
  moment,
  roleArn,
  throughputHint,
} from '../shapes.ts'
import { arnOf, type DeliveryStream, findDeliveryStream, statusAt } from '../streams/delivery-stream.ts'
import { describeEncryption } from '../streams/encryption.ts'

/** Every delivery stream has one destination, and AWS gives it this id. */
export const DESTINATION_ID = 'destinationId-000000000001'

const descriptionOf = (destinations: DestinationTable) =>
  structure({
    DeliveryStreamName: required(deliveryStreamName),
    DeliveryStreamARN: required(deliveryStreamArn),
    DeliveryStreamStatus: required(
      oneOf('CREATING', 'CREATING_FAILED', 'DELETING', 'DELETING_FAILED', 'ACTIVE'),
    ),
    DeliveryStreamEncryptionConfiguration: structure({
      KeyARN: kmsKeyArn,
      KeyType: keyType,
      Status: oneOf('ENABLED', 'ENABLING', 'ENABLING_FAILED', 'DISABLED', 'DISABLING', 'DISABLING_FAILED'),
    }),
    DeliveryStreamType: required(deliveryStreamType),
    VersionId: required(string({ min: 1, max: 50, pattern: '[0-9]+' })),
    CreateTimestamp: moment,
    LastUpdateTimestamp: moment,
    Source: structure({
      DirectPutSourceDescription: structure({ ThroughputHintInMBs: throughputHint }),
      KinesisStreamSourceDescription: structure({
        KinesisStreamARN: kinesisStreamArn,
        RoleARN: roleArn,
        DeliveryStartTimestamp: moment,
      }),
    }),
    Destinations: required(
      list(
        structure({
          DestinationId: required(destinationId),
          ...descriptionMembers(destinations),
        }),
      ),
    ),
    HasMoreDestinations: required(boolean()),
  })

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html */
export const describeDeliveryStream = (destinations: DestinationTable) =>
  operation({
    name: 'DescribeDeliveryStream',
    input: structure({
      DeliveryStreamName: required(deliveryStreamName),
      Limit: listLimit,
      ExclusiveStartDestinationId: destinationId,
    }),
    output: structure({ DeliveryStreamDescription: required(descriptionOf(destinations)) }),
    async handle(firehose, { DeliveryStreamName, ExclusiveStartDestinationId: start }, caller) {
      const { value: stream } = await findDeliveryStream(firehose, caller, DeliveryStreamName)
      const source = sourceOf(stream)
      const now = firehose.clock.now()
      return {
        DeliveryStreamDescription: {
          DeliveryStreamName: stream.name,
          DeliveryStreamARN: arnOf(stream),
          DeliveryStreamStatus: statusAt(stream, now)!,
          ...(stream.type === 'DirectPut' && {
            DeliveryStreamEncryptionConfiguration: describeEncryption(stream, now),
          }),
          DeliveryStreamType: stream.type,
          VersionId: String(stream.version),
          CreateTimestamp: stream.createdAt,
          ...(stream.updatedAt !== undefined && { LastUpdateTimestamp: stream.updatedAt }),
          ...(source && { Source: source }),
          Destinations:
            start === undefined
              ? [{ DestinationId: DESTINATION_ID, ...describe(destinations, stream.destination) }]
              : [],
          HasMoreDestinations: false,
        },
      }
    },
  })

function sourceOf({ source, throughputHintInMBs, createdAt }: DeliveryStream) {
  if (source)
    return {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: source.streamArn,
        RoleARN: source.roleArn,
        DeliveryStartTimestamp: createdAt,
      },
    }
  return throughputHintInMBs === undefined
    ? undefined
    : { DirectPutSourceDescription: { ThroughputHintInMBs: throughputHintInMBs } }
}
