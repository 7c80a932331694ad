"""The pages of an office machine; calls actions, never tables."""
