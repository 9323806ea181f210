import { together } from './together.ts'

await together('kinesis/journeys/*.test.ts')
