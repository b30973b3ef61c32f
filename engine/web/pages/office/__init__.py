"""For heads, the office and the keeper of the deployment: workload, incidents, people, delegations, imports."""
