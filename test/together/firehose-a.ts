import { together } from './together.ts'

await together('firehose/[a-d]*.test.ts')
