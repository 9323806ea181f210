import fc from 'fast-check'
import { createAuthenticator } from '../../../src/auth/signatures/authenticator.ts'
import { bucketOfHost } from '../../../src/s3/dialect/s3-dialect.ts'
import { isSubresource } from '../../../src/s3/dialect/selectors.ts'
import { isAnswer } from '../../../src/service/invoke.ts'
import type { Harness, Run, Verdict } from '../harness.ts'
import { type Wanted, wanted } from './cases.ts'
import { type Arrived, credentials, headOf, NOW, REGION, signedByAws4 } from './signed.ts'
import { tampered } from './tampered.ts'

const authenticator = createAuthenticator({
  credentials,
  region: REGION,
  resources: { bucketOf: bucketOfHost, isSubresource },
  isAnonymousJudged: false,
})

/** Throws what a server refuses the request with. */
async function take({ spoken, service }: Wanted, arrived: Arrived): Promise<void> {
  const authenticated = await authenticator.authenticate(headOf(arrived), spoken, NOW)
  authenticated.checkBody(Buffer.from(arrived.body))
  authenticated.requireService(service)
}

/**
 * Requests are signed by a signer that is not ours, taken as they are, and refused, in the service's own way, when
 * any part of them was changed. A round is a request.
 */
export const signatures: Harness = {
  rounds: 10_000,
  async prove({ seed, rounds }: Run): Promise<Verdict> {
    const counts = new Map<string, { requests: number; tamperings: number }>()
    const failures: string[] = []
    const property = fc.asyncProperty(wanted, async (request) => {
      const arrived = signedByAws4(request)
      await take(request, arrived)
      const changed = tampered(request, arrived)
      for (const { what, arrived: other } of changed) await expectRefusal(what, request, other)
      const form = `${request.spoken}, ${request.isLink ? 'link' : 'header'}`
      const { requests, tamperings } = counts.get(form) ?? { requests: 0, tamperings: 0 }
      counts.set(form, { requests: requests + 1, tamperings: tamperings + changed.length })
    })
    const details = await fc.check(property, { seed: seed | 0, numRuns: rounds })
    if (details.failed)
      failures.push(fc.defaultReportMessage(details) ?? 'a request was not judged as it should be')
    return {
      columns: ['form', 'requests', 'tamperings refused'],
      rows: [...counts].map(([form, { requests, tamperings }]) => [form, requests, tamperings]),
      failures,
    }
  },
}

async function expectRefusal(what: string, request: Wanted, arrived: Arrived): Promise<void> {
  try {
    await take(request, arrived)
  } catch (failure) {
    if (isAnswer(failure) && (failure.status < 500 || failure.status === 501)) return
    throw failure
  }
  throw new Error(`taken although ${what} was changed: ${JSON.stringify(arrived)}`)
}
