"""Reading a cluster in Kafka's own protocol, without a client library.

It reads what a plan needs and writes nothing: no request of this package can change a cluster. Where it does
not speak what a cluster or the settings ask for, it says so (``WireError``) and confluent-kafka reads instead.
"""
