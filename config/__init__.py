"""Data that ships with Rekam: examples of every settings file, services, targets, elections, regions.

The files are package data, so that `rekam init` works from the wheel; offices edit their copies.
"""
