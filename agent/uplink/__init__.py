"""The way to central: what the link is like, and the carriers of batches."""
