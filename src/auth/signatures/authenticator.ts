import { partitionOf } from '../../service/arn.ts'
import { anonymous } from '../../service/principal.ts'
import type {
  Authenticated,
  Authenticator,
  RequestHead,
  Spoken,
} from '../../service/signing/authentication.ts'
import type { Credential, Credentials } from '../credentials.ts'
import { type Claim, checkScope, checkToken, headerClaim, queryClaim } from './claim.ts'
import { jsonRefusals, ownRefusals, queryRefusals } from './coral-refusals.ts'
import { judge } from './judge.ts'
import { createKeyCache } from './key-cache.ts'
import { checkLink, checkLink2, WEEK_SECONDS } from './presigned-link.ts'
import { type Refusals, SKEW_MS } from './refusals.ts'
import { notYetValid, s3Refusals } from './s3-refusals.ts'
import { isSame } from './same.ts'
import { formClaim, provenForm } from './signed-form.ts'
import { type Resources, signature2, stringToSign2 } from './version-2.ts'

export interface AuthenticatorOptions {
  readonly credentials: Pick<Credentials, 'find'>
  /** The server's own: keys are good in its partition, and S3 says that it expects it of a region that is none. */
  readonly region: string
  readonly resources: Resources
  /** Whether somebody else judges what S3 lets anybody do; without it nobody may do anything unsigned. */
  readonly isAnonymousJudged: boolean
}

/** Verifies the signatures that AWS's clients send: version 4 in a header or a link, version 2 in a link to S3. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { credentials, region, resources, isAnonymousJudged } = options
  const partition = partitionOf(region)
  const derive = createKeyCache()
  const refusalsOf: Readonly<Record<Spoken, Refusals>> = {
    json: jsonRefusals,
    query: queryRefusals,
    own: ownRefusals,
    rest: s3Refusals(region),
  }

  function known(credential: Credential | undefined, accessKeyId: string, refusals: Refusals): Credential {
    if (!credential?.isActive) throw refusals.unknownKey(accessKeyId)
    return credential
  }
  const withKey = (
    accessKeyId: string,
    refusals: Refusals,
    then: (credential: Credential) => Authenticated,
  ): Authenticated | Promise<Authenticated> => {
    const found = credentials.find(accessKeyId)
    return found instanceof Promise
      ? found.then((credential) => then(known(credential, accessKeyId, refusals)))
      : then(known(found, accessKeyId, refusals))
  }

  return {
    authenticate(head, spoken, now) {
      const refusals = refusalsOf[spoken]
      const form = formOf(head, spoken, refusals)
      if (form === 'unsigned') {
        if (spoken === 'own' || (spoken === 'rest' && isAnonymousJudged)) return nobody
        throw refusals.missing()
      }
      if (form === 'link' && spoken === 'rest') checkLink(head.query, now)
      if (form === 'version 2')
        return withKey(head.query.get('AWSAccessKeyId') ?? '', refusals, (credential) => {
          checkLink2(head.query, now)
          checkToken(tokenIn(head), credential, refusals, now)
          return judge2(head, credential, refusals, resources)
        })
      const claim = form === 'header' ? headerClaim(head, refusals) : queryClaim(head, refusals)
      checkTime(head, claim, refusals, { spoken, now })
      return withKey(claim.accessKeyId, refusals, (credential) => {
        checkToken(tokenIn(head), credential, refusals, now)
        checkScope(claim, refusals, partition)
        return judge({ head, spoken, claim, credential, refusals, derive, now })
      })
    },
    authenticateForm(fields, now) {
      const refusals = refusalsOf.rest
      const claim = formClaim(fields, refusals, partition)
      if (!claim) {
        if (isAnonymousJudged) return nobody
        throw refusals.missing()
      }
      return withKey(claim.accessKeyId, refusals, (credential) => {
        checkToken(fields.get('x-amz-security-token'), credential, refusals, now)
        return { ...nobody, ...provenForm(claim, credential, refusals, derive) }
      })
    },
  }
}

const nobody: Authenticated = {
  principal: anonymous,
  checkBody: () => undefined,
  requireService: () => undefined,
}

type Form = 'header' | 'link' | 'version 2' | 'unsigned'

/** Where the signature is. Throws when there is more than one. */
function formOf({ headers, query }: RequestHead, spoken: Spoken, refusals: Refusals): Form {
  const authorization = headers.get('authorization')
  const isLink = query.has('X-Amz-Algorithm') || query.has('X-Amz-Signature')
  const isLink2 = spoken === 'rest' && query.has('AWSAccessKeyId')
  if (authorization !== undefined) {
    if (isLink || isLink2) throw refusals.both(authorization)
    return 'header'
  }
  return isLink ? 'link' : isLink2 ? 'version 2' : 'unsigned'
}

interface When {
  readonly spoken: Spoken
  /** ms since 1970. */
  readonly now: number
}

/** Throws when it was signed too long ago, or is to be in the future. */
function checkTime(
  { query }: RequestHead,
  { place, signedAt, given }: Claim,
  refusals: Refusals,
  { spoken, now }: When,
): void {
  const skewed = () => refusals.skew({ signedAt, given, now })
  if (place === 'header') {
    if (Math.abs(now - signedAt) > SKEW_MS) throw skewed()
  } else if (spoken === 'rest') {
    if (signedAt - now > SKEW_MS) throw notYetValid()
  } else {
    const expires = query.get('X-Amz-Expires')
    const lifeMs = expires === null ? SKEW_MS : /^\d{1,6}$/.test(expires) ? Number(expires) * 1000 : 0
    if (lifeMs > WEEK_SECONDS * 1000 || signedAt - now > SKEW_MS || now - signedAt > lifeMs) throw skewed()
  }
}

/** The session token that a request brings, wherever. */
const tokenIn = ({ headers, query }: RequestHead): string | undefined =>
  query.get('X-Amz-Security-Token') ??
  query.get('x-amz-security-token') ??
  headers.get('x-amz-security-token')

/** Version 2 in a link to S3. Throws when it is wrong. */
function judge2(
  head: RequestHead,
  { principal, accessKeyId, secretAccessKey }: Credential,
  refusals: Refusals,
  resources: Resources,
): Authenticated {
  const stringToSign = stringToSign2(head, resources)
  const signature = head.query.get('Signature') ?? ''
  if (!isSame(signature2(secretAccessKey, stringToSign), signature))
    throw refusals.mismatch({ accessKeyId, stringToSign, signature })
  return { ...nobody, principal, signature: { place: 'query', version: 'AWS' } }
}
