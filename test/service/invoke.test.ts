import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceException } from '../../src/service/exception.ts'
import { bind, type Call, callOf } from '../../src/service/invoke.ts'
import { operationOf, service } from '../../src/service/operation.ts'
import { integer, required, structure } from '../../src/service/shape.ts'
import { callerOf } from '../caller.ts'

const CALLER = callerOf()
const refusal = (code: string) => new ServiceException(code, 'No.')

/** A service that says what is done, and fails at whatever step it is told. */
function toy(failsAt?: string) {
  const steps: string[] = []
  const counted: unknown[] = []
  const step = (name: string) => {
    steps.push(name)
    if (name === failsAt) throw refusal(name)
  }
  const doubled = operationOf<typeof step>()({
    name: 'Double',
    input: structure({ Count: required(integer({ max: 10 })) }),
    output: structure({ Count: integer() }),
    metrics: ({ input, output, durationMs }) =>
      output && { Asked: input.Count, Answered: output.Count ?? 0, Latency: durationMs },
    async handle(handled, { Count }, { account }) {
      handled('handle')
      assert.equal(account, CALLER.account)
      return { Count: Count * 2 }
    },
  })
  const toyService = service<typeof step>({
    id: 'Toy',
    signingName: 'toy',
    targetPrefix: 'Toy',
    validation: 'coral',
    operations: [doubled],
    unsupported: [],
    async admit(admitted, { operation, input, caller }) {
      assert.deepEqual([operation.name, Object.keys(input), caller], ['Double', ['Count'], CALLER])
      admitted('admit')
    },
    metering: {
      now: () => 7 * steps.length,
      count(_, operation, outcome) {
        steps.push('count')
        counted.push(operation.metrics?.(outcome as never))
      },
    },
  })
  const observed: unknown[] = []
  const bound = bind(toyService, step, ({ caller, durationMs: _, ...observation }) => {
    steps.push('observe')
    assert.equal(caller, CALLER)
    observed.push(observation)
  })
  const operation = bound.service.operations.get('Double')!
  const call = (input: object): Call => ({
    caller: CALLER,
    authenticate: () => step('authenticate'),
    find() {
      step('find')
      return {
        operation,
        async input() {
          step('read')
          return input
        },
      }
    },
  })
  return { bound, operation, call, steps, counted, observed }
}

test('a call is authenticated before its input is read, then validated, admitted, handled, counted and observed', async () => {
  const { bound, operation, call, steps, counted, observed } = toy()
  assert.deepEqual(await bound.invoke(call({ Count: 2 })), { operation, output: { Count: 4 } })
  assert.deepEqual(steps, ['authenticate', 'find', 'read', 'admit', 'handle', 'count', 'observe'])
  assert.deepEqual(counted, [{ Asked: 2, Answered: 4, Latency: 14 }])
  assert.deepEqual(observed, [
    { service: 'Toy', operation: 'Double', input: { Count: 2 }, output: { Count: 4 } },
  ])
})

test('input that breaks its contract is not admitted, and its failure is observed', async () => {
  const { bound, call, steps, observed } = toy()
  await assert.rejects(bound.invoke(call({ Count: 11 })), { code: 'ValidationException' })
  assert.deepEqual(steps, ['authenticate', 'find', 'read', 'count', 'observe'])
  assert.equal(observed.length, 1)
})

test('whatever step refuses a call is its last, and only what could be read is observed', async () => {
  const order = ['authenticate', 'find', 'read', 'admit', 'handle']
  for (const [index, failing] of order.entries()) {
    const { bound, call, steps, counted, observed } = toy(failing)
    await assert.rejects(bound.invoke(call({ Count: 2 })), { code: failing })
    const isObserved = index > order.indexOf('read')
    assert.deepEqual(steps, [...order.slice(0, index + 1), ...(isObserved ? ['count', 'observe'] : [])])
    assert.deepEqual(counted, isObserved ? [undefined] : [])
    assert.deepEqual(
      observed,
      isObserved
        ? [{ service: 'Toy', operation: 'Double', input: { Count: 2 }, failure: refusal(failing) }]
        : [],
    )
  }
})

test('a call from within needs no signature, and goes the rest of the way', async () => {
  const { bound, operation, steps } = toy()
  const { output } = await bound.invoke(callOf(operation, { Count: 3 }, CALLER))
  assert.deepEqual(output, { Count: 6 })
  assert.deepEqual(steps, ['admit', 'handle', 'count', 'observe'])
})
