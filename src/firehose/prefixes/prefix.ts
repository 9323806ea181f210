import { invalidPrefix } from '../exceptions.ts'
import { formatPattern, parsePattern } from './timestamp-pattern.ts'
import { type ZonedTime, zonedTimeAt } from './zoned-time.ts'

/** Of what `!{firehose:random-string}` becomes. */
export const RANDOM_STRING_LENGTH = 11

/** One piece of a prefix expression. */
export type PrefixPart =
  | { readonly literal: string }
  | { readonly namespace: string; readonly value: string; readonly expression: string }

/** `a/!{timestamp:yyyy}/` → its parts; undefined when a `!{` begins no whole expression. */
export function parsePrefix(text: string): PrefixPart[] | undefined {
  const parts: PrefixPart[] = []
  let rest = text
  while (rest !== '') {
    const start = rest.indexOf('!{')
    if (start !== 0) parts.push({ literal: start < 0 ? rest : rest.slice(0, start) })
    if (start < 0) break
    const end = rest.indexOf('}', start)
    const expression = rest.slice(start, end + 1)
    const colon = expression.indexOf(':')
    if (end < 0 || colon < 0) return undefined
    parts.push({ namespace: expression.slice(2, colon), value: expression.slice(colon + 1, -1), expression })
    rest = rest.slice(end + 1)
  }
  return parts
}

export const hasExpressions = (parts: readonly PrefixPart[]) => parts.some((part) => 'namespace' in part)

export interface PrefixValues {
  /** The oldest record's arrival, in the time zone of the delivery stream. */
  readonly time: ZonedTime
  /** Eleven characters, new for every occurrence. */
  readonly randomString: () => string
  /** Only in an ErrorOutputPrefix. */
  readonly errorOutputType?: string
  /** Only where records are dynamically partitioned. */
  readonly partitionKeys?: Readonly<Record<string, string>>
}

/**
 * The key's beginning. Without any expression AWS appends `yyyy/MM/dd/HH/` and no slash before it.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function evaluatePrefix(parts: readonly PrefixPart[], values: PrefixValues): string {
  const text = parts
    .map((part) => ('literal' in part ? part.literal : evaluateExpression(part, values)))
    .join('')
  return hasExpressions(parts) ? text : text + formatPattern('yyyy/MM/dd/HH/', values.time)
}

function evaluateExpression(
  { namespace, value }: { namespace: string; value: string },
  { time, randomString, errorOutputType = '', partitionKeys = {} }: PrefixValues,
): string {
  if (namespace.startsWith('partitionKeyFrom')) return partitionKeys[value] ?? ''
  if (namespace === 'timestamp') return formatPattern(value, time)
  return value === 'random-string' ? randomString() : errorOutputType
}

const MAX_EVALUATED_LENGTH = 512
/** The longest error-output-type. */
const ERROR_OUTPUT_TYPE = 'format-conversion-failed'
const PARTITION_NAMESPACES = ['partitionKeyFromQuery', 'partitionKeyFromLambda']

interface Prefixes {
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
  // AWS's page wants it beside any Prefix with expressions; its service takes a literal one there (Terraform's own tests).
  if (hasExpressions(errorParts) && !errorParts.some(isErrorOutputType))
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
