/** Standpipe as `standpipe start` runs it, but every signature is verified. */
import { rootOf } from '../../src/service/principal.ts'
import { start } from '../../src/start.ts'
import { BENCH_KEY } from '../calls/call.ts'

const [data = ''] = process.argv.slice(2)
const principal = rootOf({ account: '000000000000', region: 'us-east-1', accessKeyId: BENCH_KEY.accessKeyId })
const { endpoint } = await start({
  port: 0,
  data,
  limits: 'off',
  credentials: {
    find: (accessKeyId) =>
      accessKeyId === BENCH_KEY.accessKeyId ? { ...BENCH_KEY, isActive: true, principal } : undefined,
    policiesOf: () => ({
      identity: ['{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'],
    }),
  },
})
console.log(endpoint)
