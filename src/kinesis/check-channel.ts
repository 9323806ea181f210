import type { StructureOf } from '../service/shape.ts'
import type { s3Destination, s3TablesDestination, streamConfigurationList } from './channel-shapes.ts'
import {
  channelDestinations,
  channelFormat,
  channelSchemaMissing,
  freshnessOutOfRange,
  onlyOneOf,
} from './exceptions.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateChannel.html; the range is that of AWS's own guide. */
const FRESHNESS_SECONDS = { min: 300, max: 900 }

type Request = StructureOf<{
  S3DestinationConfiguration: typeof s3Destination
  S3TablesDestinationConfiguration: typeof s3TablesDestination
  StreamConfigurationList: typeof streamConfigurationList & { readonly required: true }
}>

/** Throws InvalidArgumentException unless the members fit together; the source stream otherwise. */
export function checkChannel({
  S3DestinationConfiguration: s3,
  S3TablesDestinationConfiguration: tables,
  StreamConfigurationList: sources,
}: Request) {
  if ((s3 === undefined) === (tables === undefined)) throw channelDestinations()
  const [source] = sources
  if (!source || sources.length > 1) throw onlyOneOf('StreamConfigurationList')
  if (tables && tables.S3TablesConfigurationList.length > 1) throw onlyOneOf('S3TablesConfigurationList')
  checkFreshness((s3 ?? tables)?.DataFreshnessInSeconds)
  const { RecordFormatType: format, GSRSchemaARN } = source.RecordConfiguration
  if (s3 ? format === 'GSR_JSON' : format === 'STRING' || format === 'BYTE_ARRAY')
    throw channelFormat(format, s3 ? 'general purpose buckets' : 'streaming tables')
  if (tables && GSRSchemaARN === undefined) throw channelSchemaMissing()
  return source
}

/** Throws InvalidArgumentException for what AWS does not wait. */
export function checkFreshness(seconds: number | undefined): void {
  const { min, max } = FRESHNESS_SECONDS
  if (seconds !== undefined && (seconds < min || seconds > max)) throw freshnessOutOfRange(seconds, min, max)
}
