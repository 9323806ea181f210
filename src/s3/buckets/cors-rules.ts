import type { CrossOriginRequest } from '../../service/operation.ts'
import { integer, list, named, required, string, structure, type TypeOf } from '../../service/shape.ts'
import { invalidRequest, malformedXml } from '../exceptions.ts'

const texts = (xmlName: string) => named(xmlName, list(string(), { flattened: true }))

const corsRule = structure({
  ID: string(),
  AllowedHeaders: texts('AllowedHeader'),
  AllowedMethods: required(texts('AllowedMethod')),
  AllowedOrigins: required(texts('AllowedOrigin')),
  ExposeHeaders: texts('ExposeHeader'),
  MaxAgeSeconds: integer(),
})
export type CorsRule = TypeOf<typeof corsRule>

/** CORS rules in XML. */
export const corsRules = named('CORSRule', list(corsRule, { flattened: true }))

/** What rules may allow. */
export const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD']
const MAX_RULES = 100
const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'

/**
 * Throws for rules that S3 does not take.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export function checkedCorsRules(rules: readonly CorsRule[]): readonly CorsRule[] {
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml()
  for (const { AllowedMethods: methods = [], AllowedOrigins: origins = [], ...rule } of rules) {
    if (methods.length === 0 || origins.length === 0) throw malformedXml()
    const strange = methods.find((method) => !METHODS.includes(method))
    if (strange !== undefined)
      throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${strange}`)
    checkWildcards('AllowedOrigin', origins)
    checkWildcards('AllowedHeader', rule.AllowedHeaders ?? [])
    const exposed = rule.ExposeHeaders?.find((header) => header.includes('*'))
    if (exposed !== undefined)
      throw invalidRequest(
        `ExposeHeader "${exposed}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      )
  }
  return rules
}

function checkWildcards(element: string, patterns: readonly string[]): void {
  for (const pattern of patterns)
    if (pattern.split('*').length > 2)
      throw invalidRequest(`${element} "${pattern}" can not have more than one wildcard.`)
}

/** The first rule that allows the origin, the method and every header that is asked for. */
export function corsHeaders(
  rules: readonly CorsRule[],
  { origin, method, headers }: Pick<CrossOriginRequest, 'origin' | 'method' | 'headers'>,
): Readonly<Record<string, string>> | undefined {
  if (origin === undefined || method === undefined) return undefined
  for (const rule of rules) {
    const pattern = rule.AllowedOrigins.find((each) => matches(each, origin))
    if (pattern === undefined || !rule.AllowedMethods.includes(method)) continue
    const allowed = rule.AllowedHeaders?.map((each) => each.toLowerCase()) ?? []
    if (!headers.every((header) => allowed.some((each) => matches(each, header)))) continue
    return {
      'access-control-allow-origin': pattern === '*' ? '*' : origin,
      'access-control-allow-methods': rule.AllowedMethods.join(', '),
      ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(', ') }),
      ...(rule.ExposeHeaders?.length && { 'access-control-expose-headers': rule.ExposeHeaders.join(', ') }),
      ...(rule.MaxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
      ...(pattern !== '*' && { 'access-control-allow-credentials': 'true' }),
      vary: VARY,
    }
  }
  return undefined
}

/** A pattern holds one `*` at most. */
function matches(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return pattern === text
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end)
}
