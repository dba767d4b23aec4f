"""`hamilton webhooks`: sign, verify, listen, send, and look after what an outbox holds."""
