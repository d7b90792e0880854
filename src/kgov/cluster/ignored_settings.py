"""Settings of the clients that change nothing about how kgov connects: left out, with a note.

They are the names of ``AdminClientConfig``, ``ProducerConfig`` and ``ConsumerConfig`` (Apache Kafka 4.3) and of
librdkafka's CONFIGURATION.md (2.16), less those that ``kgov.cluster.setting_names`` passes on or refuses.
"""

_NAMES = """
acks allow.auto.create.topics api.version.fallback.ms api.version.request api.version.request.timeout.ms
auto.commit.enable auto.commit.interval.ms auto.include.jmx.reporter auto.offset.reset batch.num.messages
batch.size bootstrap.controllers broker.version.fallback buffer.memory check.crcs client.dns.lookup
client.rack compression.codec compression.gzip.level compression.level compression.lz4.level
compression.type compression.zstd.level consume.callback.max.messages coordinator.query.interval.ms debug
default.api.timeout.ms delivery.report.only.error delivery.timeout.ms enable.auto.commit
enable.auto.offset.store enable.gapless.guarantee enable.idempotence enable.metrics.push
enable.partition.eof enable.random.seed exclude.internal.topics fetch.error.backoff.ms fetch.max.bytes
fetch.max.wait.ms fetch.message.max.bytes fetch.min.bytes fetch.queue.backoff.ms fetch.wait.max.ms group.id
group.instance.id group.protocol group.protocol.type group.remote.assignor heartbeat.interval.ms
interceptor.classes internal.termination.signal isolation.level key.deserializer key.serializer linger.ms
log.connection.close log.queue log.thread.name log_level max.block.ms max.in.flight
max.in.flight.requests.per.connection max.partition.fetch.bytes max.poll.interval.ms max.poll.records
max.request.size message.copy.max.bytes message.max.bytes message.send.max.retries message.timeout.ms
metadata.max.age.ms metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy
metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms offset.store.method
offset.store.path offset.store.sync.interval.ms partition.assignment.strategy partitioner
partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms partitioner.class
partitioner.ignore.keys produce.offset.report queue.buffering.backpressure.threshold
queue.buffering.max.kbytes queue.buffering.max.messages queue.buffering.max.ms queued.max.messages.kbytes
queued.min.messages queuing.strategy receive.buffer.bytes receive.message.max.bytes
reconnect.backoff.jitter.ms request.required.acks retries retry.backoff.max.ms retry.backoff.ms
sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor sasl.login.connect.timeout.ms
sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds
sasl.login.refresh.window.factor sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms
sasl.login.retry.backoff.ms sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience
sasl.oauthbearer.expected.issuer sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.jwt.validator.class sasl.oauthbearer.scope.claim.name
sasl.oauthbearer.sub.claim.name send.buffer.bytes session.timeout.ms share.acknowledgement.mode
share.acquire.mode socket.blocking.max.ms socket.connection.setup.timeout.max.ms
socket.connection.setup.timeout.ms socket.max.fails socket.nagle.disable socket.receive.buffer.bytes
socket.send.buffer.bytes ssl.enabled.protocols ssl.keymanager.algorithm ssl.protocol
ssl.secure.random.implementation ssl.trustmanager.algorithm statistics.interval.ms
sticky.partitioning.linger.ms topic.blacklist topic.metadata.propagation.max.ms
topic.metadata.refresh.fast.cnt topic.metadata.refresh.fast.interval.ms topic.metadata.refresh.interval.ms
topic.metadata.refresh.sparse transaction.timeout.ms transaction.two.phase.commit.enable transactional.id
value.deserializer value.serializer
"""

IGNORED = frozenset(_NAMES.split())
