"""The only package that talks to Kafka: it reads live, and writes requests and reports each answer."""
