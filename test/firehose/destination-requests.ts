import { type Lab, NAME } from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }

interface Description {
  readonly VersionId: string
  readonly LastUpdateTimestamp?: number
  readonly Source?: object
  readonly DeliveryStreamEncryptionConfiguration?: object
  readonly Destinations: readonly { readonly ExtendedS3DestinationDescription: Record<string, unknown> }[]
}

/** As DescribeDeliveryStream tells of the lab's delivery stream. */
export const describe = async (lab: Lab) =>
  (await lab.call<{ DeliveryStreamDescription: Description }>('DescribeDeliveryStream', name))
    .DeliveryStreamDescription

export const extendedOf = async (lab: Lab) =>
  (await describe(lab)).Destinations[0]!.ExtendedS3DestinationDescription

/** UpdateDestination of the version that is said to be the current one. */
export const update = (lab: Lab, version: number, settings: object, form = 'ExtendedS3DestinationUpdate') =>
  lab.call('UpdateDestination', {
    ...name,
    CurrentDeliveryStreamVersionId: String(version),
    DestinationId: 'destinationId-000000000001',
    [form]: settings,
  })
