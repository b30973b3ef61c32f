"""Programs by hand on the bare driver that do what the product does for one kind of act, row for row.

They are the limit the product is measured against: what somebody would write who knew the one process they are for
(`benchmarks.application.WORKFLOW`), with the same checks and the same rows, and no engine. `tests/benchmarks` compares their
rows with the product's after the same acts. Nothing here imports the product.

What they leave out, because nothing of it happens while they are timed: the entry of a refused attempt, and channels
other than the log.
"""
