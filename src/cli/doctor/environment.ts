import type { Settings } from '../../server/config.ts'
import { endpointOf } from '../client/own-api.ts'
import { type Finding, ok, warn } from './finding.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Whether AWS clients that are started from this shell will come here. */
export function checkEnvironment(env: Env, settings: Pick<Settings, 'host' | 'port'>): Finding[] {
  return [checkEndpoint(env, endpointOf(settings)), ...checkOverrides(env), checkKeys(env)]
}

const REMEDY = 'run eval "$(npx standpipe env)"'

function checkEndpoint(
  { AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS }: Env,
  endpoint: string,
): Finding {
  const subject = 'AWS_ENDPOINT_URL'
  if (!AWS_ENDPOINT_URL) return warn(subject, `not set: clients would go to AWS itself; ${REMEDY}`)
  if (AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true')
    return warn(subject, 'ignored, since AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true: unset that')
  const [set, own] = [AWS_ENDPOINT_URL, endpoint].map((url) => url.replace('//localhost', '//127.0.0.1'))
  if (set?.replace(/\/$/, '') === own) return ok(subject, AWS_ENDPOINT_URL)
  return warn(subject, `is ${AWS_ENDPOINT_URL}, not ${endpoint}: ${REMEDY}, or give --port`)
}

/** A service's own endpoint beats the general one. */
const checkOverrides = (env: Env): Finding[] =>
  ['KINESIS', 'FIREHOSE', 'S3', 'STS']
    .map((service) => `AWS_ENDPOINT_URL_${service}`)
    .filter((name) => env[name] && env[name] !== env.AWS_ENDPOINT_URL)
    .map((name) => warn(name, `is ${env[name]} and goes before AWS_ENDPOINT_URL: unset it`))

function checkKeys(env: Env): Finding {
  const isComplete = env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
  if (!isComplete) return warn('keys', `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: ${REMEDY}`)
  if (!(env.AWS_REGION || env.AWS_DEFAULT_REGION)) return warn('region', `not set: ${REMEDY}`)
  return ok('keys', `set, region ${env.AWS_REGION ?? env.AWS_DEFAULT_REGION}`)
}
