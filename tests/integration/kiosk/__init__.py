"""The kiosk process with a real store, through its WSGI applications."""
