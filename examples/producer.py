"""Puts ten JSON events into the stream ml-streaming-input. Endpoint, region and keys come from the environment."""

import json
import random
import time

import boto3

kinesis = boto3.client("kinesis")

for event_id in range(10):
    event = {"event_id": event_id, "timestamp": time.time(), "value": random.randint(1, 100)}
    answer = kinesis.put_record(
        StreamName="ml-streaming-input", Data=json.dumps(event), PartitionKey=f"sensor-{event_id}"
    )
    print(answer["ShardId"], answer["SequenceNumber"])
