"""GitOps governance for Apache Kafka: topics, ACLs and retention the way a Git repository says."""

__version__ = "0.1.0"
