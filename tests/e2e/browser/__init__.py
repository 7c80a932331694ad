"""The kiosk's pages in a real Chromium."""
