import { RANDOM_STRING_LENGTH } from '../destinations/s3/object-key.ts'
import { invalidPrefix } from '../exceptions.ts'
import { evaluatePrefix, hasExpressions, type PrefixPart, parsePrefix } from './prefix.ts'
import { parsePattern } from './timestamp-pattern.ts'
import { type ZonedTime, zonedTimeAt } from './zoned-time.ts'

const MAX_EVALUATED_LENGTH = 512
/** The longest error-output-type. */
const ERROR_OUTPUT_TYPE = 'format-conversion-failed'
const PARTITION_NAMESPACES = ['partitionKeyFromQuery', 'partitionKeyFromLambda']

export interface Prefixes {
  readonly prefix?: string | undefined
  readonly errorOutputPrefix?: string | undefined
  readonly isPartitioned?: boolean
}

/**
 * Refuses prefixes that cannot be evaluated, in AWS's words.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function checkPrefixes(
  { prefix = '', errorOutputPrefix = '', isPartitioned = false }: Prefixes,
  now: number,
): void {
  const [parts, errorParts] = [partsOf(prefix), partsOf(errorOutputPrefix)]
  for (const part of [...parts, ...errorParts]) checkExpression(part)
  if (hasExpressions(parts) && errorOutputPrefix === '')
    throw invalidPrefix('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions')
  if (errorParts.some(isPartition))
    throw invalidPrefix("Dynamic Partitioning Namespaces can't be part of an error prefix expression")
  if (isPartitioned && !parts.some(isPartition))
    throw invalidPrefix(
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    )
  if (!isPartitioned && parts.some(isPartition))
    throw invalidPrefix(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    )
  if (parts.some(isErrorOutputType))
    throw invalidPrefix('Prefix must not contain any occurrence of !{firehose:error-output-type}')
  if ((hasExpressions(parts) || hasExpressions(errorParts)) && !errorParts.some(isErrorOutputType))
    if (errorOutputPrefix !== '')
      throw invalidPrefix(
        'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
      )
  const time = zonedTimeAt(now, 'UTC')
  if (evaluatedLength(parts, time) > MAX_EVALUATED_LENGTH)
    throw invalidPrefix(`Length of evaluated prefix cannot be greater than ${MAX_EVALUATED_LENGTH}`)
  if (evaluatedLength(errorParts, time) > MAX_EVALUATED_LENGTH)
    throw invalidPrefix(
      `Length of evaluated ErrorOutputPrefix cannot be greater than ${MAX_EVALUATED_LENGTH}`,
    )
}

function partsOf(text: string): PrefixPart[] {
  const parts = parsePrefix(text)
  if (!parts) throw invalidPrefix('Invalid expression usage')
  return parts
}

function checkExpression(part: PrefixPart): void {
  if ('literal' in part || isPartition(part)) return
  const { namespace, value, expression } = part
  if (namespace !== 'timestamp' && namespace !== 'firehose')
    throw invalidPrefix(`Namespace to the left of colon (${namespace}) is an invalid keyword!`)
  const isKnown =
    namespace === 'timestamp' ? parsePattern(value) : ['random-string', 'error-output-type'].includes(value)
  if (!isKnown)
    throw invalidPrefix(`Invalid conversion character used in the value of the expression in ${expression}`)
}

const isPartition = (part: PrefixPart) => 'namespace' in part && PARTITION_NAMESPACES.includes(part.namespace)
const isErrorOutputType = (part: PrefixPart) =>
  'namespace' in part && part.namespace === 'firehose' && part.value === 'error-output-type'

const evaluatedLength = (parts: readonly PrefixPart[], time: ZonedTime): number =>
  evaluatePrefix(parts, {
    time,
    randomString: () => 'x'.repeat(RANDOM_STRING_LENGTH),
    errorOutputType: ERROR_OUTPUT_TYPE,
  }).length
