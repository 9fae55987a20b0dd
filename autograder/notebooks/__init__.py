"""Reading what was handed in, and nothing else."""
