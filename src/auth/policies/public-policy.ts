import { parseNetwork } from '../../service/networks.ts'
import type { Condition } from './condition.ts'
import type { Policy, Statement } from './policy.ts'

/**
 * Whether a bucket's policy lets everybody in: an Allow for everyone which no condition on a fixed value narrows.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export const isPublicPolicy = ({ statements }: Policy): boolean =>
  statements.some((one) => one.effect === 'Allow' && isForEveryone(one) && !one.conditions.some(narrows))

const isForEveryone = ({ principals }: Statement): boolean =>
  principals !== undefined &&
  (principals.isExcept || principals.listed.some(({ kind }) => kind === 'everyone'))

const NARROWING = [
  ...['aws:sourcearn', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceowner', 'aws:sourceaccount'],
  ...[
    'aws:userid',
    'aws:principalaccount',
    'aws:principalarn',
    'aws:principalorgid',
    'aws:principalorgpaths',
  ],
  ...['s3:dataaccesspointarn', 's3:dataaccesspointaccount', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
]

const EXACT = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/

function narrows({ operator, key, values }: Condition): boolean {
  if (key === 'aws:sourceip') return operator === 'IpAddress' && values.every(isNarrowRange)
  return EXACT.test(operator) && NARROWING.includes(key) && values.every((value) => isFixedValue(key, value))
}

/** An ARN that names its account may leave the rest open, and so may the session of a role's id. */
const isFixedValue = (key: string, value: string): boolean => {
  if (value.includes('${')) return false
  if (!/[*?]/.test(value)) return true
  if (key === 'aws:userid') return /^[A-Z\d]+:\*$/.test(value)
  return key.endsWith('arn') && /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(value)
}

/** S3 takes wider ones for the whole internet. */
function isNarrowRange(text: string): boolean {
  const network = parseNetwork(text)
  return network !== undefined && network.bits >= (network.family === 'ipv4' ? 8 : 32)
}
