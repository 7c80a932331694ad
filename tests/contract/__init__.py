"""The wire, by golden files and by a stranger's receiver."""
