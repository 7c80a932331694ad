"""The subcommands of `rekam`, by what they are about; each small function imports its heavy parts."""
