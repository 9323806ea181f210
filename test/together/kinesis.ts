import { together } from './together.ts'

await together('kinesis/*.test.ts')
