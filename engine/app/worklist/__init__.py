"""What people have to do: work items, cuts of them, and the view of one case."""
