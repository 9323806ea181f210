import { formatPattern } from './timestamp-pattern.ts'
import type { ZonedTime } from './zoned-time.ts'

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
