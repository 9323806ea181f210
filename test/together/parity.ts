import { together } from './together.ts'

await together('parity/*.test.ts')
