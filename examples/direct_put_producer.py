"""Puts ten JSON lines into the Direct PUT delivery stream StreamToS3. The environment says where that is."""

import json
import random
import time

import boto3

firehose = boto3.client("firehose")

for event_id in range(10):
    event = {"event_id": event_id, "timestamp": time.time(), "value": random.randint(1, 100)}
    answer = firehose.put_record(
        DeliveryStreamName="StreamToS3", Record={"Data": json.dumps(event) + "\n"}
    )
    print(answer["RecordId"])
