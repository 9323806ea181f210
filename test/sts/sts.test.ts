import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stsService } from '../../src/sts/service.ts'
import { serve } from '../wire/serve.ts'
import { ask } from './ask-sts.ts'

test('what STS does not do is refused by name', async (t) => {
  const { endpoint } = await serve(t)
  for (const action of stsService.unsupported) {
    const answer = await ask(endpoint, `Action=${action}`)
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), new RegExp(`<Code>UnsupportedOperationException</Code>.* ${action}\\.`))
  }
  assert.match(await (await ask(endpoint, 'Action=Nothing')).text(), /<Code>InvalidAction</)
})
