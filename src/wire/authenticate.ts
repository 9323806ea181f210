import { isAccountId, isRegionName } from '../service/arn.ts'
import { ServiceException } from '../service/exception.ts'
import { anonymous, type Principal, rootOf } from '../service/principal.ts'
import { FOUND_BOTH, headerFault, queryFault } from '../service/signing/form.ts'

/** What a request's signature claims. */
export interface Credentials {
  readonly accessKeyId: string
  /** SigV4's credential scope names them; older signatures and SigV4A's region do not. */
  readonly region?: string
  readonly service?: string
}

/** Whom a request is from, and for which service and region it was signed. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  /** Absent where the signature names none. */
  readonly signedRegion?: string | undefined
  readonly service?: string
  /** `anonymous`: there was no signature at all. */
  readonly principal: Principal
}

interface Signed {
  readonly headers: ReadonlyMap<string, string>
  readonly query: URLSearchParams
}

/**
 * Reads, and does not verify, the signature in the forms that AWS's clients send: SigV4 in the header or presigned in the
 * query, SigV2 likewise. An access key of twelve digits is the account, so that one server serves many.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function authenticate(
  signed: Signed,
  defaults: { readonly account: string; readonly region: string },
): Identity {
  return identityOf(credentialsOf(signed), defaults)
}

/** The same of a form that is signed, by its fields. */
export function formIdentity(
  fields: ReadonlyMap<string, string>,
  defaults: { readonly account: string; readonly region: string },
): Identity {
  const credential = fields.get('x-amz-credential')
  const accessKeyId = fields.get('awsaccesskeyid')
  const older = accessKeyId === undefined ? undefined : { accessKeyId }
  return identityOf(credential === undefined ? older : scoped(credential), defaults)
}

function identityOf(
  credentials: Credentials | undefined,
  defaults: { readonly account: string; readonly region: string },
): Identity {
  if (!credentials) return { ...defaults, principal: anonymous }
  const { accessKeyId, region: signedRegion, service } = credentials
  const region = signedRegion ?? defaults.region
  const account = isAccountId(accessKeyId) ? accessKeyId : defaults.account
  return {
    account,
    region,
    ...(signedRegion !== undefined && { signedRegion }),
    principal: rootOf({ account, region, accessKeyId }),
    ...(service !== undefined && { service }),
  }
}

export function credentialsOf({ headers, query }: Signed): Credentials | undefined {
  const header = headers.get('authorization')
  if (header !== undefined) {
    const v2 = /^AWS ([^:]+):/.exec(header)
    if (v2) return { accessKeyId: v2[1]! }
    const credential = /Credential=([^,\s]+)/.exec(header)
    return credential ? scoped(credential[1]!) : { accessKeyId: '' }
  }
  const credential = query.get('X-Amz-Credential')
  if (credential !== null) return scoped(credential)
  const accessKeyId = query.get('AWSAccessKeyId')
  return accessKeyId !== null && query.has('Signature') ? { accessKeyId } : undefined
}

/** `ACCESSKEY/20260101/us-east-1/SERVICE/aws4_request`; SigV4A's has no region. */
function scoped(credential: string): Credentials {
  const parts = credential.split('/')
  const hasRegion = parts.length > 4
  const given = hasRegion ? parts[2] : undefined
  // Keys of documents are made of it.
  const region = given !== undefined && isRegionName(given) ? given : undefined
  const service = parts[hasRegion ? 3 : 2]
  return { accessKeyId: parts[0] ?? '', ...(region && { region }), ...(service && { service }) }
}

/**
 * Throws what the AWS JSON services answer to a signature that is missing or lacks a part; whether it is right is
 * another question.
 */
export function checkAuthForm({ headers, query }: Signed): void {
  const authorization = headers.get('authorization')
  const isPresigned = query.has('X-Amz-Algorithm')
  if (authorization !== undefined && isPresigned)
    throw new ServiceException('InvalidSignatureException', FOUND_BOTH)
  if (authorization === undefined && !isPresigned)
    throw new ServiceException('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const fault = authorization !== undefined ? headerFault(authorization, headers) : queryFault(query)
  if (fault !== undefined) throw new ServiceException('IncompleteSignatureException', fault)
}
