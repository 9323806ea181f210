import { createHash } from 'node:crypto'
import { uniqueIdOf } from '../../auth/unique-id.ts'
import { type Arn, formatArn, parseArn } from '../../service/arn.ts'
import { notSupported } from '../../service/exception.ts'
import { integer, required, string, structure } from '../../service/shape.ts'
import { checkAssumption } from '../assumption.ts'
import { invalidRoleArn, longerThanChainAllows, longerThanRoleAllows, wrongMfaCode } from '../exceptions.ts'
import { beginSession } from '../sessions/begin.ts'
import { sessionPoliciesOf } from '../sessions/session-policies.ts'
import {
  arn,
  credentialsShape,
  externalId,
  policyArns,
  providedContexts,
  roleDurationSeconds,
  roleSessionName,
  serialNumber,
  sessionPolicy,
  sourceIdentity,
  tagKeys,
  tags,
  tokenCode,
  tokenSize,
} from '../shapes.ts'
import { operation } from '../sts.ts'

const DEFAULT_SECONDS = 3_600
const MOST_IN_A_CHAIN_SECONDS = 3_600

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole = operation({
  name: 'AssumeRole',
  input: structure({
    RoleArn: required(arn),
    RoleSessionName: required(roleSessionName),
    PolicyArns: policyArns,
    Policy: sessionPolicy,
    DurationSeconds: roleDurationSeconds,
    Tags: tags,
    TransitiveTagKeys: tagKeys,
    ExternalId: externalId,
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
    SourceIdentity: sourceIdentity,
    ProvidedContexts: providedContexts,
    MinimumSessionTokenSize: tokenSize,
  }),
  output: structure({
    Credentials: credentialsShape,
    AssumedRoleUser: structure({ AssumedRoleId: required(string()), Arn: required(string()) }),
    PackedPolicySize: integer({ min: 0 }),
    SourceIdentity: sourceIdentity,
    SessionTokenUtilization: integer(),
    SessionTokenSize: integer(),
  }),
  /** The role's own policy is asked by the handler. */
  accesses: () => [],
  async handle(sts, input, caller) {
    const { RoleArn, RoleSessionName, DurationSeconds: durationSeconds = DEFAULT_SECONDS } = input
    refuseUnsupported(input)
    const { roleName, ...parsed } = parseRoleArn(RoleArn)
    const role = await sts.iam.roleOf(RoleArn)
    await checkAssumption(role, input, caller)
    if (caller.principal.kind === 'assumed-role' && durationSeconds > MOST_IN_A_CHAIN_SECONDS)
      throw longerThanChainAllows()
    if (role && durationSeconds > role.maxSessionDurationSeconds) throw longerThanRoleAllows()
    const { account } = parsed
    const { documents, packedPercent } = await sessionPoliciesOf(sts, account, input)
    const roleId = role?.roleId ?? idOfNamed(RoleArn, account)
    const principal = {
      kind: 'assumed-role',
      account,
      arn: formatArn({ ...parsed, service: 'sts', resource: `assumed-role/${roleName}/${RoleSessionName}` }),
      userId: `${roleId}:${RoleSessionName}`,
      accessKeyId: '',
    } as const
    const sessionTags = Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
    const session = await beginSession(sts, {
      ...{ principal, issuer: principal, durationSeconds, tags: sessionTags },
      isJudged: caller.judge !== undefined,
      ...(documents && { policies: documents }),
      leastTokenSize: input.MinimumSessionTokenSize,
    })
    return {
      ...session,
      AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
      ...(packedPercent > 0 && { PackedPolicySize: packedPercent }),
    }
  },
})

/** Throws for what would have no effect. */
function refuseUnsupported(input: {
  readonly SerialNumber?: unknown
  readonly TransitiveTagKeys?: readonly unknown[] | undefined
  readonly SourceIdentity?: unknown
  readonly ProvidedContexts?: unknown
}): void {
  // There are no MFA devices.
  if (input.SerialNumber !== undefined) throw wrongMfaCode()
  if ((input.TransitiveTagKeys ?? []).length > 0) throw notSupported('TransitiveTagKeys')
  for (const member of ['SourceIdentity', 'ProvidedContexts'] as const)
    if (input[member] !== undefined) throw notSupported(member)
}

/** Throws ValidationError for what is no role's ARN. */
function parseRoleArn(text: string): Arn & { readonly roleName: string } {
  const parsed = parseArn(text)
  const roleName = /^role\/(?:.*\/)?([\w+=,.@-]{1,64})$/s.exec(parsed?.resource ?? '')?.[1]
  if (parsed?.service !== 'iam' || parsed.region !== '' || !/^\d{12}$/.test(parsed.account) || !roleName)
    throw invalidRoleArn(text)
  return { ...parsed, roleName }
}

/** Of a role that nobody made, which only open mode lets be assumed: always the same. */
function idOfNamed(roleArn: string, account: string): string {
  const digest = createHash('sha256').update(roleArn).digest()
  return uniqueIdOf('AROA', account, { bytes: (count) => digest.subarray(0, count) })
}
