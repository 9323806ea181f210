import { ServiceException } from '../../service/exception.ts'
import type { Authenticated } from '../../service/signing/authentication.ts'
import { parseBasicTime } from '../../service/signing/basic-time.ts'
import { ALGORITHM, type Scope, scopeText } from '../../service/signing/signing-key.ts'
import type { Credential } from '../credentials.ts'
import { checkScope, scopeIn } from './claim.ts'
import type { DeriveKey } from './key-cache.ts'
import type { Refusals } from './refusals.ts'
import { isSame } from './same.ts'
import { signature2 } from './version-2.ts'

/** What a form says of its signature, which is over its policy and nothing else. */
export interface FormClaim {
  readonly accessKeyId: string
  /** As the form says it, in base64. */
  readonly policy: string
  readonly signature: string
  /** Absent in version 2. */
  readonly scope?: Scope
}

type Fields = ReadonlyMap<string, string>

const VERSION_4 = ['X-Amz-Signature', 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date']
const VERSION_2 = ['AWSAccessKeyId', 'Signature']

/**
 * Undefined for a form that brings nothing of a signature. Throws what is wrong with one's form; how old it may be its
 * policy says.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 */
export function formClaim(fields: Fields, refusals: Refusals, partition: string): FormClaim | undefined {
  const has = (name: string) => fields.has(name.toLowerCase())
  if (VERSION_4.some(has)) return claim4(fields, refusals, partition)
  if (VERSION_2.some(has)) {
    const [accessKeyId = '', signature = '', policy = ''] = allOf(fields, [...VERSION_2, 'Policy'])
    return { accessKeyId, signature, policy }
  }
  // It would be held, but whose it is nobody says.
  if (fields.has('policy')) throw refusals.missing()
  return undefined
}

function claim4(fields: Fields, refusals: Refusals, partition: string): FormClaim {
  const [signature = '', algorithm = '', credential = '', time = '', policy = ''] = allOf(fields, [
    ...VERSION_4,
    'Policy',
  ])
  if (algorithm === 'AWS4-ECDSA-P256-SHA256') throw refusals.version4A()
  if (algorithm !== ALGORITHM) throw refusals.queryAlgorithm(algorithm)
  if (parseBasicTime(time) === undefined) throw refusals.date(time)
  const { accessKeyId, scope, terminator } = scopeIn(credential, 'query', refusals)
  checkScope({ scope, terminator, time, place: 'query' }, refusals, partition)
  if (scope.service !== 's3') throw refusals.service('s3', scope.service)
  return { accessKeyId, policy, signature, scope }
}

/** Throws InvalidArgument for the first that is not there. */
function allOf(fields: Fields, names: readonly string[]): string[] {
  return names.map((name) => {
    const value = fields.get(name.toLowerCase())
    if (value === undefined) throw missingField(name)
    return value
  })
}

/** Whom the form proves. Throws when the signature is not the key's. */
export function provenForm(
  { accessKeyId, policy, signature, scope }: FormClaim,
  { secretAccessKey, principal }: Credential,
  refusals: Refusals,
  derive: DeriveKey,
): Pick<Authenticated, 'principal' | 'signature' | 'region' | 'service'> {
  const key = scope && derive(secretAccessKey, scope, scopeText(scope))
  const stringToSign = Buffer.from(policy).toString('latin1')
  const expected = key ? key.sign(stringToSign) : signature2(secretAccessKey, stringToSign)
  if (!isSame(expected, signature)) throw refusals.mismatch({ accessKeyId, stringToSign, signature })
  key?.keep()
  const proven = { place: 'form', version: scope ? ALGORITHM : 'AWS' } as const
  return { principal, signature: proven, region: scope?.region, service: scope?.service }
}

const missingField = (name: string) =>
  new ServiceException(
    'InvalidArgument',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    400,
    { ArgumentName: name, ArgumentValue: '' },
  )
