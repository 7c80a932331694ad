"""Tickets on paper: the agent's thread chooses, a child process speaks to the printer and can be ended."""
