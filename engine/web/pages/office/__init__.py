"""For heads, the office and the administrator of the deployment: workload, incidents, people, delegations, imports."""
