"""YAML text to model, with the position of every value; composed for one environment."""
