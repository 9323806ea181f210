import { firstBackupCheckpoint } from '../../delivery/progress/outlet.ts'
import { required, string, structure } from '../../service/shape.ts'
import { updatedSettings } from '../destinations/s3/given.ts'
import { extendedS3DestinationUpdate, s3DestinationUpdate } from '../destinations/s3/shapes.ts'
import { invalidArgument, versionMismatch } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { checkPrograms } from '../processors/processors.ts'
import { deliveryStreamName, destinationId, refused } from '../shapes.ts'
import {
  changeDeliveryStream,
  type DeliveryStream,
  findDeliveryStream,
  withDestination,
} from '../streams/delivery-stream.ts'
import { firstPositions } from '../streams/jobs.ts'
import { DESTINATION_ID } from './describe-delivery-stream.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html */
export const updateDestination = operation({
  name: 'UpdateDestination',
  input: structure({
    DeliveryStreamName: required(deliveryStreamName),
    CurrentDeliveryStreamVersionId: required(string({ min: 1, max: 50, pattern: '[0-9]+' })),
    DestinationId: required(destinationId),
    S3DestinationUpdate: s3DestinationUpdate,
    ExtendedS3DestinationUpdate: extendedS3DestinationUpdate,
    RedshiftDestinationUpdate: refused,
    ElasticsearchDestinationUpdate: refused,
    AmazonopensearchserviceDestinationUpdate: refused,
    SplunkDestinationUpdate: refused,
    HttpEndpointDestinationUpdate: refused,
    AmazonOpenSearchServerlessDestinationUpdate: refused,
    SnowflakeDestinationUpdate: refused,
    IcebergDestinationUpdate: refused,
  }),
  output: structure({}),
  async handle(firehose, input, caller) {
    const { DeliveryStreamName: name, CurrentDeliveryStreamVersionId: version } = input
    const updates = Object.keys(input).filter(
      (member) => member.endsWith('DestinationUpdate') && input[member as keyof typeof input] !== undefined,
    )
    const [member = '', ...others] = updates
    if (member === '' || others.length > 0)
      throw invalidArgument('Exactly one destination configuration is supported for a Firehose')
    const { ExtendedS3DestinationUpdate: extended, S3DestinationUpdate: plain } = input
    const given = extended ?? plain
    const change = (stream: DeliveryStream, now: number): DeliveryStream => {
      if (input.DestinationId !== DESTINATION_ID)
        throw invalidArgument(`Destination Id ${input.DestinationId} not found`)
      if (BigInt(version) !== BigInt(stream.version)) throw versionMismatch(name, stream.version, version)
      if (!given)
        throw invalidArgument(
          `Changing the destination type to or from ${member.replace(/DestinationUpdate$/, '')} is not supported at this time.`,
        )
      const destination = updatedSettings(stream.destination, given, extended !== undefined, now)
      return withDestination(stream, destination, now)
    }
    const { value: stream } = await findDeliveryStream(firehose, caller, name)
    const { destination } = change(stream, firehose.clock.now())
    await checkPrograms(firehose.programs, destination)
    const backsUpFrom =
      destination.backup && !stream.destination.backup && (await firstPositions(firehose, stream))
    await changeDeliveryStream(firehose, { ...caller, name }, change, (changed) =>
      backsUpFrom ? [firstBackupCheckpoint(changed, backsUpFrom)] : [],
    )
    return {}
  },
})
