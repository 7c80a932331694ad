"""The pages: one file a screen, its template of the same name."""
