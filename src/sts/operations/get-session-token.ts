import { integer, structure } from '../../service/shape.ts'
import { hasSessionAlready, wrongMfaCode } from '../exceptions.ts'
import { beginSession } from '../sessions/begin.ts'
import { credentialsShape, durationSeconds, serialNumber, tokenCode, tokenSize } from '../shapes.ts'
import { operation } from '../sts.ts'

const DEFAULT_SECONDS = 43_200
/** A root user's, whatever is asked for. */
const MOST_FOR_ROOT_SECONDS = 3_600

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken = operation({
  name: 'GetSessionToken',
  input: structure({
    DurationSeconds: durationSeconds,
    SerialNumber: serialNumber,
    TokenCode: tokenCode,
    MinimumSessionTokenSize: tokenSize,
  }),
  output: structure({
    Credentials: credentialsShape,
    SessionTokenUtilization: integer(),
    SessionTokenSize: integer(),
  }),
  /** Whoever signs may have one. */
  accesses: () => [],
  async handle(sts, input, { principal, judge }) {
    const { DurationSeconds: wanted = DEFAULT_SECONDS, SerialNumber } = input
    if (principal.accessKeyId.startsWith('ASIA')) throw hasSessionAlready('GetSessionToken')
    // There are no MFA devices.
    if (SerialNumber !== undefined) throw wrongMfaCode()
    const seconds = principal.kind === 'root' ? Math.min(wanted, MOST_FOR_ROOT_SECONDS) : wanted
    return await beginSession(sts, {
      ...{ principal, issuer: principal, durationSeconds: seconds, isJudged: judge !== undefined },
      leastTokenSize: input.MinimumSessionTokenSize,
    })
  },
})
