import { together } from './together.ts'

await together('s3/!(journeys)/*.test.ts')
