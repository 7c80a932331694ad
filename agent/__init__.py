"""The background half of a Rekam office machine; knows nothing of Flask."""
