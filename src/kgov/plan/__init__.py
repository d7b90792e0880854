"""From changes to a plan: risk, order, limits, consent, steps and JSON."""
