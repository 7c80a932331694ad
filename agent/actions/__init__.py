"""What people may do: one action, one transaction."""
