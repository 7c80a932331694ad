"""Real processes, real browser, real faults."""
