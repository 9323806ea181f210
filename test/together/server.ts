import { together } from './together.ts'

await together('server/*.test.ts')
