import { firstBackupCheckpoint } from '../../delivery/progress/outlet.ts'
import { required, string, structure } from '../../service/shape.ts'
import { checkRoles } from '../accesses.ts'
import { type DestinationTable, requestMembers, updating } from '../destinations/destination-table.ts'
import { invalidArgument, versionMismatch } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { checkPrograms } from '../processors/processors.ts'
import { deliveryStreamName, destinationId } from '../shapes.ts'
import {
  changeDeliveryStream,
  type DeliveryStream,
  findDeliveryStream,
  withDestination,
} from '../streams/delivery-stream.ts'
import { firstPositions } from '../streams/jobs.ts'
import { DESTINATION_ID } from './describe-delivery-stream.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html */
export const updateDestination = (destinations: DestinationTable) =>
  operation({
    name: 'UpdateDestination',
    input: structure({
      DeliveryStreamName: required(deliveryStreamName),
      CurrentDeliveryStreamVersionId: required(string({ min: 1, max: 50, pattern: '[0-9]+' })),
      DestinationId: required(destinationId),
      ...requestMembers(destinations, 'Update'),
    }),
    output: structure({}),
    async handle(firehose, input, caller) {
      const { DeliveryStreamName: name, CurrentDeliveryStreamVersionId: version } = input
      const updated = updating(destinations, input)
      const change = (stream: DeliveryStream, now: number): DeliveryStream => {
        if (input.DestinationId !== DESTINATION_ID)
          throw invalidArgument(`Destination Id ${input.DestinationId} not found`)
        if (BigInt(version) !== BigInt(stream.version)) throw versionMismatch(name, stream.version, version)
        return withDestination(stream, updated(stream.destination, now), now)
      }
      const { value: stream } = await findDeliveryStream(firehose, caller, name)
      const { destination } = change(stream, firehose.clock.now())
      await checkRoles(firehose, input, caller)
      await checkPrograms(firehose.programs, destination)
      const backsUpFrom =
        destination.backup && !stream.destination.backup && (await firstPositions(firehose, stream))
      await changeDeliveryStream(firehose, { ...caller, name }, change, (changed) =>
        backsUpFrom ? [firstBackupCheckpoint(changed, backsUpFrom)] : [],
      )
      return {}
    },
  })
