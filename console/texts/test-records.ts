import { base64OfText } from './payload.ts'

/** PutRecords' entries as the lab's producers make them. */
export const testRecords = (count: number, firstId: number, now: number, ending: '' | '\n') =>
  Array.from({ length: count }, (_, index) => {
    const event = {
      event_id: firstId + index,
      timestamp: new Date(now).toISOString(),
      value: Math.ceil(Math.random() * 100),
    }
    return {
      PartitionKey: `sensor-${index % 10}`,
      Data: base64OfText(JSON.stringify(event) + ending),
    }
  })
